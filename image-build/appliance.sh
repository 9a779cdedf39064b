#!/bin/sh
# Makes an appliance of a root file system in which the package is installed: appliance.sh ROOT. Both flavours run this.
set -eu
root=$1
here=$(dirname "$(readlink -f "$0")")

cp -a --no-preserve=ownership "$here/overlay/." "$root/"
install -D -m 0644 "$root/etc/fevergate/fevergate.yaml" "$root/usr/share/fevergate/fevergate.yaml"
echo "${IMAGE_VERSION:-0}" >"$root/etc/fevergate-image-version"
echo fevergate >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 fevergate\n::1 localhost\n' >"$root/etc/hosts"
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"

# Nobody logs in: no password, no shell on a screen or a serial line, no SSH.
chroot "$root" passwd --lock root >/dev/null
chroot "$root" systemctl mask --quiet getty@.service serial-getty@.service console-getty.service ssh.service ssh.socket \
  systemd-rfkill.service bluetooth.service wpa_supplicant.service apt-daily.timer apt-daily-upgrade.timer man-db.timer \
  systemd-networkd-wait-online.service e2scrub_all.timer fstrim.timer dpkg-db-backup.timer
chroot "$root" systemctl enable --quiet systemd-networkd systemd-resolved nftables chrony etc-fevergate.mount \
  var-lib-fevergate.mount fevergate-firstboot

# Partitions are mounted as fstab says, none by guess; nothing here has snapshots to scrub.
mkdir -p "$root/etc/systemd/system-generators"
ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-gpt-auto-generator"
chroot "$root" systemctl mask --quiet e2scrub_reap.service

mkdir -p "$root/etc/systemd/system/local-fs.target.wants"
ln -sf /usr/lib/systemd/system/systemd-growfs@.service \
  "$root/etc/systemd/system/local-fs.target.wants/systemd-growfs@persistent.service"

# What makes a machine itself comes at its first start, not with the image.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root"/etc/ssh/ssh_host_* "$root/var/lib/systemd/random-seed"
