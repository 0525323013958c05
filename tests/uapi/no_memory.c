// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each allocation of each call on a port and of its netlink family fails once.
 * The port works as before afterwards; the kernel's own checks see what is left
 * behind.
 */
#include "facing.h"
#include "nth.h"

#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pots_netlink.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Made anew for each attempt, while no allocation fails. */
static struct line line;
static struct facing facing;
static int opened = -1, sock = -1;
static uint16_t family;
static uint32_t port;		/* for netlink */

static uint64_t argument[4096 / sizeof(uint64_t)];

static bool take_line(const struct nth_case *nth)
{
	return !line_open(&line, 0);
}

static bool take_lifted_line(const struct nth_case *nth)
{
	return take_line(nth) && line_lift(&line);
}

static bool leave_line(const struct nth_case *nth, int err)
{
	line_close(&line);
	return true;
}

static bool take_facing(const struct nth_case *nth)
{
	return !facing_open(&facing);
}

static bool take_seized_facing(const struct nth_case *nth)
{
	return take_facing(nth) && !facing_seize(&facing);
}

static bool leave_facing(const struct nth_case *nth, int err)
{
	facing_close(&facing);
	return true;
}

static bool close_opened(const struct nth_case *nth, int err)
{
	bool right = (opened < 0) == !!err;

	if (opened >= 0)
		close(opened);
	opened = -1;
	line_close(&line);
	return right;
}

/* -------------------------------------------------------------- commands --- */

struct command {
	unsigned long number;
	const void *argument;
};

static int command(const struct nth_case *nth, int fd)
{
	const struct command *command = nth->data;

	memset(argument, 0, sizeof(argument));
	if (command->argument)
		memcpy(argument, command->argument, _IOC_SIZE(command->number));
	return err_of(fd, command->number, argument);
}

static int command_line(const struct nth_case *nth)
{
	return command(nth, line.claim);
}

static int command_facing(const struct nth_case *nth)
{
	return command(nth, facing.claim);
}

#define COMMAND(number_, ...) &(const struct command){ (number_), __VA_ARGS__ }
#define CASE(name_, prepare_, attempt_, undo_, ...) {				\
	.name = (name_), .prepare = (prepare_), .attempt = (attempt_),		\
	.undo = (undo_), .data = COMMAND(__VA_ARGS__) }
#define AT_REST(name, ...)	CASE(name, take_line, command_line, leave_line, __VA_ARGS__)
#define LIFTED(name, ...)	CASE(name, take_lifted_line, command_line, leave_line, __VA_ARGS__)
#define FACING(name, ...)	CASE(name, take_facing, command_facing, leave_facing, __VA_ARGS__)
#define SEIZED(name, ...) \
	CASE(name, take_seized_facing, command_facing, leave_facing, __VA_ARGS__)

static const struct pots_play dial_tone = { .tone = POTS_TONE_DIAL };
static const struct pots_set_tone own_tone = {
	.tone = POTS_TONE_USER,
	.program = { .count = 1, .step = { { .freq_mhz = { 440000 }, .samples = 800 } } },
};
static const struct pots_linefeed reversed = { .feed = POTS_FEED_REVERSE };
static const struct pots_audio audio = { .read_frames = 10, .queue_frames = 100 };
static const struct pots_cid cid = {
	.signal = POTS_CID_DTMF, .count = 1, .data = { 1 }, .level_cdb = -1000,
	.before_data_ms = 20, .on_ms = 50, .off_ms = 50,
};
static const struct pots_ring_cid ring_cid = { .cid = cid };
static const struct pots_flash flash = { .ms = 100 };
static const struct pots_dial dial = {
	.count = 1, .digit = { 1 }, .on_ms = 50, .off_ms = 50, .level_cdb = -900,
};

static struct pots_settings settings;

static bool take_settings(const struct nth_case *nth)
{
	return take_line(nth) && !ioctl(line.claim, POTS_GET_SETTINGS, &settings);
}

static int set_settings(const struct nth_case *nth)
{
	return err_of(line.claim, POTS_SET_SETTINGS, &settings);
}

static struct pots_exchange exchange;

static bool take_exchange(const struct nth_case *nth)
{
	return take_facing(nth) && !ioctl(facing.claim, POTS_GET_EXCHANGE, &exchange);
}

