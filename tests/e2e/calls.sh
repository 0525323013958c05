# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Calls that are answered, or heard before: a SIPp agrees, farend speaks.

flood_rate=1000	# INVITEs a second

# reach LINE NUMBER: dialled, and who answers is there
reach() {
	answer_any && lift "$1" || return
	lifted=$(state "$1" now_ns)
	mark_wire
	phone "$1" dial "$2"
}

# on_wire COUNT PATTERN: so many lines of it are there, soon. Looking is what
# takes time here, waiting does not.
on_wire() {
	for _ in {1..12}; do
		on_wire_now "$@" && return
		sleep 0.5
	done
	echo "not on the wire $1 times: $2"
	wire | grep -aE '^(SIP/2.0|[A-Z]+ sip:|[cm]=|a=[sri])'
	return 1
}

on_wire_now() {
	[ "$(wire | grep -acE "$2")" -ge "$1" ]
}

# Where the agent listens, by its last description.
agent_rtp() {
	wire | awk '/^c=IN IP4/ { host = $3 }
		/^m=audio/ && $2 != 7000 { at = host ":" $2 }
		END { print at }'
}

# far SECONDS OPTION...: what the far end says and hears
far() {
	local seconds=$1
	shift
	timeout 20 farend 7000 "$(agent_rtp)" --seconds "$seconds" "$@" >"$out/far.txt"
}

begun() {
	[ "$late_s" = 0 ] || sleep "$late_s"
}

# both_heard phone|exchange NUMBER: what was said on both sides, in
# $out/{near,far}.wav; each is listened to while the other one speaks
both_heard() {
	local said spoken
	"$@" say "$made/$voice" &
	said=$!
	begun
	far "$far_s" --say 800 --hear "$out/far.wav" &
	spoken=$!
	begun
	"$@" hear "$out/near.wav" --seconds 1.4
	wait "$said" "$spoken"
}

# expect_sine FILE HZ WHERE
expect_sine() {
	judge_ear "$1" --from 800 && near_sine "$2" "$3"
}

speech_passes() {
	both_heard phone "$1" && expect_sine "$out/near.wav" 800 telephone &&
		expect_sine "$out/far.wav" 1004 "far end"
}

far_is_quiet() {
	grep -q '^speech 0 ' "$out/far.txt" || {
		echo "the far end heard $(head -n 1 "$out/far.txt")"
		return 1
	}
}

# Digits of 80 ms: one marked packet, three ends, all of one length each.
digits_to_far() {
	local far
	far 2.5 &
	far=$!
	phone "$1" dial '159#'
	wait "$far"
	[ "$(sed -n 's/^digit \(.\).*/\1/p' "$out/far.txt" | tr -d '\n')" = '159#' ] &&
		! grep '^digit' "$out/far.txt" | grep -vqE 'marked 1 ends 3 samples (4|5|6|7|8)[0-9]{2}$' &&
		return
	echo "the far end was sent:"
	cat "$out/far.txt"
	return 1
}

digits_from_far() {
	local far
	far 2.5 --say 800 --dial '2580*' &
	far=$!
	phone "$1" hear "$out/digits.wav" --seconds 2.5
	wait "$far"
	judge_ear "$out/digits.wav" && grep -q '"dtmf":"2580\*"' <<<"$verdict" || {
		echo "the ear heard other digits: $verdict"
		return 1
	}
}

digits_both_ways() {
	reach "$1" 8488 && on_wire 1 '^ACK' && speech_passes "$1" && digits_to_far "$1" &&
		digits_from_far "$1" || return
	put_down "$1"
	on_wire 1 '^BYE'
}

# address ADDRESS: from now on ours toward 127.0.0.1; the agent waits a second
address() {
	ip route replace local 127.0.0.1 dev lo src "$1" table local
	sleep 1.2
}

# new_offer_refused LINE CODE: our address changes within a call
new_offer_refused() {
	reach "$1" "8$2" && on_wire 1 '^ACK' && address 127.0.0.2 &&
		on_wire 2 '^INVITE' && on_wire 1 "^SIP/2.0 $2" && on_wire 2 '^ACK' &&
		on_wire 1 '^c=IN IP4 127.0.0.2' || return
	case $2 in
	488) speech_passes "$1" && expect_never_opened "$1" "$lifted" ;;
	481) expect_hangup "$1" "$lifted" ;;
	408) on_wire 1 '^BYE' && expect_hangup "$1" "$lifted" ;;
	esac
}

new_offer() {
	local status=0
	new_offer_refused "$@" || status=$?
	put_down "$1"
	address 127.0.0.1
	return "$status"
}

# The far end listens no more, neither speaks, and both do again.
held() {
	reach 1 8000 && on_wire 1 '^ACK' || return
	on_wire 1 '^a=recvonly' && sleep 0.2 && both_heard phone 1 &&
		expect_sine "$out/near.wav" 800 telephone && far_is_quiet || return
	on_wire 2 '^a=inactive' && sleep 0.2 && far 0.5 && far_is_quiet &&
		phone 1 hear "$out/near.wav" --seconds 0.5 && judge_ear "$out/near.wav" &&
		expect_silence || return
	on_wire 4 '^a=sendrecv' && sleep 0.2 && speech_passes 1
}

