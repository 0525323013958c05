// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages that wait: what a server says unasked, and what it is asked for.
 *
 *   agent/sip_*.c ── SUBSCRIBE ──> server 127.0.0.1:P     (T1 = 20 ms)
 *                 <── NOTIFY ─────
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "sip_core.h"
#include "sip_peer.h"

#define SUMMARY	"Content-Type: application/simple-message-summary\r\n"
#define EVENT	"Event: message-summary\r\n"
#define YES	"Messages-Waiting: yes\r\nMessage-Account: sip:vmail@pots.test\r\n" \
		"Voice-Message: 2/8 (0/2)\r\n"
#define NO	"Messages-Waiting: no\r\n"

FIXTURE(mwi) {
	struct peer peer;
	struct sip_account_config config;
	unsigned int sent, cseq;
};

FIXTURE_SETUP(mwi)
{
	world_start("127.0.0.1");
	peer_open(&self->peer, "127.0.0.1");
	self->config = (struct sip_account_config){
		.name = "mwi", .outbound_proxy = self->peer.uri_host, .domain = "pots.test",
		.user = "101", .secret = "geheim", .expires_s = 600,
	};
	self->sent = 0;
	self->cseq = 0;
}

FIXTURE_TEARDOWN(mwi)
{
	peer_close(&self->peer);
	world_stop();
}

/* @dialog: To, From and Call-ID lines, NULL = out of any. */
static void notify(FIXTURE_DATA(mwi) *self, const char *dialog, const char *extra, const char *body)
{
	char text[4096];

	self->sent++;
	self->cseq++;
	snprintf(text, sizeof(text),
		 "NOTIFY sip:101@127.0.0.1:%u SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP %s;rport;branch=z9hG4bKn%u\r\nMax-Forwards: 70\r\n%s"
		 "CSeq: %u NOTIFY\r\nContact: <sip:%s>\r\n%sContent-Length: %zu\r\n\r\n%s",
		 world_port(), self->peer.uri_host, self->sent,
		 dialog ? dialog : "From: <sip:101@pots.test>;tag=n\r\n"
				   "To: <sip:101@pots.test>\r\nCall-ID: unasked\r\n",
		 self->cseq, self->peer.uri_host, extra, strlen(body), body);
	peer_send(&self->peer, text);
}

#define EXPECT_ANSWER(status) do { \
	ASSERT_TRUE(peer_recv(&self->peer, "SIP/2.0 ", 500)); \
	EXPECT_EQ((status), atoi(self->peer.rx + 8)); \
} while (0)

TEST_F(mwi, unasked)
{
	world_account(&self->config);
	notify(self, NULL, EVENT SUMMARY, YES);
	EXPECT_ANSWER(200);
	notify(self, NULL, "o: message-summary;id=1\r\n"
	       "c: Application/Simple-Message-Summary; charset=utf-8\r\n",
	       "voice-message: 1/0\nmessages-waiting : no\n");
	EXPECT_ANSWER(200);
	notify(self, NULL, EVENT SUMMARY, "Messages-Waiting: yes");
	EXPECT_ANSWER(200);
	EXPECT_STREQ("waiting 101 1 2;waiting 101 0 1;waiting 101 1 0;", world_log());
	notify(self, NULL, EVENT SUMMARY, "Messages-Waiting: yes\r\nVoice-Message: 190/2\r\n");
	EXPECT_ANSWER(200);
	EXPECT_STREQ("waiting 101 1 190;", world_log());
}

TEST_F(mwi, refused)
{
	world_account(&self->config);
	notify(self, NULL, "Event: presence\r\n" SUMMARY, YES);
	EXPECT_ANSWER(489);
	EXPECT_STREQ("message-summary", header(self->peer.rx, "Allow-Events"));
	notify(self, NULL, SUMMARY, YES);
	EXPECT_ANSWER(489);
	notify(self, NULL, EVENT "Content-Type: text/plain\r\n", YES);
	EXPECT_ANSWER(415);
	EXPECT_STREQ("application/simple-message-summary", header(self->peer.rx, "Accept"));
	notify(self, NULL, EVENT, YES);
	EXPECT_ANSWER(415);
	notify(self, NULL, EVENT SUMMARY, "Voice-Message: 2/8\r\n");
	EXPECT_ANSWER(400);
	notify(self, NULL, EVENT SUMMARY, "Messages-Waiting: maybe\r\n");
	EXPECT_ANSWER(400);
	/* of no subscription of ours */
	notify(self, "From: <sip:101@pots.test>;tag=n\r\nTo: <sip:101@pots.test>;tag=x\r\n"
	       "Call-ID: unknown\r\n", EVENT SUMMARY, YES);
	EXPECT_ANSWER(481);
	/* that a subscription begins is no word of messages */
	notify(self, NULL, EVENT, "");
	EXPECT_ANSWER(200);
	EXPECT_STREQ("", world_log());
}

