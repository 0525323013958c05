// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Incoming calls and requests: what each gets, and what the owner is told.
 *
 *   agent/sip_*.c <── INVITE ── peer 127.0.0.1:P     (T1 = 20 ms)
 */
#include <arpa/inet.h>

#include "kselftest_harness.h"
#include "sip_peer.h"

FIXTURE(uas) {
	struct peer peer;
};

FIXTURE_SETUP(uas)
{
	world_start("127.0.0.1");
	peer_open(&self->peer, "127.0.0.1");
	world_server(&self->peer, SIP_UDP);
}

FIXTURE_TEARDOWN(uas)
{
	peer_close(&self->peer);
	world_stop();
}

#define EXPECT_STATUS(start) \
	EXPECT_TRUE(peer_recv(&self->peer, "SIP/2.0 " start, 500))

/* Brings a call up; the tag we gave is in @tag. */
#define UP(tag) do { \
	world.answer_at_once = true; \
	peer_request(&self->peer, "INVITE", "inv", 1, "", NULL, peer_sdp); \
	ASSERT_TRUE(peer_recv(&self->peer, "SIP/2.0 200", 500)); \
	snprintf(tag, sizeof(tag), "%s", to_tag(&self->peer)); \
	peer_request(&self->peer, "ACK", "ack", 1, tag, NULL, NULL); \
	ASSERT_TRUE(world_wait("confirmed;", 500)); \
	world_log(); \
} while (0)

TEST_F(uas, rings_and_is_answered)
{
	char tag[64];

	peer_request(&self->peer, "INVITE", "1", 7, "", "Alert-Info: <x>;info=dr2\r\n"
		     "Expires: 33\r\n", peer_sdp);
	EXPECT_STATUS("100");
	EXPECT_STREQ("", to_tag(&self->peer));
	EXPECT_STREQ("incoming+sdp;", world_log());
	EXPECT_STREQ("101", world.called);
	EXPECT_STREQ("200", world.caller);
	EXPECT_STREQ("Caller", world.caller_name);
	EXPECT_EQ(33, world.in.expires_s);
	EXPECT_FALSE(world.in.caller_private);
	EXPECT_EQ(0, sip_call_ring(world.call, 180, NULL, 0));
	EXPECT_STATUS("180");
	snprintf(tag, sizeof(tag), "%s", to_tag(&self->peer));
	EXPECT_EQ(16, strlen(tag));
	EXPECT_EQ(0, sip_call_ring(world.call, 183, peer_sdp, strlen(peer_sdp)));
	EXPECT_STATUS("183");
	EXPECT_STREQ(tag, to_tag(&self->peer));
	EXPECT_EQ(0, sip_call_answer(world.call, peer_sdp, strlen(peer_sdp)));
	EXPECT_STATUS("200");
	EXPECT_STREQ(tag, to_tag(&self->peer));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Contact"), "<sip:101@127.0.0.1:"));
	EXPECT_NE(NULL, strstr(self->peer.rx, peer_sdp));
	peer_request(&self->peer, "ACK", "2", 7, tag, NULL, NULL);
	EXPECT_TRUE(world_wait("confirmed;", 500));
	EXPECT_TRUE(peer_quiet(&self->peer, 100));
	peer_request(&self->peer, "BYE", "3", 8, tag, NULL, NULL);
	EXPECT_STATUS("200");
	EXPECT_STREQ("confirmed;ended 0;", world_log());
}

#define CHALLENGE(nonce) \
	"WWW-Authenticate: Digest realm=\"r\", nonce=\"" nonce "\"\r\n"

TEST_F(uas, our_bye)
{
	char tag[64];

	/* a realm that we have credentials for */
	world_invite("1");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 401, "t", CHALLENGE("m"), NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	ASSERT_NE(NULL, strstr(self->peer.rx, "\r\nAuthorization: Digest"));
	peer_reply(&self->peer, 486, "t", NULL, NULL);
	ASSERT_TRUE(world_wait("failed 486", 500));
	UP(tag);
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "BYE sip:200@", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "From"), tag));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "To"), ";tag=peer"));
	EXPECT_EQ(NULL, strstr(self->peer.rx, "Authorization"));
	/* Challenged by whoever called us: the digest leak. Never answered. */
	peer_reply(&self->peer, 401, NULL, CHALLENGE("n"), NULL);
	EXPECT_TRUE(peer_quiet(&self->peer, 100));
}

