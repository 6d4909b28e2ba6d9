#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# style-selftest.sh: prove that every rule of rules.sh can fail. A small tree
# that keeps them all gets one violation at a time, and exactly the rule it
# breaks must say so; what looks like a violation and is none must pass.
#
# style-selftest.sh --tools: the same for the checks of style.sh that compilers
# and other tools make, in a copy of this tree. Takes some minutes.

set -euo pipefail
cd "$(dirname "$0")/.."

tree=$(mktemp -d)
verdicts=$(mktemp)
before=
trap 'rm -rf "$tree" "$verdicts"' EXIT
proven=
status=0

licence='// SPDX-License-Identifier: GPL-2.0'

# put FILE LINE...: a C file of the tree, with its licence line.
put() {
	local file=$1
	shift
	mkdir -p "$tree/$(dirname "$file")"
	printf '%s\n' "$licence" "$@" >"$tree/$file"
}

fresh() {
	rm -rf "${tree:?}"/*
	cp Makefile dkms.conf "$tree"
	put kmod/vswitch/main.c 'int vsw_init(void);'
	put kmod/vswitch/port_nl.c 'int vsw_decode(struct nlattr *a) { return nla_get_u32(a); }'
	put kmod/vswitch/port.c 'int vsw_take(void) { return netdev_rx_handler_register(); }'
	put kmod/vswitch/forward.c 'void vsw_out(void) { dev_queue_xmit(0); }'
	put tools/lib/nl.c 'void nl_open(void) { mnl_socket_open(0); }'
	put tools/lib/output.c 'void output(void) { puts("done"); }'
}

expect() {
	local name=$1 file=$2
	scripts/rules.sh "$tree" >"$verdicts" || true
	if [ "$(grep '^failed' "$verdicts")" = "failed $name" ]; then
		proven+=" $name"
	else
		echo "$name did not fail alone with $file:"
		sed 's/^/    /' "$verdicts"
		status=1
	fi
	fresh
}

# breaks NAME FILE LINE...: the file breaks the rule NAME and no other.
breaks() {
	local name=$1 file=$2
	shift 2
	put "$file" "$@"
	expect "$name" "$file"
}

# keeps FILE LINE...: the file breaks no rule.
keeps() {
	local file=$1
	put "$@"
	if ! scripts/rules.sh "$tree" >"$verdicts"; then
		echo "$file must pass:"
		sed 's/^/    /' "$verdicts"
		status=1
	fi
	fresh
}

rules_can_fail() {
	fresh
	keeps kmod/vswitch/main.c '/* never nla_get_u32(a), TO' ' * nor dev_queue_xmit() */' 'int a; // IFF_EBRIDGE'
	keeps kmod/vswitch/main.c 'char *c = "http://host/"; int vsw_init(void);'
	keeps kmod/compat/include/linux/timer.h '#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)' '#endif'

	breaks attributes-end-at-codecs kmod/vswitch/fdb.c 'int a = nla_get_u32(b);'
	breaks attributes-end-at-codecs kmod/vrouter/nat.c 'int a = nla_get_u32(b);'
	breaks packet-path-does-not-sleep kmod/vrouter/fast.c 'void f(void) { msleep(1); }'
	breaks attributes-end-at-codecs kmod/vswitch/fdb.c 'char *c = "/*"; int a = nla_get_u32(b); /* x */'
	breaks attributes-not-in-cores kmod/vswitch/fdb.c 'int vsw_fdb_add(struct nlattr *a);'
	breaks no-kernel-versions kmod/vswitch/fdb.c '#if LINUX_VERSION_CODE > 1' '#endif'
	breaks no-kernel-versions tools/lib/err.c 'int a = KERNEL_VERSION(6, 1, 0);'
	for call in dev_queue_xmit __netif_rx netif_rx netif_receive_skb netif_receive_skb_list; do
		breaks devices-get-packets-from-forward kmod/vswitch/rx.c "void f(void) { $call(skb); }"
	done
	breaks rx-handler-from-port kmod/vswitch/device.c 'int a = netdev_rx_handler_register(dev, f, p);'
	for flag in BRIDGE_PORT EBRIDGE OVS_DATAPATH; do
		breaks no-foreign-port-flags kmod/vswitch/port.c "void f(void) { dev->priv_flags |= IFF_$flag; }"
	done
	breaks packet-path-does-not-sleep kmod/vswitch/rx.c 'void f(void) { mutex_lock(&m); }'
	breaks packet-path-does-not-sleep kmod/vswitch/forward.c 'void *p = kmalloc(1, GFP_KERNEL);'
	breaks netlink-library-only-in-nl tools/vsw/port.c 'void f(void) { mnl_attr_put(a); }'
	breaks commands-do-not-speak-netlink tools/vsw/run.c 'void f(void) { rtnl_link_alloc(); }'
	breaks library-does-not-print tools/lib/parse.c 'void f(void) { fprintf(stderr, "no"); }'
	breaks nothing-left-to-do tools/vsw/port.c '/* TODO: all of it */'
	breaks no-workplace-paths tools/vsw/port.c 'char *p = "/home/somebody/build";'
	breaks no-blanks-at-line-ends tools/vsw/port.c 'int a; '
	breaks files-named-by-noun tools/lib/utils.c 'int a;'
	printf 'int a;\n' >"$tree/tools/lib/err.c"
	expect licence-lines tools/lib/err.c
	sed -i 's/^VERSION = .*/VERSION = 9.9.9/' "$tree/Makefile"
	expect one-version Makefile

	# No rule without its proof.
	scripts/rules.sh "$tree" >"$verdicts" || true
	while read -r _ name; do
		[[ " $proven " == *" $name "* ]] || {
			echo "$name: no violation is planted for it"
			status=1
		}
	done < <(grep -E '^(ok|failed) ' "$verdicts")
}

