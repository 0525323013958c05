# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Telephones and servers that others wrote, in SIPp's place: baresip, Kamailio.

other=/run/other

# start_baresip [OPTION]...: a telephone that answers at once and sends a tone
# of 600 Hz; what comes is written to $other/dump-*-dec.wav. Its account registers
# because version 1.1 lets one that does not be called by an address of the host only.
start_baresip() {
	stop_answering
	answering=
	rm -rf "$other"
	mkdir -p "$other"
	sox -n -r 8000 -c 1 -b 16 "$other/tone.wav" synth 10 sine 600 gain -12
	echo "<sip:8201@127.0.0.1:$proxy>;regint=3600;answermode=auto" >"$other/accounts"
	cat >"$other/config" <<-END
		net_interface 127.0.0.1
		sip_listen 127.0.0.1:$proxy
		module_path $(echo /usr/lib/baresip/modules /usr/lib/*/baresip/modules | cut -d' ' -f1)
		module g711.so
		module aufile.so
		module aubridge.so
		module sndfile.so
		module_tmp account.so
		module_app menu.so
		audio_source aufile,$other/tone.wav
		audio_player aubridge,none
		audio_alert aubridge,none
		ausrc_srate 8000
		auplay_srate 8000
		snd_path $other
	END
	baresip -f "$other" "$@" >"$out/baresip.out" 2>&1 </dev/null &
	sipp_pid=$!
	until_true 10 port_is_open_or_over && port_is_open
}

# Both ears, by the strongest sine; whoever called whom.
speech_with_baresip() {
	phone "$1" say "$made/voice.wav" &
	local said=$!
	phone "$1" hear "$out/near.wav" --seconds 1.5
	wait "$said"
	put_down "$1"
	expect_sine "$out/near.wav" 600 telephone || return
	judge_ear "$(echo "$other"/dump-*dec.wav)" --from 1000 && near_sine 1004 baresip
}

baresip_is_called() {
	start_baresip && lift 1 && phone 1 dial 8201 && sleep 0.5 && speech_with_baresip 1
}

baresip_calls() {
	start_baresip -e '/dial sip:101@127.0.0.1:5060' && phone 1 wait ringing --timeout 5 &&
		phone 1 offhook && sleep 0.5 && speech_with_baresip 1
}

with_baresip() {
	local status=0
	"$@" || status=$?
	[ "$status" = 0 ] || tail -n 20 "$out/baresip.out"
	stop_answering
	return "$status"
}

# Both lines have accounts at a registrar that asks for Digest.
config_registrar() {
	local line
	cat <<-END
		[agent]
		log-level = debug
		control = /run/potsd.control
	END
	for line in 1 2; do
		cat <<-END
			[account $line]
			registrar = 127.0.0.1:$proxy
			domain = pots.test
			user = 10$line
			secret = geheim
			[line $line]
			port = pots$((line - 1))
			account = $line
			number = 20$line
			dial-plan = 10x
		END
	done
}

both_registered() {
	[ "$(potsctl --socket /run/potsd.control accounts 2>/dev/null | grep -c registered)" = 2 ]
}

with_kamailio() {
	local status=0
	stop_answering
	answering=
	kamailio -f tests/unit/agent/sip/registrar.cfg -DD -E -m 16 -M 4 \
		-l "udp:127.0.0.1:$proxy" >"$out/kamailio.out" 2>&1 </dev/null &
	sipp_pid=$!
	until_true 10 port_is_open_or_over && port_is_open && stop_agent || return
	config_registrar >"$out/registrar.conf"
	chmod 600 "$out/registrar.conf"
	start_agent 2 "$out/registrar.conf" && "$@" || status=$?
	stop_agent
	# By SIGKILL its children would stay, and keep the port.
	kill "$sipp_pid" && wait "$sipp_pid" 2>/dev/null
	sipp_pid=
	start_agent "$phones"
	return "$status"
}

# Line 2's number there is unknown to the agent: the call goes by the registrar.
through_kamailio() {
	until_true 5 both_registered && lift "$1" && phone "$1" dial 102 &&
		phone 2 wait ringing --timeout 5 && phone 2 offhook && sleep 0.5 &&
		talks "$1" 2 && talks 2 "$1"
	local status=$?
	put_down 2
	return "$status"
}
