# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lines to an exchange: a potsd of its own on a board with both kinds of them.
#
#	telephone t/1, t/2 -----.           .-- 127.0.0.1:5070 SIPp, who is called
#	exchange t/1, t/2, t/3 ---- potsd ---
#	                                    '-- 127.0.0.1:5072 SIPp, who calls
#
# Callers of exchange 1 are answered, those of 2 refused (404), those of 3 hear
# no answer. Calls to exchange 1 are answered by polarity, to 2 after 3 s, and
# 3 is dialled by pulses.

trunk_sip=5090
trunk_socket=/run/trunk.control

trunk_config() {
	cat <<EOF
[agent]
log-level = debug
control = $trunk_socket
[sip]
port = $trunk_sip
source-rate = 1000
[media]
port-min = 17000
port-max = 17100
[times]
tone = 4 s
inter-digit = 2 s
[account pbx]
registrar =
outbound-proxy = 127.0.0.1:$proxy
domain = example.net
user = gateway
[account dead]
registrar = 127.0.0.1:5999
user = nobody
[line 1]
port = t-1
account = pbx
number = 101
dial-plan = 10x|0xxxxxx|[189]xx.T
flash = event16
[line 2]
port = t-2
account = dead
number = 102
dial-plan = xx.T
flash = info
[trunk one]
port = t-x1
account = pbx
route = 8488
number = 199
dial-plan = 0x.T
prefix = 0
emergency = 110 112
emergency-preempts = yes
caller-id-wait = 0
answer = polarity
guard = 1200 ms
[trunk two]
port = t-x2
account = pbx
route = ${1:-9404}
life-line = no
dial-plan = 2x.T
answer-after = 3 s
caller-id = bellcore
guard = 500 ms
[trunk three]
port = t-x3
account = pbx
route = 7000
life-line = no
dial-plan = 3x.T
dialling = pulse
answer-after = 0
caller-id-wait = 0
no-answer = 20 s
guard = 500 ms
EOF
}

exchange() {
	local number=$1
	shift
	timeout 60 potsim exchange "t/$number" "$@"
}

# xstate NUMBER FIELD
xstate() {
	exchange "$1" state | sed -n "s/^$2: //p"
}

xflag() {
	grep -qw "$2" <<<"$(exchange "$1" state | head -n 1)"
}

trunk_calls() {
	timeout 5 potsctl --socket "$trunk_socket" calls
}

# trunk_is NAME STATE
trunk_is() {
	grep -qE "^trunk +$1 .* $2( |$)" <<<"$(trunk_calls)"
}

trunk_becomes() {
	until_true "${3:-5}" trunk_is "$1" "$2" && return
	echo "the trunk is not $2:"
	trunk_calls
	return 1
}

all_trunks_free() {
	[ "$(trunk_calls | grep -cE '^trunk .* FREE ')" = 3 ]
}

trunks_are_claimed() {
	[ "$(timeout 5 potsctl list | grep -cE ' t-.* claimed')" = 5 ]
}

# start_trunks [ROUTE-OF-TWO]
start_trunks() {
	trunk_config "$@" >"$out/trunk.conf"
	potsd -c "$out/trunk.conf" 2>>"$out/trunk.log" &
	trunk_pid=$!
	until_true 8 trunks_are_claimed || {
		echo "the trunks were not claimed:"
		tail -n 20 "$out/trunk.log"
		return 1
	}
}

stop_trunks() {
	kill "$trunk_pid" && wait "$trunk_pid"
}

trunk_begin() {
	: >"$out/trunk.log"
	: >"$out/release.txt"
	cp "$made/any.xml" "$out"
	warm_up
	modprobe pots-si3210 && modprobe pots-si3050 && modprobe pots-sim &&
		potsim board create t --fxs 2 --fxo 3 || return
	# Of the plan that the kernel has by itself.
	for x in 1 2 3; do
		exchange "$x" set dial-tone=350+440 busy=480+620/500,0/500 reorder=480+620/250,0/250 \
			ringback=440+480/2000,0/4000 || return
	done
	start_trunks
}

trunk_end() {
	grep -a 'not foreseen' "$out/trunk.log"
	stop_answering
	stop_trunks && potsim board remove t && modprobe -r pots-sim pots-si3050 pots-si3210 pots
}

# A board-wide test: t/N are its telephones.
trunk_phone() {
	local board=t
	phone "$@"
}

# ------------------------------------------------------ from the exchange

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

# ------------------------------------------------ every signal ends a call

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

