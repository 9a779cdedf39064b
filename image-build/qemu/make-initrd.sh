#!/bin/sh
# A tiny initrd: ROOT OUT. It does what a Raspberry Pi's boot loader does with autoboot.txt: it takes the slot of [all],
# or once, after a reboot that asked for it, the slot of [tryboot].
set -eu
root=$1
out=$2
kernel=$(ls "$root/usr/lib/modules")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/bin" "$work/dev" "$work/proc" "$work/sys" "$work/boot" "$work/newroot" "$work/modules"
cp "$root/boot/busybox" "$work/bin/busybox"
ln -s busybox "$work/bin/sh"
for module in virtio_pci virtio_mmio virtio_blk vfat nls_cp437 nls_ascii nls_utf8 nls_iso8859-1 erofs ext4 overlay; do
  modprobe --dirname "$root" --set-version "$kernel" --show-depends "$module" 2>/dev/null | sed -n 's/^insmod //p' || true
done | awk '!seen[$1]++ { print $1 }' | while read -r file; do
  name=$(basename "$file" .xz)
  case $file in
    *.xz) xz -dc "$file" >"$work/modules/$name" ;;
    *) cp "$file" "$work/modules/$name" ;;
  esac
  echo "$name" >>"$work/order"
done
cat >"$work/init" <<'I'
#!/bin/sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do insmod "/modules/$module" 2>/dev/null; done </order
part() { # partition called so
  for at in /sys/class/block/*/uevent; do
    if grep -qx "PARTNAME=$1" "$at"; then sed -n 's/^DEVNAME=/\/dev\//p' "$at"; return; fi
  done
}
until [ -n "$(part persistent)" ]; do usleep 50000; done
slot=2
if mount -t vfat "$(part bootfs)" /boot; then
  section='\[all\]'
  if [ -f /boot/tryboot ]; then
    rm /boot/tryboot
    section='\[tryboot\]'
  fi
  slot=$(sed -n "/^$section/,/^\[/s/^boot_partition=//p" /boot/autoboot.txt | head -n1)
  umount /boot
fi
case $slot in 3) name=system_b ;; *) name=system_a ;; esac
mount -o ro "$(part $name)" /newroot || { echo "INITRD: no root in $name"; poweroff -f; }
mount --move /dev /newroot/dev
umount /proc /sys
exec switch_root /newroot /sbin/init
I
chmod 755 "$work/init"
(cd "$work" && find . | LC_ALL=C sort | cpio --quiet -o -H newc --reproducible) | gzip -n >"$out"
