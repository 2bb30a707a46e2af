#!/bin/bash
# Prints the version, which Sources/Exporter/Build.swift has.
set -eu
sed -n 's/.*static let version = "\(.*\)"/\1/p' "$(dirname "$0")/../Sources/Exporter/Build.swift"
