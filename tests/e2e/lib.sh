# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the end-to-end tests and the demo stand on: a board of two telephones or
# three, potsd, and a SIPp that answers.
#
#	phone b/1 --- pots0 --- potsd --- 127.0.0.1:5070 SIPp
#	phone b/2 --- pots1 ------'

# shellcheck source=tests/until.sh
. tests/until.sh

made=$PWD/build/tests/e2e
out=${out:-$made}
export PATH=$PWD/build/agent:$made:$PATH
board=b
proxy=5070
# On the debug kernel the ear is asked seconds later, before the howler there too,
# and what begins at one time does so within late_s.
silence_s=4 late_s=0 voice=voice.wav far_s=1.8
[ ! -e /sys/kernel/debug/kmemleak ] || silence_s=30 late_s=1.5 voice=long-voice.wav far_s=4.8

# What has a password in it must be closed to others.
umask 027

# config PHONES
config() {
	cat <<EOF
[agent]
log-level = debug
control = /run/potsd.control
[times]
first-digit = 6 s
tone = 8 s
silence = $silence_s s
howler = 5 s
[account digest]
registrar =
outbound-proxy = 127.0.0.1:$proxy
domain = example.net
user = 101
secret = sesame
[account basic]
registrar =
outbound-proxy = 127.0.0.1:$proxy
domain = example.net
user = 102
secret = sesame
basic = always
[line 1]
port = pots0
account = digest
number = 101
dial-plan = 10x|[89]xxx
[line 2]
port = pots1
account = basic
number = 102
dial-plan = 10x|[89]xxx
EOF
	[ "$1" -lt 3 ] || cat <<EOF
[account plain]
registrar =
outbound-proxy = 127.0.0.1:$proxy
domain = example.net
user = 103
secret = sesame
[line 3]
port = pots2
account = plain
number = 103
dial-plan = 10x|[89]xxx
no-answer = 7 s
EOF
}

# What timed steps use is read now: reading it later takes time of its own.
warm_up() {
	# shellcheck disable=SC2046 # paths without blanks; SIPp is not everywhere
	cat $(type -P potsim potsd sipp judge) >/dev/null
	sipp -v >/dev/null 2>&1
	judge /dev/null >/dev/null 2>&1
	potsim --help >/dev/null
}

