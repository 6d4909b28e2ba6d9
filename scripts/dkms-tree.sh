#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms-tree.sh RELEASE OUTDIR: run DKMS for a guest's kernel in trees of its own,
# without touching this machine's. OUTDIR/lib/modules can then stand for the
# guest's /lib/modules: its stock modules and vswitch, as DKMS built, signed,
# compressed and installed it.

set -euo pipefail

release=${1:?usage: dkms-tree.sh RELEASE OUTDIR}
mkdir -p "${2:?usage: dkms-tree.sh RELEASE OUTDIR}"
out=$(realpath "$2")
cd "$(dirname "$0")/.."
version=$(sed -n 's/^VERSION = //p' Makefile)
stock=/lib/modules/$release

[ -e "$stock/kernel" ] || {
	echo "dkms-tree.sh: no modules of kernel $release under /lib/modules" >&2
	exit 1
}

rm -rf "${out:?}"/{src,dkms,lib,log}
mkdir -p "$out"/{src,dkms,lib/modules/"$release"}
scripts/dkms-source.sh "$version" "$out/src"

# Links to the same files where that is possible: nothing writes to them.
cp -al "$stock/kernel" "$out/lib/modules/$release/" 2>/dev/null || {
	rm -rf "$out/lib/modules/$release/kernel"
	cp -a "$stock/kernel" "$out/lib/modules/$release/"
}
cp "$stock"/modules.{order,builtin,builtin.modinfo} "$out/lib/modules/$release/"

unset MAKEFLAGS MAKELEVEL

# The key that DKMS would make for this machine is made for these trees instead.
export mok_signing_key=$out/dkms/mok.key mok_certificate=$out/dkms/mok.pub
if ! dkms install --dkmstree "$out/dkms" --sourcetree "$out/src" \
	--installtree "$out/lib/modules" --no-depmod \
	-m vswitch -v "$version" -k "$release" >"$out/log" 2>&1 </dev/null; then
	cat "$out/log" >&2
	cat "$out/dkms/vswitch/$version/build/make.log" >&2 2>/dev/null || true
	exit 1
fi
depmod -b "$out" "$release"
modinfo -b "$out" -k "$release" -n vswitch
