#!/bin/sh
# Builds the package with libFuzzer's instruments, links a fuzz target to it and runs that.
#
#   Fuzz/run.sh http 60
#
# New findings go to .build/fuzz/TARGET/; the corpus in the repository is only read.
set -eu
cd "$(dirname "$0")/.."

target=${1:-}
seconds=${2:-60}
driver=Fuzz/$target.swift
if [ ! -d "Fuzz/corpus/$target" ] || [ ! -f "$driver" ]; then
    echo "usage: $0 TARGET [SECONDS]; targets:" $(ls Fuzz/corpus) >&2
    exit 2
fi

package=.build/fuzz/package
work=.build/fuzz/$target
mkdir -p "$work/corpus"

# Tests alone import the inside of a module, hence -enable-testing. Nothing is linked: a program with a `main` cannot be.
swift build -c release --scratch-path "$package" --target Exporter \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
built=$package/release

# An archive, of which the linker takes what the driver needs: what else there is would be looked at after every run.
# Two modules may have files of one name, so files are added and never replaced.
rm -f "$work/parsers.a"
find "$built/" -name '*.o' -exec ar qcS "$work/parsers.a" {} +
ranlib "$work/parsers.a"

swiftc -O -swift-version 6 -warnings-as-errors -package-name bambu_exporter -module-name fuzz -parse-as-library \
    -sanitize=fuzzer,address -I "$built/Modules" -I Sources/COpenSSL -I Sources/CZlib -I Sources/CMosquitto \
    -Xcc "-fmodule-map-file=$built/CShim.build/module.modulemap" \
    -o "$work/fuzz" "$driver" Fuzz/Check.swift "$work/parsers.a" \
    -Xlinker --gc-sections -lcrypt -lssl -lcrypto -lz -lmosquitto

# Larger than any limit of the parsers of text, so that what lies beyond one is tried as well.
longest=4096
[ "$target" != http ] || longest=20000

# The Swift runtime keeps about a kilobyte to its end, which the leak check would report; and its own account of a crash
# would stand in front of the sanitizer's.
SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 "$work/fuzz" -max_total_time="$seconds" -max_len="$longest" -timeout=10 \
    -artifact_prefix="$work/" -print_final_stats=1 "$work/corpus" "Fuzz/corpus/$target"