TEST_F(uas, refused_by_its_owner)
{
	static const int codes[] = { 404, 486, 480, 603 };
	char start[32];

	for (unsigned int i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		char branch[8];

		world.incoming_status = codes[i];
		snprintf(branch, sizeof(branch), "r%u", i);
		snprintf(start, sizeof(start), "SIP/2.0 %d", codes[i]);
		peer_request(&self->peer, "INVITE", branch, 1 + (int)i, "", NULL, peer_sdp);
		/* at once: no 100 before it */
		ASSERT_TRUE(peer_recv(&self->peer, "SIP/2.0", 500));
		EXPECT_EQ(0, strncmp(self->peer.rx, start, strlen(start)));
		EXPECT_EQ(16, strlen(to_tag(&self->peer)));
		/* again until its ACK, then no more */
		EXPECT_TRUE(peer_recv(&self->peer, start, 200));
		peer_request(&self->peer, "ACK", branch, 1 + (int)i, to_tag(&self->peer), NULL,
			     NULL);
		EXPECT_TRUE(peer_quiet(&self->peer, 150));
	}
}

TEST_F(uas, refused_later_with_more_to_say)
{
	peer_request(&self->peer, "INVITE", "1", 1, "", NULL, peer_sdp);
	EXPECT_STATUS("100");
	EXPECT_EQ(0, sip_call_reject(world.call, 415, NULL, "Accept: application/sdp\r\n"));
	EXPECT_STATUS("415 Unsupported Media Type");
	EXPECT_STREQ("application/sdp", header(self->peer.rx, "Accept"));
	peer_request(&self->peer, "ACK", "1", 1, to_tag(&self->peer), NULL, NULL);
	EXPECT_TRUE(peer_quiet(&self->peer, 150));
}

TEST_F(uas, cancelled)
{
	peer_request(&self->peer, "INVITE", "c", 1, "", NULL, peer_sdp);
	EXPECT_STATUS("100");
	sip_call_ring(world.call, 180, NULL, 0);
	EXPECT_STATUS("180");
	peer_request(&self->peer, "CANCEL", "c", 1, "", NULL, NULL);
	EXPECT_STATUS("200");
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "CSeq"), "CANCEL"));
	EXPECT_STATUS("487");
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "CSeq"), "INVITE"));
	EXPECT_STREQ("incoming+sdp;ended 487;", world_log());
	peer_request(&self->peer, "CANCEL", "other", 1, "", NULL, NULL);
	EXPECT_STATUS("481");
}

TEST_F(uas, answer_is_repeated_until_its_ack)
{
	char tag[64];
	int copies = 0;

	world.answer_at_once = true;
	peer_request(&self->peer, "INVITE", "1", 1, "", NULL, peer_sdp);
	while (copies < 4 && peer_recv(&self->peer, "SIP/2.0 200", 400))
		copies++;
	EXPECT_EQ(4, copies);
	snprintf(tag, sizeof(tag), "%s", to_tag(&self->peer));
	/* RFC 6026: the INVITE again, after our 200, is the same call */
	peer_request(&self->peer, "INVITE", "1", 1, "", NULL, peer_sdp);
	EXPECT_STATUS("200");
	EXPECT_STREQ(tag, to_tag(&self->peer));
	peer_request(&self->peer, "ACK", "a", 1, tag, NULL, NULL);
	EXPECT_TRUE(world_wait("confirmed;", 500));
	EXPECT_TRUE(peer_quiet(&self->peer, 250));
	EXPECT_STREQ("incoming+sdp;confirmed;", world_log());
}

TEST_F(uas, no_ack_ends_it)
{
	world.answer_at_once = true;
	peer_request(&self->peer, "INVITE", "1", 1, "", NULL, peer_sdp);
	EXPECT_TRUE(world_wait("ended 408;", 3000));
	EXPECT_TRUE(peer_recv(&self->peer, "BYE ", 500));
}

