// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket: what clients write, in pieces, and whether they read.
 *
 *   input ──► recv() ── control.c ── sendmsg() ──► checked: whole lines of JSON
 *
 * An input is steps: a byte of what, and for bytes that arrive their number.
 */
#include <sys/socket.h>

#include "input.h"

static struct input *arriving;
static size_t arrived;
static bool reads;

static ssize_t fuzz_recv(int fd, void *to, size_t size, int flags);
static ssize_t fuzz_sendmsg(int fd, const struct msghdr *msg, int flags);

#define recv fuzz_recv
#define sendmsg fuzz_sendmsg
#include "control.c"
#undef recv
#undef sendmsg

static ssize_t fuzz_recv(int fd, void *to, size_t size, int flags)
{
	size_t len = arrived < arriving->left ? arrived : arriving->left;

	len = len < size ? len : size;
	take(arriving, to, len);
	return (ssize_t)len;
}

static ssize_t fuzz_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	struct json_object *object;
	char *text;

	if (!reads) {
		errno = EAGAIN;
		return -1;
	}
	MUST(msg->msg_iovlen == 2 && msg->msg_iov[1].iov_len == 1);
	text = calloc(1, msg->msg_iov[0].iov_len + 1);
	memcpy(text, msg->msg_iov[0].iov_base, msg->msg_iov[0].iov_len);
	MUST(!strchr(text, '\n'));
	object = json_tokener_parse(text);
	MUST(object);
	json_object_put(object);
	free(text);
	return (ssize_t)msg->msg_iov[0].iov_len + 1;
}

/* ---- what control.c asks of the rest of the agent ---- */

const char *call_state_name(enum call_state state)
{
	return "IDLE";
}

const char *sip_call_id(const struct sip_call *call)
{
	return "1";
}

enum sip_reg_state sip_account_state(const struct sip_account *account)
{
	return SIP_REG_OK;
}

void media_get_stats(const struct media_stream *stream, struct media_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
}

const char *sdp_codec_name(enum sdp_codec codec)
{
	return "PCMA";
}

static struct agent agent;

static void init_agent(void)
{
	static struct config_line config = { .name = "1", .port = "pots0", .number = "1\"\n" };
	static struct config_account account = { .name = "home", .sip = { .user = "\x80\\u" } };
	static struct sip_account *accounts[1];
	static struct line line = { .agent = &agent, .config = &config };

	agent.loop = ev_default_loop(EVBACKEND_POLL);
	agent.config.account_count = 1;
	agent.config.accounts = &account;
	agent.accounts = accounts;
	agent.line_count = 1;
	agent.lines = &line;
	line.sip = (struct sip_call *)&line;
	strcpy(line.peer, "\x01\"2");
}

/* A free place gets a descriptor of its own; nothing is read from it. */
static void connect_client(struct client *client)
{
	ev_io_set(&client->io, dup(0), EV_READ);
	ev_io_start(agent.loop, &client->io);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct control control = { .agent = &agent };
	unsigned int i;

	if (!agent.loop)
		init_agent();
	for (i = 0; i < CLIENTS_MAX; i++) {
		control.client[i].control = &control;
		ev_io_init(&control.client[i].io, on_client, -1, EV_READ);
		control.client[i].io.data = &control.client[i];
	}
	arriving = &input;
	while (input.left) {
		uint8_t what = take8(&input);
		struct client *client = &control.client[what % 2];

		reads = !(what & 0x80);
		if (what & 0x40) {
			control_notify(&control, agent.lines);
			continue;
		}
		arrived = take8(&input);
		if (client->io.fd < 0)
			connect_client(client);
		on_client(agent.loop, &client->io, EV_READ);
		MUST(client->len < REQUEST_MAX);
	}
	for (i = 0; i < CLIENTS_MAX; i++)
		if (control.client[i].io.fd >= 0)
			let_go(&control.client[i]);
	return 0;
}
