// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A board goes while a thread is inside every call that there is on its ports,
 * on its far ends, on netlink and in debugfs: the board itself goes, its chips'
 * devices lose their drivers, the drivers are unloaded. Each thread comes back
 * and is told; those whose files do not go with the chips go on. Afterwards the
 * next board is as good as the last.
 *
 * POTS_REMOVAL_ROUNDS (3): how often in each way.
 */
#include "port.h"
#include "simboard.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pots_netlink.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define BOARD		"going"
#define COME_ALIVE_MS	20000
#define COME_BACK_MS	30000	/* in real time on a busy host; a chip's time-outs are shorter */

/* A: commands and sound. B: who opens and claims. X: that faces an exchange. */
enum { A, B, X, PORTS };

static const char *const labels[PORTS] = { BOARD "-1", BOARD "-2", BOARD "-x1" };

static struct {
	unsigned int id[PORTS];
	int observer[PORTS];
	int claim[PORTS];
	int far[PORTS];
	uint16_t family;
} board;

/* ------------------------------------------------------------ operations --- */

static uint64_t nothing[4096 / sizeof(uint64_t)];

/* The thread's own copy: the kernel writes into it. */
static int command(int fd, unsigned long number, const void *argument)
{
	uint64_t copy[4096 / sizeof(uint64_t)] = {};

	memcpy(copy, argument ?: nothing, _IOC_SIZE(number));
	return err_of(fd, number, copy);
}

/* What a file does without. */
enum outlives { NOTHING, CHIPS, BOARD_TOO };

struct operation {
	const char *name;
	int (*run)(const struct operation *operation);	/* 0 or an errno */
	unsigned int port;
	unsigned long number;
	const void *argument;
	enum outlives outlives;
};

static int by_claim(const struct operation *operation)
{
	return command(board.claim[operation->port], operation->number, operation->argument);
}

static int by_observer(const struct operation *operation)
{
	return command(board.observer[operation->port], operation->number, operation->argument);
}

static int by_far_end(const struct operation *operation)
{
	return command(board.far[operation->port], operation->number, operation->argument);
}

static int open_it(const struct operation *operation)
{
	int fd = port_open(board.id[operation->port], O_RDWR);

	if (fd < 0)	/* the node is gone before the port */
		return errno == ENOENT || errno == ENXIO ? ENODEV : errno;
	close(fd);
	return 0;
}

static int claim_it(const struct operation *operation)
{
	int claim = port_claim(board.observer[operation->port], 200);

	if (claim < 0)
		return errno;
	close(claim);
	return 0;
}

static int read_events(const struct operation *operation)
{
	struct pots_event event;

	return read(board.observer[operation->port], &event, sizeof(event)) < 0 ? errno : 0;
}

static int hear(const struct operation *operation)
{
	int16_t frames[20 * POTS_FRAME_SAMPLES];

	return read(board.claim[operation->port], frames, sizeof(frames)) < 0 ? errno : 0;
}

static int speak(const struct operation *operation)
{
	static const int16_t frames[20 * POTS_FRAME_SAMPLES];

	return write(board.claim[operation->port], frames, sizeof(frames)) < 0 ? errno : 0;
}

static int poll_fd(int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLPRI };

	if (poll(&polled, 1, 100) < 0)
		return errno;
	return polled.revents & POLLHUP ? ENODEV : 0;
}

static int poll_observer(const struct operation *operation)
{
	return poll_fd(board.observer[operation->port]);
}

static int poll_claim(const struct operation *operation)
{
	return poll_fd(board.claim[operation->port]);
}

static int poll_far_end(const struct operation *operation)
{
	return poll_fd(board.far[operation->port]);
}

static int hear_far_end(const struct operation *operation)
{
	int16_t samples[160];

	return read(board.far[operation->port], samples, sizeof(samples)) < 0 ? errno : 0;
}

static int speak_far_end(const struct operation *operation)
{
	static const int16_t samples[160];

	return write(board.far[operation->port], samples, sizeof(samples)) < 0 ? errno : 0;
}

/* What debugfs tells of the port: its chip's registers. */
static int read_registers(const struct operation *operation)
{
	char path[64], text[4096];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/sys/kernel/debug/pots/pots%u/regs",
		 board.id[operation->port]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == EIO ? ENODEV : errno;
	while (!err) {
		ssize_t got = read(fd, text, sizeof(text));

		if (!got)
			break;
		err = got < 0 ? errno : 0;
	}
	close(fd);
	return err == EIO ? ENODEV : err;	/* debugfs' own word for it */
}

/* --------------------------------------------------------------- netlink --- */

