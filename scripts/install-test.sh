#!/bin/bash
# Installs .build/deb's package in a Debian of its own, boots that with systemd, and has Tests/install look at it.
# The container is systemd-nspawn's, in a network of its own that has nothing but loopback.
set -eu
cd "$(dirname "$0")/.."
. scripts/debian.sh

if [ "$(id -u)" != 0 ]; then
    echo "A container is booted for this: run it as root" >&2
    exit 1
fi
scripts/install.sh debootstrap iproute2 lintian man-db mosquitto python3 systemd-container
swift build --explicit-target-dependency-import-check error --product bambu_simulator

set -- .build/deb/bambu-exporter_*.deb
package=$1
# Warnings too; "root" is who runs it, which it warns of by itself.
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
# The container has no network: what the package depends on is fetched beforehand, and installed there.
chroot "$store/root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends --download-only /root/bambu-exporter.deb' > "$store/download.log" 2>&1
unshare --net sh -c 'ip link set lo up && exec python3 "$@"' sh Tests/install/install_test.py "$store/root"
rm -rf "$store/root"
