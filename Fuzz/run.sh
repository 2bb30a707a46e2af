#!/bin/sh
# Builds the package with libFuzzer's instrumentation, links a fuzz target to it and runs the target.
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

# -enable-testing, because the driver imports internal declarations. The package's own programs are not linked: they have a `main`.
swift build -c release --scratch-path "$package" --target Exporter \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
built=$package/release

# The linker takes from an archive only what the driver needs. Without one, libFuzzer would inspect all code after every run.
# Two modules may have files with the same name, so files are added and never replaced.
rm -f "$work/parsers.a"
find "$built/" -name '*.o' -exec ar qcS "$work/parsers.a" {} +
ranlib "$work/parsers.a"

swiftc -O -swift-version 6 -warnings-as-errors -package-name bambu_exporter -module-name fuzz -parse-as-library \
    -sanitize=fuzzer,address -I "$built/Modules" -I Sources/COpenSSL -I Sources/CZlib -I Sources/CMosquitto \
    -Xcc "-fmodule-map-file=$built/CShim.build/module.modulemap" \
    -Xcc "-fmodule-map-file=$built/CCurl.build/module.modulemap" \
    -o "$work/fuzz" "$driver" Fuzz/Check.swift "$work/parsers.a" \
    -Xlinker --gc-sections -lcrypt -lssl -lcrypto -lz -lmosquitto

# Larger than any limit of the text parsers, so that input beyond a limit is tested as well.
longest=4096
[ "$target" != http ] || longest=20000

# The Swift runtime keeps about a kilobyte until it ends, which the leak check would report. Its own crash report would precede the
# sanitizer's.
SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 "$work/fuzz" -max_total_time="$seconds" -max_len="$longest" -timeout=10 \
    -artifact_prefix="$work/" -print_final_stats=1 "$work/corpus" "Fuzz/corpus/$target"