# ---------------------------------------------------------------- from SIP

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
	trunk_phone 1 offhook && trunk_phone 1 wait tone dial --timeout 5 || return
	trunk_phone 1 dial 0301234
	exchange 1 wait digits 301234 --timeout 15 || {
		echo "the exchange got: $(xstate 1 dialled)"
		return 1
	}
	[ "$(xstate 1 digits)" = 6 ] && sleep 0.5 && exchange 1 answer --reversal &&
		trunk_becomes one THROUGH || return
	sleep 0.3
	trunk_phone 1 hear "$out/near.wav" --seconds 1.5 &
	local hearing=$!
	exchange 1 say "$out/voice.wav"
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
	trunk_phone 2 offhook && trunk_phone 2 wait tone dial --timeout 5 || return
	trunk_phone 2 dial 555123
	exchange 1 wait digits 555123 --timeout 15 || {
		echo "the exchange got: $(xstate 1 dialled)"
		return 1
	}
}

# Before the last digit's end.
life_line_answers() {
	life_line && exchange 1 answer --reversal
}

emergency() {
	trunk_phone 1 offhook && trunk_phone 1 wait tone dial --timeout 5 || return
	trunk_phone 1 dial 112
	exchange 1 wait digits 112 --timeout 15
}

# A call of the PBX's is ended for it: the exchange sees the line open in between.
emergency_takes_the_line() {
	local opened
	calls_trunk 0301234 200 then=far || return
	exchange 1 wait digits 0301234 --timeout 15 && sleep 0.5 && exchange 1 answer --reversal &&
		trunk_becomes one THROUGH || return
	opened=$(xstate 1 open_ns)
	trunk_phone 1 offhook && trunk_phone 1 wait tone dial --timeout 5 || return
	trunk_phone 1 dial 110
	exchange 1 wait digits 110 --timeout 15 && caller_done || {
		echo "the exchange got: $(xstate 1 dialled)"
		trunk_calls
		return 1
	}
	[ "$(xstate 1 open_ns)" -gt "$opened" ]
}

# ------------------------------------------------- the board, and potsd

# Ways into a call, and who is told when it is over.
reach_RINGING() { exchange 3 ring && on_wire 1 '^INVITE'; }
reach_THROUGH() {
	exchange 1 ring && exchange 1 wait answered --timeout 10 && on_wire 1 '^ACK' &&
		trunk_becomes one THROUGH
}
reach_DIALLING() {
	trunk_phone 1 offhook && trunk_phone 1 wait tone dial --timeout 5 || return
	trunk_phone 1 dial 0301234
	exchange 1 wait digits 301234 --timeout 15
}

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

# -------------------------------------------------------------------- many

# Eight lines of a board of their own, of which every other one's callers are
# refused; bursts and pauses are short, so that most of the time is calls.
crowd_config() {
	local x
	cat <<EOF
[agent]
log-level = debug
control = $trunk_socket
[sip]
port = $trunk_sip
source-rate = 1000
[media]
port-min = 17000
port-max = 17100
[times]
tone = 1 s
[account pbx]
registrar =
outbound-proxy = 127.0.0.1:$proxy
domain = example.net
user = gateway
EOF
	for x in {1..8}; do
		cat <<EOF
[trunk $x]
port = c-x$x
account = pbx
route = $((x % 2 ? 8488 : 9486))
life-line = no
caller-id-wait = $((x > 4 ? 1000 : 0)) ms
ring-timeout = 1500 ms
guard = 300 ms
EOF
	done
}

crowd_is_claimed() {
	[ "$(timeout 5 potsctl list | grep -cE ' c-.* claimed')" = 8 ]
}

start_crowd() {
	local x
	potsim board create c --fxo 8 || return
	for x in {1..8}; do
		potsim exchange "c/$x" set busy=480+620/500,0/500 reorder=480+620/250,0/250 \
			ring=1000/1000 || return
	done
	crowd_config >"$out/crowd.conf"
	potsd -c "$out/crowd.conf" 2>"$out/crowd.log" &
	trunk_pid=$!
	until_true 20 crowd_is_claimed
}

crowd_is_free() {
	[ "$(trunk_calls | grep -cE '^trunk .* FREE ')" = 8 ]
}

# many_callers COUNT: whenever they give up, no call is left up
many_callers() {
	local count=$1 any_calls=$(($1 * 4)) any_seconds=$(($1 * 60)) status=0
	stop_answering
	stop_trunks
	answer_any && start_crowd &&
		timeout "$any_seconds" crowd "$count" 4711 /dev/potsim-c-x{1..8} \
			>"$out/crowd.txt" 2>&1 &&
		until_true 15 crowd_is_free || status=1
	cat "$out/crowd.txt"
	[ "$status" = 0 ] || trunk_calls
	stop_trunks
	potsim board remove c
	start_trunks && return "$status"
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
