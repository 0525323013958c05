# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What potsd answers of its own: a SIPp calls line 3, whose no-answer time is 7 s.

# called_by HOST ARGUMENTS-OF-caller...: SIPp's verdict
called_by() {
	local host=$1 xml=$out/caller.xml
	shift
	tests/e2e/caller "$@" >"$xml" || return
	rm -f "$out/caller.log"
	timeout 60 sipp -sf "$xml" -i "$host" -p 5072 -m 1 -nostdin -trace_msg \
		-message_file "$out/caller.log" 127.0.0.1:5060 >"$out/caller.out" 2>&1 </dev/null &&
		return
	echo "SIPp's scenario failed; the messages:"
	grep -aE '^(SIP/2.0|[A-Z]+ sip:)' "$out/caller.log"
	return 1
}

called() {
	called_by 127.0.0.1 "$@"
}

# wire_ms START: when a message was on the wire, by SIPp's log
wire_ms() {
	date -d "$(grep -aE "^-+ 20|^$1" "$out/caller.log" | grep -aB 1 "^$1" |
		sed -n 's/^-* //p' | head -n 1)" +%s%3N
}

# rings_unanswered SECONDS HEADER...: nobody lifts
rings_unanswered() {
	local seconds=$1 rings caller status=0
	shift
	rings=$(state 3 rings)
	called 103 408 "$@" &
	caller=$!
	phone 3 wait ringing --timeout 5 || status=1
	wait "$caller" || return
	[ "$status" = 0 ] && [ "$(state 3 rings)" -gt "$rings" ] && ! flag 3 ringing || {
		echo "it did not ring, or does not cease"
		return 1
	}
	near $(($(wire_ms 'SIP/2.0 408') - $(wire_ms INVITE))) $((seconds * 1000)) 20 \
		"INVITE to 408 in ms"
}

# The next COUNT bursts of a bell, and the pauses between them, in ms.
bell() {
	local line=$1 count=$2 began ended was=
	while ((count--)); do
		phone "$line" wait ringing --timeout 8 && phone "$line" wait onring --timeout 8 ||
			return
		began=$(state "$line" ring_start_ns) ended=$(state "$line" ring_end_ns)
		[ -z "$was" ] || echo $(((began - was) / 1000000))
		echo $(((ended - began) / 1000000))
		was=$ended
	done
}

# rings_like BURSTS HEADER MS...: a call with that header, until nobody answers
rings_like() {
	local count=$1 header=$2 caller heard status=0 ms
	shift 2
	called 103 408 "$header" &
	caller=$!
	heard=$(bell 3 "$count") || status=1
	wait "$caller" || return
	for ms in $heard; do
		near "$ms" "$1" 20 "one of $(paste -sd' ' <<<"$heard") ms" || status=1
		shift
	done
	[ "$status$#" = 00 ]
}

busy_line() {
	local status=0
	lift 3 && called 103 486 || status=$?
	put_down 3
	return "$status"
}

# Who is no server of an account is not even told that somebody is here.
stranger() {
	local rings
	rings=$(state 3 rings)
	called_by 127.0.0.9 103 nothing && [ "$(state 3 rings)" = "$rings" ]
}

incoming_tests() {
	cat <<END
generated-404-unknown-callee called 555 404
generated-408-no-answer rings_unanswered 7
generated-408-expires rings_unanswered 3 "Expires:3"
generated-415-no-common-codec called 103 415 codec=9
generated-415-unsupported-body called 103 415 type=text/plain
generated-486-busy-line busy_line
distinctive-ring rings_like 4 "Alert-Info: <http://127.0.0.1/Bellcore-dr3>" 400 200 400 200 800 4000 400
distinctive-ring-vendor rings_like 3 "Alert-Info: <sip:a>;info=Bellcore-r2" 300 200 1000 200 300
first-ring-splash with_config 's/^no-answer.*/&\\nring-cadence=!500,900,300,700/' rings_like 3 X-Splash:1 500 900 300 700 300
stranger-hears-nothing stranger
END
}
