#!/bin/bash
# Compiles the exporter for arm64 on another machine, and runs Tests/arm64, which compares it under emulation with this machine's exporter.
#
# Debian's unstable branch has a Swift with libraries for both architectures. The program needs that branch's C library, so it is only
# tested. Programs for users are compiled on an arm64 machine, by the Dockerfile or by `make deb`.
set -eu
cd "$(dirname "$0")/.."
. scripts/debian.sh

if [ "$(id -u)" != 0 ]; then
    echo "The compiler runs in a chroot. Run this as root." >&2
    exit 1
fi
scripts/install.sh binutils debootstrap mosquitto python3 qemu-user-static
swift build --explicit-target-dependency-import-check error --product bambu_simulator
swift build --explicit-target-dependency-import-check error --product bambu_exporter

store=$(pwd)/.build/arm64
root=$store/root
libraries=/usr/lib/aarch64-linux-gnu
mkdir -p "$store"

# Runs a command in the chroot. The mount ends with the command.
in_debian() {
    unshare --mount sh -eu -c 'root=$1; shift; mount -t proc proc "$root/proc"; exec chroot "$root" "$@"' sh "$root" "$@"
}

debian_folder "$root" sid
if [ ! -e "$root/ready" ]; then
    echo "Downloading Debian's Swift for both architectures: 1 GB"
    # On some days packages of the unstable branch cannot be installed; that is not a failure of the exporter.
    if ! in_debian sh -eu > "$store/install.log" 2>&1 << EOF; then
dpkg --add-architecture arm64
apt-get update -qq
apt-get install -y -qq --no-install-recommends swiftlang gcc libc6-dev pkg-config g++-aarch64-linux-gnu \
    libc6-dev:arm64 libcrypt-dev:arm64 libcurl4-openssl-dev:arm64 libmosquitto-dev:arm64 libssl-dev:arm64 zlib1g-dev:arm64
cd /tmp
apt-get download swiftlang:arm64 libswiftlang:arm64
# Only the libraries of the other architecture's compiler are needed, to link programs.
mkdir -p /sdk/usr/lib
for package in *.deb; do
    dpkg-deb --fsys-tarfile "\$package" | tar -x -C /sdk/usr/lib --strip-components=5 --wildcards \
        './usr/libexec/swift/lib/swift*'
done
rm ./*.deb
for folder in aarch64-linux-gnu gcc gcc-cross; do ln -s "/usr/lib/\$folder" "/sdk/usr/lib/\$folder"; done
ln -s /usr/include /sdk/usr/include
ln -s /usr/libexec/swift/lib/clang /sdk/usr/lib/clang
ln -s usr/lib /sdk/lib
EOF
        echo "SKIPPED: Swift cannot be installed from Debian's unstable branch today; see $store/install.log" >&2
        exit 0
    fi
    # ldconfig makes links only for its own architecture.
    for library in "$root$libraries"/lib*.so.*; do
        name=$(objdump -p "$library" | sed -n 's/^ *SONAME *//p')
        [ -z "$name" ] || [ -e "$root$libraries/$name" ] || ln -s "$(basename "$library")" "$root$libraries/$name"
    done
    touch "$root/ready"
fi

bundle=$root/sdks/debian.artifactbundle
mkdir -p "$bundle/arm64"
cat > "$bundle/info.json" << 'EOF'
{ "schemaVersion": "1.0", "artifacts": { "debian": { "type": "swiftSDK", "version": "1", "variants": [{ "path": "arm64" }] } } }
EOF
cat > "$bundle/arm64/swift-sdk.json" << 'EOF'
{ "schemaVersion": "4.0", "targetTriples": { "aarch64-unknown-linux-gnu": { "sdkRootPath": "/sdk",
  "swiftResourcesPath": "/sdk/usr/lib/swift", "swiftStaticResourcesPath": "/sdk/usr/lib/swift_static",
  "toolsetPaths": ["toolset.json"] } } }
EOF
cat > "$bundle/arm64/toolset.json" << 'EOF'
{ "schemaVersion": "1.0", "swiftCompiler": { "extraCLIOptions": ["-use-ld=lld"] } }
EOF

mkdir -p "$root/source"
rm -rf "$root"/source/{Sources,Tests,Benchmarks}
cp -a Package.swift Sources Tests Benchmarks "$root/source/"
in_debian env HOME=/root PATH=/usr/libexec/swift/bin:/usr/bin:/bin PKG_CONFIG_PATH="$libraries/pkgconfig" \
    swift build --package-path /source --swift-sdks-path /sdks --swift-sdk debian -c release --static-swift-stdlib --disable-local-rpath \
    --explicit-target-dependency-import-check error --product bambu_exporter
program=$store/bambu_exporter
in_debian /usr/libexec/swift/bin/llvm-objcopy --strip-unneeded \
    /source/.build/aarch64-unknown-linux-gnu/release/bambu_exporter /bambu_exporter
mv "$root/bambu_exporter" "$program"
python3 Tests/arm64/arm64_test.py "$root" "$program"
