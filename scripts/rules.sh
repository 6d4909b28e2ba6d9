#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# rules.sh [DIR]: the rules of the house that grep can see, for the tree in DIR
# (default: this one). One line a rule, "ok NAME" or "failed NAME", and what
# breaks it indented below. Exits 1 when a rule is broken.
# scripts/style-selftest.sh proves that each of them can fail.

set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
status=0

files() {
	if [ -e .git ]; then
		git ls-files -co --exclude-standard | sort -u | while read -r file; do
			[ ! -f "$file" ] || echo "$file"
		done
	else
		find . -name build -prune -o -type f -printf '%P\n' | sort
	fi
}
mapfile -t all < <(files)
[[ " ${all[*]} " == *" Makefile "* ]] || {
	echo "failed to list the files of $PWD"
	exit 1
}

# The C files once more without their comments, line numbers kept.
c_files() {
	printf '%s\n' "${all[@]}" | grep -E '\.[ch]$' || true
}
mapfile -t c < <(c_files)
for file in "${c[@]}"; do
	mkdir -p "$bare/$(dirname "$file")"
	perl -0777 -pe 's{/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\\n])*")}{
		my $m = $&; $m =~ s/[^\n]//g unless defined $1; $m }gse' "$file" >"$bare/$file"
done

# report NAME [VIOLATION...]: one verdict.
report() {
	local name=$1
	shift
	if [ $# -eq 0 ]; then
		echo "ok $name"
	else
		echo "failed $name"
		printf '    %s\n' "$@"
		status=1
	fi
}

# code NAME REGEX IN [NOT]: REGEX must not match the code, comments left out, of
# the C files whose path matches IN and not NOT.
code() {
	local name=$1 regex=$2 in=$3 not=${4:-^$} file
	local -a found=()
	for file in "${c[@]}"; do
		[[ $file =~ $in && ! $file =~ $not ]] || continue
		mapfile -t -O ${#found[@]} found < <(cd "$bare" && grep -nHE "$regex" "$file")
	done
	report "$name" "${found[@]}"
}

# text NAME REGEX [NOT]: REGEX must not match any file whose path does not match NOT.
text() {
	local name=$1 regex=$2 not=${3:-^$} file
	local -a found=()
	for file in "${all[@]}"; do
		[[ ! $file =~ $not ]] || continue
		mapfile -t -O ${#found[@]} found < <(grep -InHE "$regex" "$file")
	done
	report "$name" "${found[@]}"
}

codecs='_nl\.c$|/netlink\.c$|/rtnl\.c$|_nl_gen\.[ch]$'
module='^kmod/(vswitch|vrouter)/'

code attributes-end-at-codecs '\bnla_[a-z0-9_]+\(|\bNLA_[A-Z]' "$module" "$codecs"
code attributes-not-in-cores '\bstruct nlattr\b' "$module.*\\.c$" "$codecs|/device\\.c$"
code no-kernel-versions '\b(LINUX_VERSION_CODE|KERNEL_VERSION|UTS_RELEASE|RHEL_RELEASE_[A-Z]+)\b' \
	'^(kmod|tools|selftests|uapi)/' '^kmod/compat/'
code devices-get-packets-from-forward '\b(dev_queue_xmit|dev_queue_xmit_accel|dev_direct_xmit|__netif_rx|netif_rx|netif_receive_skb(_list|_core)?)\(' \
	"$module" '/(forward|fast)\.c$'
code rx-handler-from-port '\bnetdev_rx_handler_(un)?register\(' "$module" '/port\.c$'
code no-foreign-port-flags '\bIFF_(BRIDGE_PORT|EBRIDGE|OVS_DATAPATH|OPENVSWITCH)\b' '^kmod/'
code packet-path-does-not-sleep '\b(mutex_lock|rtnl_lock|GFP_KERNEL|msleep|synchronize_rcu|synchronize_net|nlmsg_new|genlmsg_[a-z]+)\b' \
	'^kmod/(vswitch/(rx|forward|reserved|vlan|guard|source|rogue|inspect|mirror)|vrouter/(fast|learn|hairpin|nat_path|shape_queue|shape_match|shape_hook|class_tree))\.c$'
code netlink-library-only-in-nl '\bmnl_[a-z_]+\(' '^tools/' '^tools/lib/nl[a-z_]*\.[ch]$'
code commands-do-not-speak-netlink '\b(rtnl_[a-z_]+|nl_socket_[a-z_]+|nlmsg_[a-z_]+)\(' '^tools/(vsw|natnet)/'
code library-does-not-print '\b(printf|puts|perror|vprintf)\(|fprintf\(std(out|err)' \
	'^tools/lib/' '^tools/lib/(output[a-z_]*|table)\.c$'

text nothing-left-to-do '\b(TODO|FIXME|XXX)\b' '^(COPYING|scripts/(rules|style-selftest)\.sh)$'
text no-workplace-paths '(^|[^A-Za-z0-9_.])/(work/(main|shared)|tmp/w/|home/[a-z]|Users/)' \
	'^scripts/(rules|style-selftest)\.sh$'
text no-blanks-at-line-ends '[[:blank:]]+$' '^COPYING$|\.md$'

# Every file that can carry a licence line has one among its first lines.
unlicensed() {
	local file
	for file in "${all[@]}"; do
		case $file in
		*.[ch] | *.sh | *.bash | *.py | *.yaml | Makefile | Kbuild | dkms.conf | .ci/run)
			head -n 3 "$file" | grep -q 'SPDX-License-Identifier: .*GPL-2\.0' || echo "$file"
			;;
		esac
	done
}
mapfile -t found < <(unlicensed)
report licence-lines "${found[@]}"

shapeless() {
	printf '%s\n' "${all[@]}" | grep -E '(^|/)(utils?|common|misc|helpers?)\.[ch]$' || true
}
mapfile -t found < <(shapeless)
report files-named-by-noun "${found[@]}"

unequal() {
	local version
	version=$(sed -n 's/^VERSION = //p' Makefile)
	[ -n "$version" ] || echo "Makefile has no VERSION"
	grep -qx "PACKAGE_VERSION=\"$version\"" dkms.conf || echo "dkms.conf is not for version $version"
}
mapfile -t found < <(unequal)
report one-version "${found[@]}"

exit $status
