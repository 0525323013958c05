# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Messages that wait: a server tells potsd, potsd the telephone of line 1, by the
# dial tone, by FSK, by the polarity or by its lamp. And what a call that is answered does to the
# line: its polarity, and pulses to the charge meter. And what becomes of one who does
# not dial.

# mailbox SAYS COUNT: the server's word for number 101, which is taken
mailbox() {
	local xml=$out/mailbox.xml
	cat >"$xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="message summary">
 <send retrans="500"><![CDATA[

NOTIFY sip:101@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:101@example.net>;tag=mailbox
To: <sip:101@example.net>
Call-ID: [call_id]
CSeq: 1 NOTIFY
Max-Forwards: 70
Contact: <sip:[local_ip]:[local_port]>
Event: message-summary
Subscription-State: active
Content-Type: application/simple-message-summary
Content-Length: [len]

Messages-Waiting: $1
Voice-Message: $2/0

 ]]></send>
 <recv response="200"/>
</scenario>
END
	timeout 30 sipp -sf "$xml" -i 127.0.0.1 -p 5073 -m 1 -nostdin -trace_err \
		-error_file "$out/mailbox.err" 127.0.0.1:5060 >"$out/mailbox.out" 2>&1 </dev/null &&
		return
	echo "SIPp's scenario failed"
	cat "$out/mailbox.err"
	return 1
}

# with_settings LINES COMMAND...: with these lines of config for line 1
with_settings() {
	local lines=$1 status=0
	shift
	sed "s/^\[line 1\]/&\n$lines/" "$out/potsd.conf" >"$out/mailbox.conf"
	chmod 600 "$out/mailbox.conf"
	replace_agent "$out/mailbox.conf" && "$@" || status=1
	put_down 1
	put_down 2
	replace_agent "$out/potsd.conf" && return "$status"
}

# told_by WAYS COMMAND...: with these ways, and a standard for FSK
told_by() {
	local ways=$1
	shift
	with_settings "caller-id = bellcore\nmessage-waiting = $ways" "$@"
}

lift_hears() {
	phone 1 offhook && phone 1 wait tone "$1" --timeout 5 || {
		echo "no $1 tone"
		return 1
	}
}

messages_by_tone() {
	local status=0
	mailbox yes 2 && lift_hears stutter && timeout 5 potsctl --socket /run/potsd.control --json calls |
		grep -q '"messages":"yes","new_messages":2' || status=1
	put_down 1
	mailbox no 0 && lift_hears dial || status=1
	put_down 1
	return "$status"
}

# told_of SAYS COUNT TEXT: by FSK, and the bell is silent
told_of() {
	local hearing rings status=0
	rings=$(state 1 rings)
	phone 1 hear "$out/mailbox.wav" --line --seconds 4 &
	hearing=$!
	mailbox "$1" "$2" || status=1
	wait "$hearing" || status=1
	[ "$status$(judge_cid class "$out/mailbox.wav")" = "0$3" ] && [ "$(state 1 rings)" = "$rings" ] &&
		return
	echo "the telephone was told: $(judge_cid class "$out/mailbox.wav")"
	return 1
}

messages_by_fsk() {
	told_of yes 3 '0b \ff' && told_of no 0 '0b \00'
}

# reversed LINE: by what the telephone measures
reversed() {
	[ "$(state "$1" line_mv)" -lt 0 ]
}

messages_by_polarity() {
	! reversed 1 && mailbox yes 1 && until_true 2 reversed 1 && lift 1 && reversed 1 || return
	put_down 1
	reversed 1 && mailbox no 0 && until_true 2 is_normal 1
}

is_normal() {
	! reversed "$1"
}

# The neon lamp blinks while the telephone is down, and is dark in a call.
messages_by_neon() {
	local before
	mailbox yes 1 && until_true 5 flag 1 lamp || return
	before=$(state 1 lamps)
	sleep 4
	near "$(($(state 1 lamps) - before))" 4 1 "pulses in four seconds" && lift 1 || return
	before=$(state 1 lamps)
	sleep 2
	(($(state 1 lamps) == before)) || {
		echo "it blinks in a call"
		return 1
	}
	put_down 1
	until_true 5 flag 1 lamp && mailbox no 0 && sleep 3 || return
	before=$(state 1 lamps)
	sleep 2
	(($(state 1 lamps) == before))
}

# Line 1 calls line 2: only the caller's polarity tells of the answer.
answer_reverses() {
	lift 1 && phone 1 dial 102 && phone 2 wait ringing --timeout 5 && ! reversed 1 &&
		phone 2 offhook && until_true 2 reversed 1 && ! reversed 2 || return
	put_down 1
	! reversed 1
}

# Two pulses when it is answered and one each second, until the handset is believed
# to be down; none for a call to another line.
meter_counts() {
	local before
	before=$(state 1 meters)
	reach 1 8488 && on_wire_now 1 '^ACK' && sleep 1.6 || return
	put_down 1
	sleep 1.5
	(($(state 1 meters) == before + 4)) && near "$(state 1 meter_hz)" 16000 50 Hz &&
		grep -q 'line 1: the call took 4 metering pulses' "$out/potsd.log" || {
		echo "$(($(state 1 meters) - before)) pulses"
		return 1
	}
	lift 1 && phone 1 dial 102 && phone 2 wait ringing --timeout 5 && phone 2 offhook &&
		sleep 2 && (($(state 1 meters) == before + 4))
}

# Nobody dials: dial tone and reorder of a second each, then the howler in five levels
# of a second. Its loudest is that of the plan, -9 dBm0.
howler_rises() {
	local began step levels=
	phone 1 hear "$out/howler.wav" --seconds 8 &
	local hearing=$!
	phone 1 offhook
	wait "$hearing"
	judge_ear "$out/howler.wav"
	began=$(bursts | awk 'NR == 1 { print int($1) }')
	for step in 0 1 2 3 4; do
		judge_ear "$out/howler.wav" --from $((began + 2150 + 1000 * step)) \
			--to $((began + 2950 + 1000 * step))
		levels+=" $(strongest 4 | awk 'NR == 1 { printf "%.0f", $2 }')"
	done
	[ "$levels" = " -29 -24 -19 -14 -9" ] || {
		echo "the howler's levels are$levels"
		return 1
	}
}

rising='first-digit = 1 s\nsilence = 0\nhowler-rise = 20\nhowler = 5 s\ntone = 1 s'

metering='metering = 16khz\nmetering-pulse = 100 ms\nmetering-first = 2\nmetering-interval = 1 s'

mailbox_tests() {
	cat <<END
messages-by-tone messages_by_tone
messages-by-fsk told_by fsk messages_by_fsk
messages-by-polarity told_by polarity messages_by_polarity
messages-by-neon told_by neon messages_by_neon
answer-reversal with_settings answer-reversal\ =\ yes answer_reverses
howler-rises with_settings "$rising" howler_rises
metering with_settings "$metering" meter_counts
END
}