# A line that has hold-tone hears it from when the far end neither speaks nor listens
# until it does both again; nothing of it comes after that, when the next one is due.
hold_tone() {
	local hearing
	reach 1 8000 && on_wire 1 '^ACK' && on_wire 1 '^a=recvonly' || return
	phone 1 hear "$out/hold.wav" --seconds 6 &
	hearing=$!
	on_wire 2 '^a=inactive'
	wait "$hearing"
	judge_ear "$out/hold.wav" && expect_hold_tone && on_wire 4 '^a=sendrecv' && sleep 0.2 &&
		speech_passes 1 && phone 1 hear "$out/hold.wav" --seconds 6 &&
		judge_ear "$out/hold.wav" && expect_silence
}

# Of the plan that the kernel has by itself.
expect_hold_tone() {
	[ "$(bursts | awk '{ printf "%.0f ", $2 }')" = "100 100 " ] || {
		echo "the ear heard no hold tone: $verdict"
		return 1
	}
	near_sine 600 telephone && near "$(strongest 1 | cut -d' ' -f2)" -19 0.3 "level in dBm0"
}

# with_config LINE-OF-SED COMMAND...: by a potsd whose configuration is edited so
with_config() {
	local status=0 edit=$1
	shift
	sed "$edit" "$out/potsd.conf" >"$out/edited.conf"
	chmod 600 "$out/edited.conf"
	replace_agent "$out/edited.conf" && "$@" || status=1
	replace_agent "$out/potsd.conf" && return "$status"
}

# Announcements are heard before the answer, and 404 is 404 after them.
early_media() {
	reach 1 8183 && on_wire 1 '^SIP/2.0 183' && sleep 0.2 && both_heard phone 1 &&
		expect_sine "$out/near.wav" 800 telephone && on_wire 1 '^SIP/2.0 404' &&
		on_wire 1 '^ACK' && expect_treatment 1 reorder "$lifted"
}

# Its interface goes down and takes the routes along; the agent waits a second.
network() {
	ip link set lo "$1"
	sleep 1.2
}

# With the network away in a call there is silence; with it back speech passes again,
# and neither the subscriber nor the far end has been told anything.
network_down_and_up() {
	reach "$1" 8488 && on_wire 1 '^ACK' && speech_passes "$1" || return
	network down
	both_heard phone "$1"
	network up
	judge_ear "$out/near.wav" --from 200 && expect_silence && far_is_quiet &&
		speech_passes "$1" && expect_never_opened "$1" "$lifted" &&
		! on_wire_now 2 '^INVITE'
}

# Who hangs up meanwhile is at rest at once, and the far end hears of it later.
hangs_up_without_network() {
	reach "$1" 8488 && on_wire 1 '^ACK' || return
	network down
	put_down "$1"
	line_is_idle "$1" && network up && on_wire 1 '^BYE' && lift "$1"
}

line_is_idle() {
	local calls
	calls=$(timeout 5 potsctl --socket /run/potsd.control calls)
	grep -qE "^line +$1 .* IDLE " <<<"$calls" || {
		echo "the line is stuck: $calls"
		return 1
	}
}

without_network() {
	local status=0
	"$@" || status=$?
	network up
	return "$status"
}

agent_kb() {
	sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$potsd_pid/status"
}

# expect_unbroken FILE MS: one piece of sound, as long as it was listened
expect_unbroken() {
	judge_ear "$1" && [ "$(bursts | wc -l)" = 1 ] &&
		awk -v least="$2" '$2 >= least { long = 1 } END { exit !long }' < <(bursts) || {
		echo "what was heard has gaps: $verdict"
		return 1
	}
}

# A thousand strangers a second call while one telephone is in a call: both ends
# hear each other without a gap, nobody is answered, and nothing is kept of it.
strangers_call() {
	local flood spoken kb packets
	reach "$1" 8488 && on_wire 1 '^ACK' || return
	flood 5060 "$((2 * flood_rate))" "$flood_rate" 102 >"$out/flood.txt" # what is allocated once
	kb=$(agent_kb)
	flood 5060 "$((5 * flood_rate))" "$flood_rate" 102 >"$out/flood.txt" &
	flood=$!
	far 4 --say 800 --hear "$out/far.wav" &
	spoken=$!
	sleep 0.5
	phone "$1" hear "$out/near.wav" --seconds 3
	wait "$spoken" "$flood"
	packets=$(sed -n 's/^speech \([0-9]*\) .*/\1/p' "$out/far.txt")
	cat "$out/flood.txt"
	echo "agent $kb to $(agent_kb) kB, $packets packets in 4 s"
	expect_unbroken "$out/near.wav" 2990 && near_sine 800 telephone &&
		near "$packets" 200 2 "packets in 4 s" && grep -q ' 0 octets back' "$out/flood.txt" &&
		[ "$(agent_kb)" -le $((kb + 8)) ] && ! flag 2 ringing &&
		expect_never_opened "$1" "$lifted"
}

calls_tests() {
	cat <<END
speech-and-digits-both-ways then_down digits_both_ways 1
new-offer-refused-488 new_offer 1 488
new-offer-refused-408 new_offer 1 408
new-offer-refused-481 new_offer 1 481
held-by-the-far-end then_down held 1
hold-tone with_config 's/^.line.1.$/&\\nhold-tone=yes/' then_down hold_tone 1
early-media-then-404 then_down early_media 1
network-down-and-up without_network then_down network_down_and_up 1
hangs-up-without-network without_network then_down hangs_up_without_network 1
strangers-call then_down strangers_call 1
END
}
