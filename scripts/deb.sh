#!/bin/bash
# Builds a Debian package for this machine's architecture, .build/deb/bambu-exporter_VERSION_ARCHITECTURE.deb.
set -eu
cd "$(dirname "$0")/.."

scripts/install.sh dpkg-dev binutils
version=$(scripts/version.sh)
date=$(sed -n 's/.*static let date = "\(.*\)"/\1/p' Sources/Exporter/Build.swift)
architecture=$(dpkg --print-architecture)
build=$(pwd)/.build/deb
source=$build/source
root=$build/root
# Files have the date of the commit, so that builds are reproducible.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2> /dev/null || date -d "$date" +%s)
export SOURCE_DATE_EPOCH

# The program is built from a copy of the source that has the revision in it.
mkdir -p "$source"
rm -rf "$source"/{Sources,Tests,Benchmarks} "$build"/*.deb
cp -a Package.swift Sources Tests Benchmarks "$source/"
revision=$(git rev-parse --short HEAD 2> /dev/null || true)
sed -i "s/static let revision = \"\"/static let revision = \"$revision\"/" "$source/Sources/Exporter/Build.swift"
swift build --package-path "$source" -c release --static-swift-stdlib --disable-local-rpath --explicit-target-dependency-import-check error \
    --product bambu_exporter

rm -rf "$root"
documents=$root/usr/share/doc/bambu-exporter
install -d "$documents" "$root/DEBIAN" "$root/usr/bin" "$root/etc/default" "$root/lib/systemd/system" "$root/etc/bambu_exporter" \
    "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
    "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d" "$root/usr/share/lintian/overrides"
install -d -m 0700 "$root/etc/bambu_exporter/secrets"
install -m 0755 "$source/.build/release/bambu_exporter" "$root/usr/bin/"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/bambu_exporter"
size=$(stat -c %s "$root/usr/bin/bambu_exporter")
if [ "$size" -gt 12000000 ]; then
    echo "$0: bambu_exporter has $size bytes, more than 12 MB. Does it use Foundation, Regex, replacing or contains(\"text\")?" >&2
    exit 1
fi
install -m 0644 deploy/systemd/bambu_exporter.service "$root/lib/systemd/system/"
install -m 0644 deploy/debian/default "$root/etc/default/bambu_exporter"
install -m 0640 deploy/config.json5 "$root/etc/bambu_exporter/"
gzip -9nc deploy/man/bambu_exporter.1 > "$root/usr/share/man/man1/bambu_exporter.1.gz"
install -m 0644 deploy/completions/bambu_exporter.bash "$root/usr/share/bash-completion/completions/bambu_exporter"
install -m 0644 deploy/completions/_bambu_exporter "$root/usr/share/zsh/vendor-completions/"
install -m 0644 deploy/completions/bambu_exporter.fish "$root/usr/share/fish/vendor_completions.d/"
install -m 0644 deploy/debian/lintian-overrides "$root/usr/share/lintian/overrides/bambu-exporter"
scripts/documents.sh "$documents"
install -m 0644 deploy/debian/copyright "$documents/"
gzip -9n > "$documents/changelog.gz" << EOF
bambu-exporter ($version) unstable; urgency=medium

  * Release $version; the changes are in CHANGELOG.md of the source.

 -- bambu_exporter's authors <packages@bambu-exporter.invalid>  $(LC_ALL=C date -u -d "$date" -R)
EOF

install -m 0755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$root/DEBIAN/"
(cd "$root" && find etc -type f -printf '/%p\n') > "$root/DEBIAN/conffiles"
# The package depends on the libraries that the program is linked with. dpkg-shlibdeps needs a debian/control in its folder.
mkdir -p "$build/work/debian"
printf 'Source: bambu-exporter\n' > "$build/work/debian/control"
libraries=$(cd "$build/work" && dpkg-shlibdeps -O "$root/usr/bin/bambu_exporter" | sed -n 's/^shlibs:Depends=//p')
cat > "$root/DEBIAN/control" << EOF
Package: bambu-exporter
Version: $version
Section: net
Priority: optional
Architecture: $architecture
Depends: $libraries, adduser, ca-certificates
Recommends: libcurl4
Suggests: python3
Installed-Size: $(du -sk --apparent-size "$root" | cut -f1)
Maintainer: bambu_exporter's authors <packages@bambu-exporter.invalid>
Description: Prometheus exporter for Bambu Lab 3D printers
 Reads printers over MQTT, the account over REST and the frame rate of cameras,
 and serves metrics for Prometheus: temperatures, progress, filament left in
 every slot, humidity of every AMS, health messages.
 .
 It changes nothing on a printer.
EOF
(cd "$root" && find . -type f ! -path './DEBIAN/*' ! -path './etc/*' -printf '%P\0' | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
package=$build/bambu-exporter_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
echo "$package: $(du -k --apparent-size "$package" | cut -f1) kB, $(du -sk --apparent-size "$root" | cut -f1) kB installed"
