// SPDX-License-Identifier: GPL-2.0-or-later
/* Session descriptions: good ones, odd ones and hostile ones; offer and answer. */
#include <errno.h>

#include "kselftest_harness.h"
#include "sdp.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

/* On a heap block of just that size, so that a sanitiser sees every step too far. */
static int parse(struct sdp *sdp, const char *text, size_t len)
{
	char *block = malloc(len ? len : 1);
	int err;

	memcpy(block, text, len);
	err = sdp_parse(sdp, block, len);
	free(block);
	return err;
}

static int parse_text(struct sdp *sdp, const char *text)
{
	return parse(sdp, text, strlen(text));
}

static struct sdp_local local_side(void)
{
	struct sdp_local local = {
		.port = 16384,
		.session_id = 77,
		.version = 1,
		.codec_count = 2,
		.codec = { SDP_PCMA, SDP_PCMU },
		.ptime_ms = 20,
		.event_pt = 101,
	};

	sdp_address_set(&local.address, "192.0.2.9");
	return local;
}

TEST(plain_offer)
{
	struct sdp sdp;

	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 0 8 101\r\n"
				"a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
				"a=fmtp:101 0-15\r\na=ptime:30\r\na=maxptime:40\r\n"
				"a=rtcp:4009 IN IP4 192.0.2.3\r\n"));
	ASSERT_EQ(1, sdp.media_count);
	EXPECT_TRUE(sdp.media[0].audio);
	EXPECT_EQ(4000, sdp.media[0].port);
	EXPECT_STREQ("192.0.2.1", sdp.media[0].address.text);
	EXPECT_EQ(4009, sdp.media[0].rtcp_port);
	EXPECT_STREQ("192.0.2.3", sdp.media[0].rtcp_address.text);
	EXPECT_EQ(2, sdp.media[0].codec_count);
	EXPECT_EQ(SDP_PCMU, sdp.media[0].codec[0]);
	EXPECT_EQ(101, sdp.media[0].event_pt);
	EXPECT_EQ(30, sdp.media[0].ptime_ms);
	EXPECT_EQ(40, sdp.media[0].maxptime_ms);
	EXPECT_EQ(SDP_SENDRECV, sdp.media[0].direction);
}

TEST(ends_of_lines)
{
	struct sdp sdp;

	EXPECT_EQ(0, parse_text(&sdp, "v=0\no=- 1 1 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\n"
				"m=audio 4000 RTP/AVP 0\n"));
	EXPECT_EQ(0, parse_text(&sdp, "v=0\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0"));
	EXPECT_EQ(0, sdp.media[0].codec[0]);
}

TEST(unknown_lines_are_passed_over)
{
	struct sdp sdp;

	EXPECT_EQ(0, parse_text(&sdp, "v=0\r\nc=IN IP4 192.0.2.1\r\nd=1\r\ny=what\r\nx=\r\n\r\n"
				"m=audio 4000 RTP/AVP 8\r\na=\r\na=:\r\na=unheard\r\n"
				"a=rtpmap:\r\na=rtpmap:101\r\na=rtpmap:x y/z\r\n"
				"a=ptime:\r\na=ptime:x\r\na=rtcp:\r\na=rtcp:0\r\nb=AS:64\r\n"));
	EXPECT_EQ(-1, sdp.media[0].event_pt);
	EXPECT_EQ(0, sdp.media[0].ptime_ms);
	EXPECT_EQ(0, sdp.media[0].rtcp_port);
}

TEST(media_level_wins)
{
	struct sdp sdp;

	ASSERT_EQ(0, parse_text(&sdp, HEAD "a=sendonly\r\nm=audio 4000 RTP/AVP 8\r\n"
				"c=IN IP4 192.0.2.7\r\na=recvonly\r\n"
				"m=audio 4002 RTP/AVP 8\r\n"));
	EXPECT_STREQ("192.0.2.7", sdp.media[0].address.text);
	EXPECT_EQ(SDP_RECEIVE, sdp.media[0].direction);
	EXPECT_STREQ("192.0.2.1", sdp.media[1].address.text);
	EXPECT_EQ(SDP_SEND, sdp.media[1].direction);
}

TEST(hold_of_old)
{
	struct sdp sdp;

	ASSERT_EQ(0, parse_text(&sdp, "v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8\r\n"));
	EXPECT_EQ(SDP_SEND, sdp.media[0].direction);
}

