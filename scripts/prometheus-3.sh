#!/bin/bash
# Downloads Prometheus 3 and Alertmanager 0.3x from Debian's unstable branch into FOLDER, without installing anything.
# If FOLDER has them, the tests of rules and dashboards use them in addition to Debian's stable ones.
# Usage: scripts/prometheus-3.sh FOLDER
set -eu
. "$(dirname "$0")/debian.sh"

folder=$(mkdir -p "$1" && cd "$1" && pwd)
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
echo "deb $(debian_mirror) sid main" > "$folder/sources.list"
options=(-o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" -o Acquire::Languages=none
    -o APT::Sandbox::User="$(id -un)")
apt-get -qq "${options[@]}" update
cd "$folder"
apt-get -qq "${options[@]}" download prometheus promtool prometheus-alertmanager
for package in *.deb; do dpkg-deb -x "$package" root; done
rm -rf lists cache ./*.deb
root/usr/bin/prometheus --version 2>&1 | head -n 1
root/usr/bin/prometheus-alertmanager --version 2>&1 | head -n 1
