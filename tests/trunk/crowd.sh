# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Many callers of a board of their own, of whom some give up whenever they like.

# Eight lines of a board of their own, of which every other one's callers are
# refused; bursts and pauses are short, so that most of the time is calls.
crowd_config() {
	local x
	gateway_config
	cat <<EOF
[times]
tone = 1 s
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