TEST(refused)
{
	static const char *const bad[] = {
		"", "v", "v=", "v=1\r\n", "m=audio 1 RTP/AVP 0\r\n", "v=0\r\n",
		"v=0\r\nrubbish\r\nm=audio 4000 RTP/AVP 0\r\n",
		HEAD "m=\r\n", HEAD "m=audio\r\n", HEAD "m=audio 4000\r\n",
		HEAD "m=audio 4000 RTP/AVP\r\n", HEAD "m=audio 4000 RTP/AVP \r\n",
		HEAD "m=audio x RTP/AVP 0\r\n", HEAD "m=audio -1 RTP/AVP 0\r\n",
		HEAD "m=audio 65536 RTP/AVP 0\r\n",
		HEAD "m=audio 99999999999999999999 RTP/AVP 0\r\n",
		HEAD "m=audioaudioaudioaudio 4000 RTP/AVP 0\r\n",
		HEAD "m=au\x01io 4000 RTP/AVP 0\r\n",
		"v=0\r\nm=audio 4000 RTP/AVP 0\r\n",		/* no address */
		"v=0\r\nc=IN IP4 300.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n",
		"v=0\r\nc=IN IP4 host.example\r\nm=audio 4000 RTP/AVP 0\r\n",
		"v=0\r\nc=IN IP4\r\nm=audio 4000 RTP/AVP 0\r\n",
		"v=0\r\nc=IN IP6 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n",
		"v=0\r\nc=XX IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n",
	};
	struct sdp sdp;

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_EQ(-EINVAL, parse_text(&sdp, bad[i])) {
			TH_LOG("%u: %s", i, bad[i]);
		}
	}
	EXPECT_EQ(-EINVAL, sdp_parse(&sdp, NULL, 0));
	EXPECT_EQ(-EINVAL, parse(&sdp, HEAD "m=audio 1\0 RTP/AVP 0\r\n",
				 sizeof(HEAD "m=audio 1\0 RTP/AVP 0\r\n") - 1));
}

/* A last line that is cut short and ended by a bare LF is what made another parser stray. */
TEST(cut_anywhere)
{
	static const char whole[] = HEAD "m=audio 49217 RTP/AVP 0 8 101\r\n"
		"a=rtpmap:101 telephone-event/8000\r\na=rtcp:4001 IN IP4 192.0.2.2\r\n"
		"c=IN IP6 2001:db8::1/127\r\na=ptime:20.0\r\n";
	char cut[sizeof(whole) + 1];
	struct sdp sdp;

	for (size_t len = 0; len < sizeof(whole); len++) {
		memcpy(cut, whole, len);
		parse(&sdp, cut, len);
		cut[len] = '\n';
		parse(&sdp, cut, len + 1);
	}
	EXPECT_EQ(0, parse_text(&sdp, whole));
}

TEST(any_byte_may_be_another)
{
	static const char whole[] = HEAD "m=audio 49217 RTP/AVP 0 8 101\r\n"
		"a=rtpmap:101 telephone-event/8000\r\na=rtcp:4001 IN IP4 192.0.2.2\r\n";
	static const char others[] = "\0\n\r =:/.0-\x7f\xff";
	char text[sizeof(whole)];
	struct sdp sdp;

	for (size_t at = 0; at < sizeof(whole) - 1; at++) {
		for (size_t i = 0; i < sizeof(others) - 1; i++) {
			memcpy(text, whole, sizeof(whole));
			text[at] = others[i];
			parse(&sdp, text, sizeof(whole) - 1);
		}
	}
}

TEST(too_much)
{
	char text[SDP_TEXT_MAX + 1000] = HEAD;
	struct sdp sdp;

	for (int i = 0; i < SDP_MEDIA_MAX; i++)
		strcat(text, "m=audio 4000 RTP/AVP 0\r\n");
	EXPECT_EQ(0, parse_text(&sdp, text));
	strcat(text, "m=audio 4000 RTP/AVP 0\r\n");
	EXPECT_EQ(-E2BIG, parse_text(&sdp, text));

	strcpy(text, HEAD "m=audio 4000 RTP/AVP 0");
	memset(text + strlen(text), ' ', SDP_TEXT_MAX + 1 - strlen(text));
	EXPECT_EQ(-E2BIG, parse(&sdp, text, SDP_TEXT_MAX + 1));
	EXPECT_EQ(0, parse(&sdp, text, SDP_TEXT_MAX));
	/* The same format a thousand times is one codec. */
	strcpy(text, HEAD "m=audio 4000 RTP/AVP");
	for (int i = 0; i < 1000; i++)
		strcat(text, " 0 8");
	EXPECT_EQ(0, parse_text(&sdp, text));
	EXPECT_EQ(2, sdp.media[0].codec_count);
}

