# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two boards of one telephone each, so that one can be pulled out while the
# other goes on; potsd; and a far end that holds a call where it is wanted.
#
#	phone a/1 --- a-1 --- potsd --- c-1 --- phone c/1
#	                        '--- 127.0.0.1:5070 far

# shellcheck source=tests/until.sh
. tests/until.sh

out=$PWD/build/tests/agent
export PATH=$PWD/build/agent:$out:$PATH
node_a=/dev/pots0 node_c=/dev/pots1
control=/run/potsd.control

# config [LINES]: further lines of [line a]
config() {
	cat <<EOF
[agent]
log-level = debug
control = $control
watchdog = 2 s
[times]
tone = 2 s
silence = 2 s
howler = 2 s
[account far]
outbound-proxy = 127.0.0.1:5070
domain = example.net
user = 101
[line a]
port = a-1
account = far
number = 101
dial-plan = 10x|7x|8x|9xx
${1:-}
[line c]
port = c-1
number = 102
dial-plan = 10x
[treatment]
480 = tone busy
EOF
}

write_config() {
	config "$@" >"$out/potsd.conf"
}

ctl() {
	timeout 5 potsctl --socket "$control" "$@"
}

# comes_to LINE STATE [SECONDS]
comes_to() {
	await "$control" "$1" "$2" "${3:-8}" && return
	tail -n 5 "$out/potsd.log"
	return 1
}

is_in() {
	grep -q "^line  *$1  *[^ ]*  *[^ ]*  *$2 " <<<"$(ctl calls)"
}

phone() {
	timeout 20 potsim phone "$@"
}

# Tests run in subshells, so who it is stands in a file.
start_potsd() {
	potsd -c "$out/potsd.conf" >>"$out/potsd.log" 2>&1 &
	echo $! >"$out/potsd.pid"
	until_true 5 potsd_answers
}

potsd_answers() {
	ctl calls >/dev/null 2>&1
}

# signal_potsd NAME
signal_potsd() {
	kill -s "$1" "$(cat "$out/potsd.pid")"
}

potsd_is_gone() {
	! grep -q "^State:.[^Z]" "/proc/$(cat "$out/potsd.pid")/status" 2>/dev/null
}

stop_potsd() {
	signal_potsd TERM && until_true 5 potsd_is_gone
}

# After a test that failed, so that the next one begins as it should.
recover() {
	write_config
	[ -e "$node_a" ] || potsim board create a --fxs 1
	signal_potsd CONT 2>/dev/null
	stop_potsd
	start_potsd
	all_down
}

logged() {
	grep -q -- "$1" "$out/potsd.log"
}

# logged_since BYTE TEXT
logged_since() {
	grep -q -- "$2" <(tail -c "+$(($1 + 1))" "$out/potsd.log")
}

begin() {
	modprobe pots-si3210 && modprobe pots-sim || return
	potsim board create a --fxs 1 && potsim board create c --fxs 1 || return
	far 5070 >"$out/far.log" &
	far_pid=$!
	: >"$out/potsd.log"
	write_config
	start_potsd && comes_to a IDLE && comes_to c IDLE
}

finish() {
	kill "$far_pid"
	stop_potsd && potsim board remove a && potsim board remove c &&
		modprobe -r pots-sim pots-si3210 pots
}

# The ways into every state of line a; the far end is line c, or far.
reach_IDLE() { :; }
reach_DIALTONE() { phone a/1 offhook; }
reach_DIALING() { reach_DIALTONE && comes_to a DIALTONE && phone a/1 dial 1; }
reach_CALLING() { reach_DIALTONE && comes_to a DIALTONE && phone a/1 dial 71; }
reach_EARLY() { reach_DIALTONE && comes_to a DIALTONE && phone a/1 dial 72; }
reach_HELD() { reach_DIALTONE && comes_to a DIALTONE && phone a/1 dial 73; }
reach_RINGBACK() { reach_DIALTONE && comes_to a DIALTONE && phone a/1 dial 102; }
reach_SPEECH() { reach_RINGBACK && comes_to c RINGING && phone c/1 offhook; }
reach_RINGING() { phone c/1 offhook && comes_to c DIALTONE && phone c/1 dial 101; }
reach_TREATMENT() { reach_DIALTONE && comes_to a DIALTONE && phone a/1 dial 0; }
reach_CLEARING() { reach_SPEECH && comes_to a SPEECH && phone c/1 onhook; }
reach_SILENCE() { reach_TREATMENT; }
reach_HOWLER() { reach_TREATMENT; }
reach_LOCKOUT() { reach_TREATMENT; }

# All of them is minutes under load: the slow runs have them.
states="CALLING SPEECH HELD RINGING"
[ -z "${POTS_FULL:-}" ] || states="IDLE DIALTONE DIALING CALLING RINGBACK EARLY SPEECH HELD RINGING
	TREATMENT CLEARING SILENCE HOWLER LOCKOUT"

# Those in which the line has something to lose, so that the watchdog runs.
stop_states="DIALTONE HELD RINGING"
[ -z "${POTS_FULL:-}" ] || stop_states="DIALTONE DIALING CALLING RINGBACK EARLY SPEECH HELD RINGING
	TREATMENT SILENCE HOWLER"

# reach STATE: with the far end's log begun anew
reach() {
	: >"$out/far.log"
	"reach_$1" && comes_to a "$1"
}

# What the far end must be told when line a is lost in a state.
far_end_of() {
	case $1 in
	CALLING | EARLY) echo CANCEL ;;
	HELD) echo BYE ;;
	esac
}

far_heard() {
	[ -z "$1" ] || until_true 3 grep -q "^$1 " "$out/far.log" || {
		echo "the far end had no $1:"
		cat "$out/far.log"
		return 1
	}
}

# Line c: nobody rings or speaks there any more, and the handset goes down.
line_c_is_released() {
	case $1 in
	RINGBACK) comes_to c IDLE ;;
	SPEECH) comes_to c CLEARING ;;
	RINGING) comes_to c TREATMENT ;;
	esac
}

all_down() {
	phone c/1 onhook && phone a/1 onhook && comes_to c IDLE && comes_to a IDLE
}
