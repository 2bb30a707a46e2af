#!/bin/sh
# Builds a fuzz target from the sources it tests and runs it.
#
#   Fuzz/run.sh http 60
#
# New findings go to .build/fuzz/TARGET/; the corpus in the repository is only read.
set -eu
cd "$(dirname "$0")/.."

usage() {
    echo "usage: $0 TARGET [SECONDS]; targets: http, scanner, video" >&2
    exit 2
}

target=${1:-}
seconds=${2:-60}

# A target: the driver, the sources it compiles (of a folder, or all of several), the longest input.
case $target in
http)
    driver=Fuzz/HTTPParserFuzz.swift
    sources="ASCII AcceptList Headers Limits MediaType RejectionReason Request RequestError RequestParser RequestTarget Status"
    folders=Sources/HTTP
    longest=20000
    ;;
scanner)
    driver=Fuzz/ScannerFuzz.swift
    sources=
    folders="Sources/JSONScanning Sources/BambuProtocol"
    longest=4096
    ;;
video)
    driver=Fuzz/VideoFuzz.swift
    sources=
    folders=Sources/VideoParsing
    longest=4096
    ;;
*) usage ;;
esac

work=.build/fuzz/$target
mkdir -p "$work/corpus" "$work/sources"
files=
for source in $sources; do files="$files $folders/$source.swift"; done
if [ -z "$sources" ]; then
    # Compiled as one module, in which an import of another floor has no meaning.
    rm -f "$work"/sources/*
    for folder in $folders; do
        for file in "$folder"/*.swift; do
            sed 's/^import JSONScanning$//' "$file" >"$work/sources/$(basename "$file")"
        done
    done
    files="$work/sources/*.swift"
fi

# shellcheck disable=SC2086  # a list of files without spaces
swiftc -O -swift-version 6 -package-name bambu_exporter -parse-as-library -sanitize=fuzzer,address \
    -o "$work/fuzz" "$driver" $files

# The Swift runtime keeps about a kilobyte to its end, which the leak check would report.
ASAN_OPTIONS=detect_leaks=0 "$work/fuzz" -max_total_time="$seconds" -max_len="$longest" -timeout=10 \
    -artifact_prefix="$work/" -print_final_stats=1 "$work/corpus" "Fuzz/corpus/$target"
