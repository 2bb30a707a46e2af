"""Tests of the chart: linted, rendered, and validated with Kubernetes' schemas and promtool."""

import json
import os
import re
import sys
import unittest
from pathlib import Path

import helm_python
import jsonschema
import kubernetes_validate
import yaml

from stack import PROGRAMS, ROOT, SERVERS, folder, run

sys.path.insert(0, str(ROOT / "scripts"))
from kubernetes import CHART, EXAMPLE, OPERATOR, OPERATOR_KINDS, chart, manifests, objects, without_links  # noqa: E402

CORE = {"Secret", "StatefulSet", "Service", "NetworkPolicy", "ConfigMap"}
FARM = {
    "shards": 3, "secretsName": "codes", "extraArgs": ["--log.level=debug"], "persistence": {"enabled": False},
    "config": {"printers": [{"serial": "01P00A000000000", "host": "192.168.1.50", "access_code_file": "/run/secrets/bambu/garage"}]},
    "releaseLabel": "prometheus", "serviceMonitor": {"enabled": True, "dropInfo": True, "labels": {"team": "farm"}},
    "prometheusRule": {"enabled": True}, "dashboards": {"enabled": True, "annotations": {"grafana_folder": "Bambu"}},
    "networkPolicy": {"enabled": True, "from": [{"namespaceSelector": {}}]},
    "nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}], "podAnnotations": {"a": "b"},
}


