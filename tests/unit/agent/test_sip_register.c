// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registration: refresh, refusals, credentials, another server, the end.
 *
 *   agent/sip_*.c ── REGISTER ──> registrar 127.0.0.1:P     (T1 = 20 ms)
 */
#include <sched.h>
#include <stdlib.h>

#include "kselftest_harness.h"
#include "sip_peer.h"

FIXTURE(reg) {
	struct peer peer;
	struct sip_account_config config;
};

FIXTURE_SETUP(reg)
{
	world_start("127.0.0.1");
	peer_open(&self->peer, "127.0.0.1");
	self->config = (struct sip_account_config){
		.name = "reg", .registrar = self->peer.uri_host, .domain = "pots.test",
		.user = "101", .auth_user = "auth101", .secret = "geheim", .expires_s = 600,
	};
}

FIXTURE_TEARDOWN(reg)
{
	peer_close(&self->peer);
	world_stop();
}

#define REGISTERING() do { \
	world_account(&self->config); \
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500)); \
	peer_keep(&self->peer); \
} while (0)

TEST_F(reg, registers)
{
	REGISTERING();
	EXPECT_EQ(0, strncmp(self->peer.rx, "REGISTER sip:pots.test SIP/2.0", 30));
	EXPECT_EQ(0, strncmp(header(self->peer.rx, "From"), "<sip:101@pots.test>;tag=", 24));
	EXPECT_STREQ("<sip:101@pots.test>", header(self->peer.rx, "To"));
	EXPECT_STREQ("600", header(self->peer.rx, "Expires"));
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	EXPECT_TRUE(world_wait("reg ok 200", 500));
	EXPECT_EQ(SIP_REG_OK, sip_account_state(world.account));
	EXPECT_TRUE(peer_quiet(&self->peer, 100));
}

/* Half of a short time; the registrar's word on it counts, for our contact. */
TEST_F(reg, refreshes)
{
	char contact[256];

	REGISTERING();
	snprintf(contact, sizeof(contact), "Contact: <sip:101@192.0.2.1>;expires=500, "
		 "<sip:101@127.0.0.1:%u>;expires=2\r\n", world_port());
	peer_reply(&self->peer, 200, NULL, contact, NULL);
	EXPECT_FALSE(peer_recv(&self->peer, "REGISTER ", 800));
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	EXPECT_STREQ(header(self->peer.invite, "Call-ID"), header(self->peer.rx, "Call-ID"));
	EXPECT_EQ(cseq_of(self->peer.invite) + 1, cseq_of(self->peer.rx));
	EXPECT_STREQ("reg trying 0;reg ok 200;", world_log());
}

TEST_F(reg, interval_too_brief)
{
	REGISTERING();
	peer_reply(&self->peer, 423, "r", "Min-Expires: 1800\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	EXPECT_STREQ("1800", header(self->peer.rx, "Expires"));
	/* one that asks for less than it was given will not get us to turn */
	peer_reply(&self->peer, 423, "r", "Min-Expires: 60\r\n", NULL);
	EXPECT_TRUE(world_wait("reg failed 423", 500));
}

#define CHALLENGE "WWW-Authenticate: Digest realm=\"pots.test\", nonce=\"abc\", qop=\"auth\"\r\n"

TEST_F(reg, credentials_and_their_reuse)
{
	REGISTERING();
	peer_reply(&self->peer, 401, "r", CHALLENGE, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"),
			       "Digest username=\"auth101\", realm=\"pots.test\", nonce=\"abc\", "
			       "uri=\"sip:pots.test\""));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "nc=00000001"));
	peer_reply(&self->peer, 200, "r", "Expires: 2\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 1500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "nc=00000002"));
	/* a new nonce without stale, as FRITZ!Box does it: one try more */
	peer_reply(&self->peer, 401, "r", "WWW-Authenticate: Digest realm=\"pots.test\", "
		   "nonce=\"new\", qop=\"auth\"\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "nonce=\"new\""));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "nc=00000001"));
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	EXPECT_TRUE(world_wait("reg ok", 500));
}

