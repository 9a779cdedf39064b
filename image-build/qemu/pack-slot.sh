#!/bin/sh
# Packs a root file system into what one of the two slots holds: pack-slot.sh ROOT OUTDIR
# Leaves OUTDIR/{system.img,boot.img} and, for starting without a boot loader, OUTDIR/{vmlinuz,initrd}. ROOT stays as it is.
set -eu
root=$1
out=$2
here=$(dirname "$(readlink -f "$0")")
epoch=${SOURCE_DATE_EPOCH:-$(date +%s)}

mkdir -p "$out"
cp "$root/boot/vmlinuz" "$out/vmlinuz"
sh "$here/make-initrd.sh" "$root" "$out/initrd"
rm -f "$out/system.img" "$out/boot.img"
mkfs.erofs -zlz4 -T "$epoch" -U 5f3e0a44-0000-4000-8000-000000000001 --exclude-regex='^boot/.*' "$out/system.img" "$root" >/dev/null
kib=$(du --apparent-size -ck "$out/vmlinuz" "$out/initrd" | tail -n 1 | cut -f1)
mkfs.vfat -C -n BOOT --invariant "$out/boot.img" $(((kib / 1024 + 2) * 1024)) >/dev/null
mcopy -i "$out/boot.img" "$out/vmlinuz" "$out/initrd" ::
cat >"$out/update.txt" <<T
compatible=$(sed -n 's/^compatible=//p' "$root/etc/rauc/system.conf")
version=$(cat "$root/etc/fevergate-image-version")
T
