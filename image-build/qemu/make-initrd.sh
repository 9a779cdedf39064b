#!/bin/sh
# A tiny initrd that mounts the partition that root=PARTLABEL= names (system_a where none is), read-only: ROOT OUT
set -eu
root=$1
out=$2
kernel=$(ls "$root/usr/lib/modules")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/bin" "$work/dev" "$work/proc" "$work/sys" "$work/newroot" "$work/modules"
cp "$root/boot/busybox" "$work/bin/busybox"
ln -s busybox "$work/bin/sh"
# By the system's own modprobe; what is built into the kernel needs no module.
needed() {
  chroot "$root" modprobe --set-version "$kernel" --all --show-depends "$@"
}
# The hardware watchdog of QEMU, where the kernel has a driver for it: it ends a hang that comes before systemd.
{ needed virtio_pci virtio_mmio virtio_blk erofs; needed i6300esb 2>/dev/null || true; } |
  sed -n 's/^insmod //p' | awk '!seen[$1]++ { print $1 }' | while read -r file; do
  name=$(basename "$file" .xz)
  case $file in
    *.xz) xz -dc "$root$file" >"$work/modules/$name" ;;
    *) cp "$root$file" "$work/modules/$name" ;;
  esac
  case $name in i6300esb.ko) name="$name heartbeat=60" ;; esac
  echo "$name" >>"$work/order"
done
[ -s "$work/order" ] || { echo "no module for the system's disk in $root" >&2; exit 1; }
cat >"$work/init" <<'I'
#!/bin/sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module options; do insmod "/modules/$module" $options 2>/dev/null; done </order
# Left open on purpose: it counts until systemd takes it over.
if [ -c /dev/watchdog ]; then echo >/dev/watchdog; fi

again() { # A system that cannot be mounted is left at once: where it was under trial, the one from before is started.
  echo "fevergate: $1" >/dev/console
  sleep 5
  reboot -f
}
name=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^root=PARTLABEL=//p')
name=${name:-system_a}
tries=600
until found=$(grep -lsx "PARTNAME=$name" /sys/class/block/*/uevent | head -n1) && [ -n "$found" ]; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || again "no partition is called $name"
  usleep 50000
done
mount -o ro "/dev/$(sed -n 's/^DEVNAME=//p' "$found")" /newroot || again "$name cannot be mounted"
mount --move /dev /newroot/dev
umount /proc /sys
exec switch_root /newroot /sbin/init
I
chmod 755 "$work/init"
(cd "$work" && find . | LC_ALL=C sort | cpio --quiet -o -H newc --reproducible) | gzip -n >"$out"
