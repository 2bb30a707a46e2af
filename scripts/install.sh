#!/bin/bash
# Installs the named Debian packages that are missing. If that is not possible, it prints what to do.
set -eu

missing=()
if command -v dpkg-query > /dev/null; then
    for package in "$@"; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)
        [ "$state" = installed ] || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        echo "Installing ${missing[*]}"
        as_root=()
        if [ "$(id -u)" != 0 ]; then
            if ! command -v sudo > /dev/null; then
                echo "Run this as root: apt-get install ${missing[*]}" >&2
                exit 1
            fi
            as_root=(sudo)
        fi
        export DEBIAN_FRONTEND=noninteractive
        "${as_root[@]}" apt-get update -qq
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
    fi
else
    # Not Debian: the packages may be installed under other names.
    for library in libmosquitto openssl zlib; do
        if ! pkg-config --exists "$library" 2> /dev/null; then missing+=("the development files of $library"); fi
    done
    for package in "$@"; do
        case $package in
            mosquitto | curl) command -v "$package" > /dev/null || [ -x "/usr/sbin/$package" ] || missing+=("$package") ;;
            prometheus) command -v promtool > /dev/null || missing+=(promtool) ;;
        esac
    done
    if [ ${#missing[@]} -gt 0 ]; then
        echo "This system has no apt-get. Install these with its own package manager, then try again:" >&2
        printf '  %s\n' "${missing[@]}" >&2
        exit 1
    fi
fi

if ! command -v swift > /dev/null; then
    echo "Swift 6.2 or later is missing: https://www.swift.org/install/linux" >&2
    exit 1
fi
