#!/bin/bash
# The steps of a release that need access to other servers.
#
# scripts/publish.sh check            TAG must be the version everywhere, and CHANGELOG.md must have a section for it
# scripts/publish.sh image            pushes the archives in .build/images as one image for all architectures to DESTINATION, such as
#                                     docker://registry.example/bambu_exporter; a registry on localhost needs no TLS
# scripts/publish.sh release          makes a release of TAG on GitHub, with what is in .build/dist
set -eu
cd "$(dirname "$0")/.."
version=$(scripts/version.sh)

changes() {
    awk -v version="$version" '/^## /{ on = $2 == version; next } on' CHANGELOG.md
}

case $1 in
    check)
        if [ "$TAG" != "v$version" ]; then
            echo "The tag $TAG is not v$version, the version in Sources/Exporter/Build.swift" >&2
            exit 1
        fi
        if [ -z "$(changes)" ]; then
            echo "CHANGELOG.md has no section \"## $version\"" >&2
            exit 1
        fi
        ;;
    image)
        scripts/install.sh buildah
        buildah=(buildah --storage-driver vfs --root .build/image/root --runroot .build/image/run)
        flags=()
        case $DESTINATION in docker://localhost[:/]*) flags=(--tls-verify=false) ;; esac
        if [ -n "${REGISTRY_PASSWORD:-}" ]; then
            host=${DESTINATION#docker://}
            "${buildah[@]}" login "${flags[@]}" --username "$REGISTRY_USER" --password-stdin "${host%%/*}" <<< "$REGISTRY_PASSWORD"
        fi
        "${buildah[@]}" manifest rm all-architectures > /dev/null 2>&1 || true
        "${buildah[@]}" manifest create all-architectures > /dev/null
        for archive in .build/images/*.tar; do "${buildah[@]}" manifest add all-architectures "docker-archive:$archive"; done
        for tag in "$version" latest; do
            "${buildah[@]}" manifest push "${flags[@]}" --all all-architectures "$DESTINATION:$tag"
        done
        ;;
    release)
        changes | gh release create "$TAG" --verify-tag --title "bambu_exporter $version" --notes-file - .build/dist/*
        ;;
esac
