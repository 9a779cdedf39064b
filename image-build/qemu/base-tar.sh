#!/bin/sh
# Prints the file of the operating system without the gate, made at the first call: base-tar.sh ARCH
set -eu
arch=$1
here=$(dirname "$(readlink -f "$0")")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fevergate-image
tar=$cache/base-$arch-$(sha256sum "$here/base-system.sh" | cut -c1-12).tar
mkdir -p "$cache"
[ -f "$tar" ] || sh "$here/base-system.sh" "$arch" "$tar" >&2
echo "$tar"
