# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel's YNL client, for tests of the netlink families. A script sources this file after
# lib.sh, and sets $spec, the family's description.

# shellcheck disable=SC2034,SC2154 # the scripts say what it lacks; $spec is theirs

# The client comes from the kernel's source; python needs its yaml.
find_ynl()
{
	python=
	for python in /usr/bin/python3 python3; do
		"$python" -c 'import yaml' 2>/dev/null && break
		python=
	done
	[ -n "$python" ] || { ynl_lacks="no python3 with yaml"; return 1; }
	[ -f "$spec" ] || { ynl_lacks="no $spec"; return 1; }
	if [ -z "${YNL_CLI:-}" ]; then
		YNL_CLI=$("$SELFTESTS/../scripts/kernel-source.sh" tools/net/ynl Documentation/netlink)
		YNL_CLI=$YNL_CLI/tools/net/ynl/cli.py
	fi
	[ -f "$YNL_CLI" ] || { ynl_lacks="no linux-source-6.12"; return 1; }
}

# ynl_in NETNS ARG...: kernels pad 64-bit numbers on some processors, which this client calls
# unknown
ynl_in()
{
	in_ns "$1" "$python" "$YNL_CLI" --spec "$spec" --no-schema --output-json \
		--process-unknown "${@:2}"
}
