# To be sourced: where Debian's packages come from on this machine, and a bare Debian in a folder.
# shellcheck shell=bash

debian_mirror() {
    sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) [a-z]* main.*/\2/p; s/^URIs: *//p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null | head -n 1
}

# debian_folder FOLDER [BRANCH]: Debian's smallest system, bookworm's if not said, unless it is there; with this machine's
# way to the mirror.
debian_folder() {
    local folder=$1 branch=${2:-bookworm}
    if [ ! -e "$folder.log" ] || ! grep -q 'Base system installed successfully' "$folder.log"; then
        rm -rf "$folder"
        debootstrap --variant=minbase "$branch" "$folder" "$(debian_mirror)" > "$folder.log"
    fi
    cp /etc/apt/apt.conf.d/* "$folder/etc/apt/apt.conf.d/" 2> /dev/null || true
}