struct request {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	struct nlattr attr;
	char value[8];
};

static int ask(struct request *request, unsigned int size, char *answer, size_t room)
{
	struct timeval soon = { .tv_sec = COME_BACK_MS / 1000 };
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct nlmsghdr *nl = (struct nlmsghdr *)answer;
	int err = 0;

	request->attr.nla_len = NLA_HDRLEN + size;
	request->nl.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN +
				(size ? NLA_ALIGN(request->attr.nla_len) : 0);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	if (send(sock, request, request->nl.nlmsg_len, 0) < 0 ||
	    recv(sock, answer, room, 0) < (ssize_t)sizeof(*nl))
		err = errno;
	else if (nl->nlmsg_type == NLMSG_ERROR)
		err = -((struct nlmsgerr *)(nl + 1))->error;
	close(sock);
	return err;
}

static int ask_for_one(const struct operation *operation)
{
	struct request request = {
		.nl = { .nlmsg_type = board.family, .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = operation->number, .version = POTS_FAMILY_VERSION },
		.attr.nla_type = POTS_A_PORT_ID,
	};
	char answer[4096];

	memcpy(request.value, &board.id[operation->port], sizeof(uint32_t));
	return ask(&request, sizeof(uint32_t), answer, sizeof(answer));
}

static int ask_for_all(const struct operation *operation)
{
	struct request request = {
		.nl = { .nlmsg_type = board.family, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.genl = { .cmd = operation->number, .version = POTS_FAMILY_VERSION },
	};
	char answer[16384];

	return ask(&request, 0, answer, sizeof(answer));
}

static uint16_t find_family(void)
{
	struct request request = {
		.nl = { .nlmsg_type = GENL_ID_CTRL, .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.attr.nla_type = CTRL_ATTR_FAMILY_NAME, .value = POTS_FAMILY_NAME,
	};
	char answer[8192];
	struct nlattr *attr = (struct nlattr *)(answer + NLMSG_HDRLEN + GENL_HDRLEN);

	if (ask(&request, sizeof(POTS_FAMILY_NAME), answer, sizeof(answer)))
		return 0;
	/* the name comes first, the number after it */
	attr = (struct nlattr *)((char *)attr + NLA_ALIGN(attr->nla_len));
	return *(uint16_t *)(attr + 1);
}

/* ------------------------------------------------------------- the table --- */

static const struct pots_play dial_tone = { .tone = POTS_TONE_DIAL };
static const struct pots_set_tone own_tone = {
	.tone = POTS_TONE_USER,
	.program = { .count = 1, .step = { { .freq_mhz = { 440000 }, .samples = 800 } } },
};
static const struct pots_linefeed reversed = { .feed = POTS_FEED_REVERSE };
static const struct pots_hangup short_hangup = {
	.flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 20,
};
static const struct pots_audio audio = { .read_frames = 20, .queue_frames = 100 };
static const struct pots_ring_cid ring_cid = {
	.cid = { .signal = POTS_CID_DTMF, .count = 1, .data = { 1 }, .level_cdb = -1000,
		 .before_data_ms = 20, .on_ms = 50, .off_ms = 50 },
};
static const struct pots_flash flash = { .ms = 50 };
static const struct pots_dial dial = {
	.count = 1, .digit = { 1 }, .on_ms = 50, .off_ms = 50, .level_cdb = -900,
};
static const struct pots_exchange defaults = {};
static const struct pots_sim_queue lift = {
	.count = 2, .step = { { .kind = POTS_SIM_STEP_OFFHOOK },
			      { .kind = POTS_SIM_STEP_WAIT, .on_us = 30000 } },
};

static const struct operation operations[] = {
	{ "open", open_it, B },
	{ "claim", claim_it, B },
	{ "read-events", read_events, A },
	{ "read-events-of-exchange", read_events, X },
	{ "poll-observer", poll_observer, A },
	{ "poll-claim", poll_claim, A },
	{ "hear", hear, A },
	{ "speak", speak, A },
	{ "hear-exchange", hear, X },
	{ "get-info", by_observer, A, POTS_GET_INFO },
	{ "get-state", by_observer, A, POTS_GET_STATE },
	{ "feed-watchdog", by_claim, A, POTS_FEED_WATCHDOG },
	{ "get-queue", by_claim, A, POTS_GET_QUEUE },
	{ "play-tone", by_claim, A, POTS_PLAY_TONE, &dial_tone },
	{ "stop-tone", by_claim, A, POTS_STOP_TONE },
	{ "set-tone", by_claim, A, POTS_SET_TONE, &own_tone },
	{ "ring", by_claim, A, POTS_RING },
	{ "stop-ring", by_claim, A, POTS_STOP_RING },
	{ "ring-cid", by_claim, A, POTS_RING_CID, &ring_cid },
	{ "send-cid", by_claim, A, POTS_SEND_CID, &ring_cid.cid },
	{ "hang-up", by_claim, A, POTS_HANGUP, &short_hangup },
	{ "set-linefeed", by_claim, A, POTS_SET_LINEFEED, &reversed },
	{ "get-settings", by_claim, A, POTS_GET_SETTINGS },
	{ "set-settings", by_claim, A, POTS_SET_SETTINGS },
	{ "audio-start", by_claim, A, POTS_AUDIO_START, &audio },
	{ "audio-stop", by_claim, A, POTS_AUDIO_STOP },
	{ "seize", by_claim, X, POTS_SEIZE },
	{ "flash", by_claim, X, POTS_FLASH, &flash },
	{ "dial", by_claim, X, POTS_DIAL, &dial },
	{ "stop-dial", by_claim, X, POTS_STOP_DIAL },
	{ "release", by_claim, X, POTS_HANGUP },
	{ "get-exchange", by_claim, X, POTS_GET_EXCHANGE },
	{ "set-exchange", by_claim, X, POTS_SET_EXCHANGE, &defaults },
	{ "read-cid", by_claim, X, POTS_READ_CID },
	{ "play-tone-to-exchange", by_claim, X, POTS_PLAY_TONE, &dial_tone },
	{ "audio-start-to-exchange", by_claim, X, POTS_AUDIO_START, &audio },
	{ "registers", read_registers, A },
	{ "registers-of-exchange", read_registers, X },
	{ "netlink-port", ask_for_one, A, POTS_CMD_PORT_GET },
	{ "netlink-stats", ask_for_one, X, POTS_CMD_STATS_GET },
	{ "netlink-ports", ask_for_all, A, POTS_CMD_PORT_GET, .outlives = BOARD_TOO },
	{ "netlink-all-stats", ask_for_all, A, POTS_CMD_STATS_GET, .outlives = BOARD_TOO },
	{ "far-end-state", by_far_end, A, POTS_SIM_GET_STATE, .outlives = CHIPS },
	{ "far-end-lifts", by_far_end, A, POTS_SIM_QUEUE, &lift, CHIPS },
	{ "far-end-poll", poll_far_end, A, .outlives = CHIPS },
	{ "far-end-hears", hear_far_end, A, .outlives = CHIPS },
	{ "far-end-speaks", speak_far_end, A, .outlives = CHIPS },
	{ "exchange-state", by_far_end, X, POTS_SIM_GET_EXCHANGE_STATE,
	  .outlives = CHIPS },
};

/* --------------------------------------------------------------- threads --- */

static volatile bool over;

struct inside {
	pthread_t thread;
	const struct operation *operation;
	unsigned long calls;
	int err;		/* of the last call */
	bool done;
};

/*
 * In it until it says that the port is gone, or until all is over. Nice to the kernel's
 * threads: on one processor dozens of us leave RCU's callbacks to ksoftirqd, which then
 * did ten of thousands each time that it had its turn, and the driver's end waited.
 */
static void *be_inside(void *arg)
{
	struct inside *inside = arg;
	const struct operation *operation = inside->operation;

	setpriority(PRIO_PROCESS, gettid(), 19);
	do {
		inside->err = operation->run(operation);
		inside->calls++;
	} while (inside->err != ENODEV && !over);
	__atomic_store_n(&inside->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool comes_back(const struct inside *inside)
{
	uint64_t end_ns = now_ns() + COME_BACK_MS * NS_PER_MS;

	while (!__atomic_load_n(&inside->done, __ATOMIC_ACQUIRE)) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(5);
	}
	return true;
}

/* ---------------------------------------------------------------- ways --- */

static int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? errno : 0;
}

static bool live_0(void)
{
	return !simboard_live(BOARD, false);
}

static bool unbind(void)
{
	return !port_unplug(board.id[A]) && !port_unplug(board.id[B]) && !port_unplug(board.id[X]);
}

/* Those that are held by files, ports or boards say so, and stay whole. */
static bool unload_drivers(void)
{
	return unload("pots") == EWOULDBLOCK && unload("pots_sim") == EWOULDBLOCK &&
	       !unload("pots_si3210") && !unload("pots_si3050") && unload("pots") == EWOULDBLOCK;
}

static bool load_drivers(void)
{
	return !system("modprobe pots-si3210 && modprobe pots-si3050");
}

FIXTURE(removal) {
	bool described;
};

FIXTURE_VARIANT(removal) {
	bool (*go)(void);
};

FIXTURE_VARIANT_ADD(removal, live_0) { live_0 };
FIXTURE_VARIANT_ADD(removal, unbind) { unbind };
FIXTURE_VARIANT_ADD(removal, unload) { unload_drivers };

static bool open_all(void)
{
	for (unsigned int i = 0; i < PORTS; i++) {
		int id = simboard_port(labels[i], COME_ALIVE_MS);
		static const uint32_t ear = POTS_SIM_LISTEN_EAR;

		if (id < 0)
			return false;
		board.id[i] = id;
		board.observer[i] = port_open(id, O_RDWR);
		board.claim[i] = i == B ? -1 : port_claim(board.observer[i], 0);
		board.far[i] = phone_open(id);
		if (board.observer[i] < 0 || board.far[i] < 0 || (i != B && board.claim[i] < 0))
			return false;
		/* its reads and writes sleep */
		fcntl(board.far[i], F_SETFL, 0);
		if (i == A && ioctl(board.far[i], POTS_SIM_LISTEN, &ear))
			return false;
	}
	board.family = find_family();
	return board.family;
}

static void close_all(void)
{
	for (unsigned int i = 0; i < PORTS; i++) {
		if (board.claim[i] >= 0)
			close(board.claim[i]);
		close(board.observer[i]);
		close(board.far[i]);
	}
}

FIXTURE_SETUP(removal)
{
	simboard_remove(BOARD);	/* of a test that failed */
	if (simboard_describe(BOARD, "fxs 2 fxo 1"))
		SKIP(return, "no simulated board to be made");
	self->described = true;
}

FIXTURE_TEARDOWN(removal)
{
	if (self->described) {
		EXPECT_EQ(0, simboard_remove(BOARD));
	}
}

static struct inside inside[ARRAY_SIZE(operations)];

static void start(void)
{
	over = false;
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++) {
		inside[i] = (struct inside){ .operation = &operations[i] };
		pthread_create(&inside[i].thread, NULL, be_inside, &inside[i]);
	}
}

/* Those that outlive just this come back, and are @told that it is gone or not. */
static void expect_back(struct __test_metadata *_metadata, enum outlives outlives, bool told)
{
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++) {
		if (operations[i].outlives != outlives)
			continue;
		ASSERT_TRUE(comes_back(&inside[i])) {
			TH_LOG("%s does not come back", operations[i].name);
		}
		pthread_join(inside[i].thread, NULL);
		EXPECT_EQ(told, inside[i].err == ENODEV) {
			TH_LOG("%s: errno %d after %lu calls", operations[i].name,
			       inside[i].err, inside[i].calls);
		}
	}
}

