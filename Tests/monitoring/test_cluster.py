"""Shards on a cluster: two RabbitMQ with the MQTT plugin behind HAProxy, a node that dies, and brokers of other makes."""

import contextlib
import json
import os
import pty
import re
import select
import signal
import sys
import threading
import time
import unittest
from pathlib import Path

from cluster import PASSWORD, Balancer, RabbitMQ, Reporters, make_certificates
from stack import PROGRAMS, Prometheus, Server, eventually, folder, free_port, get, run

SERIALS = [f"01P00A{number:09}" for number in range(30)]
SHARDS = 3
# How long after a node's end every printer is up again, at most.
SETTLED = 20


class Exporter:
    """One exporter on a broker. `broker`: its section of the configuration."""

    def __init__(self, place: Path, name: str, broker: dict, *flags: str):
        configuration = place / f"{name}.json5"
        configuration.write_text(json.dumps({"broker": {"host": "127.0.0.1", **broker}}))
        self.server = Server(
            PROGRAMS / "bambu_exporter", f"--config.file={configuration}", "--web.listen-address=127.0.0.1:0", *flags,
            log=place / f"{name}.log")
        self.server.says('msg="Listening"')
        self.address = self.log.split("Listening\" address=")[1].split()[0]
        self.stop = self.server.stop

    @property
    def log(self) -> str:
        return self.server.log.read_text()

    def metrics(self) -> str:
        return get(f"http://{self.address}/metrics")

    def up(self, metrics: str | None = None) -> set[str]:
        return set(re.findall(r'^bambu_up\{printer="([^"]*)"\} 1$', metrics or self.metrics(), re.MULTILINE))

    def connects(self) -> int:
        return int(re.search(r'^bambu_shared_mqtt_connects_total\{source="broker"\} (\d+)', self.metrics(), re.MULTILINE)[1])


class Watch:
    """Looks at all shards again and again: which printers each one names, and which are up nowhere."""

    def __init__(self, shards: list[Exporter]):
        self.shards, self.looks, self.doubles = shards, [], []
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.done.wait(0.1):
            pages = [shard.metrics() for shard in self.shards]
            named = [set(re.findall(r'printer="([^"]*)"', page)) for page in pages]
            ups = [shard.up(page) for shard, page in zip(self.shards, pages)]
            total = [serial for each in named for serial in each]
            if len(total) != len(set(total)):
                self.doubles.append(named)
            self.looks.append((time.monotonic(), len(set().union(*ups)), sum(map(len, ups))))

    def longest_gap(self) -> float:
        """The longest time, in seconds, during which a printer was up nowhere."""
        longest, since = 0.0, None
        for when, up, _ in self.looks:
            if up == len(SERIALS):
                since = None
            else:
                since = since or when
                longest = max(longest, when - since)
        return longest

    def stop(self) -> None:
        self.done.set()
        self.thread.join()


class ClusterTests(unittest.TestCase):
    """One cluster for all, since two RabbitMQ take some time to start."""

    @classmethod
    def setUpClass(cls):
        place = folder()
        cls.addClassCleanup(place.cleanup)
        cls.path = Path(place.name)
        make_certificates(cls.path)
        cls.rabbit = RabbitMQ(cls.path, 2)
        cls.addClassCleanup(cls.rabbit.stop)
        cls.balancer = Balancer(cls.path, cls.rabbit.nodes)
        cls.addClassCleanup(cls.balancer.stop)

    def broker(self, port: int, user: str = "exporter") -> dict:
        return {"port": port, "plain": True, "username": user, "password": PASSWORD}

    def exporter(self, name: str, broker: dict, *flags: str) -> Exporter:
        exporter = Exporter(self.path, name, broker, *flags)
        self.addCleanup(exporter.stop)
        return exporter

    def reporters(self, *ports: int, user: str | None = "bridge") -> Reporters:
        reporters = Reporters(list(ports), SERIALS, user)
        self.addCleanup(reporters.stop)
        return reporters

    def all_up(self, shards: list[Exporter]) -> bool:
        return sorted(serial for shard in shards for serial in shard.up()) == SERIALS

    def test_a_client_without_rights_is_told_which_it_needs(self):
        # RabbitMQ ends the session where mosquitto refuses the subscription or drops the request.
        port = self.rabbit.nodes[1].port
        self.reporters(port)
        for user in "listener", "stranger":
            with self.subTest(user):
                exporter = self.exporter(user, self.broker(port, user))
                exporter.server.says("device/+/request")
                self.assertIn("reason=network", exporter.log)

    def test_a_wrong_password_is_told(self):
        exporter = self.exporter("wrong", self.broker(self.rabbit.nodes[1].port) | {"password": "wrong"})
        exporter.server.says("reason=auth")

    def test_a_broker_without_disk_space_is_told_apart_from_one_that_is_away(self):
        node = self.rabbit.nodes[1]
        self.addCleanup(node.control, "rabbitmqctl", "set_disk_free_limit", "0")
        node.control("rabbitmqctl", "set_disk_free_limit", "1000000GB")
        # RabbitMQ accepts the connection then, reads nothing from it, and closes it after 10 s.
        self.exporter("full", self.broker(node.port)).server.says("closed before the broker answered")

    def test_a_certificate_is_who_the_exporter_is(self):
        node = self.rabbit.nodes[1]
        self.reporters(node.port)
        tls = {"ca_file": f"{self.path}/ca.crt"}
        unknown = self.exporter("unknown", {"port": node.tls_port, "tls": tls})
        unknown.server.says("broker.tls.cert_file")
        known = tls | {"cert_file": f"{self.path}/exporter.crt", "key_file": f"{self.path}/exporter.key"}
        exporter = self.exporter("known", {"port": node.tls_port, "tls": known})
        eventually("every printer is up", lambda: self.all_up([exporter]))

    def test_a_node_dies_and_every_printer_stays_with_its_one_shard(self):
        # Bridges go through the balancer too: on either node, as it gives them.
        self.reporters(self.balancer.port, self.balancer.port)
        shards = [self.exporter(f"shard{index}", self.broker(self.balancer.port), f"--shard.index={index}",
                                f"--shard.count={SHARDS}") for index in range(SHARDS)]
        eventually("every printer is up in one shard", lambda: self.all_up(shards), 120)
        self.assertTrue(all(shard.up() for shard in shards), "a shard has no printer")
        before = [shard.connects() for shard in shards]

        watch = Watch(shards)
        self.addCleanup(watch.stop)
        self.rabbit.nodes[0].kill()
        killed = time.monotonic()
        # The balancer spreads sessions: at least one was on that node.
        eventually("a session has moved", lambda: [shard.connects() for shard in shards] > before, SETTLED)
        eventually("every printer is up again", lambda: self.all_up(shards), SETTLED)
        print(f"a node was killed: every printer was up again after {time.monotonic() - killed:.1f} s")
        # A session that stands is not lost some seconds later.
        after, looks = [shard.connects() for shard in shards], len(watch.looks)
        eventually("it was looked at often", lambda: len(watch.looks) > looks + 25, 60)
        self.assertEqual([shard.connects() for shard in shards], after)
        watch.stop()
        self.assertEqual(watch.doubles, [], "two shards named the same printer")
        self.assertTrue(all(up == len(SERIALS) == total for _, up, total in watch.looks[looks:]))
        print(f"up nowhere: {watch.longest_gap():.1f} s at most; {len(watch.looks)} looks")