#define SUBSCRIBING() do { \
	self->config.subscribe_mailbox = true; \
	world_account(&self->config); \
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 500)); \
	peer_keep(&self->peer); \
} while (0)

/* The lines of the dialog that peer->invite began; @tag is theirs. */
static const char *dialog_lines(const struct peer *peer, const char *tag)
{
	static char lines[1024];
	char from[256], id[128];

	snprintf(from, sizeof(from), "%s", header(peer->invite, "From"));
	snprintf(id, sizeof(id), "%s", header(peer->invite, "Call-ID"));
	snprintf(lines, sizeof(lines),
		 "From: <sip:101@pots.test>;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\n", tag, from, id);
	return lines;
}

TEST_F(mwi, subscribes)
{
	char contact[128], lines[512];

	SUBSCRIBING();
	EXPECT_EQ(0, strncmp(self->peer.rx, "SUBSCRIBE sip:101@pots.test SIP/2.0\r\n", 37));
	EXPECT_STREQ("<sip:101@pots.test>", header(self->peer.rx, "To"));
	EXPECT_STREQ("message-summary", header(self->peer.rx, "Event"));
	EXPECT_STREQ("application/simple-message-summary", header(self->peer.rx, "Accept"));
	EXPECT_STREQ("600", header(self->peer.rx, "Expires"));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Route"), self->peer.uri_host));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Contact"), "<sip:101@127.0.0.1:"));

	peer_reply(&self->peer, 401, "s", "WWW-Authenticate: Digest realm=\"pots.test\", "
		   "nonce=\"abc\", qop=\"auth\"\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "username=\"101\""));
	peer_reply(&self->peer, 423, "s", "Min-Expires: 1200\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 500));
	EXPECT_STREQ("1200", header(self->peer.rx, "Expires"));
	peer_keep(&self->peer);

	/* the first word may overtake the answer */
	notify(self, dialog_lines(&self->peer, "s"), EVENT SUMMARY
	       "Subscription-State: active;expires=1200\r\n", YES);
	EXPECT_ANSWER(200);
	snprintf(contact, sizeof(contact), "Contact: <sip:mailbox@%s>\r\nExpires: 4\r\n",
		 self->peer.uri_host);
	peer_reply_kept(&self->peer, 200, "s", contact, NULL);
	EXPECT_STREQ("waiting 101 1 2;", world_log());

	/* of 4 s: well before they are over */
	EXPECT_FALSE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 2000));
	EXPECT_EQ(0, strncmp(self->peer.rx, "SUBSCRIBE sip:mailbox@", 22));
	EXPECT_STREQ("<sip:101@pots.test>;tag=s", header(self->peer.rx, "To"));
	EXPECT_STREQ(header(self->peer.invite, "Call-ID"), header(self->peer.rx, "Call-ID"));
	EXPECT_EQ(cseq_of(self->peer.invite) + 1, cseq_of(self->peer.rx));
	peer_reply(&self->peer, 200, "s", "Expires: 600\r\n", NULL);

	notify(self, dialog_lines(&self->peer, "s"), EVENT SUMMARY
	       "Subscription-State: active\r\n", NO);
	EXPECT_ANSWER(200);
	notify(self, dialog_lines(&self->peer, "other"), EVENT SUMMARY
	       "Subscription-State: active\r\n", YES);
	EXPECT_ANSWER(481);
	/* nor is it ours by its Call-ID alone */
	snprintf(contact, sizeof(contact), "%s", header(self->peer.invite, "Call-ID"));
	snprintf(lines, sizeof(lines), "From: <sip:101@pots.test>;tag=s\r\n"
		 "To: <sip:101@pots.test>;tag=another\r\nCall-ID: %s\r\n", contact);
	notify(self, lines, EVENT SUMMARY "Subscription-State: active\r\n", YES);
	EXPECT_ANSWER(481);
	self->cseq = 1;
	notify(self, dialog_lines(&self->peer, "s"), EVENT SUMMARY
	       "Subscription-State: active\r\n", YES);
	EXPECT_ANSWER(500);
	EXPECT_STREQ("waiting 101 0 0;", world_log());
}

