"""A cluster of RabbitMQ's MQTT plugin on loopback, what balances it, and printers that report through it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt

from stack import ROOT, Server, free_port, get, run

FIXTURES = ROOT / "Tests/Fixtures"
PASSWORD = "farm-password"
RABBITMQ = Path("/usr/lib/rabbitmq/bin")


def _hashed(password: str) -> str:
    salt = b"salt"
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


# Users with fewer rights than the exporter needs: the topics that each may write and read.
LIMITED = {"listener": ("^$", r"^device\.[^.]+\.report$"), "stranger": ("^$", "^$")}


def definitions() -> dict:
    """The users of `examples/broker` and those of `LIMITED`, with a password: for `load_definitions` of each node."""
    found = json.loads((ROOT / "examples/broker/rabbitmq-definitions.json").read_text())
    for user in LIMITED:
        for key, name in ("users", "name"), ("permissions", "user"), ("topic_permissions", "user"):
            found[key].append(next(entry for entry in found[key] if entry[name] == "exporter") | {name: user})
        found["topic_permissions"][-1] |= dict(zip(("write", "read"), LIMITED[user]))
    for user in found["users"]:
        user["password_hash"] = _hashed(PASSWORD)
    return found


def make_certificates(folder: Path) -> None:
    """Makes an authority, and certificates of it for the broker and for the user `exporter`."""
    new = ("req", "-x509", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    run("openssl", *new, "-subj", "/CN=farm", "-keyout", "ca.key", "-out", "ca.crt", cwd=folder)
    for name in "server", "exporter":
        run("openssl", *new, "-CA", "ca.crt", "-CAkey", "ca.key", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", f"{name}.key", "-out", f"{name}.crt", cwd=folder)


class Node:
    """One RabbitMQ of a cluster."""

    def __init__(self, cluster: RabbitMQ, name: str):
        self.cluster, self.name, self.port, self.tls_port = cluster, name, free_port(), free_port()
        self.folder = cluster.folder / name
        self.folder.mkdir()
        (self.folder / "plugins").write_text("[rabbitmq_mqtt].\n")

    def configure(self) -> None:
        peers = "".join(f"cluster_formation.classic_config.nodes.{number} = {node.name}@localhost\n"
                        for number, node in enumerate(self.cluster.nodes, 1))
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:{self.port}\nmqtt.allow_anonymous = false\n"
            f"load_definitions = {self.cluster.folder / 'definitions.json'}\n"
            # A node without enough disk or memory reads nothing from its clients. The limits do not depend on the machine here.
            "disk_free_limit.absolute = 0\ntotal_memory_available_override_value = 8GB\n"
            "cluster_formation.peer_discovery_backend = classic_config\n" + peers
            # Over TLS a client is the user that its certificate names.
            + f"mqtt.listeners.ssl.1 = 127.0.0.1:{self.tls_port}\nmqtt.ssl_cert_login = true\nssl_cert_login_from = common_name\n"
            f"ssl_options.cacertfile = {self.cluster.folder}/ca.crt\nssl_options.certfile = {self.cluster.folder}/server.crt\n"
            f"ssl_options.keyfile = {self.cluster.folder}/server.key\nssl_options.verify = verify_peer\n"
            "ssl_options.fail_if_no_peer_cert = true\n")

    def start(self) -> None:
        flags = f"-kernel inet_dist_use_interface {{127,0,0,1}} +S 1:1 +sbwt none -start_epmd false -setcookie {self.cluster.cookie}"
        place = self.folder
        self.server = Server(
            "env", f"HOME={place}", f"ERL_EPMD_PORT={self.cluster.epmd_port}", f"RABBITMQ_NODENAME={self.name}@localhost",
            f"RABBITMQ_CONFIG_FILE={place}/rabbitmq.conf", f"RABBITMQ_ENABLED_PLUGINS_FILE={place}/plugins",
            f"RABBITMQ_MNESIA_BASE={place}/mnesia", f"RABBITMQ_LOG_BASE={place}/log", f"RABBITMQ_DIST_PORT={free_port()}",
            f"RABBITMQ_PID_FILE={place}/pid", "RABBITMQ_CONF_ENV_FILE=/dev/null",
            f"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS={flags}", RABBITMQ / "rabbitmq-server", log=place / "console.log")

    def signal(self, number: int) -> None:
        """Sends a signal to the node itself, which the script that starts it may be the parent of."""
        os.kill(int((self.folder / "pid").read_text()), number)

    def kill(self) -> None:
        """Ends it at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        self.server.process.wait(20)

    def control(self, *command: str) -> str:
        """What `rabbitmqctl` or another of RabbitMQ's programs says."""
        program, *rest = command
        environment = os.environ | {"HOME": str(self.folder), "ERL_EPMD_PORT": str(self.cluster.epmd_port),
                                    "RABBITMQ_CONF_ENV_FILE": "/dev/null"}
        return run(RABBITMQ / program, "--node", f"{self.name}@localhost", "--erlang-cookie", self.cluster.cookie, *rest,
                   env=environment).stdout