# fails CHECK FILE LINE...: with the lines at the end of the file the check fails.
fails() {
	local check=$1 file=$2 kept
	shift 2
	if ! grep -q "^  ok  *$check\$" <<<"$before"; then
		echo "$check fails already, which proves nothing"
		status=1
		return
	fi
	kept=$(mktemp)
	cp "$tree/$file" "$kept"
	printf '%s\n' "$@" >>"$tree/$file"
	"$tree/scripts/style.sh" "$check" >"$verdicts" 2>&1 || true
	cp "$kept" "$tree/$file"
	rm -f "$kept"
	if grep -q "^  failed  $check\$" "$verdicts"; then
		echo "ok $check fails with: $1"
	else
		echo "$check did not fail with: $1"
		sed 's/^/    /' "$verdicts"
		status=1
	fi
}

tools_can_fail() {
	local c='int vsw_planted(int a)' series
	git ls-files -co --exclude-standard | while read -r file; do
		[ ! -f "$file" ] || cp --parents "$file" "$tree"
	done
	before=$("$tree/scripts/style.sh") || true
	for series in 6.1 6.12; do
		fails "modules-$series" kmod/vswitch/main.c "$c { return a; }"
		fails "modules-$series" kmod/vswitch/main.c 'int vsw_planted(int __user *p);' \
			'int vsw_planted(int __user *p) { return *p; }'
		fails "modules-$series" kmod/vswitch/main.c '__be16 vsw_planted(u16 a);' \
			'__be16 vsw_planted(u16 a) { return a; }'
		fails "modules-$series" kmod/vswitch/main.c 'int broken('
	done
	for compiler in gcc clang; do
		fails $compiler tools/vsw/main.c "static $c { return 0; }"
		fails $compiler tools/vsw/main.c 'int planted(int unused);' 'int planted(int unused) { return 0; }'
	done
	# shellcheck disable=SC2016 # that is the violation
	fails shellcheck scripts/deps.sh 'rm $1'
	# shellcheck disable=SC2016
	fails shellcheck selftests/run.sh 'rm $1'
	fails documentation Documentation/testing.rst '===  ===' 'one wide' '===  ==='
	fails generated uapi/linux/vswitch.h '#define PLANTED 1'
	fails generated kmod/vswitch/vswitch_nl_gen.c '/* planted */'
	fails checkpatch-kernel kmod/vswitch/main.c "$c" '{' '  return(a);' '}'
	fails checkpatch-trace kmod/vswitch/trace.h '        int planted;'
	fails checkpatch-tools tools/vsw/main.c "$c" '{' '  return(a);' '}'
	fails checkpatch-tools selftests/frame.c "$c" '{' '  return(a);' '}'
}

if [ "${1-}" = --tools ]; then
	tools_can_fail
else
	rules_can_fail
fi
exit $status
