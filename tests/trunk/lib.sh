# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lines to an exchange: a potsd of its own on a board with both kinds of them.
#
#	telephone t/1, t/2 -----.           .-- 127.0.0.1:5070 SIPp, who is called
#	exchange t/1, t/2, t/3 ---- potsd ---
#	                                    '-- 127.0.0.1:5072 SIPp, who calls
#
# Callers of exchange 1 are answered, those of 2 refused (404), those of 3 hear
# no answer. Calls through exchange 2 end by a reversal, too. Calls to exchange 1 are
# answered by polarity, to 2 after 3 s, and 3 is dialled by pulses, or as is said.

trunk_sip=5090
trunk_socket=/run/trunk.control

# Of all that is configured here.
gateway_config() {
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
[account pbx]
registrar =
outbound-proxy = 127.0.0.1:$proxy
domain = example.net
user = gateway
EOF
}

# trunk_config [ROUTE-OF-TWO [CALLER-ID-OF-TWO [DIALLING-OF-THREE]]]
trunk_config() {
	gateway_config
	cat <<EOF
[times]
tone = 4 s
inter-digit = 2 s
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
caller-id = ${2:-bellcore}
disconnect = battery reversal tones
guard = 500 ms
[trunk three]
port = t-x3
account = pbx
route = 7000
life-line = no
dial-plan = 3x.T
dialling = ${3:-pulse}
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

# start_trunks [ROUTE-OF-TWO [CALLER-ID-OF-TWO [DIALLING-OF-THREE]]]
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
	sed 's/^/# /' "$out/release.txt"
	grep -a 'not foreseen' "$out/trunk.log"
	stop_answering
	stop_trunks && potsim board remove t && modprobe -r pots-sim pots-si3050 pots-si3210 pots
}

# A board-wide test: t/N are its telephones.
trunk_phone() {
	local board=t
	phone "$@"
}

# telephone_dials TELEPHONE DIGITS EXPECTED: lifted, and EXPECTED is what the exchange gets
telephone_dials() {
	trunk_phone "$1" offhook && trunk_phone "$1" wait tone dial --timeout 5 || return
	trunk_phone "$1" dial "$2"
	exchange 1 wait digits "$3" --timeout 15 || {
		echo "the exchange got: $(xstate 1 dialled)"
		return 1
	}
}
