// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers potsctl. Whoever may open the socket may see who talks to whom, so
 * its mode is the gate. A client that does not read is let go.
 */
#include "control.h"

#include <errno.h>
#include <ev.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent.h"
#include "log.h"

#define CLIENTS_MAX	8
#define REQUEST_MAX	256

struct client {
	struct control *control;
	ev_io io;		/* fd -1 = a free place */
	bool monitors;
	size_t len;
	char request[REQUEST_MAX];
};

struct control {
	struct agent *agent;
	ev_io io;
	char path[108];
	struct client client[CLIENTS_MAX];
};

/* ------------------------------------------------------------ what we tell --- */

static void add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, value ? json_object_new_string(value) : NULL);
}

static void add_number(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_int64((int64_t)value));
}

static void add_speech(struct json_object *object, const struct speech *speech)
{
	struct media_stats stats;

	if (!speech->stream || !speech->agreed)
		return;
	media_get_stats(speech->stream, &stats);
	add_string(object, "codec", sdp_codec_name(speech->session.codec));
	add_number(object, "sent", stats.sent_packets);
	add_number(object, "received", stats.received_packets);
	add_number(object, "lost", stats.lost);
	add_number(object, "late", stats.late);
	add_number(object, "concealed_ms", stats.concealed_ms);
	add_number(object, "jitter_us", stats.jitter_us);
	add_number(object, "delay_ms", stats.delay_ms);
	add_number(object, "round_trip_us", stats.round_trip_us);
	add_number(object, "remote_lost_permille", stats.remote_lost_permille);
}

static struct json_object *tell_line(const struct line *line)
{
	struct json_object *object = json_object_new_object();
	ev_tstamp since = ev_now(line->agent->loop) - line->since;

	add_string(object, "kind", line->config->is_trunk ? "trunk" : "line");
	add_string(object, "line", line->config->name);
	add_string(object, "port", line->config->port);
	add_string(object, "number", line->config->number);
	add_string(object, "state", call_state_name(line->call.state));
	add_number(object, "seconds", since > 0 ? (uint64_t)since : 0);
	add_number(object, "unexpected", line->call.unexpected);
	if (line->waiting.known) {
		add_string(object, "messages", line->waiting.messages ? "yes" : "no");
		add_number(object, "new_messages", line->waiting.count);
	}
	if (line->sip) {
		add_string(object, "peer", line->peer);
		add_string(object, "call_id", sip_call_id(line->sip));
		add_speech(object, &line->speech);
	}
	return object;
}

static struct json_object *tell_calls(const struct agent *agent)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < agent->line_count; i++)
		json_object_array_add(array, tell_line(&agent->lines[i]));
	return array;
}

static struct json_object *tell_accounts(const struct agent *agent)
{
	static const char *const states[] = {
		[SIP_REG_NONE]		= "none",
		[SIP_REG_TRYING]	= "trying",
		[SIP_REG_OK]		= "registered",
		[SIP_REG_FAILED]	= "failed",
	};
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < agent->config.account_count; i++) {
		const struct config_account *config = &agent->config.accounts[i];
		struct json_object *object = json_object_new_object();

		add_string(object, "account", config->name);
		add_string(object, "user", config->sip.user);
		add_string(object, "registrar", config->sip.registrar);
		add_string(object, "state", states[sip_account_state(agent->accounts[i])]);
		json_object_array_add(array, object);
	}
	return array;
}

/* ---------------------------------------------------------------- clients --- */

static void let_go(struct client *client)
{
	ev_io_stop(client->control->agent->loop, &client->io);
	close(client->io.fd);
	ev_io_set(&client->io, -1, EV_READ);
	client->monitors = false;
	client->len = 0;
}

/* Takes the object. A whole line fits into the socket's buffer or is not sent. */
static bool send_line(struct client *client, struct json_object *object)
{
	size_t len;
	const char *text = json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN, &len);
	struct iovec parts[] = { { (void *)text, len }, { (void *)"\n", 1 } };
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent = sendmsg(client->io.fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

	json_object_put(object);
	return sent == (ssize_t)len + 1;
}

static struct json_object *tell_error(const char *text)
{
	struct json_object *object = json_object_new_object();

	add_string(object, "error", text);
	return object;
}

static void serve(struct client *client)
{
	const struct agent *agent = client->control->agent;
	struct json_object *request = json_tokener_parse(client->request), *field = NULL;
	const char *command = "";
	struct json_object *answer;

	if (json_object_is_type(request, json_type_object) &&
	    json_object_object_get_ex(request, "command", &field))
		command = json_object_get_string(field);
	if (!command)
		command = "";

	client->monitors = !strcmp(command, "monitor");
	if (client->monitors || !strcmp(command, "calls"))
		answer = tell_calls(agent);
	else if (!strcmp(command, "accounts"))
		answer = tell_accounts(agent);
	else
		answer = tell_error("no such command");
	json_object_put(request);
	if (!send_line(client, answer) || !client->monitors)
		let_go(client);
}

static void on_client(struct ev_loop *loop, ev_io *io, int revents)
{
	struct client *client = io->data;
	ssize_t len = recv(io->fd, client->request + client->len,
			   sizeof(client->request) - 1 - client->len, MSG_DONTWAIT);
	char *end;

	(void)loop;
	(void)revents;
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0 || client->monitors) {
		let_go(client);
		return;
	}
	client->len += (size_t)len;
	client->request[client->len] = 0;
	end = strchr(client->request, '\n');
	if (end) {
		*end = 0;
		serve(client);
	} else if (client->len == sizeof(client->request) - 1) {
		let_go(client);
	}
}

static void on_connect(struct ev_loop *loop, ev_io *io, int revents)
{
	struct control *control = io->data;
	int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)revents;
	if (fd < 0)
		return;
	for (unsigned int i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &control->client[i];

		if (client->io.fd >= 0)
			continue;
		ev_io_set(&client->io, fd, EV_READ);
		ev_io_start(loop, &client->io);
		return;
	}
	close(fd);
}

void control_notify(struct control *control, const struct line *line)
{
	if (!control)
		return;
	for (unsigned int i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &control->client[i];

		if (client->monitors && !send_line(client, tell_line(line)))
			let_go(client);
	}
}

/* ------------------------------------------------------------------ set-up --- */

/* A socket that nobody listens at any more is what an earlier run left. */
static void remove_stale(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) &&
	    errno == ECONNREFUSED)
		unlink(address->sun_path);
	close(fd);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	remove_stale(&address);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* Closed to all until its mode is right. */
	if (fchmod(fd, 0) || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    chmod(path, 0660) || listen(fd, CLIENTS_MAX)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int control_new(struct control **out, struct agent *agent, const char *path)
{
	struct control *control;
	int fd = listen_at(path);

	if (fd < 0)
		return fd;
	control = calloc(1, sizeof(*control));
	if (!control) {
		close(fd);
		return -ENOMEM;
	}
	control->agent = agent;
	strcpy(control->path, path);
	for (unsigned int i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &control->client[i];

		client->control = control;
		ev_io_init(&client->io, on_client, -1, EV_READ);
		client->io.data = client;
	}
	ev_io_init(&control->io, on_connect, fd, EV_READ);
	control->io.data = control;
	ev_io_start(agent->loop, &control->io);
	*out = control;
	return 0;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	for (unsigned int i = 0; i < CLIENTS_MAX; i++) {
		if (control->client[i].io.fd >= 0)
			let_go(&control->client[i]);
	}
	ev_io_stop(control->agent->loop, &control->io);
	close(control->io.fd);
	unlink(control->path);
	free(control);
}