/* The ports go, then what is left of the board, then nothing is left to ask. */
TEST_F_TIMEOUT(removal, with_threads_inside, 300)
{
	const char *wanted = getenv("POTS_REMOVAL_ROUNDS");
	unsigned int rounds = strtoul(wanted ?: "3", NULL, 10);

	for (unsigned int round = 0; round < rounds; round++) {
		ASSERT_EQ(0, simboard_live(BOARD, true));
		ASSERT_TRUE(open_all());
		start();
		sleep_ms(30 + 37 * round);
		ASSERT_TRUE(variant->go());
		expect_back(_metadata, NOTHING, true);
		ASSERT_EQ(0, simboard_live(BOARD, false));
		expect_back(_metadata, CHIPS, true);
		over = true;
		expect_back(_metadata, BOARD_TOO, false);
		close_all();
		ASSERT_TRUE(load_drivers());
	}
}

/* Whoever keeps a port open keeps nothing that the next board needs. */
TEST(a_port_that_stays_open)
{
	struct pots_state state;
	int held;

	if (simboard_describe(BOARD, "fxs 1"))
		SKIP(return, "no simulated board to be made");
	ASSERT_EQ(0, simboard_live(BOARD, true));
	held = port_open(simboard_port(labels[A], COME_ALIVE_MS), O_RDWR);
	ASSERT_GE(held, 0);
	ASSERT_EQ(0, simboard_live(BOARD, false));
	EXPECT_EQ(0, simboard_live(BOARD, true));
	EXPECT_GE(simboard_port(labels[A], COME_ALIVE_MS), 0);
	EXPECT_EQ(ENODEV, err_of(held, POTS_GET_STATE, &state));
	close(held);
	EXPECT_EQ(0, simboard_remove(BOARD));
}

TEST_HARNESS_MAIN