class ChartTests(unittest.TestCase):
    def test_files_that_follow_from_others_are_fresh(self):
        run(sys.executable, ROOT / "scripts/kubernetes.py", "--check")

    def test_helm_finds_no_fault(self):
        with without_links() as folder:
            found = helm_python.lint(str(folder))
        self.assertEqual(found["errors"], [])
        # An icon would have to be downloaded.
        self.assertEqual([m["error"] for m in found["messages"]], ["icon is recommended"])

    def test_kubernetes_and_the_operator_would_take_every_manifest(self):
        for values in ({}, FARM, yaml.safe_load((EXAMPLE / "values.yaml").read_text())):
            rendered = objects(values)
            self.assertLessEqual({"Secret", "StatefulSet", "Service"}, {manifest["kind"] for manifest in rendered})
            for manifest in rendered:
                if manifest["kind"] in CORE:
                    kubernetes_validate.validate(manifest, "1.29", strict=True)
                else:
                    schema = json.loads((ROOT / f"Tests/monitoring/schemas/{manifest['kind']}.json").read_text())
                    jsonschema.validate(manifest, schema)

    def test_a_cluster_without_the_operator_gets_nothing_that_it_does_not_know(self):
        self.assertEqual({"Secret", "StatefulSet", "Service"}, set(manifests({})))
        example = list(yaml.safe_load_all((EXAMPLE / "bambu-exporter.yaml").read_text()))
        self.assertEqual({"Secret", "StatefulSet", "Service"}, {manifest["kind"] for manifest in example})
        self.assertEqual(OPERATOR_KINDS, {m["kind"] for m in yaml.safe_load_all((EXAMPLE / "prometheus-operator.yaml").read_text())})

    def test_the_release_label_is_on_what_the_operator_reads(self):
        rendered = manifests(FARM)
        for kind in OPERATOR_KINDS:
            self.assertEqual(rendered[kind]["metadata"]["labels"]["release"], "prometheus")
            self.assertNotIn("release", manifests(OPERATOR)[kind]["metadata"]["labels"])
        self.assertEqual(rendered["ServiceMonitor"]["metadata"]["labels"]["team"], "farm")

    def test_grafanas_sidecar_finds_every_dashboard(self):
        boards = [manifest for manifest in objects(FARM) if manifest["kind"] == "ConfigMap"]
        for board in boards:
            self.assertEqual(board["metadata"]["labels"]["grafana_dashboard"], "1")
            self.assertEqual(board["metadata"]["annotations"], {"grafana_folder": "Bambu"})
            # Beyond 256 KiB `kubectl apply` refuses it.
            self.assertLess(len(json.dumps(board)), 256 * 1024)
        data = {name: json.loads(text) for board in boards for name, text in board["data"].items()}
        self.assertEqual(data, {file.name: json.loads(file.read_text()) for file in (ROOT / "grafana/dashboards").glob("*.json")})

    def test_pods_are_replaced_when_a_secret_of_the_chart_changes(self):
        def annotations(values: dict) -> dict:
            return manifests(values)["StatefulSet"]["spec"]["template"]["metadata"]["annotations"]

        before = {"config": {"printers": []}, "web": {"config": {"http_server_config": {"http2": False}}}}
        for change in ({"config": {"broker": {"host": "mqtt"}}}, {"web": {"config": {"http_server_config": {"http2": True}}}}):
            self.assertNotEqual(annotations(before), annotations(before | change))
        self.assertEqual(annotations(before), annotations(before | {"releaseLabel": "prometheus"}))

    def test_annotations_for_an_operator_that_restarts_pods_are_on_the_stateful_set(self):
        reloader = {"reloader.stakater.com/auto": "true"}
        self.assertEqual(manifests({"annotations": reloader})["StatefulSet"]["metadata"]["annotations"], reloader)

    def test_the_packed_chart_has_every_file_and_the_image_of_the_release(self):
        with folder() as path:
            run(sys.executable, ROOT / "scripts/chart.py", path, env=os.environ | {"IMAGE": "registry.example/bambu_exporter"})
            (archive,) = Path(path).iterdir()
            self.assertRegex(archive.name, r"^bambu-exporter-\d+\.\d+\.\d+\.tgz$")
            rendered = helm_python.Chart.load_archive(archive.read_bytes()).render(FARM, name="bambu", namespace="default")
        found = [manifest for text in rendered.values() for manifest in yaml.safe_load_all(text) if isinstance(manifest, dict)]
        self.assertEqual(sorted(m["kind"] for m in found), sorted(m["kind"] for m in objects(FARM)))
        (pods,) = (m["spec"]["template"]["spec"] for m in found if m["kind"] == "StatefulSet")
        self.assertRegex(pods["containers"][0]["image"], r"^registry\.example/bambu_exporter:\d+\.\d+\.\d+$")

    def test_the_readme_has_every_value(self):
        readme = (CHART / "README.md").read_text()
        for key, value in yaml.safe_load((CHART / "values.yaml").read_text()).items():
            self.assertIn(f"`{key}", readme)
            for part in value if isinstance(value, dict) and key not in ("config", "resources") else ():
                self.assertTrue(f"`{key}.{part}`" in readme or f"`.{part}`" in readme, f"{key}.{part}")

    def test_promtool_takes_the_rules(self):
        with folder() as path:
            file = Path(path) / "rules.yml"
            file.write_text(yaml.safe_dump(manifests(OPERATOR)["PrometheusRule"]["spec"]))
            for binaries in SERVERS:
                run(binaries / "promtool", "check", "rules", file)

    def test_runbooks_may_be_elsewhere(self):
        rule = manifests({"prometheusRule": {"enabled": True, "runbookUrl": "https://wiki.example/"}})["PrometheusRule"]
        urls = {r["annotations"]["runbook_url"] for g in rule["spec"]["groups"] for r in g["rules"] if "alert" in r}
        self.assertTrue(all(url.startswith("https://wiki.example/bambu") for url in urls), urls)

    def test_each_pod_is_the_shard_of_its_ordinal(self):
        spec = manifests(FARM)["StatefulSet"]["spec"]
        self.assertEqual((spec["replicas"], spec["podManagementPolicy"]), (3, "Parallel"))
        container = spec["template"]["spec"]["containers"][0]
        self.assertIn("--shard.index=$(POD_NAME)", container["args"])
        self.assertIn("--shard.count=3", container["args"])
        self.assertIn({"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, container["env"])

    def test_a_restart_keeps_the_instance(self):
        relabelings = manifests(OPERATOR)["ServiceMonitor"]["spec"]["endpoints"][0]["relabelings"]
        self.assertIn({"sourceLabels": ["__meta_kubernetes_pod_name"], "targetLabel": "instance"}, relabelings)

    def test_nothing_that_an_alert_reads_is_dropped(self):
        drop = manifests(FARM)["ServiceMonitor"]["spec"]["endpoints"][0]["metricRelabelings"][0]
        rules = (ROOT / "alerts/bambu.rules.yml").read_text()
        read = set(re.findall(r"\bbambu_\w+", rules))
        self.assertIn("bambu_ams_tray_info", read)
        self.assertEqual({name for name in read if re.fullmatch(drop["regex"], name)}, set())
        self.assertTrue(re.fullmatch(drop["regex"], "bambu_firmware_module_info"))

    def test_pods_have_no_rights(self):
        pod = manifests({})["StatefulSet"]["spec"]["template"]["spec"]
        self.assertFalse(pod["automountServiceAccountToken"])
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
        rights = pod["containers"][0]["securityContext"]
        self.assertEqual(rights["capabilities"], {"drop": ["ALL"]})
        self.assertTrue(rights["readOnlyRootFilesystem"])
        self.assertFalse(rights["allowPrivilegeEscalation"])

    def test_values_that_cannot_be_are_refused(self):
        for wrong in ({"shards": 0}, {"shard": 2}, {"config": {"shard": {"index": 1}}}, {"image": {"repository": ""}}):
            with self.assertRaises(helm_python.HelmError, msg=str(wrong)):
                chart().render(wrong, name="bambu")

    def test_the_exporter_takes_the_configuration(self):
        for values in ({}, FARM, yaml.safe_load((EXAMPLE / "values.yaml").read_text())):
            with folder() as path:
                for name in ("garage", "mqtt"):
                    (Path(path) / name).write_text("12345678\n")
                run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=farm",
                    "-keyout", Path(path) / "key", "-out", Path(path) / "farm-ca.pem")
                file = Path(path) / "config.json5"
                text = manifests(values)["Secret"]["stringData"]["config.json5"]
                file.write_text(text.replace("/run/secrets/bambu", path))
                run(PROGRAMS / "bambu_exporter", f"--config.file={file}", "--config.check",
                    "--shard.index=bambu-1", f"--shard.count={values.get('shards', 2)}")


if __name__ == "__main__":
    unittest.main()