static int set_exchange(const struct nth_case *nth)
{
	return err_of(facing.claim, POTS_SET_EXCHANGE, &exchange);
}

/* ----------------------------------------------------------------- files --- */

static int open_port(const struct nth_case *nth)
{
	opened = port_open(line.id, O_RDWR);
	return opened < 0 ? errno : 0;
}

static int open_far_end(const struct nth_case *nth)
{
	opened = phone_open(line.id);
	return opened < 0 ? errno : 0;
}

static bool take_unclaimed(const struct nth_case *nth)
{
	bool taken = take_line(nth);

	close(line.claim);
	line.claim = -1;
	return taken && state_wait(line.observer, POTS_STATE_CLAIMED, 0, SETTLE_MS);
}

static int claim(const struct nth_case *nth)
{
	line.claim = port_claim(line.observer, 1000);
	return line.claim < 0 ? errno : 0;
}

static bool is_claimed(const struct nth_case *nth, int err)
{
	bool right = !(state_of(line.observer) & POTS_STATE_CLAIMED) == !!err;

	line_close(&line);
	return right;
}

static bool take_speaking(const struct nth_case *nth)
{
	struct pots_audio start = audio;

	return take_lifted_line(nth) && !err_of(line.claim, POTS_AUDIO_START, &start);
}

static int speak(const struct nth_case *nth)
{
	int16_t frames[10 * POTS_FRAME_SAMPLES] = {};
	struct pollfd fds[] = {
		{ line.claim, POLLIN, 0 }, { line.observer, POLLIN, 0 },
	};

	if (write(line.claim, frames, sizeof(frames)) < 0 || poll(fds, 2, 1000) < 0 ||
	    read(line.claim, frames, sizeof(frames)) < 0)
		return errno;
	return 0;
}

static bool take_event(const struct nth_case *nth)
{
	if (!take_line(nth))
		return false;
	close(line.observer);
	line.observer = port_open(line.id, O_RDWR | O_NONBLOCK);
	return line.observer >= 0;
}

static int read_event(const struct nth_case *nth)
{
	return read(line.observer, argument, sizeof(struct pots_event)) < 0 ? errno : 0;
}

/* --------------------------------------------------------------- netlink --- */

struct request {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	struct nlattr attr;
	char value[8];
};

static char answer[16384];

/* With an attribute of @size, or without one. */
static int ask(struct request *request, unsigned int size, uint16_t type, int flags)
{
	struct nlmsghdr *nl = (struct nlmsghdr *)answer;

	request->attr.nla_len = NLA_HDRLEN + size;
	request->nl.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN +
				(size ? NLA_ALIGN(request->attr.nla_len) : 0);
	request->nl.nlmsg_type = type;
	request->nl.nlmsg_flags = NLM_F_REQUEST | flags;
	if (send(sock, request, request->nl.nlmsg_len, 0) < 0 ||
	    recv(sock, answer, sizeof(answer), 0) < (ssize_t)sizeof(*nl))
		return errno;
	return nl->nlmsg_type == NLMSG_ERROR ? -((struct nlmsgerr *)(nl + 1))->error : 0;
}

static bool open_netlink(const struct nth_case *nth)
{
	struct timeval soon = { .tv_usec = 200000 };

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	return sock >= 0;
}

static bool close_netlink(const struct nth_case *nth, int err)
{
	close(sock);
	return true;
}

/* The name comes first in the answer, then the number. */
static void find_family(void)
{
	struct request request = {
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.attr.nla_type = CTRL_ATTR_FAMILY_NAME, .value = POTS_FAMILY_NAME,
	};
	struct nlattr *attr = (struct nlattr *)(answer + NLMSG_HDRLEN + GENL_HDRLEN);

	open_netlink(NULL);
	if (ask(&request, sizeof(POTS_FAMILY_NAME), GENL_ID_CTRL, 0)) {
		puts("Bail out! no netlink family");
		_exit(1);
	}
	attr = (struct nlattr *)((char *)attr + NLA_ALIGN(attr->nla_len));
	family = *(uint16_t *)(attr + 1);
	close_netlink(NULL, 0);
}

