// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What breaks on the way to a server: the network goes down and comes back, the
 * server dies, restarts, falls silent, or sends a byte now and then.
 *
 *	10.9.0.1 pots0 ────── peer0 10.9.0.2	each in a network of its own
 *	agent/sip_*.c	      struct peer	(T1 = 20 ms)
 */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "sip_peer.h"

#define OURS	"10.9.0.1"
#define THEIRS	"10.9.0.2"
#define WHOLE_MS (20 * T1_MS)	/* for a message begun, and for silence of TCP */
#define SETTLE_MS 1000		/* after a change of routes */

static int our_net = -1, their_net = -1;

static int new_network(void)
{
	return unshare(CLONE_NEWNET) ? -1 : open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

static int at_theirs(const char *command)
{
	int status = setns(their_net, CLONE_NEWNET) ? -1 : system(command);

	return setns(our_net, CLONE_NEWNET) ? -1 : status;
}

/* The kernel looks at carriers once a second. */
static bool has_carrier(void)
{
	return !system("for n in $(seq 60); do ip link show pots0 | grep -q 'state UP' && exit; "
		       "sleep 0.05; done; exit 1");
}

static bool two_networks(void)
{
	char command[256];

	their_net = new_network();
	our_net = their_net < 0 ? -1 : new_network();
	snprintf(command, sizeof(command), "ip link set lo up && ip link add name pots0 type veth "
		 "peer name peer0 netns /proc/%d/fd/%d && ip addr add " OURS "/24 dev pots0 && "
		 "ip link set pots0 up", getpid(), their_net);
	return our_net >= 0 && !system(command) &&
	       !at_theirs("ip addr add " THEIRS "/24 dev peer0 && ip link set peer0 up") &&
	       has_carrier();
}

FIXTURE(outage) {
	struct peer peer;
	struct sip_account_config config;
	bool there;
};

FIXTURE_SETUP(outage)
{
	self->there = two_networks();
	if (!self->there)
		SKIP(return, "needs root, iproute2 and veth");
	world_start(NULL);
}

FIXTURE_TEARDOWN(outage)
{
	if (!self->there)
		return;
	peer_close(&self->peer);
	world_stop();
}

static void open_there(struct peer *peer, bool tcp)
{
	if (setns(their_net, CLONE_NEWNET))
		abort();
	if (tcp)
		peer_open_tcp_at(peer, THEIRS);
	else
		peer_open(peer, THEIRS);
	if (setns(our_net, CLONE_NEWNET))
		abort();
}

/* Registered for so long; half of a short time goes by until the next one. */
#define REGISTERED(seconds) do { \
	open_there(&self->peer, false); \
	self->config = (struct sip_account_config){ .name = "reg", .user = "101", .domain = "pots.test", \
		.registrar = self->peer.uri_host, .expires_s = 600 }; \
	world_account(&self->config); \
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", 2000)); \
	peer_reply(&self->peer, 200, "r", "Expires: " seconds "\r\n", NULL); \
	ASSERT_TRUE(world_wait("reg ok 200;", 500)); \
	world_log(); \
} while (0)

#define CALLED(number, callee) do { \
	world_invite(number); \
	ASSERT_TRUE(peer_recv(callee, "INVITE ", 1500)); \
	peer_reply(callee, 200, "t", NULL, peer_sdp); \
	ASSERT_TRUE(peer_recv(callee, "ACK ", 500)); \
	EXPECT_STREQ("answered+sdp;", world_log()); \
} while (0)

/* No half hour of waiting for the next try: it comes when the network does. */
TEST_F(outage, the_network_goes_while_registered)
{
	REGISTERED("2");
	ASSERT_EQ(0, system("ip link set pots0 down"));
	EXPECT_TRUE(world_wait("reg failed 0;", 1500));
	world_log();
	world_invite("1");
	EXPECT_TRUE(world_wait("failed 0/2;", 500));
	ASSERT_EQ(0, system("ip link set pots0 up"));
	ASSERT_TRUE(peer_recv(&self->peer, "REGISTER ", SETTLE_MS + 1500));
	peer_reply(&self->peer, 200, "r", "Expires: 600\r\n", NULL);
	EXPECT_TRUE(world_wait("reg ok 200;", 500));
	/* routes that change all day do not make it register all day */
	ASSERT_EQ(0, system("ip route add 10.8.0.0/16 dev pots0"));
	EXPECT_TRUE(peer_quiet(&self->peer, SETTLE_MS + 300));
}

/* Nor does a dead registrar hear of every route. */
TEST_F(outage, changes_of_routes_are_no_flood)
{
	REGISTERED("2");
	peer_close(&self->peer);
	EXPECT_TRUE(world_wait("reg failed 0;", 1500));
	world_log();
	ASSERT_EQ(0, system("ip route add 10.8.0.0/16 dev pots0"));
	EXPECT_TRUE(world_wait("reg trying 0;reg failed 0;", SETTLE_MS + 1000));
	world_log();
	ASSERT_EQ(0, system("ip route add 10.7.0.0/16 dev pots0"));
	world_run(SETTLE_MS + 500);
	EXPECT_STREQ("", world_log());
}

