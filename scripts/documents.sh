#!/bin/bash
# Copies the documents of the Debian package into a folder, with the same layout as in the source, so that links between them work.
# Usage: scripts/documents.sh FOLDER
set -eu
cd "$(dirname "$0")/.."
folder=$1
# Where the package installs the folder.
installed=/usr/share/doc/bambu-exporter

mkdir -p "$folder"/{docs/images,alerts,grafana,scripts,deploy}
cp docs/*.md "$folder/docs/"
grep -oh '(images/[^)]*)' docs/*.md | tr -d '()' | sort -u | while read -r image; do cp "docs/$image" "$folder/docs/images/"; done
cp -r examples "$folder/"
cp alerts/alertmanager.yml alerts/bambu.rules.yml alerts/*.libsonnet "$folder/alerts/"
cp -r grafana/dashboards grafana/provisioning "$folder/grafana/"
cp -r deploy/completions deploy/helm deploy/man deploy/systemd "$folder/deploy/"
cp scripts/migrate.py scripts/peers.tsv "$folder/scripts/"
chmod -R u=rwX,go=rX "$folder"

# The provisioning files are written for containers: adapt the path of the dashboards and the address of Prometheus.
sed -i "s|path: /var/lib/grafana/dashboards|path: $installed/grafana/dashboards|; s|; mount grafana/dashboards there||" \
    "$folder/grafana/provisioning/dashboards/bambu.yaml"
sed -i 's|url: http://prometheus:9090|url: http://localhost:9090|' "$folder/grafana/provisioning/datasources/prometheus.yaml"