TEST_F(uas, dropped_between_answer_and_ack)
{
	char tag[64];

	world.answer_at_once = true;
	peer_request(&self->peer, "INVITE", "1", 1, "", NULL, peer_sdp);
	EXPECT_STATUS("200");
	snprintf(tag, sizeof(tag), "%s", to_tag(&self->peer));
	sip_call_drop(world.call);
	EXPECT_FALSE(peer_recv(&self->peer, "BYE", 50));
	peer_request(&self->peer, "ACK", "a", 1, tag, NULL, NULL);
	EXPECT_TRUE(peer_recv(&self->peer, "BYE", 500));
	EXPECT_STREQ("incoming+sdp;", world_log());
}

TEST_F(uas, late_offer)
{
	world.answer_at_once = true;
	peer_request(&self->peer, "INVITE", "1", 1, "", NULL, NULL);
	EXPECT_STATUS("200");
	EXPECT_NE(NULL, strstr(self->peer.rx, peer_sdp));
	peer_request(&self->peer, "ACK", "a", 1, to_tag(&self->peer), NULL, peer_sdp);
	EXPECT_TRUE(world_wait("confirmed+sdp;", 500));
	EXPECT_STREQ("incoming;confirmed+sdp;", world_log());
}

TEST_F(uas, held_by_the_peer)
{
	char tag[64];

	UP(tag);
	peer_request(&self->peer, "INVITE", "h", 2, tag, NULL, peer_sdp);
	EXPECT_STATUS("100");
	EXPECT_STREQ("offer+sdp;", world_log());
	/* one more before that is answered */
	peer_request(&self->peer, "INVITE", "h2", 3, tag, NULL, peer_sdp);
	EXPECT_STATUS("500");
	EXPECT_STRNE("", header(self->peer.rx, "Retry-After"));
	peer_request(&self->peer, "ACK", "h2", 3, tag, NULL, NULL);
	EXPECT_EQ(0, sip_call_answer_offer(world.call, 200, peer_sdp, strlen(peer_sdp)));
	EXPECT_STATUS("200");
	EXPECT_STREQ(tag, to_tag(&self->peer));
	EXPECT_STATUS("200");	/* until the ACK */
	peer_request(&self->peer, "ACK", "ha", 3, tag, NULL, NULL);
	EXPECT_FALSE(world_wait("confirmed;", 20));
	peer_request(&self->peer, "ACK", "ha", 2, tag, NULL, NULL);
	EXPECT_TRUE(world_wait("confirmed;", 500));
	world_log();
	EXPECT_TRUE(peer_quiet(&self->peer, 200));
	/* refused: the call goes on */
	peer_request(&self->peer, "INVITE", "h3", 4, tag, NULL, peer_sdp);
	EXPECT_STATUS("100");
	EXPECT_EQ(0, sip_call_answer_offer(world.call, 488, NULL, 0));
	EXPECT_STATUS("488");
	EXPECT_STREQ("offer+sdp;", world_log());
	peer_request(&self->peer, "ACK", "h3", 4, tag, NULL, NULL);
	peer_request(&self->peer, "UPDATE", "u", 5, tag, NULL, peer_sdp);
	ASSERT_TRUE(world_wait("offer+sdp;", 500));
	EXPECT_EQ(0, sip_call_answer_offer(world.call, 200, peer_sdp, strlen(peer_sdp)));
	EXPECT_STATUS("200");
	peer_request(&self->peer, "UPDATE", "u2", 6, tag, NULL, NULL);
	EXPECT_STATUS("200");
	peer_request(&self->peer, "BYE", "b", 7, tag, NULL, NULL);
	EXPECT_STATUS("200");
}

TEST_F(uas, glare)
{
	char tag[64];

	UP(tag);
	sip_call_reoffer(world.call, "v=0\r\n", 5);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_keep(&self->peer);
	peer_request(&self->peer, "INVITE", "g", 2, tag, NULL, peer_sdp);
	EXPECT_STATUS("491");
	peer_request(&self->peer, "ACK", "g", 2, tag, NULL, NULL);
	peer_reply_kept(&self->peer, 491, NULL, NULL, NULL);
	/* we did not make the Call-ID: within 2 s */
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 2300));
	peer_reply(&self->peer, 200, NULL, NULL, peer_sdp);
	EXPECT_TRUE(world_wait("reoffered 200", 500));
}