TEST_F(outage, the_network_goes_in_a_call)
{
	REGISTERED("600");
	CALLED("1", &self->peer);
	ASSERT_EQ(0, system("ip link set pots0 down"));
	world_run(SETTLE_MS + 200);
	ASSERT_EQ(0, system("ip link set pots0 up"));
	world_run(SETTLE_MS + 200);
	EXPECT_STREQ("", world_log());
	sip_call_drop(world.call);
	EXPECT_TRUE(peer_recv(&self->peer, "BYE ", 1500));
}

/* Who hangs up while it is away is free for the next call. */
TEST_F(outage, a_call_ends_without_the_network)
{
	REGISTERED("600");
	CALLED("1", &self->peer);
	ASSERT_EQ(0, system("ip link set pots0 down"));
	sip_call_drop(world.call);
	world_run(200);
	ASSERT_EQ(0, system("ip link set pots0 up"));
	CALLED("2", &self->peer);
}

TEST_F(outage, the_registrar_dies_in_a_call)
{
	char callee[96];
	struct peer other;

	REGISTERED("2");
	open_there(&other, false);
	snprintf(callee, sizeof(callee), "sip:1@%s", other.uri_host);
	CALLED(callee, &other);
	peer_close(&self->peer);
	EXPECT_TRUE(world_wait("reg failed 0;", 1500));
	world_run(200);
	EXPECT_EQ(NULL, strstr(world_log(), "ended"));
	sip_call_drop(world.call);
	EXPECT_TRUE(peer_recv(&other, "BYE ", 500));
	world_invite("2");
	EXPECT_TRUE(world_wait("failed 0/2;", 500));
	peer_close(&other);
}

/* ---- TCP ---- */

#define CONNECTED() do { \
	open_there(&self->peer, true); \
	world_server(&self->peer, SIP_TCP); \
	world_invite("1"); \
	ASSERT_TRUE(peer_recv(&self->peer, "INVITE ", 1500)); \
	peer_reply(&self->peer, 404, "t", NULL, NULL); \
	ASSERT_TRUE(world_wait("failed 404/0;", 500)); \
	ASSERT_TRUE(peer_recv(&self->peer, "ACK ", 500)); \
	world_log(); \
} while (0)

/* The peer loses its end of the connection, and we do not hear of it. */
static void restart(struct peer *peer)
{
	struct linger at_once = { 1, 0 };

	at_theirs("ip link set peer0 down");
	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(peer->fd);
	peer->fd = -1;
	peer->rest[0] = '\0';
	at_theirs("ip link set peer0 up");
	has_carrier();
}

TEST_F(outage, a_restarted_server_is_called)
{
	CONNECTED();
	restart(&self->peer);
	world_invite("2");
	EXPECT_TRUE(peer_recv(&self->peer, "INVITE sip:2@", 1000));
	EXPECT_STREQ("", world_log());
}

/* Once more, and not for ever. */
TEST_F(outage, a_server_that_hangs_up_on_us)
{
	char branch[128];
	int tries;

	CONNECTED();
	world_invite("2");
	for (tries = 0; peer_recv(&self->peer, "INVITE sip:2@", 500); tries++) {
		if (tries)
			EXPECT_STREQ(branch, strstr(header(self->peer.rx, "Via"), "branch="));
		snprintf(branch, sizeof(branch), "%s",
			 strstr(header(self->peer.rx, "Via"), "branch="));
		close(self->peer.fd);
		self->peer.fd = -1;
	}
	EXPECT_EQ(2, tries);
	EXPECT_STREQ("failed 0/2;", world_log());
}

/* Long before the INVITE's own 64*T1, and the next one finds the way. */
TEST_F(outage, a_server_that_falls_silent)
{
	CONNECTED();
	at_theirs("ip link set peer0 down");
	world_invite("2");
	EXPECT_TRUE(world_wait("failed 0/2;", 64 * T1_MS));
	world_log();
	restart(&self->peer);
	world_run(SETTLE_MS + 200);
	world_invite("3");
	EXPECT_TRUE(peer_recv(&self->peer, "INVITE sip:3@", 1000));
}

/* Each byte is no reason to wait longer for the rest. */
TEST_F(outage, a_peer_that_trickles)
{
	static const char text[] = "OPTIONS sip:101@" OURS " SIP/2.0\r\n";
	char one[2] = "";
	char end;
	int i;

	CONNECTED();
	for (i = 0; i < 2 * WHOLE_MS / 100; i++) {
		one[0] = text[i];
		peer_send(&self->peer, one);
		world_run(100);
	}
	EXPECT_EQ(0, recv(self->peer.fd, &end, 1, MSG_DONTWAIT));
	close(self->peer.fd);
	self->peer.fd = -1;
	world_invite("2");
	EXPECT_TRUE(peer_recv(&self->peer, "INVITE sip:2@", 1000));
}

TEST_HARNESS_MAIN
