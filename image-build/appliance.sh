#!/bin/sh
# Makes an appliance of a root file system in which the package is installed: appliance.sh ROOT. Both flavours run this, with
#   IMAGE_FLAVOUR  debian, pi4 or pi5: an update for another one is refused
#   IMAGE_VERSION  what the image calls itself; an update that is older is refused
#   UPDATE_CA      certificate (PEM) that updates have to be signed under; without it the image takes none
set -eu
root=$1
here=$(dirname "$(readlink -f "$0")")
version=${IMAGE_VERSION:-0}
flavour=${IMAGE_FLAVOUR:?debian, pi4 or pi5}
if ! echo "$version" | grep -Eqx '[0-9]+(\.[0-9]+){0,2}(-[0-9A-Za-z.-]+)?'; then
  echo "appliance.sh: $version is no version that can be told newer or older (1.2.3): set IMAGE_VERSION" >&2
  exit 1
fi

cp -a --no-preserve=ownership "$here/overlay/." "$root/"
install -D -m 0644 "$root/etc/fevergate/fevergate.yaml" "$root/usr/share/fevergate/fevergate.yaml"
echo "$version" >"$root/etc/fevergate-image-version"
echo fevergate >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 fevergate\n::1 localhost\n' >"$root/etc/hosts"
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"

architecture=$(chroot "$root" dpkg --print-architecture)
sed -i "s/@COMPATIBLE@/fevergate-$flavour-$architecture/; s/@VERSION@/$version/" "$root/etc/rauc/system.conf"
if [ -n "${UPDATE_CA:-}" ]; then
  openssl x509 -in "$UPDATE_CA" -noout -checkend 0 >/dev/null || { echo "$UPDATE_CA: no certificate in force" >&2; exit 1; }
  install -m 0644 "$UPDATE_CA" "$root/etc/rauc/keyring.pem"
else
  echo 'appliance.sh: no UPDATE_CA: this image will take no update' >&2
fi
# A machine without a clock of its own starts no earlier than this, and takes certificates that were in force then.
touch -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" "$root/usr/lib/clock-epoch"

# Nobody logs in by a password, nor at a screen or a serial line. SSH is fevergate-ssh.service alone, which runs only where the
# operator laid keys; what the distribution would start is off, also what a machine of a hypervisor is given.
chroot "$root" passwd --lock root >/dev/null
chroot "$root" systemd-sysusers fevergate-login.conf
# No password fits; without the mark of a locked account, which would shut out keys too.
chroot "$root" usermod --password '*' gate
chmod 0440 "$root/etc/sudoers.d/fevergate-login"
chroot "$root" systemctl mask --quiet getty@.service serial-getty@.service console-getty.service ssh.service ssh.socket \
  sshd-keygen.service sshswitch.service regenerate_ssh_host_keys.service \
  systemd-rfkill.service bluetooth.service wpa_supplicant.service apt-daily.timer apt-daily-upgrade.timer man-db.timer \
  systemd-networkd-wait-online.service e2scrub_all.timer fstrim.timer dpkg-db-backup.timer
chroot "$root" systemctl enable --quiet systemd-networkd systemd-resolved nftables chrony etc-fevergate.mount \
  var-lib-fevergate.mount fevergate-firstboot fevergate-ssh fevergate-trial fevergate-turned-back

# Partitions are mounted as fstab says, none by guess; nothing here has snapshots to scrub.
mkdir -p "$root/etc/systemd/system-generators"
ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-gpt-auto-generator"
ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-ssh-generator"
chroot "$root" systemctl mask --quiet e2scrub_reap.service

mkdir -p "$root/etc/systemd/system/local-fs.target.wants"
ln -sf /usr/lib/systemd/system/systemd-growfs@.service \
  "$root/etc/systemd/system/local-fs.target.wants/systemd-growfs@persistent.service"

# What makes a machine itself comes at its first start, not with the image.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root"/etc/ssh/ssh_host_* "$root/var/lib/systemd/random-seed"
