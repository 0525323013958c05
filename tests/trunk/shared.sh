# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The line is shared: with a parallel telephone, with a call that comes back, with
# ourselves at its other end.

# with_parallel NUMBER COMMAND...: while the telephone beside us is off-hook
with_parallel() {
	local number=$1 status=0
	shift
	exchange "$number" parallel on && sleep 0.5 && "$@" || status=$?
	exchange "$number" parallel off
	return "$status"
}

# By the port, not by the exchange's loop, which the other one closes too.
is_on_hook() {
	! grep -q "t-x$1 .*off-hook" <<<"$(timeout 5 potsctl list)" || {
		echo "we are off-hook:"
		timeout 5 potsctl list
		return 1
	}
}

# Somebody else in the house answers: the far end is not called any more, and the
# line is left alone.
parallel_answers() {
	local status=0
	ringing 3 ring && with_parallel 3 parallel_has_it || status=$?
	exchange 3 stop
	trunk_becomes three FREE && return "$status"
}

parallel_has_it() {
	on_wire 1 '^CANCEL' && trunk_becomes three FREE && is_on_hook 3
}

# Nobody is dialled into somebody's call.
parallel_keeps_off() {
	local before
	before=$(xstate 1 digits)
	called_trunk 0301234 503 && is_on_hook 1 && [ "$(xstate 1 digits)" = "$before" ] || {
		echo "the exchange has heard: $(xstate 1 dialled)"
		return 1
	}
}

# An emergency call has the line, whoever has it. A break too short for a release
# would be a digit.
parallel_yields() {
	exchange 1 wait released --timeout 5 && with_parallel 1 telephone_dials 2 112 112
}

# Who lifts it in a call listens: that ends nothing.
parallel_joins() {
	answered_call && with_parallel 1 sleep 1.5 && sleep 1 && trunk_becomes one THROUGH
}

# The PBX sends a caller of the exchange to another line of it.
comes_back() {
	local id
	answered_call || return
	id=$(wire | sed -n 's/^Call-ID: //p' | head -n 1)
	tests/e2e/caller 2345 482 >"$out/second.xml" &&
		timeout 30 sipp -sf "$out/second.xml" -i 127.0.0.1 -p 5074 -m 1 -nostdin \
			-cid_str "$id" "127.0.0.1:$trunk_sip" >"$out/second.out" 2>&1 </dev/null || {
		echo "not refused: $id"
		return 1
	}
	trunk_is one THROUGH && ! xflag 2 seized
}

# ------------------------------------------------------- the box calls itself

# The telephone's line of this board is the exchange of the other one.
wired_config() {
	gateway_config
	cat <<EOF
[times]
inter-digit = 2 s
[line 1]
port = w-1
account = pbx
number = 201
dial-plan = 8xxx
[trunk 1]
port = w-x1
account = pbx
route = 8488
dial-plan = 8xxx
caller-id-wait = 0
answer-after = 1 s
life-line = no
guard = 300 ms
EOF
}

wired_is_claimed() {
	[ "$(timeout 5 potsctl list | grep -cE ' w-.* claimed')" = 2 ]
}

start_wired() {
	potsim board create w --fxs 1 --fxo 1 --set wires=1 || return
	wired_config >"$out/wired.conf"
	potsd -c "$out/wired.conf" 2>"$out/wired.log" &
	trunk_pid=$!
	until_true 20 wired_is_claimed
}

# wired COMMAND...: with that board and its potsd
wired() {
	local status=0
	stop_trunks
	start_wired && answer_any && "$@" || status=$?
	[ "$status" = 0 ] || trunk_calls
	stop_trunks
	potsim board remove w
	start_trunks && return "$status"
}

both_are_free() {
	[ "$(trunk_calls | grep -cE ' (FREE|IDLE)( |$)')" = 2 ]
}

# calls_through_wire NUMBER: it comes out at the far end, answered, and all of it ends
calls_through_wire() {
	mark_wire
	calls_trunk "$1" 200 then=bye:3000 && on_wire 1 '^INVITE sip:8488@' && caller_done &&
		on_wire 1 '^BYE' && until_true 30 both_are_free
}
