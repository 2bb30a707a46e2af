"""Tests the Debian package from installation to purge, in a container booted with systemd.

Usage: install_test.py ROOT; scripts/install-test.sh prepares the folder.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from container import Container
from links import broken
from stack import eventually

UNIT = "bambu_exporter.service"
SOURCE = Path(__file__).resolve().parents[2]
PROGRAMS = SOURCE / ".build/debug"
CONFIGURATION = "/etc/bambu_exporter/config.json5"


def step(what: str) -> None:
    print(f"  {what}", flush=True)


def get(path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:10883{path}", timeout=10) as answer:
        return answer.read().decode()


class Printer:
    """A simulated printer on loopback."""

    def __init__(self, folder: Path):
        command = [PROGRAMS / "bambu_simulator", "--port=0", "--printer=P1S:ams@garage", f"--directory={folder}"]
        self.process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.facts = json.loads(self.process.stdout.readline())
        assert self.process.stdout.readline().strip() == "ready"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class Installation:
    def __init__(self, container: Container):
        self.container = container

    def show(self, *properties: str) -> list[str]:
        asked = self.container.says("systemctl", "show", UNIT, *(f"--property={p}" for p in properties))
        found = dict(line.split("=", 1) for line in asked.splitlines())
        return [found.get(p, "") for p in properties]

    def log(self) -> str:
        return self.container.says("journalctl", "--unit", UNIT, "--output=cat", "--no-pager")

    def up(self) -> bool:
        return 'bambu_up{printer="garage"} 1\n' in get("/metrics")

    def install(self) -> None:
        self.container.run("apt-get", "install", "-y", "--no-install-recommends", "/root/bambu-exporter.deb")
        step("apt installs it with what it depends on")
        assert self.container.says("systemctl", "is-enabled", UNIT) == "enabled"
        active, kind, status = self.show("ActiveState", "Type", "StatusText")
        assert (active, kind, status) == ("active", "notify", "Watching 0 configured printers"), (active, kind, status)
        assert "No printer is configured" in get("/")
        step("the service is enabled and started, has reported to systemd that it is ready, and its page says what to do first")

    def documents(self) -> None:
        documents = self.container.path("/usr/share/doc/bambu-exporter")
        assert len(list(documents.rglob("*.md"))) > 15 and broken(documents) == [], broken(documents)
        for name in ("alerts/alertmanager.yml", "grafana/provisioning/dashboards/bambu.yaml", "grafana/dashboards/bambu-ams.json", "scripts/migrate.py"):
            assert (documents / name).is_file(), name
        step("every link in its documents leads to an installed file")

    def hardening(self) -> None:
        self.container.run("systemd-analyze", "verify", f"/lib/systemd/system/{UNIT}")
        rating = self.container.says("systemd-analyze", "security", "--no-pager", "--threshold=15", UNIT).splitlines()[-1]
        (pid,) = self.show("MainPID")
        status = dict(line.split(":\t", 1) for line in self.container.says("cat", f"/proc/{pid}/status").splitlines() if ":\t" in line)
        uid = self.container.says("id", "-u", "bambu_exporter")
        assert status["Uid"].split() == [uid] * 4, status["Uid"]
        assert (status["NoNewPrivs"], status["Seccomp"], int(status["CapEff"], 16), int(status["CapBnd"], 16)) == ("1", "2", 0, 0), status
        step(f"it runs as bambu_exporter, without capabilities, behind a filter. {rating.strip(' →')}")

    def printer(self, printer: Printer) -> None:
        secret = self.container.path("/etc/bambu_exporter/secrets/garage")
        secret.write_text(printer.facts["access_code"] + "\n")
        secret.chmod(0o600)
        # Use the entry in the comments of the template, with the data of this printer.
        text = self.container.path(CONFIGURATION).read_text()
        text = "\n".join(line.replace("    // ", "    ", 1) if line.startswith("    // ") else line for line in text.splitlines())
        text = text.replace("01P00A000000000", printer.facts["serial"]).replace("192.168.1.50", printer.facts["host"])
        text = text.replace("access_code_file:", f"mqtt_port: {printer.facts['port']}, camera: {{ enabled: false }}, access_code_file:")
        self.container.path(CONFIGURATION).write_text(text)
        self.container.run("systemctl", "restart", UNIT)
        eventually("the printer reports", self.up)
        step("with a code that only root can read and the completed template, a printer reports")
        state = eventually("its certificate is in the state directory", self.state)
        assert state.startswith("drwx------ bambu_exporter"), state
        step("its certificate is remembered in a folder that is the service's alone")
        said = self.container.says("runuser", "-u", "bambu_exporter", "--", "bambu_exporter", "forget", "garage")
        assert "Forgot the certificate of garage" in said, said
        step("`bambu_exporter forget` works beside the service")

    def state(self) -> str | None:
        """Lists the state directory, or returns nothing before it has a file: the service writes it after the connection."""
        listing = self.container.says("find", "/var/lib/bambu_exporter/", "-printf", "%M %u %p\n")
        return listing if len(listing.splitlines()) > 1 else None

    def reload(self) -> None:
        before = self.show("MainPID")
        self.container.run("systemctl", "reload", UNIT)
        eventually("it has read the configuration again", lambda: "Configuration reloaded" in self.log())
        (status,) = eventually("systemd is told", lambda: [s for s in self.show("StatusText") if s == "Configuration reloaded"])
        assert self.show("MainPID") == before and self.up(), status
        step("`systemctl reload` reads the configuration again, and the printer stays connected")

    def override(self) -> None:
        folder = self.container.path(f"/etc/systemd/system/{UNIT}.d")
        folder.mkdir()
        (folder / "override.conf").write_text((SOURCE / "examples/systemd/override.conf").read_text())
        other = self.container.path("/root/printers/garage")
        other.parent.mkdir(mode=0o700)
        secret = self.container.path("/etc/bambu_exporter/secrets/garage")
        secret.rename(other)
        text = self.container.path(CONFIGURATION).read_text()
        self.container.path(CONFIGURATION).write_text(text.replace("/secrets_garage", "/garage"))
        self.container.run("systemctl", "daemon-reload")
        self.container.run("systemctl", "restart", UNIT)
        eventually("the printer reports", self.up)
        step("the example of an override brings the code from elsewhere")
        other.rename(secret)
        (folder / "override.conf").unlink()
        folder.rmdir()
        self.container.path(CONFIGURATION).write_text(text)
        self.container.run("systemctl", "daemon-reload")

    def watchdog(self) -> None:
        folder = self.container.path(f"/etc/systemd/system/{UNIT}.d")
        folder.mkdir()
        (folder / "hasty.conf").write_text("[Service]\nWatchdogSec=2s\nRestartSec=100ms\n")
        self.container.run("systemctl", "daemon-reload")
        self.container.run("systemctl", "restart", UNIT)
        eventually("the printer reports", self.up)
        (pid,) = self.show("MainPID")
        # Wait longer than the watchdog's time: a process that notifies systemd must keep running.
        end = time.monotonic() + 4
        eventually("the watchdog has been fed for a while", lambda: time.monotonic() > end)
        assert self.show("MainPID", "NRestarts") == [pid, "0"]
        self.container.run("sh", "-c", f"kill -STOP {pid}")
        eventually("a hung process is replaced", lambda: self.show("ActiveState", "NRestarts") == ["active", "1"])
        eventually("the printer reports", self.up)
        assert "Watchdog timeout" in self.log()
        step("a process that hangs is killed by the watchdog and started again; one that does not is left alone")
        (folder / "hasty.conf").unlink()
        folder.rmdir()
        self.container.run("systemctl", "daemon-reload")

    def upgrade(self) -> None:
        (before,) = self.show("MainPID")
        self.container.run("dpkg", "--install", "/root/bambu-exporter.deb")
        eventually("the printer reports", self.up)
        (after,) = self.show("MainPID")
        assert after != before and "garage" in self.container.path(CONFIGURATION).read_text()
        step("an upgrade restarts it and leaves the configuration as it was")
        self.container.run("systemctl", "disable", "--now", UNIT)
        self.container.run("dpkg", "--install", "/root/bambu-exporter.deb")
        assert self.container.run("systemctl", "is-enabled", UNIT, check=False)[1] == "disabled"
        step("who disabled it finds it disabled after an upgrade")
        self.container.run("systemctl", "enable", "--now", UNIT)

    def purge(self) -> None:
        # Libraries log errors if the filter of system calls is too strict for them.
        said = self.container.says("journalctl", "--identifier=bambu_exporter", "--output=cat", "--no-pager").splitlines()
        strange = [line for line in said if not line.startswith("time=") or "level=error" in line]
        assert said and not strange, strange
        step("it has logged no error, and nothing but log lines")
        self.container.run("apt-get", "remove", "-y", "bambu-exporter")
        assert self.container.run("systemctl", "is-active", UNIT, check=False)[1] in ("inactive", "failed")
        assert self.container.path(CONFIGURATION).exists() and not self.container.path("/usr/bin/bambu_exporter").exists()
        step("removed, it has stopped, and the configuration is still there")
        self.container.run("apt-get", "purge", "-y", "bambu-exporter")
        left = self.container.says("find", "/", "-xdev", "-name", "*bambu*", "-not", "-path", "/root/*", "-not", "-path", "/proc/*")
        assert left == "", left
        assert self.container.run("getent", "passwd", "bambu_exporter", check=False)[0] != 0
        assert self.container.run("getent", "group", "bambu_exporter", check=False)[0] != 0
        step("purged, nothing of it is left: no file, no user, no group")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bambu") as folder:
        printer = Printer(Path(folder))
        try:
            container = Container(Path(sys.argv[1]))
            try:
                installation = Installation(container)
                installation.install()
                installation.documents()
                installation.hardening()
                installation.printer(printer)
                installation.reload()
                installation.override()
                installation.watchdog()
                installation.upgrade()
                installation.purge()
            except AssertionError:
                print(container.run("journalctl", "--no-pager", "--lines=30", check=False)[1], file=sys.stderr)
                raise
            finally:
                container.stop()
        finally:
            printer.stop()
    print(f"installed, run, upgraded and purged in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
