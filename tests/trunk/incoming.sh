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
	both_heard exchange 1 && expect_sine "$out/near.wav" 800 exchange &&
		expect_sine "$out/far.wav" 1004 "far end"
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

# is_named_by WAY AS CALLER FROM: trunk two has it so, potsim does it so
is_named_by() {
	stop_trunks && start_trunks 9404 "$1" && ringing 2 ring --as "$2" --cid "$3" || return
	on_wire 1 "^From: $4" && exchange 2 wait released --timeout 20 && exchange 2 stop &&
		trunk_becomes two FREE 15
}

# How it comes, and how potsim does it: each signal, whenever it may come. What else
# there is differs for who sends it.
ways_of_caller_id="etsi:etsi etsi-dt:etsi-dtas etsi-lr:etsi-lr dtmf-lr:dtmf dtmf-ring:dtmf-ring ntt:ntt"
[ -z "${POTS_FULL:-}" ] || ways_of_caller_id+=" etsi-rp:etsi-rp bt:etsi-lr uk-cable:etsi-rp
	dtmf:dtmf dtmf-a:dtmf dtmf-dk:dtmf"

# By FSK he has a name as well, but in Japan.
named_in_every_way() {
	local way number=0301234567 status=0
	for way in $ways_of_caller_id; do
		case $way in
		dtmf* | ntt*) is_named_by "${way%:*}" "${way#*:}" "$number" "<sip:$number@" ;;
		*) is_named_by "${way%:*}" "${way#*:}" "$number,Bob B" "\"Bob B\" <sip:$number@" ;;
		esac || status=$?
		[ "$status" = 0 ] || break
	done
	[ "$status" = 0 ] || echo "by $way"
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

# released_in LIMIT-MS TRUNK NUMBER BEGAN WHAT: both legs are; tells how long it took
released_in() {
	local limit=$1 trunk=$2 number=$3 began=$4 what=$5 opened
	exchange "$number" wait released --timeout 15 || {
		echo "the line is left up after: $what"
		return 1
	}
	opened=$(xstate "$number" open_ns)
	echo "signal to release: $(((opened - began) / 1000000)) ms: $what" >>"$out/release.txt"
	[ $(((opened - began) / 1000000)) -le "$limit" ] && trunk_becomes "$trunk" FREE || {
		echo "it took $(((opened - began) / 1000000)) ms, more than $limit"
		return 1
	}
}

answered_call() {
	ringing 1 ring && exchange 1 wait answered --timeout 10 && on_wire 1 '^ACK' &&
		trunk_becomes one THROUGH
}

# ends_by LIMIT-MS SIGNAL...: both legs
ends_by() {
	local limit=$1 began
	shift
	answered_call || return
	began=$(xstate 1 now_ns)
	exchange 1 "$@" && released_in "$limit" one 1 "$began" "$*" && on_wire 1 '^BYE'
}

# The three tones of a number that is not in use; once, then an announcement.
ends_by_sit() {
	local status=0
	ends_by 3000 tone '!985.2/380,!1370.6/274,!1776.7/380,!0' || status=$?
	exchange 1 stop
	return "$status"
}

# A reversal that is taken back.
ends_by_polarity() {
	local began
	answered_call && exchange 1 polarity && sleep 1 && trunk_is one THROUGH || return
	began=$(xstate 1 now_ns)
	exchange 1 polarity && released_in 1000 one 1 "$began" "polarity as before" && on_wire 1 '^BYE'
}

# Any reversal, where the trunk has it so.
ends_by_reversal() {
	local began
	calls_trunk 2345 200 then=far || return
	exchange 2 wait digits 2345 --timeout 15 && until_true 6 caller_saw '^SIP/2.0 200' &&
		trunk_becomes two THROUGH || return
	began=$(xstate 2 now_ns)
	exchange 2 polarity && released_in 1000 two 2 "$began" reversal && caller_done && exchange 2 stop
}
