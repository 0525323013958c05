# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two agents, each the other's far end, which is all the SIP that a machine without
# SIPp has: lines 1 and 2 are one's, line 3 is behind 127.0.0.1:5070.

far_config() {
	cat <<EOF
[agent]
log-level = debug
control = /run/far.control
[sip]
port = $proxy
[media]
port-min = 17000
port-max = 17099
[account near]
registrar =
outbound-proxy = 127.0.0.1:5060
domain = example.net
user = 103
[line 3]
port = pots2
account = near
number = 103
dial-plan = 10x
EOF
}

# apart COMMAND...: with two agents, and then one with all lines again
apart() {
	local status=0 far
	stop_answering
	stop_agent || return
	config 2 >"$out/near.conf" && far_config >"$out/far.conf" && chmod 600 "$out"/{near,far}.conf
	potsd -c "$out/far.conf" 2>"$out/far.log" &
	far=$!
	start_agent 2 "$out/near.conf" && until_true 5 line_is 3 claimed && "$@" || status=$?
	put_down 1
	kill "$far" && ended "$far" && stop_agent && start_agent "$phones" && return "$status"
}

# The far agent has a line 103, and no 9404.
call_and_refusal() {
	lift 1 && phone 1 dial 103 && phone 3 wait ringing --timeout 5 && phone 3 offhook &&
		sleep 0.5 && talks 1 3 && talks 3 1 || return
	# Who is hung up on is at rest later than who hung up.
	put_down 1
	put_down 3
	lift 1 && phone 1 dial 9404 && phone 1 wait tone reorder --timeout 5
}

agents_tests() {
	echo "agent-calls-agent apart call_and_refusal"
}
