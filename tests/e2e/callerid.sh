# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who calls, from the INVITE to the telephone: potsd with a standard for line 1,
# a SIPp that calls and goes away, a tap on the wire.

# call_as FROM HEADERS: calls line 1, and cancels when the caller ID must be over
call_as() {
	local xml=$out/cid.xml head
	head="Via: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bKcid
From: $1;tag=cid
Call-ID: [call_id]
Max-Forwards: 70"
	cat >"$xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller ID">
 <send><![CDATA[

INVITE sip:101@127.0.0.1 SIP/2.0
$head
To: <sip:101@127.0.0.1>
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
${2:+$2
}Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 6000 RTP/AVP 8

 ]]></send>
 <recv response="100" optional="true"/>
 <recv response="180"/>
 <pause milliseconds="4200"/>
 <send><![CDATA[

CANCEL sip:101@127.0.0.1 SIP/2.0
$head
To: <sip:101@127.0.0.1>
CSeq: 1 CANCEL
Content-Length: 0

 ]]></send>
 <recv response="200"/>
 <recv response="487"/>
 <send><![CDATA[

ACK sip:101@127.0.0.1 SIP/2.0
$head
To: <sip:101@127.0.0.1>[peer_tag_param]
CSeq: 1 ACK
Content-Length: 0

 ]]></send>
</scenario>
END
	timeout 60 sipp -sf "$xml" -i 127.0.0.1 -p 5071 -m 1 -nostdin -trace_err \
		-error_file "$out/cid.err" 127.0.0.1:5060 >"$out/cid.out" 2>&1 </dev/null && return
	echo "SIPp's scenario failed"
	cat "$out/cid.err"
	return 1
}

replace_agent() {
	stop_agent
	start_agent "$phones" "$1"
}

# heard_of CALLER-ID STANDARD FROM [HEADERS]: what the telephone is told
heard_of() {
	local calling status=0
	sed "s/^\[line 1\]/&\ncaller-id = $1/" "$out/potsd.conf" >"$out/cid.conf"
	chmod 600 "$out/cid.conf"
	replace_agent "$out/cid.conf" || return
	call_as "$3" "${4:-}" &
	calling=$!
	phone 1 hear "$out/cid.wav" --line --seconds 4 || status=1
	wait "$calling" || status=1
	# The bell rang, and has ceased.
	! flag 1 ringing && judge_cid "$2" "$out/cid.wav" >"$out/cid.told" || status=1
	replace_agent "$out/potsd.conf" && return "$status"
}

# expect_told TEXT CALLER-ID STANDARD FROM [HEADERS]; TIME in the text is now
expect_told() {
	local wanted=$1 before heard now status=0
	shift
	before=$(date +%m%d%H%M)
	: >"$out/cid.told"
	heard_of "$@" || status=1
	heard=$(cat "$out/cid.told")
	for now in "$before" "$(date +%m%d%H%M)"; do
		[ "$heard" != "${wanted/TIME/$now}" ] || return "$status"
	done
	echo "the telephone was told: $heard"
	return 1
}

name_and_number() {
	expect_told "01 TIME
02 00493012345
07 Jurgen Gross" bellcore class '"Jürgen Groß" <sip:+49-30-12345@example.net>'
}

# The server's word outranks the caller's, and is not for the telephone to see.
asserted_and_private() {
	expect_told "11 \01
01 TIME
04 P
08 P" etsi-lr clip '"Nobody" <sip:7@example.net>' 'P-Asserted-Identity: <sip:555@example.net>
Privacy: id'
}

by_digits() {
	expect_told D555C dtmf dtmf '<sip:7@example.net>' 'P-Asserted-Identity: <sip:555@example.net>'
}

# A telephone of Japan answers a pulse of ringing by itself, is told, hangs up, and
# rings. The far end hears of none of it: SIPp's scenario fails at an answer.
japanese_display() {
	local calling told status=0
	sed "s/^\[line 1\]/&\ncaller-id = ntt/" "$out/potsd.conf" >"$out/cid.conf"
	chmod 600 "$out/cid.conf"
	replace_agent "$out/cid.conf" || return
	call_as '<sip:0312345678@example.net>' &
	calling=$!
	phone 1 wait ringing --timeout 3 && phone 1 offhook &&
		phone 1 hear "$out/cid.wav" --seconds 1.3 && phone 1 onhook &&
		phone 1 wait ringing --timeout 2 || status=1
	wait "$calling" || status=1
	told=$(judge_cid jclip "$out/cid.wav")
	[ "$told" = "02 0312345678" ] || {
		echo "the telephone was told: $told"
		status=1
	}
	! flag 1 ringing && replace_agent "$out/potsd.conf" && return "$status"
}

callerid_tests() {
	cat <<END
caller-id-name-and-number name_and_number
caller-id-private asserted_and_private
caller-id-by-digits by_digits
caller-id-japanese japanese_display
END
}
