# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The board or potsd is lost in a call, and comes back.

# Ways into a call, and who is told when it is over.
reach_RINGING() { exchange 3 ring && on_wire 1 '^INVITE'; }
reach_THROUGH() {
	exchange 1 ring && exchange 1 wait answered --timeout 10 && on_wire 1 '^ACK' &&
		trunk_becomes one THROUGH
}
reach_DIALLING() { telephone_dials 1 0301234 301234; }

# reach STATE: sets $x, whose line it is
reach() {
	x=1
	[ "$1" != RINGING ] || x=3
	answer_any || return
	mark_wire
	"reach_$1"
}

far_is_told() {
	case $1 in
	RINGING) on_wire 1 '^CANCEL' ;;
	THROUGH) on_wire 1 '^BYE' ;;
	esac
}

# A call goes through as if nothing had been.
all_is_well() {
	trunk_phone 1 onhook
	exchange "$x" stop
	until_true 15 all_trunks_free && mark_wire && reach_THROUGH && exchange 1 disconnect 800 &&
		exchange 1 wait released --timeout 5 && on_wire 1 '^BYE' && trunk_becomes one FREE
}

# released_by MS COMMAND...: so long at most until the loop is open
released_by() {
	local most=$1 began opened
	shift
	began=$(xstate "$x" now_ns)
	"$@" && exchange "$x" wait released --timeout 10 || return
	opened=$(xstate "$x" open_ns)
	[ $(((opened - began) / 1000000)) -le "$most" ] || {
		echo "released after $(((opened - began) / 1000000)) ms, $most at most"
		return 1
	}
}

# Potsim and kill take their time, too: the kernel itself is measured elsewhere.
killed_in() {
	reach "$1" && if [ "$1" = RINGING ]; then kill -9 "$trunk_pid"; else
		released_by 100 kill -9 "$trunk_pid"
	fi || return
	wait "$trunk_pid" 2>/dev/null
	start_trunks && all_is_well
}

stopped_in() {
	reach "$1" && kill -STOP "$trunk_pid" && exchange "$x" wait released --timeout 10 || return
	sleep 1
	kill -CONT "$trunk_pid" && far_is_told "$1" && all_is_well
}

# unplugged_in STATE: the chip's driver loses its device, and has it again
unplugged_in() {
	local port device driver
	reach "$1" || return
	port=$(timeout 5 potsctl list | awk -v label="t-x$x" '$0 ~ label { print $1 }')
	device=$(readlink -f "/sys/class/pots/$port/device")
	driver=$(readlink -f "$device/driver")
	released_by 100 bind_device "$driver/unbind" "$device" && far_is_told "$1" || return
	bind_device "$driver/bind" "$device" && all_is_well
}

bind_device() {
	basename "$2" >"$1"
}
