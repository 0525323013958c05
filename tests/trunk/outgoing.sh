# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Calls to the exchange: those of SIP, then those of telephones.

# calls NUMBER CODE ARGUMENT...: a SIPp, in the background as $caller_pid
calls_trunk() {
	local xml=$out/trunk-caller.xml
	tests/e2e/caller "$@" >"$xml" || return
	rm -f "$out/trunk-caller.log"
	timeout 90 sipp -sf "$xml" -i 127.0.0.1 -p 5072 -m 1 -nostdin -trace_msg \
		-message_file "$out/trunk-caller.log" "127.0.0.1:$trunk_sip" \
		>"$out/trunk-caller.out" 2>&1 </dev/null &
	caller_pid=$!
}

caller_done() {
	wait "$caller_pid" && return
	echo "SIPp's scenario failed; the messages:"
	grep -aE '^(SIP/2.0|[A-Z]+ sip:)' "$out/trunk-caller.log"
	return 1
}

caller_saw() {
	grep -aqE "$1" "$out/trunk-caller.log"
}

one_stage() {
	calls_trunk 0301234 200 then=bye:2000 || return
	exchange 1 wait digits 0301234 --timeout 15 && until_true 5 caller_saw '^SIP/2.0 183' || return
	! caller_saw '^SIP/2.0 200' || {
		echo "answered before the exchange did"
		return 1
	}
	exchange 1 ringback && sleep 3 && exchange 1 answer --reversal &&
		until_true 3 caller_saw '^SIP/2.0 200' && caller_done &&
		exchange 1 wait released --timeout 5
}

one_stage_refused() {
	local number=$1 code=$2 tone=$3
	calls_trunk "$number" "$code" then=far || return
	exchange 1 wait digits "$number" --timeout 15 && exchange 1 "$tone" && caller_done &&
		exchange 1 wait released --timeout 5 && exchange 1 stop
}

one_stage_given_up() {
	calls_trunk 0301234 487 then=cancel:1500 || return
	exchange 1 wait digits 0301234 --timeout 15 && caller_done && exchange 1 wait released --timeout 5
}

assumed_answer() {
	calls_trunk 2345 200 then=far || return
	exchange 2 wait digits 2345 --timeout 15 && until_true 6 caller_saw '^SIP/2.0 200' &&
		exchange 2 busy && caller_done && exchange 2 wait released --timeout 5 && exchange 2 stop
}

no_dial_tone() {
	exchange 2 set quiet=1
	calls_trunk 2345 503 then=far && caller_done
	local status=$?
	exchange 2 set quiet=0
	exchange 2 wait released --timeout 5 && [ "$(xstate 2 digits)" = 0 ] && return "$status"
}

by_pulses() {
	calls_trunk 3190 200 then=bye:500 || return
	exchange 3 wait digits 3190 --timeout 15 && caller_done || return
	[ "$(xstate 3 pulsed)" = 4 ] && near "$(xstate 3 breaks_max_us)" 60000 3000 "break in us" &&
		near "$(xstate 3 makes_max_us)" 40000 3000 "make in us"
}

# by_mf WAY HEARD: what spandsp makes of what exchange 3 hears
by_mf() {
	local hearing heard
	calls_trunk 3190 200 then=bye:500 || return
	exchange 3 wait seized --timeout 15 || return
	exchange 3 hear "$out/mf.wav" --seconds 6 &
	hearing=$!
	caller_done && wait "$hearing" || return
	heard=$(judge_mf "$1" "$out/mf.wav")
	[ "$heard" = "$2" ] || {
		echo "the exchange heard $heard, not $2"
		return 1
	}
}

# by_mf_of WAY HEARD: by a potsd that dials so
by_mf_of() {
	local status=0
	stop_trunks && start_trunks 9404 bellcore "mf-$1" || return
	by_mf "$@" || status=1
	stop_trunks && start_trunks && return "$status"
}

