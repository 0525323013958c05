# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# need_ports: there are ports to test, or a simulated board is made.

make_board() { # [PARAMETER]...
	# Without udev nobody loads the driver that the board asks for.
	modprobe pots-si3210 && modprobe pots-sim fxs=2 "$@" || return
	set -- 100
	while [ ! -e /dev/pots1 ]; do
		[ "$1" -gt 0 ] || return
		set -- $(($1 - 1))
		sleep 0.1
	done
}

remake_board() { # PARAMETER...
	[ -z "${POTS_PORTS:-}" ] && modprobe -r pots-sim && make_board "$@"
}

# A board with a line to an exchange, or that there is one.
make_exchange() {
	[ -n "${POTS_PORTS:-}" ] || [ -e /dev/potsim-sim-x1 ] && return
	modprobe pots-si3050 && remake_board fxo=1 || return
	set -- 100
	while [ ! -e /dev/pots2 ]; do
		[ "$1" -gt 0 ] || return
		set -- $(($1 - 1))
		sleep 0.1
	done
}

# A board of our own that has no ports is no excuse to skip anything.
need_ports() {
	if [ -n "${POTS_PORTS:-}" ] || [ -e /dev/pots0 ] || make_board >&2; then
		return
	fi
	dmesg | grep pots | sed 's/^/# /'
	echo "Bail out! the simulated board has not its two ports"
	exit 1
}