static int ask_for_one(const struct nth_case *nth)
{
	struct request request = {
		.genl = { .cmd = *(const int *)nth->data, .version = POTS_FAMILY_VERSION },
		.attr.nla_type = POTS_A_PORT_ID,
	};

	memcpy(request.value, &port, sizeof(port));
	return ask(&request, sizeof(port), family, 0);
}

static int ask_for_all(const struct nth_case *nth)
{
	struct request request = {
		.genl = { .cmd = *(const int *)nth->data, .version = POTS_FAMILY_VERSION },
	};
	struct nlmsghdr *nl = (struct nlmsghdr *)answer;
	int err = ask(&request, 0, family, NLM_F_DUMP);

	while (!err && nl->nlmsg_type != NLMSG_DONE)
		err = recv(sock, answer, sizeof(answer), 0) < 0 ? errno : 0;
	return err;
}

static const int get_port = POTS_CMD_PORT_GET, get_stats = POTS_CMD_STATS_GET;
/* The answer found no memory: a socket that waits for it has a time-out. */
static const int got_lost[] = { EAGAIN, 0 };

#define NETLINK(name_, function, command_) {					\
	.name = (name_), .prepare = open_netlink, .attempt = (function),	\
	.undo = close_netlink, .also = got_lost, .data = &(command_) }

/* ----------------------------------------------------------------- main --- */

/* These are not failed: all that was tried has left whole ports. */
static bool telephone_works(const struct nth_case *nth)
{
	return take_line(nth) && line_lift(&line) && line_hang(&line);
}

static bool exchange_works(const struct nth_case *nth)
{
	return take_facing(nth) && !facing_seize(&facing) && !facing_release(&facing);
}

static int do_nothing(const struct nth_case *nth)
{
	return 0;
}

static const struct nth_case cases[] = {
	{ "open", take_line, open_port, close_opened },
	{ "open-far-end", take_line, open_far_end, close_opened },
	{ "claim", take_unclaimed, claim, is_claimed },
	{ "read-event", take_event, read_event, leave_line },
	{ "speech", take_speaking, speak, leave_line },
	AT_REST("get-info", POTS_GET_INFO),
	AT_REST("get-state", POTS_GET_STATE),
	AT_REST("feed-watchdog", POTS_FEED_WATCHDOG),
	AT_REST("stop-tone", POTS_STOP_TONE),
	AT_REST("set-tone", POTS_SET_TONE, &own_tone),
	AT_REST("ring", POTS_RING),
	AT_REST("ring-cid", POTS_RING_CID, &ring_cid),
	AT_REST("send-cid", POTS_SEND_CID, &cid),
	AT_REST("stop-ring", POTS_STOP_RING),
	AT_REST("set-linefeed", POTS_SET_LINEFEED, &reversed),
	AT_REST("get-settings", POTS_GET_SETTINGS),
	{ "set-settings", take_settings, set_settings, leave_line },
	LIFTED("play-tone", POTS_PLAY_TONE, &dial_tone),
	LIFTED("audio-start", POTS_AUDIO_START, &audio),
	LIFTED("audio-stop", POTS_AUDIO_STOP),
	LIFTED("get-queue", POTS_GET_QUEUE),
	LIFTED("hang-up", POTS_HANGUP),
	FACING("seize", POTS_SEIZE),
	FACING("get-exchange", POTS_GET_EXCHANGE),
	{ "set-exchange", take_exchange, set_exchange, leave_facing },
	SEIZED("flash", POTS_FLASH, &flash),
	SEIZED("dial", POTS_DIAL, &dial),
	SEIZED("stop-dial", POTS_STOP_DIAL),
	SEIZED("release", POTS_HANGUP),
	SEIZED("play-tone-to-exchange", POTS_PLAY_TONE, &dial_tone),
	NETLINK("netlink-port", ask_for_one, get_port),
	NETLINK("netlink-stats", ask_for_one, get_stats),
	NETLINK("netlink-all-ports", ask_for_all, get_port),
	NETLINK("netlink-all-stats", ask_for_all, get_stats),
	{ "telephone-works", telephone_works, do_nothing, leave_line },
	{ "exchange-works", exchange_works, do_nothing, leave_facing },
};

int main(void)
{
	port = port_nth(0);
	find_family();
	return !nth_run(cases, sizeof(cases) / sizeof(cases[0]));
}
