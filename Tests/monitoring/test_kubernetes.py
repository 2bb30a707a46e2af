"""Tests of the chart: linted, rendered, and validated with Kubernetes' schemas and promtool."""

import json
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
from kubernetes import CHART, EXAMPLE, manifests  # noqa: E402

CORE = {"Secret", "StatefulSet", "Service", "NetworkPolicy"}
FARM = {
    "shards": 3, "secretsName": "codes", "extraArgs": ["--log.level=debug"], "persistence": {"enabled": False},
    "config": {"printers": [{"serial": "01P00A000000000", "host": "192.168.1.50", "access_code_file": "/run/secrets/bambu/garage"}]},
    "serviceMonitor": {"dropInfo": True, "labels": {"release": "prometheus"}},
    "networkPolicy": {"enabled": True, "from": [{"namespaceSelector": {}}]},
    "nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}], "podAnnotations": {"a": "b"},
}


class ChartTests(unittest.TestCase):
    def test_files_that_follow_from_others_are_fresh(self):
        run(sys.executable, ROOT / "scripts/kubernetes.py", "--check")

    def test_helm_finds_no_fault(self):
        found = helm_python.lint(str(CHART))
        self.assertEqual(found["errors"], [])
        # An icon would have to be downloaded.
        self.assertEqual([m["error"] for m in found["messages"]], ["icon is recommended"])

    def test_kubernetes_and_the_operator_would_take_every_manifest(self):
        for values in ({}, FARM, yaml.safe_load((EXAMPLE / "values.yaml").read_text())):
            rendered = manifests(values)
            self.assertLessEqual({"Secret", "StatefulSet", "Service", "ServiceMonitor", "PrometheusRule"}, set(rendered))
            for kind, manifest in rendered.items():
                if kind in CORE:
                    kubernetes_validate.validate(manifest, "1.29", strict=True)
                else:
                    schema = json.loads((ROOT / f"Tests/monitoring/schemas/{kind}.json").read_text())
                    jsonschema.validate(manifest, schema)

    def test_promtool_takes_the_rules(self):
        with folder() as path:
            file = Path(path) / "rules.yml"
            file.write_text(yaml.safe_dump(manifests({})["PrometheusRule"]["spec"]))
            for binaries in SERVERS:
                run(binaries / "promtool", "check", "rules", file)

    def test_runbooks_may_be_elsewhere(self):
        rule = manifests({"prometheusRule": {"runbookUrl": "https://wiki.example/"}})["PrometheusRule"]
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
        relabelings = manifests({})["ServiceMonitor"]["spec"]["endpoints"][0]["relabelings"]
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
                helm_python.Chart.load(str(CHART)).render(wrong, name="bambu")

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
