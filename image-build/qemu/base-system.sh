#!/bin/sh
# The operating system of the Debian-only flavour, without the gate: ARCH OUT.tar
# Kernel, busybox and GRUB are not installed but unpacked: the initrd and the disk are made here.
set -eu
arch=$1
out=$2

packages=systemd,systemd-sysv,systemd-resolved,systemd-repart,libnss-resolve,dbus,udev,kmod,nodejs,nftables,chrony,ca-certificates
packages=$packages,iproute2,e2fsprogs,util-linux-extra,init-system-helpers,netbase,rauc,rauc-service,openssh-server,sudo

unpack_kernel='set -eu
root=$1
# systemd-resolved is installed but does not run: the names are asked where this machine asks.
mkdir -p "$root/run/systemd/resolve"
cp /etc/resolv.conf "$root/run/systemd/resolve/stub-resolv.conf"
chroot "$root" sh -euc "
  mkdir /tmp/kernel && cd /tmp/kernel
  kernel=\$(apt-cache depends linux-image-cloud-$ARCH | sed -n \"s/.*Depends: \\(linux-image-[0-9]\\S*\\).*/\\1/p\" | head -n1)
  apt-get download -qq \"\$kernel\" busybox-static grub-efi-$ARCH-unsigned
  for deb in *.deb; do dpkg-deb --extract \"\$deb\" unpacked; done
  cp -a unpacked/usr/lib/modules /usr/lib/
  cp unpacked/boot/vmlinuz-* /boot/vmlinuz
  cp unpacked/usr/bin/busybox /boot/busybox
  cp unpacked/usr/lib/grub/*/monolithic/grub[xa]*64.efi /boot/grub.efi
  depmod \"\$(ls /usr/lib/modules)\"
  cd / && rm -r /tmp/kernel
"
rm -r "$root/run/systemd"'

export ARCH="$arch"
mmdebstrap --mode=root --format=tar --architectures="$arch" --variant=apt \
  --aptopt='APT::Install-Recommends "false"' --aptopt='APT::Sandbox::User "root"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --include="$packages" --customize-hook="$unpack_kernel" \
  trixie "$out.part"
mv "$out.part" "$out"