TEST_F(uas, inside_the_dialog)
{
	char tag[64];

	UP(tag);
	peer_request(&self->peer, "OPTIONS", "o", 2, tag, NULL, NULL);
	EXPECT_STATUS("200");
	peer_request(&self->peer, "REFER", "i", 3, tag, NULL, NULL);
	EXPECT_STATUS("405");
	EXPECT_STRNE("", header(self->peer.rx, "Allow"));
	peer_request(&self->peer, "FROBNICATE", "f", 4, tag, NULL, NULL);
	EXPECT_STATUS("501");
	peer_request(&self->peer, "OPTIONS", "o2", 2, tag, NULL, NULL);
	EXPECT_STATUS("500");	/* a CSeq from the past */
	peer_request(&self->peer, "BYE", "b", 5, "wrong", NULL, NULL);
	EXPECT_STATUS("481");
	peer_request(&self->peer, "INVITE", "x", 6, tag, "Content-Type: text/plain\r\n", NULL);
	EXPECT_STREQ("", world_log());
}

TEST_F(uas, hook_flash)
{
	char tag[64];

	UP(tag);
	peer_request(&self->peer, "INFO", "i", 2, tag, NULL, NULL);
	EXPECT_STATUS("200");
	peer_request(&self->peer, "INFO", "i2", 3, tag, NULL, peer_sdp);
	EXPECT_STATUS("415");
	EXPECT_STREQ("application/hook-flash", header(self->peer.rx, "Accept"));
	EXPECT_STREQ("", world_log());
	peer_typed_request(&self->peer, "INFO", "i3", 4, tag, "application/Hook-Flash; x=1",
			   "signal=hf\r\n");
	EXPECT_STATUS("200");
	EXPECT_STREQ("flash;", world_log());
	peer_typed_request(&self->peer, "INFO", "i4", 5, "", "application/hook-flash",
			   "signal=hf\r\n");
	EXPECT_STATUS("481");
}

TEST_F(uas, outside_of_any_dialog)
{
	peer_request(&self->peer, "OPTIONS", "o", 1, "", NULL, NULL);
	EXPECT_STATUS("200");
	EXPECT_STRNE("", header(self->peer.rx, "Allow"));
	peer_request(&self->peer, "BYE", "b", 1, "", NULL, NULL);
	EXPECT_STATUS("481");
	peer_request(&self->peer, "BYE", "b2", 2, "some", NULL, NULL);
	EXPECT_STATUS("481");
	peer_request(&self->peer, "REGISTER", "r", 3, "", NULL, NULL);
	EXPECT_STATUS("405");
	peer_request(&self->peer, "REFER", "f", 4, "", NULL, NULL);
	EXPECT_STATUS("405");
	peer_request(&self->peer, "WHATEVER", "w", 5, "", NULL, NULL);
	EXPECT_STATUS("501");
	peer_request(&self->peer, "ACK", "a", 6, "", NULL, NULL);
	EXPECT_TRUE(peer_quiet(&self->peer, 50));
	EXPECT_STREQ("", world_log());
}

TEST_F(uas, what_an_invite_may_not_ask)
{
	peer_request(&self->peer, "INVITE", "1", 1, "", "Require: 100rel, foo\r\n", peer_sdp);
	EXPECT_STATUS("420");
	EXPECT_STREQ("100rel, foo", header(self->peer.rx, "Unsupported"));
	peer_request(&self->peer, "INVITE", "2", 2, "", "Accept: text/plain\r\n", peer_sdp);
	EXPECT_STATUS("406");
	peer_request(&self->peer, "INVITE", "4", 4, "", "Content-Encoding: gzip\r\n", peer_sdp);
	EXPECT_STATUS("415");
	EXPECT_STREQ("application/sdp", header(self->peer.rx, "Accept"));
	EXPECT_STREQ("", world_log());
}

/* RFC 3261 8.2.2.2: the same request again by another way. */
TEST_F(uas, merged)
{
	peer_request(&self->peer, "INVITE", "m1", 1, "", NULL, peer_sdp);
	EXPECT_STATUS("100");
	peer_request(&self->peer, "INVITE", "m2", 1, "", NULL, peer_sdp);
	EXPECT_STATUS("482");
}

TEST_F(uas, responses_go_where_the_request_came_from)
{
	char via[128];

	peer_request(&self->peer, "OPTIONS", "v", 1, "", NULL, NULL);
	EXPECT_STATUS("200");
	snprintf(via, sizeof(via), "SIP/2.0/UDP %s;rport=%u;branch=z9hG4bKv;received=127.0.0.1",
		 self->peer.uri_host, self->peer.port);
	EXPECT_STREQ(via, header(self->peer.rx, "Via"));
}

TEST_F(uas, record_routes_are_echoed_and_followed)
{
	char tag[64], routes[256];

	world.answer_at_once = true;
	snprintf(routes, sizeof(routes), "Record-Route: <sip:%s;lr>, <sip:far.example;lr>\r\n",
		 self->peer.uri_host);
	peer_request(&self->peer, "INVITE", "1", 1, "", routes, peer_sdp);
	EXPECT_STATUS("200");
	EXPECT_NE(NULL, strstr(self->peer.rx, routes));
	snprintf(tag, sizeof(tag), "%s", to_tag(&self->peer));
	peer_request(&self->peer, "ACK", "a", 1, tag, NULL, NULL);
	ASSERT_TRUE(world_wait("confirmed", 500));
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "BYE sip:200@", 500));
	snprintf(routes, sizeof(routes), "<sip:%s;lr>, <sip:far.example;lr>",
		 self->peer.uri_host);
	EXPECT_STREQ(routes, header(self->peer.rx, "Route"));
}

TEST_F(uas, identity_and_privacy)
{
	peer_request(&self->peer, "INVITE", "1", 1, "", "Privacy: id\r\n"
		     "P-Asserted-Identity: \"Real \\\"R\\\"\" <sip:555@x.example>\r\n", peer_sdp);
	EXPECT_STATUS("100");
	EXPECT_STREQ("555", world.caller);
	EXPECT_STREQ("Real \"R\"", world.caller_name);
	EXPECT_TRUE(world.in.caller_private);
}

/* Silence for strangers, whatever they say. */
TEST_F(uas, strangers_hear_nothing)
{
	struct peer stranger;

	peer_open(&stranger, "127.0.0.2");
	peer_request(&stranger, "INVITE", "1", 1, "", NULL, peer_sdp);
	peer_request(&stranger, "OPTIONS", "2", 2, "", NULL, NULL);
	peer_send(&stranger, "INVITE garbage\r\n\r\n");
	EXPECT_TRUE(peer_quiet(&stranger, 100));
	EXPECT_STREQ("", world_log());
	peer_close(&stranger);
}

/* But whoever knows the dialog may speak in it: the callee behind the server. */
TEST_F(uas, a_peer_behind_the_server_may_end_the_call)
{
	struct peer stranger;
	char tag[64];

	UP(tag);
	peer_open(&stranger, "127.0.0.2");
	peer_request(&stranger, "BYE", "1", 9, tag, NULL, NULL);
	EXPECT_TRUE(peer_recv(&stranger, "SIP/2.0 200", 500));
	EXPECT_STREQ("ended 0;", world_log());
	peer_close(&stranger);
}

TEST_F(uas, any_source_where_an_account_allows_it)
{
	struct sip_account_config config = { .name = "open", .user = "101",
					     .accept_any_source = true };
	struct peer stranger;
	int refused = 0, i;

	world_account(&config);
	peer_open(&stranger, "127.0.0.2");
	peer_request(&stranger, "OPTIONS", "0", 1, "", NULL, NULL);
	EXPECT_TRUE(peer_recv(&stranger, "SIP/2.0 200", 500));
	/* 50 a second and two seconds' worth of burst: the rest goes unheard */
	for (i = 0; i < 200; i++) {
		char branch[16];

		snprintf(branch, sizeof(branch), "f%d", i);
		peer_request(&stranger, "OPTIONS", branch, 2 + i, "", NULL, NULL);
		if (!peer_recv(&stranger, "SIP/2.0", 10))
			refused++;
	}
	EXPECT_GT(refused, 30);
	peer_close(&stranger);
}

