# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Callers who come from the exchange, and each of its signals that ends a call.

# ringing NUMBER [OPTION]...: until the far end is called
ringing() {
	answer_any || return
	mark_wire
	exchange "$@" || return
	on_wire 1 '^INVITE'
}

caller_reaches_sip() {
	ringing 1 ring && exchange 1 wait answered --timeout 10 && on_wire 1 '^ACK' &&
		trunk_becomes one THROUGH || return
	on_wire 1 '^From: <sip:gateway@example.net>' && trunk_speech
}

# Both sides hear each other, and digits of either are digits for the other.
trunk_speech() {
	local said spoken
	far 1.8 --say 800 --hear "$out/far.wav" &
	spoken=$!
	exchange 1 say "$out/voice.wav" &
	said=$!
	exchange 1 hear "$out/near.wav" --seconds 1.4
	wait "$said" "$spoken"
	expect_sine "$out/near.wav" 800 exchange && expect_sine "$out/far.wav" 1004 "far end"
}

caller_gives_up() {
	answer_any
	mark_wire
	exchange 3 ring --rings 1 && on_wire 1 '^INVITE' && sleep 8 && on_wire 1 '^CANCEL' &&
		trunk_becomes three FREE 15 && ! xflag 3 seized
}

nobody_answers() {
	local began now
	answer_any
	mark_wire
	exchange 3 ring || return
	began=$(xstate 3 now_ns)
	until_true 30 xflag 3 answered || return
	now=$(xstate 3 now_ns)
	near $(((now - began) / 1000000)) 20000 2500 "ring until disconnected, in ms" &&
		on_wire 1 '^CANCEL' && exchange 3 wait released --timeout 5
}

# caller_is_refused TONE HEADER OPTION...: he is named, his call is refused, and
# he hears of it; then the line is given back.
caller_is_refused() {
	local tone=$1 header=$2
	shift 2
	ringing 2 ring "$@" && on_wire 1 "^$header" && exchange 2 wait answered --timeout 10 || return
	exchange 2 hear "$out/refused.wav" --seconds 3 && judge_ear "$out/refused.wav" || return
	[ "$(heard_tone)" = "$tone" ] || {
		echo "the exchange heard $(heard_tone), not $tone: $verdict"
		return 1
	}
	exchange 2 wait released --timeout 6
}

refused_404() {
	caller_is_refused reorder 'From: "Bob B" <sip:0301234567@example.net>' --cid '0301234567,Bob B'
}

refused_486() {
	stop_trunks && start_trunks 9486 && caller_is_refused busy 'Privacy: id' --cid P
	local status=$?
	stop_trunks && start_trunks && return "$status"
}

# The far end stays on the line: the exchange disconnects.
ends_after() {
	local status=0
	"$@" || status=$?
	exchange 1 disconnect 800
	exchange 1 wait released --timeout 5 && on_wire 1 '^BYE' && trunk_becomes one FREE &&
		return "$status"
}

battery_back() {
	local status=0
	"$@" || status=$?
	exchange 1 battery on
	sleep 1
	return "$status"
}

# ends_by LIMIT-MS SIGNAL...: both legs; prints how long each took
ends_by() {
	local limit=$1 began opened over bye
	shift
	ringing 1 ring && exchange 1 wait answered --timeout 10 && on_wire 1 '^ACK' &&
		trunk_becomes one THROUGH || return
	began=$(xstate 1 now_ns)
	exchange 1 "$@" || return
	exchange 1 wait released --timeout 15 || {
		echo "the line is left up after: $*"
		return 1
	}
	on_wire 1 '^BYE' || return
	opened=$(xstate 1 open_ns)
	echo "signal to release: $(((opened - began) / 1000000)) ms: $*" >>"$out/release.txt"
	[ $(((opened - began) / 1000000)) -le "$limit" ] && trunk_becomes one FREE || {
		echo "it took $(((opened - began) / 1000000)) ms, more than $limit"
		return 1
	}
}

# A reversal that is taken back.
ends_by_polarity() {
	ringing 1 ring && exchange 1 wait answered --timeout 10 && on_wire 1 '^ACK' &&
		trunk_becomes one THROUGH || return
	exchange 1 polarity && sleep 1 && trunk_is one THROUGH || return
	local began opened
	began=$(xstate 1 now_ns)
	exchange 1 polarity && exchange 1 wait released --timeout 5 && on_wire 1 '^BYE' || return
	opened=$(xstate 1 open_ns)
	echo "signal to release: $(((opened - began) / 1000000)) ms: polarity" >>"$out/release.txt"
}
