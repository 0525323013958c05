// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The far end on the wire: a SIP peer that stamps what comes and goes. Just
 * enough SIP to answer and to ask, none to judge: SIPp does that elsewhere.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define MESSAGE_MAX	8192

static struct sockaddr_in loopback(unsigned int port)
{
	return (struct sockaddr_in) {
		.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

void server_open(struct server *server)
{
	struct sockaddr_in address = loopback(SERVER_PORT);
	int on = 1;

	memset(server, 0, sizeof(*server));
	server->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (server->fd < 0 || bind(server->fd, (void *)&address, sizeof(address)) ||
	    setsockopt(server->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		fail("UDP port %d: %s", SERVER_PORT, strerror(errno));
}

/* The kernel stamps by the wall clock; nobody sets it meanwhile. */
static uint64_t to_monotonic(const struct timespec *wall)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now_ns() - ((now.tv_sec - wall->tv_sec) * 1000000000LL +
			   (now.tv_nsec - wall->tv_nsec));
}

static uint64_t stamp_of(struct msghdr *message)
{
	struct timespec wall;
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&wall, CMSG_DATA(part), sizeof(wall));
		return to_monotonic(&wall);
	}
	fail("a message without a stamp");
}

static uint64_t receive(struct server *server, char text[MESSAGE_MAX])
{
	char control[256];
	struct iovec io = { text, MESSAGE_MAX - 1 };
	struct msghdr message = {
		.msg_iov = &io, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct pollfd poll_fd = { server->fd, POLLIN, 0 };
	ssize_t got;

	if (poll(&poll_fd, 1, 10000) != 1)
		fail("nothing came from potsd for 10 s");
	got = recvmsg(server->fd, &message, 0);
	if (got < 0)
		fail("recvmsg: %s", strerror(errno));
	text[got] = 0;
	return stamp_of(&message);
}

/* Waits for a message that begins with @start, over keep-alives and the like. */
static uint64_t await(struct server *server, const char *start, char text[MESSAGE_MAX])
{
	uint64_t stamp;

	do {
		stamp = receive(server, text);
	} while (strncmp(text, start, strlen(start)));
	return stamp;
}

static void send_text(struct server *server, const char *text, size_t length)
{
	struct sockaddr_in agent = loopback(AGENT_PORT);

	if (sendto(server->fd, text, length, 0, (void *)&agent, sizeof(agent)) < 0)
		fail("sendto: %s", strerror(errno));
}

/*
 * The request's own Via, From, To, Call-ID and CSeq, as a response has them;
 * 200 is for REGISTER, and grants what was asked for.
 */
static size_t make_response(char *out, size_t size, const char *request, int code)
{
	static const char *const copied[] = {
		"Via:", "From:", "To:", "Call-ID:", "CSeq:", "Contact:", "Expires:",
	};
	size_t copied_count = code == 200 ? 7 : 5;
	const char *line = strstr(request, "\r\n");
	size_t used, i;

	used = snprintf(out, size, "SIP/2.0 %d Answer\r\n", code);
	while (line && strncmp(line, "\r\n\r\n", 4)) {
		const char *end = strstr(line += 2, "\r\n");

		for (i = 0; end && i < copied_count; i++)
			if (!strncasecmp(line, copied[i], strlen(copied[i])))
				used += snprintf(out + used, size - used, "%.*s%s\r\n",
						 (int)(end - line), line,
						 i == 2 && code > 100 ? ";tag=bench" : "");
		line = end;
	}
	return used + snprintf(out + used, size - used, "Content-Length: 0\r\n\r\n");
}

void server_refuse(struct server *server, int code, unsigned int think_ms)
{
	static char request[MESSAGE_MAX], answer[MESSAGE_MAX];
	size_t length;

	server->invite_ns = await(server, "INVITE ", request);
	length = make_response(answer, sizeof(answer), request, 100);
	send_text(server, answer, length);
	length = make_response(answer, sizeof(answer), request, code);
	sleep_ms(think_ms);
	server->answer_ns = now_ns();
	send_text(server, answer, length);
	server->ack_ns = await(server, "ACK ", request);
}

void server_await_register(struct server *server)
{
	static char request[MESSAGE_MAX], answer[MESSAGE_MAX];

	server->register_ns = await(server, "REGISTER ", request);
	send_text(server, answer, make_response(answer, sizeof(answer), request, 200));
}

static size_t make_request(char *out, size_t size, const char *method,
			   unsigned int serial, const char *to_tag)
{
	return snprintf(out, size,
			"%s sip:nobody@127.0.0.1:%d SIP/2.0\r\n"
			"Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKbench%u;rport\r\n"
			"Max-Forwards: 70\r\n"
			"From: <sip:bench@127.0.0.1:%d>;tag=b%u\r\n"
			"To: <sip:nobody@127.0.0.1:%d>%s\r\n"
			"Call-ID: bench-%u@127.0.0.1\r\n"
			"CSeq: 1 %s\r\n"
			"Contact: <sip:bench@127.0.0.1:%d>\r\n"
			"Content-Length: 0\r\n\r\n",
			method, AGENT_PORT, SERVER_PORT, serial, SERVER_PORT, serial,
			AGENT_PORT, to_tag, serial, method, SERVER_PORT);
}

void server_call_nobody(struct server *server, unsigned int serial)
{
	static char text[MESSAGE_MAX], tag[256];
	const char *to;

	send_text(server, text, make_request(text, sizeof(text), "INVITE", serial, ""));
	await(server, "SIP/2.0 404", text);
	to = strcasestr(text, "\r\nTo:");
	to = to ? strstr(to, ";tag=") : NULL;
	snprintf(tag, sizeof(tag), "%.*s", to ? (int)strcspn(to, "\r\n") : 0, to ? to : "");
	send_text(server, text, make_request(text, sizeof(text), "ACK", serial, tag));
}

void server_forget(struct server *server)
{
	char text[MESSAGE_MAX];

	while (recv(server->fd, text, sizeof(text), MSG_DONTWAIT) >= 0)
		;
}
