#!/bin/sh
# Lays a packed system out on a disk: make-disk.sh ARCH ROOT OUTDIR, with OUTDIR/{system.img,boot.img} from pack-slot.sh.
# Leaves OUTDIR/disk.img, DISK_MIB large (2048); the files of the folder BOOT_FILES lie on its boot partition.
set -eu
arch=$1
root=$2
out=$3
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# bootconfig | boot_a | boot_b | system_a | system_b | persistent, which grows over all that is left of the disk: as on a Pi.
boot_mib=64
system_mib=512
persistent_mib=64
disk_mib=${DISK_MIB:-2048}
at=1
part() { # MIB NAME TYPE
  echo "start=${at}MiB, size=$1MiB, type=$3, name=$2"
  echo "$2=$at" >>"$work/places"
  at=$((at + $1))
}
[ "$(stat -c %s "$out/system.img")" -le $((system_mib << 20)) ] || { echo "the system is too large" >&2; exit 1; }
[ "$(stat -c %s "$out/boot.img")" -le $((boot_mib << 20)) ] || { echo "kernel and initrd are too large" >&2; exit 1; }
esp=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
fat=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7
linux=0FC63DAF-8483-4772-8E79-3D69D8477DE4
{
  printf 'label: gpt\nfirst-lba: 2048\n'
  part 63 bootconfig $esp
  part $boot_mib boot_a $fat
  part $boot_mib boot_b $fat
  part $system_mib system_a $linux
  part $system_mib system_b $linux
  part $persistent_mib persistent $linux
} >"$work/table"
rm -f "$out/disk.img"
truncate -s "${disk_mib}M" "$out/disk.img"
sfdisk --quiet "$out/disk.img" <"$work/table"
into() { # FILE PARTITION
  dd if="$1" of="$out/disk.img" bs=1M seek="$(sed -n "s/^$2=//p" "$work/places")" conv=notrunc,sparse status=none
}

# The second slot stays empty: it is started only after an update has filled it.
case $arch in amd64) loader=BOOTX64.EFI ;; arm64) loader=BOOTAA64.EFI ;; esac
mkfs.vfat -C -n BOOTFS "$work/bootconfig" $((63 * 1024)) >/dev/null
mmd -i "$work/bootconfig" ::/EFI ::/EFI/BOOT ::/EFI/debian
mcopy -i "$work/bootconfig" "$root/boot/grub.efi" "::/EFI/BOOT/$loader"
mcopy -i "$work/bootconfig" "$here/grub.cfg" ::/EFI/debian/grub.cfg
printf '# GRUB Environment Block\ngood=A\ntrial=\n%1024s' '' | head -c 1024 | sed '$s/ /#/g' >"$work/grubenv"
mcopy -i "$work/bootconfig" "$work/grubenv" ::/EFI/debian/grubenv
if [ -n "${BOOT_FILES:-}" ]; then mcopy -i "$work/bootconfig" "$BOOT_FILES"/* ::; fi
truncate -s "${persistent_mib}M" "$work/persistent"
# Blocks and groups for the size it grows to, not for the one it has here.
mkfs.ext4 -q -b 4096 -E lazy_itable_init=0,lazy_journal_init=0 -L persistent "$work/persistent"
into "$work/bootconfig" bootconfig
into "$out/boot.img" boot_a
into "$out/system.img" system_a
into "$work/persistent" persistent
echo "$out/disk.img: system $(($(stat -c %s "$out/system.img") >> 20)) MiB"