class AMQTTTests(unittest.TestCase):
    """A broker of a third make, written in Python."""

    def setUp(self):
        place = folder()
        self.addCleanup(place.cleanup)
        self.path = Path(place.name)
        self.port = free_port()
        configuration = self.path / "amqtt.yaml"
        configuration.write_text(json.dumps({
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{self.port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}}))
        self.command = (Path(sys.executable).parent / "amqtt", "-c", configuration)
        self.start()

    def start(self) -> None:
        self.amqtt = Server(*self.command, log=self.path / "amqtt.log")
        self.addCleanup(self.amqtt.stop)

    def test_printers_are_up_before_and_after_a_restart(self):
        reporters = Reporters([self.port], SERIALS, user=None)
        self.addCleanup(reporters.stop)
        exporter = Exporter(self.path, "exporter", {"port": self.port, "plain": True})
        self.addCleanup(exporter.stop)
        eventually("every printer is up", lambda: exporter.up() == set(SERIALS))
        self.amqtt.stop()
        eventually("none is up without the broker", lambda: not exporter.up())
        self.start()
        eventually("every printer is up again", lambda: exporter.up() == set(SERIALS))


class ScraperCertificateTests(unittest.TestCase):
    """A listener that asks its clients for certificates, and Prometheus."""

    def test_prometheus_scrapes_with_a_certificate_and_not_without(self):
        place = folder()
        self.addCleanup(place.cleanup)
        path = Path(place.name)
        make_certificates(path)
        web = path / "web.json"
        web.write_text(json.dumps({"tls_server_config": {
            "cert_file": "server.crt", "key_file": "server.key", "client_ca_file": "ca.crt",
            "client_auth_type": "RequireAndVerifyClientCert"}}))
        exporter = Exporter(path, "exporter", {"port": 1, "plain": True}, f"--web.config.file={web}")
        self.addCleanup(exporter.stop)

        def job(name: str, **tls: str) -> dict:
            return {"job_name": name, "scheme": "https", "scrape_interval": "500ms", "scrape_timeout": "500ms",
                    "static_configs": [{"targets": [exporter.address]}], "tls_config": {"ca_file": f"{path}/ca.crt", **tls}}

        prometheus = Prometheus(path, {"scrape_configs": [
            job("known", cert_file=f"{path}/exporter.crt", key_file=f"{path}/exporter.key"), job("unknown")]})
        self.addCleanup(prometheus.stop)

        def found() -> dict[str, str]:
            return {series["metric"]["job"]: series["value"][1] for series in prometheus.query("up")}

        eventually("both were tried", lambda: found() == {"known": "1", "unknown": "0"})

    def test_a_key_with_a_passphrase_is_refused_and_the_terminal_is_not_asked(self):
        place = folder()
        self.addCleanup(place.cleanup)
        path = Path(place.name)
        make_certificates(path)
        run("openssl", "ec", "-in", "server.key", "-aes128", "-passout", "pass:secret", "-out", "locked.key", cwd=path)
        web, configuration = path / "web.json", path / "config.json5"
        web.write_text(json.dumps({"tls_server_config": {"cert_file": "server.crt", "key_file": "locked.key"}}))
        configuration.write_text('{ broker: { host: "127.0.0.1" } }')
        process, terminal = pty.fork()
        if process == 0:
            program = str(PROGRAMS / "bambu_exporter")
            os.execv(program, [program, "--config.check", f"--config.file={configuration}", f"--web.config.file={web}"])
        said = b""
        with contextlib.suppress(OSError):  # the terminal's end
            while select.select([terminal], [], [], 10)[0] and (more := os.read(terminal, 1024)):
                said += more
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)
        self.assertIn(b"without a passphrase", said)


if __name__ == "__main__":
    unittest.main()
