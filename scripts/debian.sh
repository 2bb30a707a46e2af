# To be sourced: functions that find this machine's Debian mirror, and install a minimal Debian in a folder.
# shellcheck shell=bash

debian_mirror() {
    sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) [a-z]* main.*/\2/p; s/^URIs: *//p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null | head -n 1
}

# debian_folder FOLDER [BRANCH]: installs a minimal Debian, bookworm by default, if FOLDER does not have one; copies this machine's
# apt configuration.
debian_folder() {
    local folder=$1 branch=${2:-bookworm}
    if [ ! -e "$folder.log" ] || ! grep -q 'Base system installed successfully' "$folder.log"; then
        rm -rf "$folder"
        debootstrap --variant=minbase "$branch" "$folder" "$(debian_mirror)" > "$folder.log"
    fi
    cp /etc/apt/apt.conf.d/* "$folder/etc/apt/apt.conf.d/" 2> /dev/null || true
}
