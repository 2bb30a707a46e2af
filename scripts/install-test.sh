#!/bin/bash
# Installs the package of .build/deb in a fresh Debian, boots it with systemd, and runs Tests/install on it.
# The container is a systemd-nspawn container with a network namespace that has only loopback.
set -eu
cd "$(dirname "$0")/.."
. scripts/debian.sh

if [ "$(id -u)" != 0 ]; then
    echo "This test boots a container. Run it as root." >&2
    exit 1
fi
scripts/install.sh debootstrap iproute2 lintian man-db mosquitto python3 systemd-container
swift build --explicit-target-dependency-import-check error --product bambu_simulator

set -- .build/deb/bambu-exporter_*.deb
package=$1
# Fail on warnings too. --allow-root, because lintian otherwise refuses to run as root.
lintian --allow-root --fail-on error,warning "$package"

store=$(pwd)/.build/install
mkdir -p "$store"
debian_folder "$store/debian"
if [ ! -e "$store/debian/lib/systemd/systemd" ]; then
    chroot "$store/debian" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd dbus' > "$store/systemd.log" 2>&1
fi
rm -rf "$store/root"
cp -a "$store/debian" "$store/root"
cp "$package" "$store/root/root/bambu-exporter.deb"
# The container has no network: download the dependencies first.
chroot "$store/root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends --download-only /root/bambu-exporter.deb' > "$store/download.log" 2>&1
unshare --net sh -c 'ip link set lo up && exec python3 "$@"' sh Tests/install/install_test.py "$store/root"
rm -rf "$store/root"
