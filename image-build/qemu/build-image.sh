#!/bin/sh
# Builds the Debian-only flavour of the image, which QEMU boots: build-image.sh ARCH PACKAGE.deb OUTDIR
# Needs root, mmdebstrap, erofs-utils, dosfstools, mtools, fdisk, openssl and cpio; for another architecture than this machine's
# also qemu-user-static with binfmt. UPDATE_CA=FILE names the certificate that updates are to be signed under.
# What is left there: pack-slot.sh, make-disk.sh.
set -eu
arch=$1
deb=$2
out=$3
here=$(dirname "$(readlink -f "$0")")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$here/system-root.sh" "$arch" "$deb" "$work/root"
sh "$here/pack-slot.sh" "$work/root" "$out"
sh "$here/make-disk.sh" "$arch" "$work/root" "$out"