class RabbitMQ:
    """Nodes that find each other, with the users of `definitions`, and the certificates of `make_certificates`."""

    def __init__(self, folder: Path, count: int):
        self.folder, self.cookie = folder, "farm"
        self.epmd_port = free_port()
        (folder / "definitions.json").write_text(json.dumps(definitions()))
        self.epmd = Server("epmd", "-port", self.epmd_port, "-address", "127.0.0.1", log=folder / "epmd.log")
        self.nodes: list[Node] = []
        try:
            for number in range(count):
                self.nodes.append(Node(self, f"rabbit{number + 1}"))
            for node in self.nodes:
                node.configure()
            # In turn: nodes of this version that start at once may each wait for the other to lead the MQTT plugin's Raft group.
            for node in self.nodes:
                node.start()
                node.server.until(f"{node.name} runs", lambda: "completed with" in node.server.log.read_text(), 90)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for node in self.nodes:
            if hasattr(node, "server") and node.server.process.poll() is None:
                node.signal(signal.SIGCONT)
                node.kill()
        self.epmd.stop()


class Balancer:
    """HAProxy with the configuration of `examples/broker`, on a port of its own."""

    def __init__(self, folder: Path, nodes: list[Node]):
        self.port = free_port()
        text = (ROOT / "examples/broker/haproxy.cfg").read_text()
        head, _, _ = text.partition("    server ")
        assert "bind :1883" in head
        head = head.replace("bind :1883", f"bind 127.0.0.1:{self.port}")
        servers = "".join(f"    server {node.name} 127.0.0.1:{node.port}\n" for node in nodes)
        file = folder / "haproxy.cfg"
        file.write_text(head + servers)
        self.server = Server("/usr/sbin/haproxy", "-db", "-f", file, log=folder / "haproxy.log")
        self.server.until("HAProxy listens", self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.server.stop()


class Reporters:
    """Made-up printers, whose reports come through the ports in turn, as bridges on several machines would bring them."""

    PAUSE = 0.5

    def __init__(self, ports: list[int], serials: list[str], user: str | None = "bridge"):
        self.serials = serials
        self.messages = [line for name in ("p1s-failed-unit-removed", "a1-mini-idle", "x1-idle-wired-door")
                         for line in (FIXTURES / f"{name}.jsonl").read_text().splitlines() if '"push_status"' in line]
        self.clients = []
        for number, port in enumerate(ports):
            client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=f"bridge-{number}")
            if user:
                client.username_pw_set(user, PASSWORD)
            client.reconnect_delay_set(1, 2)
            client.connect_async("127.0.0.1", port, keepalive=10)
            client.loop_start()
            self.clients.append(client)
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._report, daemon=True)
        self.thread.start()

    def _report(self) -> None:
        turn = 0
        while not self.done.wait(self.PAUSE):
            turn += 1
            for number, serial in enumerate(self.serials):
                client = self.clients[number % len(self.clients)]
                if client.is_connected():
                    client.publish(f"device/{serial}/report", self.messages[(turn + number) % len(self.messages)])

    def stop(self) -> None:
        self.done.set()
        self.thread.join()
        for client in self.clients:
            client.disconnect()
            client.loop_stop()