TEST(choose_in_the_order_of_the_offer)
{
	struct sdp_local local = local_side();
	struct sdp_session session;
	struct sdp sdp;

	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 18 0 8 97\r\n"
				"a=rtpmap:97 Telephone-Event/8000\r\na=ptime:30\r\n"));
	ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
	EXPECT_EQ(SDP_PCMU, session.codec);
	EXPECT_EQ(4000, session.remote_port);
	EXPECT_EQ(97, session.event_pt_send);
	EXPECT_EQ(97, session.event_pt_receive);
	EXPECT_EQ(30, session.ptime_ms);
	EXPECT_EQ(SDP_SENDRECV, session.direction);
}

TEST(packet_times_that_we_can_send)
{
	static const struct {
		const char *attributes;
		unsigned int ptime_ms;
	} cases[] = {
		{ "", 20 }, { "a=ptime:10\r\n", 10 }, { "a=ptime:20\r\n", 20 },
		{ "a=ptime:60\r\n", 30 }, { "a=ptime:5\r\n", 10 }, { "a=ptime:25\r\n", 20 },
		{ "a=maxptime:10\r\n", 10 }, { "a=ptime:30\r\na=maxptime:20\r\n", 20 },
	};
	struct sdp_local local = local_side();
	struct sdp_session session;
	struct sdp sdp;
	char text[512];

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), HEAD "m=audio 4000 RTP/AVP 8\r\n%s",
			 cases[i].attributes);
		ASSERT_EQ(0, parse_text(&sdp, text));
		ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
		EXPECT_EQ(cases[i].ptime_ms, session.ptime_ms) {
			TH_LOG("%s", cases[i].attributes);
		}
	}
}

TEST(mismatches)
{
	static const char *const none[] = {
		HEAD "m=audio 4000 RTP/AVP 3 18\r\n",
		HEAD "m=audio 0 RTP/AVP 0\r\n",
		HEAD "m=audio 4000 RTP/SAVP 0\r\n",
		HEAD "m=video 4000 RTP/AVP 31\r\n",
		HEAD "m=image 4000 udptl t38\r\n",
		"v=0\r\nc=IN IP6 2001:db8::1\r\nm=audio 4000 RTP/AVP 0\r\n",
	};
	struct sdp_local local = local_side();
	struct sdp_session session;
	struct sdp sdp;

	for (unsigned int i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ASSERT_EQ(0, parse_text(&sdp, none[i])) {
			TH_LOG("%s", none[i]);
		}
		EXPECT_EQ(-ENOTSUP, sdp_choose(&session, &sdp, &local)) {
			TH_LOG("%s", none[i]);
		}
	}
}

TEST(the_first_that_suits_the_others_refused)
{
	struct sdp_local local = local_side();
	struct sdp_session session;
	char text[SDP_WRITE_MAX];
	struct sdp sdp;
	int len;

	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=video 5000 RTP/AVP 31 32\r\n"
				"m=audio 4002 RTP/AVP 8\r\na=sendonly\r\n"
				"m=audio 4004 RTP/AVP 0\r\n"));
	ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
	EXPECT_EQ(1, session.media);
	EXPECT_EQ(SDP_RECEIVE, session.direction);
	len = sdp_write_answer(text, sizeof(text), &local, &sdp, &session);
	ASSERT_EQ(strlen(text), len);
	EXPECT_STREQ("v=0\r\no=- 77 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
		     "m=video 0 RTP/AVP 31\r\n"
		     "m=audio 16384 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
		     "a=ptime:20\r\na=recvonly\r\n"
		     "m=audio 0 RTP/AVP 0\r\n", text);
}

TEST(our_offer_and_its_answer)
{
	struct sdp_local local = local_side();
	struct sdp_session session;
	char text[SDP_WRITE_MAX];
	struct sdp sdp;
	int len = sdp_write_offer(text, sizeof(text), &local);

	ASSERT_LT(0, len);
	ASSERT_EQ(0, parse(&sdp, text, len));
	EXPECT_EQ(2, sdp.media[0].codec_count);
	EXPECT_EQ(SDP_PCMA, sdp.media[0].codec[0]);
	EXPECT_EQ(101, sdp.media[0].event_pt);

	/* The answerer may use another number for its direction. */
	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 8 96\r\n"
				"a=rtpmap:96 telephone-event/8000\r\n"));
	ASSERT_EQ(0, sdp_accept(&session, &sdp, &local));
	EXPECT_EQ(SDP_PCMA, session.codec);
	EXPECT_EQ(96, session.event_pt_send);
	EXPECT_EQ(101, session.event_pt_receive);

	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 8\r\n"));
	ASSERT_EQ(0, sdp_accept(&session, &sdp, &local));
	EXPECT_EQ(-1, session.event_pt_send);
	EXPECT_EQ(-1, session.event_pt_receive);
}

