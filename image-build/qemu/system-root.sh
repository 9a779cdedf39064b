#!/bin/sh
# Lays out the root file system of the Debian-only flavour: system-root.sh ARCH PACKAGE.deb ROOT (which must not exist yet).
set -eu
arch=$1
deb=$2
root=$3
here=$(dirname "$(readlink -f "$0")")
version=${IMAGE_VERSION:-$(dpkg-deb --field "$deb" Version)}

base=$(sh "$here/base-tar.sh" "$arch")
mkdir "$root"
tar -xf "$base" -C "$root" --numeric-owner --xattrs --xattrs-include='*'

# The gate, installed as on any machine, but with nothing started.
cp "$deb" "$root/tmp/fevergate.deb"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
chroot "$root" env DEBIAN_FRONTEND=noninteractive dpkg --install /tmp/fevergate.deb
rm "$root/tmp/fevergate.deb" "$root/usr/sbin/policy-rc.d"

IMAGE_FLAVOUR=debian IMAGE_VERSION=$version sh "$here/../appliance.sh" "$root"
cp "$here/fstab" "$root/etc/fstab"
cp "$here/units/"* "$root/usr/lib/systemd/system/"
mkdir -p "$root/bootfs" "$root/persistent"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin
