// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outgoing calls: every way an INVITE of ours may go.
 *
 *   agent/sip_*.c ── INVITE ──> peer 127.0.0.1:P     (T1 = 20 ms)
 */
#include "kselftest_harness.h"
#include "sip_peer.h"

FIXTURE(uac) {
	struct peer peer;
};

FIXTURE_SETUP(uac)
{
	world_start("127.0.0.1");
	peer_open(&self->peer, "127.0.0.1");
	world_server(&self->peer, SIP_UDP);
}

FIXTURE_TEARDOWN(uac)
{
	peer_close(&self->peer);
	world_stop();
}

#define CALLED(p) do { \
	world_invite("4711"); \
	ASSERT_TRUE(peer_recv(p, "INVITE ", 500)); \
	peer_keep(p); \
} while (0)

TEST_F(uac, invite_is_well_formed)
{
	CALLED(&self->peer);
	EXPECT_NE(NULL, strstr(self->peer.rx, "INVITE sip:4711@127.0.0.1:"));
	EXPECT_STREQ("70", header(self->peer.rx, "Max-Forwards"));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Via"), ";rport;branch=z9hG4bK"));
	EXPECT_NE(NULL, strstr(self->peer.rx,
			       "\nFrom: \"Anna \\\"A\\\" \\\\ B\" <sip:101@127.0.0.1:"));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Contact"), "<sip:101@127.0.0.1:"));
	EXPECT_STREQ("application/sdp", header(self->peer.rx, "Content-Type"));
	EXPECT_NE(NULL, strstr(self->peer.rx, peer_sdp));
	EXPECT_STREQ("", world_log());
}

/* Each final code: told once, acknowledged once for each time it comes. */
TEST_F(uac, every_failure_is_acknowledged)
{
	static const int codes[] = { 400, 402, 403, 404, 405, 406, 408, 409, 410, 411, 413,
				     415, 420, 480, 481, 484, 486, 488, 500, 501, 504, 600, 603 };
	char expected[64], branch[256];

	for (unsigned int i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		CALLED(&self->peer);
		snprintf(branch, sizeof(branch), "%s", header(self->peer.rx, "Via"));
		peer_reply(&self->peer, codes[i], "t", NULL, NULL);
		ASSERT_TRUE(peer_recv(&self->peer, "ACK sip:4711@", 500)) {
			TH_LOG("no ACK for %d", codes[i]);
		}
		EXPECT_STREQ(branch, header(self->peer.rx, "Via"));
		EXPECT_NE(NULL, strstr(header(self->peer.rx, "To"), ";tag=t"));
		EXPECT_NE(NULL, strstr(header(self->peer.rx, "CSeq"), " ACK"));
		EXPECT_STREQ("70", header(self->peer.rx, "Max-Forwards"));
		EXPECT_EQ(cseq_of(self->peer.invite), cseq_of(self->peer.rx));
		snprintf(expected, sizeof(expected), "failed %d/0;", codes[i]);
		EXPECT_STREQ(expected, world_log());
		peer_reply_kept(&self->peer, codes[i], "t", NULL, NULL);
		EXPECT_TRUE(peer_recv(&self->peer, "ACK ", 500));
		EXPECT_STREQ("", world_log());
	}
}

TEST_F(uac, retransmits_until_nobody_answers)
{
	int copies = 1;

	CALLED(&self->peer);
	while (peer_recv(&self->peer, "INVITE ", 700))
		copies++;
	/*
	 * T1 doubling within 64*T1: seven in all (RFC 3261 17.1.1.2), the last
	 * of them only 20 ms before the end, which a busy machine may miss.
	 */
	EXPECT_GE(7, copies);
	EXPECT_LE(6, copies);
	EXPECT_TRUE(world_wait("failed", 1000));
	EXPECT_STREQ("failed 0/1;", world_log());
}

TEST_F(uac, nobody_there_is_told_by_icmp)
{
	peer_close(&self->peer);
	world_invite("1");
	EXPECT_TRUE(world_wait("failed", 200));
	EXPECT_STREQ("failed 0/2;", world_log());
}

/* A call that cannot even start fails from the loop, not from sip_invite(). */
TEST_F(uac, no_route)
{
	struct sip_account_config config = { .name = "v6", .user = "1",
					     .outbound_proxy = "[2001:db8::1]:5060" };

	world_account(&config);
	world_invite("1");
	EXPECT_STREQ("", world_log());
	EXPECT_TRUE(world_wait("failed 0/2;", 200));
}

TEST_F(uac, answered_and_hung_up_by_us)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 100, NULL, NULL, NULL);
	peer_reply(&self->peer, 180, "t", NULL, NULL);
	peer_reply(&self->peer, 183, "t", NULL, peer_sdp);
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK sip:peer@127.0.0.1", 500));
	EXPECT_EQ(cseq_of(self->peer.invite), cseq_of(self->peer.rx));
	EXPECT_EQ(NULL, strstr(header(self->peer.rx, "Via"),
			       strstr(header(self->peer.invite, "Via"), "branch=")));
	EXPECT_STREQ("progress 180;progress 183+sdp;answered+sdp;", world_log());
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "BYE sip:peer@127.0.0.1", 500));
	EXPECT_EQ(cseq_of(self->peer.invite) + 1, cseq_of(self->peer.rx));
	peer_reply(&self->peer, 200, NULL, NULL, NULL);
	EXPECT_TRUE(peer_quiet(&self->peer, 100));
	EXPECT_STREQ("", world_log());
}

TEST_F(uac, repeated_200_gets_its_ack_again)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	for (int i = 0; i < 3; i++) {
		peer_reply_kept(&self->peer, 200, "t", NULL, peer_sdp);
		ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	}
	EXPECT_STREQ("answered+sdp;", world_log());
	/* also when the call is over already */
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "BYE ", 500));
	peer_reply(&self->peer, 200, NULL, NULL, NULL);
	peer_reply_kept(&self->peer, 200, "t", NULL, peer_sdp);
	EXPECT_TRUE(peer_recv(&self->peer, "ACK ", 500));
}

TEST_F(uac, a_200_without_contact_goes_on_where_the_invite_went)
{
	char uri[128], wanted[160];

	CALLED(&self->peer);
	ASSERT_EQ(1, sscanf(self->peer.invite, "INVITE %127s ", uri));
	peer_reply(&self->peer, 200, NULL, NULL, peer_sdp);
	snprintf(wanted, sizeof(wanted), "ACK %s ", uri);
	ASSERT_TRUE(peer_recv(&self->peer, wanted, 500));
	EXPECT_STREQ("answered+sdp;", world_log());
	sip_call_drop(world.call);
	snprintf(wanted, sizeof(wanted), "BYE %s ", uri);
	EXPECT_TRUE(peer_recv(&self->peer, wanted, 500));
	peer_reply(&self->peer, 200, NULL, NULL, NULL);
}

TEST_F(uac, a_fork_that_loses_gets_ack_and_bye)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 200, "winner", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	peer_reply_kept(&self->peer, 200, "loser", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "To"), ";tag=loser"));
	ASSERT_TRUE(peer_recv(&self->peer, "BYE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "To"), ";tag=loser"));
	EXPECT_STREQ("answered+sdp;", world_log());
}

TEST_F(uac, hung_up_by_the_peer)
{
	char text[2048];

	CALLED(&self->peer);
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	world_log();
	snprintf(text, sizeof(text), "BYE sip:101@127.0.0.1 SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP %s;rport;branch=z9hG4bKb\r\nMax-Forwards: 70\r\n"
		 "From: %s;tag=t\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 BYE\r\n"
		 "Content-Length: 0\r\n\r\n", self->peer.uri_host,
		 header(self->peer.invite, "To"), header(self->peer.invite, "From"),
		 header(self->peer.invite, "Call-ID"));
	peer_send(&self->peer, text);
	ASSERT_TRUE(peer_recv(&self->peer, "SIP/2.0 200", 500));
	EXPECT_STREQ("ended 0;", world_log());
	/* the very same again is answered by its transaction */
	peer_send(&self->peer, text);
	EXPECT_TRUE(peer_recv(&self->peer, "SIP/2.0 200", 500));
	EXPECT_STREQ("", world_log());
}

TEST_F(uac, cancelled_while_ringing)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 180, "t", NULL, NULL);
	ASSERT_TRUE(world_wait("progress 180", 500));
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "CANCEL sip:4711@", 500));
	EXPECT_STREQ(header(self->peer.invite, "Via"), header(self->peer.rx, "Via"));
	EXPECT_EQ(NULL, strstr(header(self->peer.rx, "To"), ";tag="));
	EXPECT_EQ(cseq_of(self->peer.invite), cseq_of(self->peer.rx));
	peer_reply(&self->peer, 200, "t", NULL, NULL);
	peer_reply_kept(&self->peer, 487, "t", NULL, NULL);
	EXPECT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_STREQ("progress 180;", world_log());
}

/* RFC 3261 9.1: not before a provisional response. */
TEST_F(uac, cancel_waits_for_a_response)
{
	CALLED(&self->peer);
	sip_call_drop(world.call);
	EXPECT_FALSE(peer_recv(&self->peer, "CANCEL ", 60));
	peer_reply_kept(&self->peer, 100, NULL, NULL, NULL);
	EXPECT_TRUE(peer_recv(&self->peer, "CANCEL ", 500));
}

TEST_F(uac, a_200_that_crosses_our_cancel_is_ended)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 180, "t", NULL, NULL);
	ASSERT_TRUE(world_wait("progress 180", 500));
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "CANCEL ", 500));
	peer_reply(&self->peer, 481, "t", NULL, NULL);
	peer_reply_kept(&self->peer, 200, "t", NULL, peer_sdp);
	EXPECT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_TRUE(peer_recv(&self->peer, "BYE ", 500));
	EXPECT_STREQ("progress 180;", world_log());
}

TEST_F(uac, redirected_to_the_best_contact_once)
{
	struct peer other;
	char contact[256];

	peer_open(&other, "127.0.0.1");
	CALLED(&self->peer);
	snprintf(contact, sizeof(contact), "Contact: <sip:low@%s>;q=0.1, <sip:high@%s>;q=0.9\r\n",
		 self->peer.uri_host, other.uri_host);
	peer_reply(&self->peer, 302, "t", contact, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	ASSERT_TRUE(peer_recv(&other, "INVITE sip:high@", 500));
	EXPECT_EQ(cseq_of(self->peer.invite) + 1, cseq_of(other.rx));
	EXPECT_STREQ(header(self->peer.invite, "Call-ID"), header(other.rx, "Call-ID"));
	/* it points back to itself: the contact left is tried, then no other */
	snprintf(contact, sizeof(contact), "Contact: <sip:high@%s>\r\n", other.uri_host);
	peer_reply(&other, 404, "t", NULL, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE sip:low@", 500));
	peer_reply(&self->peer, 302, "t", contact, NULL);
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 302/5;", world_log());
	peer_close(&other);
}

TEST_F(uac, redirection_without_contact_fails)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 301, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 301/5;", world_log());
}

#define CHALLENGE(kind, algorithm, nonce) \
	kind "-Authenticate: Digest realm=\"r\", nonce=\"" nonce "\", algorithm=" algorithm \
	", qop=\"auth,auth-int\", opaque=\"o\"\r\n"

TEST_F(uac, challenged_by_a_proxy)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 407, "t", CHALLENGE("Proxy", "MD5", "n1"), NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	EXPECT_EQ(cseq_of(self->peer.invite) + 1, cseq_of(self->peer.rx));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Proxy-Authorization"),
			       "username=\"101\", realm=\"r\", nonce=\"n1\""));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Proxy-Authorization"), "nc=00000001"));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Proxy-Authorization"), "opaque=\"o\""));
	peer_reply(&self->peer, 404, "t", NULL, NULL);
	ASSERT_TRUE(world_wait("failed 404", 500));
	/* the next call brings its credentials along, and counts */
	world_invite("4712");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE sip:4712", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Proxy-Authorization"), "nc=00000002"));
}

TEST_F(uac, strongest_of_several_challenges)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 401, "t",
		   CHALLENGE("WWW", "MD5", "weak") CHALLENGE("WWW", "SHA-512-256", "strange")
		   CHALLENGE("WWW", "SHA-256", "strong"), NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "nonce=\"strong\""));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "algorithm=SHA-256"));
}

/* 407 of a proxy, then 401 of the server behind: both at once in the third. */
TEST_F(uac, two_realms_in_sequence)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 407, "t", "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\"\r\n",
		   NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 401, "t", "WWW-Authenticate: Digest realm=\"w\", nonce=\"2\"\r\n",
		   NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Proxy-Authorization"), "realm=\"p\""));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "realm=\"w\""));
}

/* The nonce that we answered once more, and not stale: the password is wrong. */
TEST_F(uac, wrong_password_is_not_tried_again)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 401, "t", CHALLENGE("WWW", "MD5", "n"), NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 401, "t", CHALLENGE("WWW", "MD5", "n"), NULL);
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 401/4;", world_log());
	EXPECT_FALSE(peer_recv(&self->peer, "INVITE ", 100));
}

TEST_F(uac, stale_nonce)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 401, "t", CHALLENGE("WWW", "MD5", "n"), NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 401, "t", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", "
		   "stale=TRUE, qop=\"auth\"\r\n", NULL);
	EXPECT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
}

/* A server that never likes it, always with a new nonce and never stale. */
TEST_F(uac, ever_new_nonces_end)
{
	static const char *const challenges[] = {
		CHALLENGE("WWW", "MD5", "1"), CHALLENGE("WWW", "MD5", "2"),
		CHALLENGE("WWW", "MD5", "3"), CHALLENGE("WWW", "MD5", "4"),
	};
	int invites = 1;

	CALLED(&self->peer);
	for (;;) {
		peer_reply(&self->peer, 401, "t", challenges[(invites - 1) % 4], NULL);
		if (!peer_recv(&self->peer, "INVITE ", 300))
			break;
		invites++;
	}
	EXPECT_EQ(3, invites);	/* bare, one answer, one retry */
	EXPECT_STREQ("failed 401/4;", world_log());
}

TEST_F(uac, basic_is_refused_on_udp_by_default)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 401, "t", "WWW-Authenticate: Basic realm=\"b\"\r\n", NULL);
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 401/4;", world_log());
}

TEST_F(uac, basic_where_the_account_allows_it)
{
	struct sip_account_config config = {
		.name = "basic", .user = "101", .auth_user = "Aladdin",
		.outbound_proxy = self->peer.uri_host, .secret = "open sesame",
		.basic = SIP_BASIC_ALWAYS,
	};

	world_account(&config);
	CALLED(&self->peer);
	peer_reply(&self->peer, 401, "t", "WWW-Authenticate: Basic realm=\"b\"\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	/* RFC 2617 section 2 */
	EXPECT_STREQ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
		     header(self->peer.rx, "Authorization"));
}

/* The digest leak: a stranger who answers by 401 learns nothing. */
TEST_F(uac, a_stranger_gets_no_credentials)
{
	char contact[128];
	struct peer other;

	peer_open(&other, "127.0.0.2");
	CALLED(&self->peer);
	snprintf(contact, sizeof(contact), "Contact: <sip:x@%s>\r\n", other.uri_host);
	peer_reply(&self->peer, 302, "t", contact, NULL);
	ASSERT_TRUE(peer_recv(&other, "INVITE ", 500));
	peer_reply(&other, 401, "t", CHALLENGE("WWW", "MD5", "n"), NULL);
	EXPECT_TRUE(world_wait("failed", 500));
	EXPECT_STREQ("failed 401/4;", world_log());
	EXPECT_FALSE(peer_recv(&other, "INVITE ", 100));
	peer_close(&other);
}

/* Nor does he to whom a 200 of the server's points, with a realm that we know. */
TEST_F(uac, a_stranger_gets_none_by_the_bye_either)
{
	char contact[128];
	struct peer other;

	peer_open(&other, "127.0.0.2");
	CALLED(&self->peer);
	peer_reply(&self->peer, 407, "t", CHALLENGE("Proxy", "MD5", "n"), NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	snprintf(contact, sizeof(contact), "Contact: <sip:x@%s>\r\n", other.uri_host);
	peer_reply(&self->peer, 200, "t", contact, peer_sdp);
	ASSERT_TRUE(peer_recv(&other, "ACK ", 500));
	EXPECT_EQ(NULL, strstr(other.rx, "Authorization"));
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&other, "BYE ", 500));
	EXPECT_EQ(NULL, strstr(other.rx, "Authorization"));
	peer_reply(&other, 407, NULL, CHALLENGE("Proxy", "MD5", "m"), NULL);
	EXPECT_FALSE(peer_recv(&other, "BYE ", 100));
	peer_close(&other);
}

#define OTHER_REALM "Proxy-Authenticate: Digest realm=\"other\", nonce=\"m\"\r\n"

/* The server may ask again for a BYE, but for no realm that it did not have before. */
TEST_F(uac, a_bye_has_the_realms_of_its_call)
{
	for (unsigned int known = 0; known < 2; known++) {
		CALLED(&self->peer);
		if (!known) {
			peer_reply(&self->peer, 407, "t", CHALLENGE("Proxy", "MD5", "n"), NULL);
			ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
		}
		peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
		ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
		sip_call_drop(world.call);
		ASSERT_TRUE(peer_recv(&self->peer, "BYE ", 500));
		peer_reply(&self->peer, 407, NULL,
			   known ? CHALLENGE("Proxy", "MD5", "m") : OTHER_REALM, NULL);
		EXPECT_EQ(known, peer_recv(&self->peer, "BYE ", 100));
	}
}

TEST_F(uac, hold_and_its_answer)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_STREQ("answered+sdp;", world_log());
	EXPECT_EQ(0, sip_call_reoffer(world.call, "v=0\r\n", 5));
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE sip:peer@", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "To"), ";tag=t"));
	EXPECT_STREQ("5", header(self->peer.rx, "Content-Length"));
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_STREQ("reoffered 200+sdp;", world_log());
}

/* INFO: refused, and the call goes on; unless there is none any more. */
TEST_F(uac, info)
{
	int err = -EBUSY;

	CALLED(&self->peer);
	EXPECT_EQ(-ENOTCONN, sip_call_info(world.call, "application/hook-flash", "signal=hf\r\n"));
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	world_log();
	EXPECT_EQ(0, sip_call_info(world.call, "application/hook-flash", "signal=hf\r\n"));
	EXPECT_EQ(-EBUSY, sip_call_info(world.call, "application/hook-flash", "signal=hf\r\n"));
	ASSERT_TRUE(peer_recv(&self->peer, "INFO sip:peer@", 500));
	EXPECT_STREQ("application/hook-flash", header(self->peer.rx, "Content-Type"));
	EXPECT_NE(NULL, strstr(self->peer.rx, "\r\n\r\nsignal=hf\r\n"));
	peer_reply(&self->peer, 415, NULL, NULL, NULL);
	for (int i = 0; i < 50 && err == -EBUSY; i++) {
		world_run(10);
		err = sip_call_info(world.call, "application/hook-flash", "signal=hf\r\n");
	}
	EXPECT_EQ(0, err);
	EXPECT_STREQ("", world_log());
	ASSERT_TRUE(peer_recv(&self->peer, "INFO sip:peer@", 500));
	peer_reply(&self->peer, 481, NULL, NULL, NULL);
	EXPECT_TRUE(world_wait("ended 481;", 500));
}

/* In a dialog 488, 415, 404 … leave the call as it is; 481 and 408 end it. */
TEST_F(uac, failed_offer_keeps_the_call)
{
	static const int codes[] = { 400, 403, 404, 415, 488, 500 };
	char expected[64];

	CALLED(&self->peer);
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	world_log();
	for (unsigned int i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		sip_call_reoffer(world.call, "v=0\r\n", 5);
		ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
		peer_reply(&self->peer, codes[i], "t", NULL, NULL);
		ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
		snprintf(expected, sizeof(expected), "reoffered %d;", codes[i]);
		EXPECT_STREQ(expected, world_log());
	}
	sip_call_reoffer(world.call, "v=0\r\n", 5);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 481, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("ended 481", 500));
}

TEST_F(uac, glare_is_tried_again)
{
	CALLED(&self->peer);
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	world_log();
	sip_call_reoffer(world.call, "v=0\r\n", 5);
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	peer_reply(&self->peer, 491, "t", NULL, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_FALSE(peer_recv(&self->peer, "INVITE ", 1900));
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 2300));
	peer_reply(&self->peer, 200, "t", NULL, peer_sdp);
	EXPECT_TRUE(world_wait("reoffered 200", 500));
}

/* The way through proxies is the Record-Route, backwards. */
/* RFC 3261 18.1.1: a request that UDP might cut up goes by TCP. */
static const char *long_target(void)
{
	static char target[600];

	memset(target, '1', sizeof(target) - 1);
	return target;
}

TEST_F(uac, a_long_request_goes_by_tcp)
{
	struct peer tcp = { .fd = -1, .uri_host = "127.0.0.1" };
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(self->peer.port) };

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	tcp.listener = socket(AF_INET, SOCK_STREAM, 0);
	ASSERT_EQ(0, bind(tcp.listener, (struct sockaddr *)&addr, sizeof(addr)));
	listen(tcp.listener, 1);
	world_invite(long_target());
	ASSERT_TRUE(peer_recv(&tcp, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(tcp.rx, "Via"), "SIP/2.0/TCP "));
	peer_keep(&tcp);
	peer_reply(&tcp, 180, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("progress 180;", 500));
	/* CANCEL and ACK take the way of their INVITE */
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&tcp, "CANCEL ", 500));
	peer_reply(&tcp, 200, NULL, NULL, NULL);
	peer_reply_kept(&tcp, 487, "t", NULL, NULL);
	EXPECT_TRUE(peer_recv(&tcp, "ACK ", 500));
	EXPECT_STREQ(header(tcp.invite, "Via"), header(tcp.rx, "Via"));
	/* ... and the next call is one by UDP again */
	CALLED(&self->peer);
	peer_close(&tcp);
}

TEST_F(uac, a_long_request_falls_back_to_udp)
{
	world_invite(long_target());
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Via"), "SIP/2.0/UDP "));
	peer_reply(&self->peer, 404, "t", NULL, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_STREQ("failed 404/0;", world_log());
}

/* A line that is known by a number of its own is called back by it. */
TEST_F(uac, contact_is_who_calls)
{
	struct sip_invite_params params = {
		.target = "1", .caller_user = "55", .sdp = peer_sdp, .sdp_len = strlen(peer_sdp),
	};
	struct sip_call_events none = { 0 };
	struct sip_call *call;

	ASSERT_EQ(0, sip_invite(world.account, &params, &none, NULL, &call));
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Contact"), "<sip:55@127.0.0.1:"));
	sip_call_drop(call);
}

TEST_F(uac, follows_the_route_set)
{
	struct peer proxy;
	char routes[256];

	peer_open(&proxy, "127.0.0.1");
	CALLED(&self->peer);
	snprintf(routes, sizeof(routes), "Record-Route: <sip:far.example;lr>\r\n"
		 "Record-Route: <sip:%s;lr>\r\n", proxy.uri_host);
	peer_reply(&self->peer, 200, "t", routes, peer_sdp);
	ASSERT_TRUE(peer_recv(&proxy, "ACK sip:peer@", 500));
	snprintf(routes, sizeof(routes), "<sip:%s;lr>, <sip:far.example;lr>", proxy.uri_host);
	EXPECT_STREQ(routes, header(proxy.rx, "Route"));
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&proxy, "BYE sip:peer@", 500));
	peer_close(&proxy);
}

/* What no start line may hold is not put there. */
TEST_F(uac, a_contact_or_route_that_is_no_uri)
{
	char route[128];

	CALLED(&self->peer);
	peer_reply(&self->peer, 200, NULL, "Contact: <sip:200@192.0.\x93\x93>\r\n", peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500));
	EXPECT_EQ(NULL, strchr(self->peer.rx, '\x93'));
	EXPECT_STREQ("answered+sdp;", world_log());
	sip_call_drop(world.call);
	ASSERT_TRUE(peer_recv(&self->peer, "BYE ", 500));
	peer_reply(&self->peer, 200, NULL, NULL, NULL);

	CALLED(&self->peer);
	snprintf(route, sizeof(route),
		 "Record-Route: \"x\" <sip:%s;lr>;y=z, <sip:a\x93;lr>\r\n",
		 self->peer.uri_host);
	peer_reply(&self->peer, 200, "t", route, peer_sdp);
	ASSERT_TRUE(peer_recv(&self->peer, "ACK sip:peer@", 500));
	snprintf(route, sizeof(route), "<sip:%s;lr>", self->peer.uri_host);
	EXPECT_STREQ(route, header(self->peer.rx, "Route"));
}

TEST_F(uac, odd_targets)
{
	world_invite("*21#5 x");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE sip:*21%235%20x@", 500));
	peer_reply(&self->peer, 486, "t", NULL, NULL);
	EXPECT_TRUE(world_wait("failed 486", 500));
	world_log();
	world_invite("sip:a b@c");
	EXPECT_STREQ("invite -22;", world_log());
}

/* A response must match a transaction: forged ones vanish. */
TEST_F(uac, forged_responses_are_ignored)
{
	CALLED(&self->peer);
	peer_send(&self->peer, "SIP/2.0 486 Busy\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bKno\r\n"
		  "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\n"
		  "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
	world_run(50);
	EXPECT_STREQ("", world_log());
}

TEST_HARNESS_MAIN
