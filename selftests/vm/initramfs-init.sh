#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# First process of the QEMU guest: find the machine's root over 9p, lay the
# staged modules and a tmpfs over it, and go there.

/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

while read -r module; do
	insmod "/modules/$module" || echo "initramfs: no $module"
done </modules/order

# Read from the conf below
repo=
p9=trans=virtio,version=9p2000.L,msize=512000
# shellcheck source=/dev/null
mount -t 9p -o "$p9,ro,cache=loose" host /host &&
mount -t 9p -o "$p9,ro,cache=loose" stage /stage &&
mount -t 9p -o "$p9,rw,access=any" results /results &&
. /results/.vm/conf &&
mount -t tmpfs -o mode=755 tmpfs /rw &&
mkdir /rw/upper /rw/work &&
mount -t overlay -o "lowerdir=/stage:/host,upperdir=/rw/upper,workdir=/rw/work" \
	overlay /root &&
mkdir -p /root/.vm/results &&
mount --move /results /root/.vm/results &&
mount --move /dev /root/dev &&
mount --move /sys /root/sys &&
mount --move /proc /root/proc &&
exec switch_root /root "$repo/selftests/vm/guest.sh"

echo "initramfs: the root could not be set up"
poweroff -f