/* Finished transactions give way; memory stays bounded, service goes on. */
TEST_F(uas, many_short_requests)
{
	int i;

	for (i = 0; i < 150; i++) {
		char branch[16];

		snprintf(branch, sizeof(branch), "t%d", i);
		peer_request(&self->peer, "OPTIONS", branch, 1 + i, "", NULL, NULL);
		ASSERT_TRUE(peer_recv(&self->peer, "SIP/2.0 200", 500));
	}
}

/* More unfinished ones than may be: 503. */
TEST_F(uas, calls_are_capped)
{
	int i, refused = 0;

	for (i = 0; i < 70; i++) {
		char branch[16];

		snprintf(branch, sizeof(branch), "t%d", i);
		peer_request(&self->peer, "INVITE", branch, 1 + i, "", NULL, peer_sdp);
		ASSERT_TRUE(peer_recv(&self->peer, "SIP/2.0", 500));
		if (!strncmp(self->peer.rx, "SIP/2.0 503", 11)) {
			EXPECT_STRNE("", header(self->peer.rx, "Retry-After"));
			refused++;
		}
	}
	EXPECT_EQ(6, refused);
}

/* Each with the answer that it gets; 0 = none. */
TEST_F(uas, malformed)
{
	static const struct {
		const char *what, *text;
		int status;
	} cases[] = {
		{ "no CSeq", "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\n"
		  "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\n\r\n", 400 },
		{ "no Via", "OPTIONS sip:a@b SIP/2.0\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 0 },
		{ "another method in CSeq", "OPTIONS sip:a@b SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n", 400 },
		{ "version", "OPTIONS sip:a@b SIP/7.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 505 },
		{ "scheme", "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 416 },
		{ "IPv6 without brackets", "OPTIONS sip:2001:db8::10 SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 400 },
		{ "empty branch", "OPTIONS sip:a@b SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 400 },
		{ "headers in the URI", "OPTIONS sip:a@b?Route=x SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 400 },
		{ "port", "OPTIONS sip:a@b:70000 SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 400 },
		{ "bare garbage", "hello world, how are you today\r\n\r\n", 0 },
		{ "keep-alive", "\r\n\r\n", 0 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		peer_send(&self->peer, cases[i].text);
		peer_recv(&self->peer, "SIP/2.0", cases[i].status ? 500 : 30);
		EXPECT_EQ(cases[i].status, self->peer.rx[0] ? atoi(self->peer.rx + 8) : 0) {
			TH_LOG("%s", cases[i].what);
		}
	}
	EXPECT_STREQ("", world_log());
}

/* Line 1 calls line 2 of the same machine, without any server. */
TEST_F(uas, a_call_to_ourselves)
{
	char own[64];
	struct sip_account_config config = { .name = "local", .user = "101",
					     .outbound_proxy = own };
	struct sip_call *ours;

	snprintf(own, sizeof(own), "127.0.0.1:%u", world_port());
	world_account(&config);
	world_invite("102");
	ours = world.call;
	ASSERT_TRUE(world_wait("incoming+sdp;", 500));
	EXPECT_STREQ("102", world.called);
	EXPECT_NE(ours, world.call);
	EXPECT_EQ(0, sip_call_answer(world.call, peer_sdp, strlen(peer_sdp)));
	ASSERT_TRUE(world_wait("confirmed;", 500));
	EXPECT_STREQ("incoming+sdp;answered+sdp;confirmed;", world_log());
	sip_call_drop(ours);
	EXPECT_TRUE(world_wait("ended 0;", 500));
}

FIXTURE(v6) {
	struct peer peer;
};

FIXTURE_SETUP(v6)
{
	world_start(NULL);
	peer_open(&self->peer, "::1");
	world_server(&self->peer, SIP_UDP);
}

FIXTURE_TEARDOWN(v6)
{
	peer_close(&self->peer);
	world_stop();
}

TEST_F(v6, both_ways)
{
	char tag[64];

	world_invite("4711");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE sip:4711@[::1]:", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Via"), "SIP/2.0/UDP [::1]:"));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Contact"), "<sip:101@[::1]:"));
	peer_reply(&self->peer, 404, "t", NULL, NULL);
	EXPECT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_STREQ("failed 404/0;", world_log());
	UP(tag);
	peer_request(&self->peer, "OPTIONS", "o", 2, tag, NULL, NULL);
	EXPECT_STATUS("200");
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Via"), ";received=::1"));
	sip_call_drop(world.call);
	EXPECT_TRUE(peer_recv(&self->peer, "BYE sip:200@[::1]:", 500));
}

FIXTURE(tcp) {
	struct peer peer;
};

FIXTURE_SETUP(tcp)
{
	world_start("127.0.0.1");
	peer_open_tcp(&self->peer);
	world_server(&self->peer, SIP_TCP);
}

FIXTURE_TEARDOWN(tcp)
{
	peer_close(&self->peer);
	world_stop();
}

TEST_F(tcp, out_and_back_on_one_connection)
{
	char tag[64];

	world_invite("4711");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Via"), "SIP/2.0/TCP 127.0.0.1:"));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Contact"), ";transport=tcp>"));
	/* no retransmission over a reliable transport */
	EXPECT_TRUE(peer_quiet(&self->peer, 100));
	world_invite("4712");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 404, "t", NULL, NULL);
	EXPECT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_STREQ("failed 404/0;", world_log());
	UP(tag);
	sip_call_drop(world.call);
	EXPECT_TRUE(peer_recv(&self->peer, "BYE sip:200@", 500));
}

TEST_F(tcp, framing)
{
	char text[2048];
	size_t i;

	world_invite("4711");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	/* in pieces, with keep-alives around, two in one segment */
	snprintf(text, sizeof(text), "\r\n\r\nOPTIONS sip:a@b SIP/2.0\r\n"
		 "Via: SIP/2.0/TCP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		 "To: <sip:c@d>\r\nl: 4\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\nbody");
	for (i = 0; text[i]; i++) {
		char one[2] = { text[i], '\0' };

		peer_send(&self->peer, one);
		if (i % 4 == 0)
			world_run(1);
	}
	EXPECT_STATUS("200");
	snprintf(text, sizeof(text), "OPTIONS sip:a@b SIP/2.0\r\n"
		 "Via: SIP/2.0/TCP x;branch=z9hG4bK2\r\nFrom: <sip:a@b>;tag=1\r\n"
		 "To: <sip:c@d>\r\nContent-Length: 0\r\nCall-ID: 2\r\nCSeq: 1 OPTIONS\r\n\r\n"
		 "OPTIONS sip:a@b SIP/2.0\r\n"
		 "Via: SIP/2.0/TCP x;branch=z9hG4bK3\r\nFrom: <sip:a@b>;tag=1\r\n"
		 "To: <sip:c@d>\r\nContent-Length: 0\r\nCall-ID: 3\r\nCSeq: 1 OPTIONS\r\n\r\n");
	peer_send(&self->peer, text);
	EXPECT_STATUS("200");
	EXPECT_STATUS("200");
}

/* A server that connects to us. */
TEST_F(tcp, in)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(world_port()) };
	char tag[64];

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	self->peer.fd = socket(AF_INET, SOCK_STREAM, 0);
	ASSERT_EQ(0, connect(self->peer.fd, (struct sockaddr *)&addr, sizeof(addr)));
	UP(tag);
	peer_request(&self->peer, "BYE", "b", 2, tag, NULL, NULL);
	EXPECT_STATUS("200");
	EXPECT_STREQ("ended 0;", world_log());
}

TEST_F(tcp, nobody_listens)
{
	peer_close(&self->peer);
	world_invite("1");
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 0/2;", world_log());
}

TEST_HARNESS_MAIN
