"""The workflows of GitHub: every step is a target that runs here, and what they use is pinned."""

import os
import re
import shutil
import sys
import unittest
from pathlib import Path

import yaml

from stack import ROOT, folder, run

# What a bare container needs before there is a Makefile.
BOOTSTRAP = (
    "apt-get update && apt-get install -y --no-install-recommends git make",
    'git config --global --add safe.directory "$GITHUB_WORKSPACE"',
)


class WorkflowTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        files = sorted((ROOT / ".github/workflows").glob("*.yml"))
        cls.workflows = {file.name: yaml.safe_load(file.read_text()) for file in files}
        cls.targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    def test_actionlint_finds_nothing(self):
        actionlint = Path(sys.executable).parent / "actionlint"
        files = sorted((ROOT / ".github/workflows").glob("*.yml"))
        done = run(actionlint, "-no-color", *files, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        with folder() as place:
            broken = Path(place) / "broken.yml"
            broken.write_text(files[0].read_text().replace("runs-on: ${{ matrix.runner }}", "runs-on: ${{ matrix.machine }}"))
            self.assertIn("machine", run(actionlint, "-no-color", broken, check=False).stdout)

    def jobs(self):
        for name, workflow in self.workflows.items():
            for job in workflow["jobs"].values():
                with self.subTest(workflow=name, job=job.get("name", "")):
                    yield job

    def test_every_step_is_a_target_of_the_makefile(self):
        for job in self.jobs():
            entries = job.get("strategy", {}).get("matrix", {}).get("include", [])
            for step in job["steps"]:
                if "run" not in step or step["run"] in BOOTSTRAP:
                    continue
                words = re.fullmatch(r"make (\$\{\{ matrix\.target \}\}|[a-z0-9-]+)( [A-Z]+=\S+)*", step["run"])
                self.assertTrue(words, step["run"])
                called = {words[1]} if "matrix" not in words[1] else {entry["target"] for entry in entries}
                self.assertLessEqual(called, self.targets)

    def test_actions_and_images_are_pinned(self):
        for job in self.jobs():
            for step in job["steps"]:
                if "uses" in step:
                    self.assertRegex(step["uses"], r"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$")
            self.assertRegex(job["container"]["image"], r":\d+\.\d+\.\d+-\w+$|@sha256:")
        bases = re.findall(r"^FROM (\S+/\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        for base in bases:
            self.assertRegex(base, r":\d+\.\d+(\.\d+)?-\w+$|@sha256:")

    def test_only_the_job_that_publishes_may_write(self):
        for name, workflow in self.workflows.items():
            self.assertEqual(workflow["permissions"], {"contents": "read"}, name)
            writers = {job for job, content in workflow["jobs"].items() if "write" in content.get("permissions", {}).values()}
            self.assertLessEqual(writers, {"publish"})
        self.assertEqual(self.workflows["release.yml"]["jobs"]["publish"]["needs"], "build")
        self.assertEqual(self.workflows["release.yml"]["jobs"]["build"]["needs"], "test")


class ReleaseTests(unittest.TestCase):
    def test_the_version_is_the_same_everywhere(self):
        version = run(ROOT / "scripts/version.sh").stdout.strip()
        self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        chart = yaml.safe_load((ROOT / "deploy/helm/bambu-exporter/Chart.yaml").read_text())
        self.assertEqual((chart["version"], chart["appVersion"]), (version, version))
        self.assertIn(f'ARG VERSION="{version}"', (ROOT / "Dockerfile").read_text())

    def test_a_tag_that_is_not_the_version_is_refused(self):
        done = run("make", "--no-print-directory", "check-release", "TAG=v99.0.0", cwd=ROOT, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("The tag v99.0.0 is not v", done.stderr)

    def test_a_release_has_the_section_of_the_changelog_and_every_file(self):
        version = run(ROOT / "scripts/version.sh").stdout.strip()
        with folder() as place:
            copy = Path(place) / "source"
            for file in ("scripts", "Sources/Exporter/Build.swift"):
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if (ROOT / file).is_dir() else shutil.copy)(ROOT / file, copy / file)
            dist = copy / ".build/dist"
            dist.mkdir(parents=True)
            (dist / "SHA256SUMS").touch()
            gh = Path(place) / "gh"
            gh.write_text('#!/bin/sh\necho "$@"\ncat\n')
            gh.chmod(0o755)
            environment = os.environ | {"TAG": f"v{version}", "PATH": f"{place}:{os.environ['PATH']}"}
            changelog = copy / "CHANGELOG.md"
            changelog.write_text("# Changelog\n\n## Unreleased\n\n- later\n\n## 0.0.1\n\n- before\n")
            self.assertIn("has no section", run(copy / "scripts/publish.sh", "check", env=environment, check=False).stderr)
            changelog.write_text(f"# Changelog\n\n## Unreleased\n\n- later\n\n## {version}\n\n- now\n\n## 0.0.1\n\n- before\n")
            run(copy / "scripts/publish.sh", "check", env=environment)
            said = run(copy / "scripts/publish.sh", "release", env=environment).stdout
            self.assertIn(f"release create v{version} --verify-tag", said)
            self.assertIn(".build/dist/SHA256SUMS", said)
            self.assertIn("- now", said)
            self.assertNotIn("- before", said)
            self.assertNotIn("- later", said)


if __name__ == "__main__":
    unittest.main()