TEST_F(reg, wrong_password)
{
	REGISTERING();
	peer_reply(&self->peer, 401, "r", CHALLENGE, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	peer_reply(&self->peer, 401, "r", CHALLENGE, NULL);
	EXPECT_TRUE(peer_quiet(&self->peer, 200));
	EXPECT_STREQ("reg trying 0;reg failed 401;", world_log());
}

TEST_F(reg, forbidden_is_not_repeated_soon)
{
	REGISTERING();
	peer_reply(&self->peer, 403, "r", NULL, NULL);
	EXPECT_TRUE(world_wait("reg failed 403", 500));
	EXPECT_TRUE(peer_quiet(&self->peer, 200));
}

TEST_F(reg, nobody_there)
{
	peer_close(&self->peer);
	world_account(&self->config);
	EXPECT_TRUE(world_wait("reg failed 0", 500));
}

static void shut(void *ctx)
{
	world.sip = NULL;
}

TEST_F(reg, unregisters_at_the_end)
{
	REGISTERING();
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(world_wait("reg ok 200", 500));
	sip_shutdown(world.sip, 1000, shut);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	EXPECT_STREQ("0", header(self->peer.rx, "Expires"));
	EXPECT_NE(NULL, world.sip);
	peer_reply(&self->peer, 200, "r", NULL, NULL);
	world_run(100);
	EXPECT_EQ(NULL, world.sip);
}

TEST_F(reg, does_not_linger_for_ever)
{
	REGISTERING();
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(world_wait("reg ok 200", 500));
	sip_shutdown(world.sip, 150, shut);
	world_run(250);
	EXPECT_EQ(NULL, world.sip);
}

/* Calls go where the registration went, and credentials with them. */
TEST_F(reg, calls_use_what_it_learnt)
{
	REGISTERING();
	peer_reply(&self->peer, 401, "r", CHALLENGE, NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 500));
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(world_wait("reg ok 200", 500));
	world_invite("4711");
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE sip:4711@pots.test", 500));
	EXPECT_NE(NULL, strstr(header(self->peer.rx, "Authorization"), "nc=00000002"));
}

TEST_F(reg, keeps_the_door_open)
{
	self->config.keepalive_s = 1;
	REGISTERING();
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(peer_recv(&self->peer, "\r\n\r\n", 1500));
}

TEST_F(reg, through_an_outbound_proxy)
{
	struct peer proxy;

	peer_open(&proxy, "127.0.0.1");
	self->config.outbound_proxy = proxy.uri_host;
	world_account(&self->config);
	ASSERT_TRUE(peer_recv(&proxy, "REGISTER sip:pots.test", 500));
	EXPECT_NE(NULL, strstr(header(proxy.rx, "Route"), ";lr>"));
	peer_reply(&proxy, 200, "r", "Expires: 600\r\n", NULL);
	world_invite("4711");
	ASSERT_TRUE(peer_recv(&proxy, "INVITE sip:4711@pots.test", 500));
	EXPECT_NE(NULL, strstr(header(proxy.rx, "Route"), ";lr>"));
	peer_close(&proxy);
}

/*
 * Another way out, another address of ours: a new registration and the word to
 * the owner. In a network of its own, where the route names our address.
 */
#define WAY_OUT(address) "ip route replace local 10.9.0.254 dev lo table local src " address

TEST(address_changes)
{
	struct sip_account_config config = { .name = "reg", .user = "101", .expires_s = 600 };
	struct sockaddr_storage local;
	struct peer peer;

	if (unshare(CLONE_NEWNET) ||
	    system("ip link set lo up && ip addr add 10.9.0.1/32 dev lo && "
		   "ip addr add 10.9.0.2/32 dev lo && ip addr add 10.9.0.254/32 dev lo && "
		   WAY_OUT("10.9.0.1") " 2>/dev/null"))
		SKIP(return, "needs root and iproute2");
	world_start(NULL);
	peer_open(&peer, "10.9.0.254");
	config.registrar = peer.uri_host;
	world_account(&config);
	ASSERT_TRUE(peer_recv(&peer, "REGISTER ", 500));
	EXPECT_NE(NULL, strstr(header(peer.rx, "Contact"), "101@10.9.0.1:"));
	peer_keep(&peer);
	peer_reply(&peer, 200, "r", "Expires: 600\r\n", NULL);
	ASSERT_TRUE(world_wait("reg ok", 500));
	world_invite("1");
	ASSERT_TRUE(peer_recv(&peer, "INVITE ", 500));
	peer_reply(&peer, 200, "t", NULL, peer_sdp);
	ASSERT_TRUE(peer_recv(&peer, "ACK ", 500));
	ASSERT_EQ(0, system(WAY_OUT("10.9.0.2")));
	ASSERT_EQ(0, system("ip addr del 10.9.0.1/32 dev lo"));
	ASSERT_TRUE(peer_recv(&peer, "REGISTER ", 2500));
	EXPECT_NE(NULL, strstr(header(peer.rx, "Contact"), "101@10.9.0.2:"));
	EXPECT_NE(NULL, strstr(header(peer.rx, "Via"), " 10.9.0.2:"));
	EXPECT_STREQ(header(peer.invite, "Call-ID"), header(peer.rx, "Call-ID"));
	EXPECT_EQ(1, world.address_changes);
	ASSERT_EQ(0, sip_account_local_addr(world.account, &local));
	EXPECT_EQ(htonl(0x0a090002), ((struct sockaddr_in *)&local)->sin_addr.s_addr);
	/* and the call tells its peer by the offer that the owner makes now */
	EXPECT_EQ(0, sip_call_reoffer(world.call, peer_sdp, strlen(peer_sdp)));
	ASSERT_TRUE(peer_recv(&peer, "INVITE ", 500));
	EXPECT_NE(NULL, strstr(header(peer.rx, "Contact"), "101@10.9.0.2:"));
	peer_close(&peer);
	world_stop();
}

TEST_HARNESS_MAIN