# run_tests BEGIN FINISH [NAME]...: between the two commands all that `tests`
# prints, a name and a command a line, or those named
run_tests() {
	local begin=$1 finish=$2 chosen name command status
	shift 2
	chosen=$(tests)
	[ $# = 0 ] || chosen=$(grep -E "^($(tr ' ' '|' <<<"$*")) " <<<"$chosen")
	ktap_begin $(($(wc -l <<<"$chosen") + 2))
	mkdir -p "$out"
	eval "$begin"
	ktap_report $? begin
	while read -r name command; do
		# In this shell, so that a test may start and stop what others need.
		eval "$command" >"$out/said" 2>&1 </dev/null
		status=$?
		[ "$status" = 0 ] || sed 's/^/# /' "$out/said"
		ktap_report "$status" "$name"
	done <<<"$chosen"
	eval "$finish"
	ktap_report $? remove-everything
	ktap_end
}

# begin PHONES
begin() {
	local phones=$1
	modprobe pots-si3210 && modprobe pots-sim || return
	potsim board create "$board" --fxs "$phones" || return
	config "$phones" >"$out/potsd.conf"
	chmod 600 "$out/potsd.conf"
	warm_up
	mkdir -p /run
	: >"$out/potsd.log"
	start_agent "$phones"
}

# start_agent PHONES [CONFIG]: until it has claimed them all
start_agent() {
	local line
	potsd -c "${2:-$out/potsd.conf}" 2>>"$out/potsd.log" &
	potsd_pid=$!
	for line in $(seq "$1"); do
		until_true 5 line_is "$line" claimed || return
	done
}

is_over() {
	! kill -0 "$1" 2>/dev/null
}

# ended PID: of a child, by itself, in 10 s; its status
ended() {
	until_true 10 is_over "$1" && wait "$1"
}

stop_agent() {
	kill "$potsd_pid" && ended "$potsd_pid"
}

finish() {
	stop_answering
	stop_agent && potsim board remove "$board" && modprobe -r pots-sim pots-si3210 pots
}

line_is() {
	grep -q "^pots$(($1 - 1)) .*$2" <<<"$(timeout 5 potsctl list)"
}

phone() {
	local number=$1
	shift
	timeout 40 potsim phone "$board/$number" "$@"
}

# state NUMBER FIELD
state() {
	phone "$1" state | sed -n "s/^$2: //p"
}

flag() {
	grep -qw "$2" <<<"$(phone "$1" state | head -n 1)"
}

port_is_open() {
	grep -q "$(printf ':%04X ' "$proxy")" /proc/net/udp
}

port_is_open_or_over() {
	port_is_open || is_over "$sipp_pid"
}

# answer SCENARIO-FILE [CALLS [SECONDS]]: a SIPp that plays it; its log is beside it.
answer() {
	type -P sipp >/dev/null || return 4
	stop_answering
	answering=
	rm -f "${1%.xml}.log"
	sipp -sf "$1" -i 127.0.0.1 -p "$proxy" -m "${2:-1}" -nostdin -timeout "${3:-600}" -trace_msg \
		-message_file "${1%.xml}.log" >"${1%.xml}.out" 2>&1 </dev/null &
	sipp_pid=$!
	until_true 10 port_is_open_or_over
	port_is_open || {
		echo "SIPp did not start"
		cat "${1%.xml}.out"
		return 1
	}
}

stop_answering() {
	[ -n "${sipp_pid:-}" ] || return 0
	kill -9 "$sipp_pid" 2>/dev/null
	wait "$sipp_pid" 2>/dev/null
	sipp_pid=
}

# One SIPp for all who dial 9CODE, for $any_calls (1000) and $any_seconds (600).
answer_any() {
	local xml=$out/any.xml
	[ "${answering:-}" = any ] && [ -n "${sipp_pid:-}" ] && port_is_open && return
	answer "$xml" "${any_calls:-1000}" "${any_seconds:-600}" && answering=any
}

# What was on the wire since it was marked.
mark_wire() {
	wire_from=$(stat -c %s "$out/any.log" 2>/dev/null || echo 0)
}

wire() {
	tail -c "+$((wire_from + 1))" "$out/any.log" | tr -d '\r'
}

ack_is_on_wire() {
	wire | grep -aq "^ACK sip:$1@"
}

# acknowledged NUMBER: the final answer and the ACK to it were on the wire
acknowledged() {
	until_true 3 ack_is_on_wire "$1" && return
	echo "no ACK; the messages:"
	wire | grep -aE '^(SIP/2.0|[A-Z]+ sip:)'
	return 1
}

# True when SIPp saw the whole scenario, the ACK to the final answer included.
answered() {
	ended "$sipp_pid" && sipp_pid='' && return
	echo "SIPp's scenario failed; the messages:"
	grep -aE '^(SIP/2.0|[A-Z]+ sip:)' "${1%.xml}.log"
	stop_answering
	return 1
}

# heard KEY: from the last verdict of the judge
judge_ear() {
	verdict=$(judge "$@") || return
}

# strongest COUNT: the strongest sines of the last verdict, "HZ DBM0" each
strongest() {
	grep -o '"hz":[0-9.]*,"dbm0":[-0-9.]*' <<<"$verdict" | sed 's/"hz":\(.*\),"dbm0":/\1 /' |
		sort -k 2 -g -r | sed "$1q"
}

# near_sine HZ WHERE: the strongest sine of the last verdict
near_sine() {
	near "$(strongest 1 | cut -d' ' -f1)" "$1" 1 "strongest frequency at the $2"
}

heard_tone() {
	sed -n 's/.*"tone":"\([^"]*\)".*/\1/p' <<<"$verdict"
}

# near VALUE WANTED TOLERANCE WHAT
near() {
	awk -v v="$1" -v w="$2" -v t="$3" 'BEGIN { d = v - w; exit !(d <= t && d >= -t) }' || {
		echo "$4 is $1, not $2 within $3"
		return 1
	}
}

# expect_tone NAME LEVEL ON-MS HZ...: of the first whole burst
expect_tone() {
	local name=$1 level=$2 on_ms=$3 hz levels ms i=0
	shift 3
	[ "$(heard_tone)" = "$name" ] || {
		echo "the ear heard $(heard_tone), not $name: $verdict"
		return 1
	}
	mapfile -t ms < <(grep -o '"ms":[0-9.]*' <<<"$verdict" | cut -d: -f2)
	mapfile -t hz < <(grep -o '"hz":[0-9.]*' <<<"$verdict" | cut -d: -f2)
	mapfile -t levels < <(grep -o '"dbm0":[-0-9.]*' <<<"$verdict" | cut -d: -f2)
	[ "$on_ms" = 0 ] || near "${ms[1]}" "$on_ms" 0.5 "length in ms" || return
	for _ in "$@"; do
		near "${hz[i]:-0}" "$1" 0.1 "frequency" || return
		near "${levels[i]:-0}" "$level" 0.3 "level in dBm0" || return
		shift
		i=$((i + 1))
	done
}

expect_silence() {
	grep -q '"bursts":\[\]' <<<"$verdict" || {
		echo "the ear heard something: $verdict"
		return 1
	}
}

# lift NUMBER: until the dial tone is there
lift() {
	phone "$1" offhook || return
	phone "$1" wait tone dial --timeout 5 || {
		echo "no dial tone"
		return 1
	}
}

# Down for longer than the release window, and the line at rest again.
put_down() {
	phone "$1" onhook
	sleep 1.2
}
