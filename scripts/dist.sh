#!/bin/bash
# Gathers what a release consists of beside the image into .build/dist: packages that are built, chart, rules and dashboards.
# Usage: scripts/dist.sh PYTHON
set -eu
cd "$(dirname "$0")/.."
dist=.build/dist
version=$(scripts/version.sh)

rm -rf "$dist"
mkdir -p "$dist"
cp .build/deb/bambu-exporter_"$version"_*.deb "$dist/"
"$1" scripts/chart.py "$dist" > /dev/null
cp alerts/bambu.rules.yml alerts/alertmanager.yml "$dist/"
cp grafana/provisioning/alerting/bambu.yaml "$dist/grafana-alerting.yaml"
tar --create --gzip --sort=name --owner=0 --group=0 --numeric-owner --file "$dist/grafana-dashboards.tar.gz" --directory grafana/dashboards .
(cd "$dist" && sha256sum -- * > SHA256SUMS && cat SHA256SUMS)
