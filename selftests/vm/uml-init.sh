#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# First process of the UML guest. Its root is the machine's own, mounted
# read-only; the staged modules and a tmpfs are laid over it. The folder that
# the guest may write arrives in $vm_results from the kernel's command line.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin

# From the kernel's command line, and from what hand_over() of lib.sh wrote
: "${vm_results:?}"
repo='' stage=''
# shellcheck source=/dev/null
. "$vm_results/.vm/conf"

enter()
{
	mount -t tmpfs -o mode=755 tmpfs /mnt &&
		mkdir /mnt/upper /mnt/work /mnt/root /mnt/stage &&
		mount -t hostfs -o "$stage" hostfs /mnt/stage &&
		mount -t overlay -o "lowerdir=/mnt/stage:/,upperdir=/mnt/upper,workdir=/mnt/work" \
			overlay /mnt/root &&
		mkdir -p /mnt/root/.vm/results /mnt/root/.vm/old &&
		mount -t hostfs -o "$vm_results" hostfs /mnt/root/.vm/results &&
		cd /mnt/root &&
		pivot_root . .vm/old &&
		cd / &&
		exec chroot / "$repo/selftests/vm/guest.sh" </dev/console >/dev/console 2>&1
}

enter
echo "uml-init: the root could not be set up"
busybox poweroff -f
