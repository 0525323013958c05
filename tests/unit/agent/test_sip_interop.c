// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same code against programs that others wrote: SIPp and Kamailio.
 *
 *   agent/sip_*.c <══ UDP or TCP on 127.0.0.1 ══> sipp, kamailio
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "sip_peer.h"

static uint16_t far_port;
static char far_text[16], far_host[64], us[64];

static bool installed(const char *program)
{
	char command[128];

	snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", program);
	return !system(command);
}

static pid_t spawn(const char *const argv[])
{
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	return pid;
}

/* The program's own verdict, while our side goes on living. */
static int wait_for(pid_t pid, int ms)
{
	int status;

	for (; ms > 0; ms -= 5) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		world_run(5);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -2;
}

/* A program that listens has the port. */
static bool wait_port(int type)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(far_port) };
	int tries, fd, taken = 0;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (tries = 0; tries < 1000 && !taken; tries++) {
		fd = socket(AF_INET, type, 0);
		taken = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
		close(fd);
		world_run(10);
	}
	world_run(100);
	return taken;
}

static pid_t sipp(const char *what, const char *scenario, bool tcp, const char *target)
{
	char path[300];
	const char *const argv[] = {
		"sipp", what, path, "-i", "127.0.0.1", "-p", far_text, "-m", "1", "-nostdin",
		"-timeout", "15", "-timeout_error", "-t", tcp ? "t1" : "u1", "-d", "200",
		target, NULL,
	};

	if (what[2] == 'n')
		snprintf(path, sizeof(path), "%s", scenario);
	else
		snprintf(path, sizeof(path), "%s/sip/%s", TEST_DIR, scenario);
	return spawn(argv);
}

static void account_at_far_end(enum sip_transport transport)
{
	struct sip_account_config config = { .name = "far", .user = "101", .transport = transport,
					     .outbound_proxy = far_host };

	world_account(&config);
}

FIXTURE(interop) {
	int unused;
};

FIXTURE_SETUP(interop)
{
	world_start("127.0.0.1");
	far_port = (uint16_t)(world_port() + 20000 - 7);
	snprintf(far_text, sizeof(far_text), "%u", far_port);
	snprintf(far_host, sizeof(far_host), "127.0.0.1:%u", far_port);
	snprintf(us, sizeof(us), "127.0.0.1:%u", world_port());
}

FIXTURE_TEARDOWN(interop)
{
	world_stop();
}

static void call_sipp(struct __test_metadata *_metadata, enum sip_transport transport)
{
	pid_t pid;

	account_at_far_end(transport);
	pid = sipp("-sn", "uas", transport == SIP_TCP, NULL);
	ASSERT_TRUE(wait_port(transport == SIP_TCP ? SOCK_STREAM : SOCK_DGRAM));
	world_invite("4711");
	ASSERT_TRUE(world_wait("answered+sdp;", 5000));
	world_run(100);
	sip_call_drop(world.call);
	EXPECT_EQ(0, wait_for(pid, 15000));
}

TEST_F(interop, sipp_is_called)
{
	if (!installed("sipp"))
		SKIP(return, "no sipp");
	call_sipp(_metadata, SIP_UDP);
}

TEST_F(interop, sipp_is_called_over_tcp)
{
	if (!installed("sipp"))
		SKIP(return, "no sipp");
	call_sipp(_metadata, SIP_TCP);
}

TEST_F(interop, sipp_calls)
{
	if (!installed("sipp"))
		SKIP(return, "no sipp");
	account_at_far_end(SIP_UDP);
	world.answer_at_once = true;
	EXPECT_EQ(0, wait_for(sipp("-sn", "uac", false, us), 15000));
	EXPECT_STREQ("incoming+sdp;confirmed;ended 0;", world_log());
}

TEST_F(interop, sipp_calls_over_tcp)
{
	if (!installed("sipp"))
		SKIP(return, "no sipp");
	account_at_far_end(SIP_TCP);
	world.answer_at_once = true;
	EXPECT_EQ(0, wait_for(sipp("-sn", "uac", true, us), 15000));
	EXPECT_STREQ("incoming+sdp;confirmed;ended 0;", world_log());
}

TEST_F(interop, sipp_holds)
{
	if (!installed("sipp"))
		SKIP(return, "no sipp");
	account_at_far_end(SIP_UDP);
	world.answer_at_once = world.answer_offers = true;
	EXPECT_EQ(0, wait_for(sipp("-sf", "hold.xml", false, us), 15000));
	EXPECT_STREQ("incoming+sdp;confirmed;offer+sdp;confirmed;ended 0;", world_log());
}

TEST_F(interop, sipp_is_cancelled)
{
	pid_t pid;

	if (!installed("sipp"))
		SKIP(return, "no sipp");
	account_at_far_end(SIP_UDP);
	pid = sipp("-sf", "cancelled.xml", false, NULL);
	ASSERT_TRUE(wait_port(SOCK_DGRAM));
	world_invite("4711");
	ASSERT_TRUE(world_wait("progress 180;", 5000));
	sip_call_drop(world.call);
	EXPECT_EQ(0, wait_for(pid, 15000));
}

/* Registers, calls its own number through the proxy, hangs up, un-registers. */
static void through_kamailio(struct __test_metadata *_metadata, bool sha256)
{
	struct sip_account_config config = {
		.name = "kamailio", .registrar = far_host, .domain = "pots.test", .user = "101",
		.secret = "geheim", .expires_s = 300,
	};
	char listen[80], path[300];
	const char *const argv[] = {
		"kamailio", "-f", path, "-DD", "-E", "-m", "16", "-M", "4", "-l", listen,
		sha256 ? "-A" : NULL, "SHA", NULL,
	};
	struct sip_call *ours;
	pid_t pid;

	if (!installed("kamailio"))
		SKIP(return, "no kamailio");
	snprintf(path, sizeof(path), "%s/sip/registrar.cfg", TEST_DIR);
	snprintf(listen, sizeof(listen), "udp:%s", far_host);
	pid = spawn(argv);
	ASSERT_TRUE(wait_port(SOCK_DGRAM));
	world_run(500);	/* bound, but its workers are still to come */
	world_account(&config);
	ASSERT_TRUE(world_wait("reg ok 200;", 8000));
	world_invite("999");
	EXPECT_TRUE(world_wait("failed 404/0;", 3000));
	world_log();
	world_invite("101");
	ours = world.call;
	ASSERT_TRUE(world_wait("incoming+sdp;", 3000));
	ASSERT_EQ(0, sip_call_answer(world.call, peer_sdp, strlen(peer_sdp)));
	EXPECT_TRUE(world_wait("confirmed;", 3000));
	EXPECT_STREQ("incoming+sdp;answered+sdp;confirmed;", world_log());
	sip_call_drop(ours);
	EXPECT_TRUE(world_wait("ended 0;", 3000));
	kill(pid, SIGTERM);
	wait_for(pid, 5000);
}

TEST_F(interop, kamailio_md5)
{
	through_kamailio(_metadata, false);
}

TEST_F(interop, kamailio_sha256)
{
	through_kamailio(_metadata, true);
}

TEST_HARNESS_MAIN