two_stages() {
	local sent
	calls_trunk 199 200 then=bye:9000 || return
	exchange 1 wait seized --timeout 5 && until_true 3 caller_saw '^ACK' || return
	sleep 1.5
	far_of_caller 3 --dial '159#' &
	sent=$!
	exchange 1 wait digits '159#' --timeout 10 || {
		echo "the exchange got: $(xstate 1 dialled)"
		return 1
	}
	wait "$sent"
	caller_done && exchange 1 wait released --timeout 5
}

# far_of_caller SECONDS OPTION...: to where potsd's last description says
far_of_caller() {
	local seconds=$1 port
	shift
	port=$(tr -d '\r' <"$out/trunk-caller.log" | awk '/^m=audio/ && $2 != 7000 { at = $2 } END { print at }')
	timeout 20 farend 7000 "127.0.0.1:$port" --seconds "$seconds" "$@" >"$out/far.txt"
}

# Exchange 1 is in use, and nobody else may have it.
trunk_in_use() {
	calls_trunk 0301234 200 then=bye:6000 || return
	exchange 1 wait digits 0301234 --timeout 15 && sleep 0.5 && exchange 1 answer --reversal || return
	local first=$caller_pid status
	called_trunk 0555 503
	status=$?
	wait "$first" && exchange 1 wait released --timeout 5 && return "$status"
}

# called_trunk NUMBER CODE: another SIPp
called_trunk() {
	tests/e2e/caller "$@" >"$out/second.xml" &&
		timeout 30 sipp -sf "$out/second.xml" -i 127.0.0.1 -p 5074 -m 1 -nostdin \
			"127.0.0.1:$trunk_sip" >"$out/second.out" 2>&1 </dev/null
}

refused_by_rule() {
	called_trunk 0301234 483 hops=0 || {
		echo "Max-Forwards 0 was not refused"
		return 1
	}
	called_trunk 5551 404 && called_trunk 101x 404
}

# --------------------------------------------------------- from telephones

# By prefix: the exchange gets the number without it.
telephone_by_prefix() {
	telephone_dials 1 0301234 301234 || return
	[ "$(xstate 1 digits)" = 6 ] && sleep 0.5 && exchange 1 answer --reversal &&
		trunk_becomes one THROUGH || return
	sleep 0.3
	trunk_phone 1 hear "$out/near.wav" --seconds 1.5 &
	local hearing=$!
	exchange 1 say "$made/voice.wav"
	wait "$hearing"
	expect_sine "$out/near.wav" 1004 telephone
}

# The exchange is recalled: by event 16 from telephone 1, by INFO from 2.
recalls() {
	local flashes
	"$@" && trunk_becomes one THROUGH && sleep 0.5 || return
	flashes=$(xstate 1 flashes)
	trunk_phone "$telephone" flash 200 && sleep 3 || return
	[ "$(xstate 1 flashes)" = $((flashes + 1)) ] || {
		echo "the exchange counts $(xstate 1 flashes) flashes, not $((flashes + 1))"
		return 1
	}
	near "$(xstate 1 flash_max_us)" 600000 3000 "flash in us" && trunk_becomes one THROUGH
}

telephone_puts_down() {
	local status=0
	"$@" || status=$?
	trunk_phone "$telephone" onhook
	sleep 1.5
	exchange 1 wait released --timeout 5 && trunk_becomes one FREE && return "$status"
}

# Its account is not registered, so all it dials goes out.
life_line() {
	telephone_dials 2 555123 555123
}

# Before the last digit's end.
life_line_answers() {
	life_line && exchange 1 answer --reversal
}

emergency() {
	telephone_dials 1 112 112
}

# A call of the PBX's is ended for it: the exchange sees the line open in between.
emergency_takes_the_line() {
	local opened
	calls_trunk 0301234 200 then=far || return
	exchange 1 wait digits 0301234 --timeout 15 && sleep 0.5 && exchange 1 answer --reversal &&
		trunk_becomes one THROUGH || return
	opened=$(xstate 1 open_ns)
	telephone_dials 1 110 110 && caller_done || {
		trunk_calls
		return 1
	}
	[ "$(xstate 1 open_ns)" -gt "$opened" ]
}
