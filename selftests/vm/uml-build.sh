#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build one of two kernels (User Mode Linux) from Debian's linux-source-6.12 and
# keep it in the cache. The cache entry is a source tree with `vmlinux` in it
# against which external modules build, and its modules under `stage/`.
#
#   uml-build.sh [debug|plain]                 build it when it is missing
#   uml-build.sh [debug|plain] --print-tree    the same, and print the tree's path
#   uml-build.sh [debug|plain] --print-release the same, and print the kernel release
#
# debug has every checker, plain has none and is for measuring time.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${VSWITCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}/uml
package=linux-source-6.12
tarball=/usr/src/$package.tar.xz
fragments=()
frames=$here/uml-frames.h

say()
{
	echo "uml-build: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# Everything that decides what comes out is in the key, so of this script the
# functions that build.
cache_key()
{
	local version sum

	version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) ||
		die "the package $package is missing: apt-get install $package"
	[ -f "$tarball" ] || die "$tarball is missing"
	sum=$({
		cat "${fragments[@]}" "$frames"
		declare -f replace mend_source configure compile build
		gcc -dumpfullversion
	} | sha256sum)
	echo "${version//[^A-Za-z0-9.+-]/_}-${sum:0:12}"
}

# replace FILE PATTERN TEXT: put TEXT for the one place where PATTERN matches;
# a source in which there is no such place is not the one that this was made for.
replace()
{
	local file=$1 pattern=$2 text=$3

	[ "$(grep -c "$pattern" "$file")" = 1 ] || die "$file is not as expected: $pattern"
	sed -i "s/$pattern/$text/" "$file"
}

mend_source()
{
	# The buffer for the FPU's state is too small for processors with AMX;
	# the kernel dies at its first fork.
	replace arch/x86/um/user-offsets.c 'HOST_FP_SIZE, 2696)' 'HOST_FP_SIZE, 12288)'
	# A fork that fails half-way leaves marks in the tree of mappings, on
	# which the flush stumbles: any test with a memory limit gets there.
	replace arch/um/kernel/tlb.c 'for_each_vma(vmi, vma)$' '&\n\t\tif (!xa_is_zero(vma))'
	# Stack traces that are quick, and that say something.
	cp "$frames" arch/um/kernel/
	replace arch/um/kernel/stacktrace.c '^static void __save_stack_trace' \
		'#include "uml-frames.h"\n\n&'
	replace arch/um/kernel/stacktrace.c 'dump_trace(tsk, &dump_ops, trace);' \
		'(void)dump_ops;\n\twalk_frames(tsk, trace);'
}

configure()
{
	local line missing=0

	cat "${fragments[@]}" >wanted.config
	make -s ARCH=um KCONFIG_ALLCONFIG=wanted.config alldefconfig >&2
	while read -r line; do
		case $line in
		CONFIG_*=* | "# CONFIG_"*" is not set") ;;
		*) continue ;;
		esac
		grep -qxF "$line" .config && continue
		# A symbol that is absent altogether is as good as not set.
		case $line in
		"# CONFIG_"*)
			line=${line#\# }
			grep -q "^${line%% *}=" .config || continue
			;;
		esac
		say "not in the resulting configuration: $line"
		missing=1
	done <wanted.config
	[ "$missing" = 0 ] || die "the configuration did not come out as asked"
}

# One line every half a minute, so that nobody takes a long build for a hang.
compile()
{
	local log=$1 start=$SECONDS pid

	make ARCH=um -j"$(nproc)" vmlinux modules >"$log" 2>&1 &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		[ $(((SECONDS - start) % 30)) -ne 29 ] ||
			say "$((SECONDS - start)) s, $(grep -c '^  CC\|^  LD' "$log" || :) objects"
	done
	if ! wait "$pid"; then
		grep -n -B2 -A8 -m5 'error:\|Error [0-9]' "$log" >&2 || tail -40 "$log" >&2
		die "the build failed, the whole log is $log"
	fi
	say "compiled in $((SECONDS - start)) s"
}

build()
{
	local key=$1 tmp=$cache/$1.partial log=$cache/$1.log

	rm -rf "$tmp"
	mkdir -p "$tmp"
	trap 'rm -rf "$tmp"' EXIT
	say "extracting $tarball"
	tar -C "$tmp" --strip-components=1 -xf "$tarball"
	cd "$tmp"
	mend_source
	configure
	say "compiling the $kind kernel, takes five to twelve minutes on two cores"
	compile "$log"
	[ -s Module.symvers ] || die "the build left no Module.symvers"
	make -s ARCH=um INSTALL_MOD_PATH="$tmp/stage" INSTALL_MOD_STRIP=1 \
		modules_install >>"$log" 2>&1 || die "modules_install failed, see $log"
	rm -f stage/lib/modules/*/build stage/lib/modules/*/source
	# The objects are a gigabyte that nobody reads again.
	find . -path ./stage -prune -o -path ./scripts -prune -o -path ./tools -prune -o \
		\( -name '*.o' -o -name '*.ko' -o -name '*.a' \) -type f -exec rm -f {} +
	make -s ARCH=um kernelrelease >release
	cd "$cache"
	mv "$tmp" "$cache/$key"
	rm -f "$log"
	trap - EXIT
}

main()
{
	local key kind=debug mode

	case ${1-} in
	debug | plain)
		kind=$1
		shift
		;;
	esac
	mode=${1-}
	case $mode in
	'' | --print-tree | --print-release) ;;
	*) die "usage: uml-build.sh [debug | plain] [--print-tree | --print-release]" ;;
	esac
	fragments=("$here/uml.config" "$here/uml-$kind.config")
	key=$(cache_key)
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	if [ ! -d "$cache/$key" ]; then
		# A subshell, so that its directory and trap are its own, and
		# the lock stays here.
		(build "$key" 9>&-) || exit 1
	fi
	touch "$cache/$key"
	# What no run has asked for in two weeks, nobody misses.
	find "$cache" -mindepth 1 -maxdepth 1 -type d -mtime +14 -exec rm -rf {} +
	case $mode in
	--print-tree) echo "$cache/$key" ;;
	--print-release) cat "$cache/$key/release" ;;
	esac
}

main "$@"