/* Hook flash is agreed on only where both sides name it. */
TEST(flash_is_negotiated)
{
	static const struct {
		const char *fmtp;
		bool flash;
	} cases[] = {
		{ "", false },
		{ "a=fmtp:101 0-15\r\n", false },
		{ "a=fmtp:101 0-16\r\n", true },
		{ "a=fmtp:101 0-11,16\r\n", true },
		{ "a=fmtp:101 0-15,66,70\r\n", false },
		{ "a=fmtp:102 0-16\r\n", false },
		{ "a=fmtp:101 -\r\na=fmtp:101 ,,9-\r\n", false },
	};
	struct sdp_local local = local_side();
	struct sdp_session session;
	char text[SDP_WRITE_MAX];
	struct sdp sdp;

	ASSERT_LT(0, sdp_write_offer(text, sizeof(text), &local));
	EXPECT_NE(NULL, strstr(text, "a=fmtp:101 0-15\r\n"));
	local.flash = true;
	ASSERT_LT(0, sdp_write_offer(text, sizeof(text), &local));
	EXPECT_NE(NULL, strstr(text, "a=fmtp:101 0-16\r\n"));
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), HEAD "m=audio 4000 RTP/AVP 8 101\r\n%s"
			 "a=rtpmap:101 telephone-event/8000\r\n", cases[i].fmtp);
		ASSERT_EQ(0, parse_text(&sdp, text));
		local.flash = true;
		ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
		EXPECT_EQ(cases[i].flash, session.flash_send) {
			TH_LOG("%s", cases[i].fmtp);
		}
		local.flash = false;
		ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
		EXPECT_FALSE(session.flash_send);
	}
}

/* What we do not do we do not claim: RTCP has a port of its own. */
TEST(rtcp_is_not_multiplexed)
{
	struct sdp_local local = local_side();
	struct sdp_session session;
	char text[SDP_WRITE_MAX];
	struct sdp sdp;

	ASSERT_LT(0, sdp_write_offer(text, sizeof(text), &local));
	EXPECT_EQ(NULL, strstr(text, "rtcp-mux"));
	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n"));
	ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
	ASSERT_LT(0, sdp_write_answer(text, sizeof(text), &local, &sdp, &session));
	EXPECT_EQ(NULL, strstr(text, "rtcp-mux"));
}

TEST(directions_are_mirrored)
{
	struct sdp_local local = local_side();
	struct sdp_session session;
	char text[SDP_WRITE_MAX];
	struct sdp sdp;

	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 8\r\na=inactive\r\n"));
	ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
	EXPECT_EQ(0, session.direction);
	ASSERT_LT(0, sdp_write_answer(text, sizeof(text), &local, &sdp, &session));
	EXPECT_NE(NULL, strstr(text, "a=inactive\r\n"));

	ASSERT_EQ(0, parse_text(&sdp, HEAD "m=audio 4000 RTP/AVP 8\r\na=recvonly\r\n"));
	ASSERT_EQ(0, sdp_choose(&session, &sdp, &local));
	EXPECT_EQ(SDP_SEND, session.direction);
}

TEST(room)
{
	struct sdp_local local = local_side();
	char text[SDP_WRITE_MAX];
	int len = sdp_write_offer(text, sizeof(text), &local);

	for (int size = 0; size <= len; size++) {
		EXPECT_EQ(-ENOSPC, sdp_write_offer(text, size, &local));
	}
	EXPECT_EQ(len, sdp_write_offer(text, len + 1, &local));
}

TEST(addresses)
{
	struct sdp_address address = { 0 };

	EXPECT_EQ(0, sdp_address_set(&address, "2001:db8::1"));
	EXPECT_TRUE(address.v6);
	EXPECT_EQ(-EINVAL, sdp_address_set(&address, "2001:db8:::1"));
	EXPECT_EQ(-EINVAL, sdp_address_set(&address, "1.2.3"));
	EXPECT_EQ(-EINVAL, sdp_address_set(&address, ""));
}

TEST_HARNESS_MAIN
