#!/bin/sh
# Builds the Debian-only flavour of the image, which QEMU boots: build-image.sh ARCH PACKAGE.deb OUTDIR
# Needs root, mmdebstrap, erofs-utils, dosfstools, mtools, fdisk and cpio; for another architecture than this machine's also
# qemu-user-static with binfmt. Leaves OUTDIR/{disk.img,vmlinuz,initrd,system.erofs}.
set -eu
arch=$1
deb=$2
out=$3
here=$(dirname "$(readlink -f "$0")")
epoch=${SOURCE_DATE_EPOCH:-$(date +%s)}
version=${IMAGE_VERSION:-$(dpkg-deb --field "$deb" Version)}

mkdir -p "$out"
base=$(sh "$here/base-tar.sh" "$arch")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$root"
tar -xf "$base" -C "$root" --numeric-owner --xattrs --xattrs-include='*'

# The gate, installed as on any machine, but with nothing started.
cp "$deb" "$root/tmp/fevergate.deb"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
chroot "$root" env DEBIAN_FRONTEND=noninteractive dpkg --install /tmp/fevergate.deb
rm "$root/tmp/fevergate.deb" "$root/usr/sbin/policy-rc.d"

IMAGE_VERSION=$version sh "$here/../appliance.sh" "$root"
cp "$here/fstab" "$root/etc/fstab"
cp "$here/units/"* "$root/usr/lib/systemd/system/"
mkdir -p "$root/bootfs" "$root/persistent"

cp "$root/boot/vmlinuz" "$out/vmlinuz"
sh "$here/make-initrd.sh" "$root" "$out/initrd"
rm -rf "$root/boot/vmlinuz" "$root/boot/busybox" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin
rm -f "$out/system.erofs" "$out/disk.img"
mkfs.erofs -zlz4 -T "$epoch" -U 5f3e0a44-0000-4000-8000-000000000001 "$out/system.erofs" "$root" >/dev/null

# bootfs | system | persistent, which grows over all that is left of the disk.
system_mib=512
persistent_mib=64
disk_mib=${DISK_MIB:-1024}
[ "$(stat -c %s "$out/system.erofs")" -le $((system_mib << 20)) ] || { echo "the system is too large" >&2; exit 1; }
case $arch in
  amd64) system_type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709 ;;
  arm64) system_type=B921B045-1DF0-41C3-AF44-4C6F280D3FAE ;;
esac
truncate -s "${disk_mib}M" "$out/disk.img"
sfdisk --quiet "$out/disk.img" <<T
label: gpt
first-lba: 2048
start=1MiB, size=63MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=bootfs
start=64MiB, size=${system_mib}MiB, type=$system_type, name=system
start=$((64 + system_mib))MiB, size=${persistent_mib}MiB, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name=persistent
T
into() { # FILE MIB
  dd if="$1" of="$out/disk.img" bs=1M seek="$2" conv=notrunc,sparse status=none
}
mkfs.vfat -C -n BOOTFS "$work/bootfs" $((63 * 1024)) >/dev/null
if [ -n "${BOOT_FILES:-}" ]; then mcopy -i "$work/bootfs" "$BOOT_FILES"/* ::; fi
truncate -s "${persistent_mib}M" "$work/persistent"
mkfs.ext4 -q -L persistent "$work/persistent"
into "$work/bootfs" 1
into "$out/system.erofs" 64
into "$work/persistent" $((64 + system_mib))
echo "$out/disk.img: system $(($(stat -c %s "$out/system.erofs") >> 20)) MiB"
