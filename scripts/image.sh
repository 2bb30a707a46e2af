#!/bin/bash
# Builds the container images with buildah, which needs no engine that runs in the background: the exporter's, and with
# TARGET=simulator the one of the simulated printers. ARCHIVE=FILE puts the image into a file, too.
#
# If the base images cannot be pulled, the script makes substitutes from Debian's packages and from the Swift toolchain of
# this machine. They test the steps of the Dockerfile, not the real base images. BASES=local makes them without trying to pull.
set -eu
cd "$(dirname "$0")/.."
. scripts/debian.sh

target=${TARGET:-exporter}
tag=${TAG:-localhost/bambu_$target:latest}
scripts/install.sh buildah
store=$(pwd)/.build/image
mkdir -p "$store"
export BUILDAH_ISOLATION=chroot
buildah=(buildah --storage-driver vfs --root "$store/root" --runroot "$store/run")
arguments=(--layers=false --network host --target "$target" -t "$tag"
    --build-arg "VERSION=$(scripts/version.sh)"
    --build-arg "REVISION=$(git rev-parse --short HEAD 2> /dev/null || true)"
    --build-arg "CREATED=$(date -u +%Y-%m-%dT%H:%M:%SZ)" --format docker)

make_bases() {
    echo "Making substitutes for the base images from Debian's packages"
    scripts/install.sh debootstrap
    local root container
    root=$store/debian
    debian_folder "$root"
    # As in Debian's slim images.
    printf 'path-exclude %s\npath-include /usr/share/doc/*/copyright\n' '/usr/share/doc/*' > "$root/etc/dpkg/dpkg.cfg.d/docker"
    printf 'path-exclude /usr/share/%s/*\n' man locale info lintian >> "$root/etc/dpkg/dpkg.cfg.d/docker"
    container=$("${buildah[@]}" from --pull-never scratch)
    "${buildah[@]}" add -q "$container" "$root" / > /dev/null
    "${buildah[@]}" config --cmd /bin/bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    "${buildah[@]}" commit -q --rm "$container" docker.io/library/debian:12.12-slim > /dev/null
    container=$("${buildah[@]}" from --pull-never docker.io/library/debian:12.12-slim)
    "${buildah[@]}" run --network host "$container" -- sh -c 'apt-get update -qq && apt-get install -y -qq \
        --no-install-recommends binutils ca-certificates gcc git libc6-dev libcurl4 libedit2 libgcc-12-dev libncurses6 \
        libpython3.11 libsqlite3-0 libstdc++-12-dev libxml2 libz3-4 pkg-config tzdata zlib1g-dev > /dev/null'
    "${buildah[@]}" config \
        --env "PATH=$toolchain/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$container"
    "${buildah[@]}" commit -q --rm "$container" docker.io/library/swift:6.3.1-bookworm > /dev/null
}

toolchain=$(cd "$(dirname "$(readlink -f "$(command -v swift)")")/../.." && pwd)
if [ "${BASES:-}" != local ] && "${buildah[@]}" pull -q --policy always docker.io/library/debian:12.12-slim > /dev/null 2>&1; then
    "${buildah[@]}" build "${arguments[@]}" .
else
    [ -n "$("${buildah[@]}" images -q docker.io/library/swift:6.3.1-bookworm 2> /dev/null)" ] || make_bases
    # The toolchain is mounted and not copied, because it has 3 GB.
    "${buildah[@]}" build --pull-never -v "$toolchain:$toolchain:ro" "${arguments[@]}" .
fi
"${buildah[@]}" images "$tag"
if [ -n "${ARCHIVE:-}" ]; then
    mkdir -p "$(dirname "$ARCHIVE")"
    rm -f "$ARCHIVE"
    "${buildah[@]}" push -q "$tag" "docker-archive:$ARCHIVE"
fi
