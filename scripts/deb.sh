#!/bin/bash
# Builds a Debian package of the release binary, into .build/deb.
set -eu
cd "$(dirname "$0")/.."

scripts/install.sh dpkg-dev binutils
version=$(sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/Exporter/Build.swift)
architecture=$(dpkg --print-architecture)
root=.build/deb/root
rm -rf .build/deb
install -d "$root/DEBIAN" "$root/usr/bin" "$root/etc/default" "$root/lib/systemd/system" \
    "$root/usr/share/doc/bambu_exporter" "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
    "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d"
install -d -m 0750 "$root/etc/bambu_exporter"
install -d -m 0700 "$root/etc/bambu_exporter/secrets"

install -m 0755 .build/release/bambu_exporter "$root/usr/bin/bambu_exporter"
strip --strip-unneeded "$root/usr/bin/bambu_exporter"
install -m 0644 deploy/systemd/bambu_exporter.service "$root/lib/systemd/system/"
install -m 0644 deploy/debian/default "$root/etc/default/bambu_exporter"
install -m 0640 deploy/debian/config.json5 "$root/etc/bambu_exporter/config.json5"
install -m 0644 README.md LICENSE docs/*.md "$root/usr/share/doc/bambu_exporter/"
gzip -9nc deploy/man/bambu_exporter.1 > "$root/usr/share/man/man1/bambu_exporter.1.gz"
install -m 0644 deploy/completions/bambu_exporter.bash "$root/usr/share/bash-completion/completions/bambu_exporter"
install -m 0644 deploy/completions/_bambu_exporter "$root/usr/share/zsh/vendor-completions/"
install -m 0644 deploy/completions/bambu_exporter.fish "$root/usr/share/fish/vendor_completions.d/"
install -m 0755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$root/DEBIAN/"
printf '%s\n' /etc/bambu_exporter/config.json5 /etc/default/bambu_exporter > "$root/DEBIAN/conffiles"

# What the binary links is what it depends on, by the packages of this system. Two folders that dpkg-shlibdeps wants.
mkdir -p .build/deb/work/debian
touch .build/deb/work/debian/control
libraries=$(cd .build/deb/work && dpkg-shlibdeps -O ../root/usr/bin/bambu_exporter 2> /dev/null \
    | sed -n 's/^shlibs:Depends=//p')
cat > "$root/DEBIAN/control" << EOF
Package: bambu_exporter
Version: $version
Section: net
Priority: optional
Architecture: $architecture
Depends: $libraries, ca-certificates, passwd
Installed-Size: $(du -sk "$root" | cut -f1)
Maintainer: bambu_exporter's authors <noreply@example.invalid>
Description: Prometheus exporter for Bambu Lab 3D printers
 Keeps what printers say over MQTT, what the account says over REST and what their cameras send as metrics for
 Prometheus: temperatures, progress, filament left in every AMS slot, AMS humidity, health messages.
EOF
# Debian's names have no underscore; the file's name may have one.
sed -i 's/^Package: .*/Package: bambu-exporter/' "$root/DEBIAN/control"
package=.build/deb/bambu-exporter_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" > /dev/null
echo "$package: $(du -k "$package" | cut -f1) kB"
