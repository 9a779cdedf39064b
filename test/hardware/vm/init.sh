#!/bin/busybox sh
# First process of the guest: mounts, loads the modules, and runs the program that the host directs.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in $(cat /modules/order); do
  insmod "/modules/$module.ko.xz" || echo "init: $module not loaded"
done
node /app/test/hardware/vm/guest.js
echo "init: the guest's program ended with $?"
poweroff -f
