#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Stands for ip(8) and bridge(8) in the path of the kernel's own scripts, and passes on
# at once what shim.sh has nothing to say about: where the machine is emulated, bash
# takes longer to start than the command itself, and the scripts measure seconds.

case ${0##*/} in
ip)
	case " $* " in
	*" type bridge "* | *" type bridge_slave "*) ;;
	*) exec "$REAL_IP" "$@" ;;
	esac
	;;
bridge)
	case " $* " in
	*" fdb "*) ;;
	*) exec "$REAL_BRIDGE" "$@" ;;
	esac
	;;
esac
exec "$FORWARDING/shim.sh" "${0##*/}" "$@"
