// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The torture messages of RFC 4475, each to an agent of its own, as a datagram
 * and over a connection. What each one gets stands with it in
 * rfc4475.messages; after it the agent must still answer an OPTIONS.
 *
 *   agent/sip_*.c <══ UDP, TCP ══ peer 127.0.0.1:P     (T1 = 20 ms)
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ktap.h"
#include "sip_guard.h"
#include "sip_peer.h"

#define MESSAGES	49
#define TEXT_MAX	4096
#define SILENCE_MS	40
#define TURN_MS		2
#define ANSWER_MS	1000

static struct message {
	char section[12], name[16];
	char expected[2][8];		/* over UDP, over TCP */
	char line[80];			/* of the answer, "" = any */
	char text[TEXT_MAX];
	size_t len;
} messages[MESSAGES];

static unsigned int message_count;

static bool read_title(const char *line, struct message *message)
{
	int used = 0;

	if (sscanf(line, "= %11s %15s %7s %7s %n", message->section, message->name,
		   message->expected[0], message->expected[1], &used) != 4 || !used)
		return false;
	snprintf(message->line, sizeof(message->line), "%.*s",
		 (int)strcspn(line + used, "\n"), line + used);
	return true;
}

static bool put(struct message *message, char c)
{
	if (message->len == sizeof(message->text))
		return false;
	message->text[message->len++] = c;
	return true;
}

static bool read_octets(const char *line, struct message *message)
{
	unsigned int octet;

	for (; *line && *line != '\n'; line++) {
		if (*line != '\\') {
			octet = (unsigned char)*line;
		} else if (line[1] == '\n' || !line[1]) {
			return true;
		} else if (line[1] == 'x' && sscanf(line + 2, "%2x", &octet) == 1) {
			line += 3;
		} else {
			octet = (unsigned char)*++line;
		}
		if (!put(message, (char)octet))
			return false;
	}
	return put(message, '\r') && put(message, '\n');
}

static bool read_messages(void)
{
	FILE *file = fopen(TEST_DIR "/rfc4475.messages", "r");
	char line[2 * TEXT_MAX];
	bool good = file;

	while (good && fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		if (*line == '=')
			good = message_count < MESSAGES &&
			       read_title(line, &messages[message_count++]);
		else
			good = message_count && read_octets(line, &messages[message_count - 1]);
	}
	if (file)
		fclose(file);
	return good && message_count == MESSAGES;
}

/* ---- one message, one way ---- */

static void connect_to_agent(struct peer *peer)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(world_port()) };

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(peer->fd, (struct sockaddr *)&addr, sizeof(addr)))
		abort();
}

static void start(struct peer *peer, bool tcp)
{
	world_start("127.0.0.1");
	if (tcp)
		peer_open_tcp(peer);
	else
		peer_open(peer, "127.0.0.1");
	world_server(peer, tcp ? SIP_TCP : SIP_UDP);
	if (tcp)
		connect_to_agent(peer);
}

static void send_octets(struct peer *peer, bool tcp, const struct message *message)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(world_port()) };

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sendto(peer->fd, message->text, message->len, MSG_NOSIGNAL,
	       tcp ? NULL : (struct sockaddr *)&to, tcp ? 0 : sizeof(to));
}

/* An answer may have in it whatever the message had, also NUL. */
static struct {
	char text[2 * TEXT_MAX];
	ssize_t len;
} answer;

static bool has_line(const char *line)
{
	return memmem(answer.text, (size_t)answer.len, line, strlen(line));
}

/* What came back, in the words of the table. */
static const char *outcome(struct peer *peer, bool silent)
{
	int turns = (silent ? SILENCE_MS : ANSWER_MS) / TURN_MS;
	static char status[4];

	do {
		world_run(TURN_MS);
		answer.len = recv(peer->fd, answer.text, sizeof(answer.text), MSG_DONTWAIT);
	} while (answer.len < 0 && --turns);
	if (answer.len < 0)
		return "-";
	if (!answer.len)
		return "closed";
	snprintf(status, sizeof(status), "%.3s", answer.text + strlen("SIP/2.0 "));
	return status;
}

/* Nobody is answered, but is it as it should be? */
static bool is_good(const struct message *message, bool tcp)
{
	static struct sip_scan scan;

	return !sip_guard(message->text, message->len, tcp, &scan);
}

static bool is_alive(void)
{
	struct peer prober;
	bool alive;

	peer_open(&prober, "127.0.0.1");
	peer_request(&prober, "OPTIONS", "alive", 1, "", NULL, NULL);
	alive = peer_recv(&prober, "SIP/2.0 200", ANSWER_MS);
	peer_close(&prober);
	return alive;
}

static void try_message(const struct message *message, bool tcp)
{
	const char *expected = message->expected[tcp], *got;
	bool silent = !strcmp(expected, "-") || !strcmp(expected, "good");
	struct peer peer;

	start(&peer, tcp);
	send_octets(&peer, tcp, message);
	got = outcome(&peer, silent);
	if (!strcmp(got, "-") && is_good(message, tcp))
		got = "good";
	CHECK(!strcmp(got, expected), "%s %s over %s: %s instead of %s", message->section,
	      message->name, tcp ? "TCP" : "UDP", got, expected);
	CHECK(!*message->line || (answer.len > 0 && has_line(message->line)),
	      "%s: no \"%s\" in the answer", message->name, message->line);
	CHECK(!strcmp(expected, "100") == !!strstr(world.log, "incoming"), "%s: told \"%s\"",
	      message->name, world.log);
	CHECK(is_alive(), "%s: no answer afterwards", message->name);
	peer_close(&peer);
	world_stop();
}

static void try_all(bool tcp)
{
	unsigned int i;

	if (!message_count)
		CHECK(read_messages(), "message %u of %u", message_count, MESSAGES);
	for (i = 0; i < message_count; i++)
		try_message(&messages[i], tcp);
}

static void as_datagrams(void)
{
	try_all(false);
}

static void over_connections(void)
{
	try_all(true);
}

KTAP_MAIN(TEST(as_datagrams), TEST(over_connections))