TEST_F(mwi, subscribes_anew)
{
	char id[128];

	SUBSCRIBING();
	snprintf(id, sizeof(id), "%s", header(self->peer.rx, "Call-ID"));
	peer_reply(&self->peer, 200, "s", "Expires: 600\r\n", NULL);
	world_run(50);
	notify(self, dialog_lines(&self->peer, "s"), EVENT
	       "Subscription-State: terminated;reason=deactivated\r\n", "");
	EXPECT_ANSWER(200);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
	EXPECT_STRNE(id, header(self->peer.rx, "Call-ID"));
	EXPECT_STREQ("<sip:101@pots.test>", header(self->peer.rx, "To"));
	peer_keep(&self->peer);
	peer_reply(&self->peer, 200, "s2", "Expires: 600\r\n", NULL);
	world_run(50);
	notify(self, dialog_lines(&self->peer, "s2"), EVENT
	       "Subscription-State: terminated;reason=rejected\r\n", "");
	EXPECT_ANSWER(200);
	EXPECT_FALSE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
}

/* A server that has lost it, or says when to come again. */
TEST_F(mwi, subscribes_anew_when_told)
{
	char id[128];

	SUBSCRIBING();
	snprintf(id, sizeof(id), "%s", header(self->peer.rx, "Call-ID"));
	peer_reply(&self->peer, 200, "s", "Expires: 1\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
	EXPECT_STREQ(id, header(self->peer.rx, "Call-ID"));
	peer_reply(&self->peer, 481, "s", NULL, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
	EXPECT_STRNE(id, header(self->peer.rx, "Call-ID"));
	peer_keep(&self->peer);
	peer_reply(&self->peer, 200, "s2", "Expires: 600\r\n", NULL);
	world_run(50);
	notify(self, dialog_lines(&self->peer, "s2"), EVENT
	       "Subscription-State: terminated;reason=probation;retry-after=1\r\n", "");
	EXPECT_ANSWER(200);
	EXPECT_FALSE(peer_recv(&self->peer, "SUBSCRIBE ", 800));
	EXPECT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
}

static void challenge(struct peer *peer, const char *nonce)
{
	char line[128];

	snprintf(line, sizeof(line), "WWW-Authenticate: Digest realm=\"pots.test\", "
		 "nonce=\"%s\", qop=\"auth\", stale=true\r\n", nonce);
	peer_reply(peer, 401, "s", line, NULL);
}

/* Each request may be challenged anew: one that was is no failed attempt at the next. */
TEST_F(mwi, challenged_each_time)
{
	static const char *const nonces[] = { "one", "two", "three", "four" };

	SUBSCRIBING();
	for (size_t i = 0; i < sizeof(nonces) / sizeof(nonces[0]); i++) {
		challenge(&self->peer, nonces[i]);
		ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 500));
		EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), nonces[i]));
		peer_reply(&self->peer, 200, "s", "Expires: 1\r\n", NULL);
		ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
	}
}

/* Time and answer may come in the same round of the loop. */
TEST_F(mwi, one_request_at_a_time)
{
	SUBSCRIBING();
	ev_invoke(world.loop, &world.account->mwi.timer, EV_TIMER);
	peer_reply_kept(&self->peer, 200, "s", "Expires: 600\r\n", NULL);
	EXPECT_TRUE(peer_quiet(&self->peer, 100));
	EXPECT_STREQ("s", world.account->mwi.dialog.remote_tag);
}

TEST_F(mwi, refused_then_after)
{
	SUBSCRIBING();
	peer_reply(&self->peer, 503, "s", "Retry-After: 1\r\n", NULL);
	EXPECT_FALSE(peer_recv(&self->peer, "SUBSCRIBE ", 800));
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 500));
	peer_reply(&self->peer, 489, "s", NULL, NULL);
	EXPECT_FALSE(peer_recv(&self->peer, "SUBSCRIBE ", 1500));
}

/* Who registers is asked for nothing before. */
TEST_F(mwi, subscribes_when_registered)
{
	self->config.registrar = self->peer.uri_host;
	self->config.subscribe_mailbox = true;
	world_account(&self->config);
	ASSERT_TRUE(peer_recv(&self->peer, "", 500));
	EXPECT_EQ(0, strncmp(self->peer.rx, "REGISTER ", 9));
	peer_keep(&self->peer);
	EXPECT_TRUE(peer_quiet(&self->peer, 15));
	peer_reply_kept(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 500));
	peer_reply(&self->peer, 200, "s", "Expires: 600\r\n", NULL);
	world_run(50);
	sip_shutdown(world.sip, 500, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "SUBSCRIBE ", 300));
	EXPECT_STREQ("0", header(self->peer.rx, "Expires"));
	peer_reply(&self->peer, 200, "s", NULL, NULL);
	world.sip = NULL;
	world_run(600);
}

TEST_HARNESS_MAIN
