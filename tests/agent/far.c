// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * far: a far end that leaves a call in the state that the number asks for, and
 * writes a line to stdout for every request that it gets.
 *
 *	usage: far PORT
 *
 *	71: sought (100), 72: early media (183), 73: answered and held
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define TEXT_MAX 4096

static int fd, port;
static struct sockaddr_in peer;

/* What a request of our own is made of; the calls come one after the other. */
static char contact[256], from[256], to[256], call_id[256], invite[TEXT_MAX];

/* The value of the first header @name of @text into @value. */
static void header(const char *text, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);
	const char *line = text;

	*value = 0;
	while ((line = strstr(line, "\r\n"))) {
		line += 2;
		if (strncasecmp(line, name, len) || line[len] != ':')
			continue;
		line += len + 1 + strspn(line + len + 1, " ");
		snprintf(value, size, "%.*s", (int)strcspn(line, "\r\n"), line);
		return;
	}
}

static void transmit(const char *text)
{
	if (sendto(fd, text, strlen(text), 0, (struct sockaddr *)&peer, sizeof(peer)) < 0)
		perror("sendto");
}

static void describe(char *text, size_t size, const char *direction)
{
	char body[512];

	snprintf(body, sizeof(body), "v=0\r\no=- 1 %s IN IP4 127.0.0.1\r\ns=-\r\n"
		 "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\na=%s\r\n",
		 strcmp(direction, "sendrecv") ? "2" : "1", port + 2, direction);
	snprintf(text, size, "Contact: <sip:far@127.0.0.1:%d>\r\n"
		 "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s", port,
		 strlen(body), body);
}

static void answer(const char *request, const char *status, const char *direction)
{
	char via[512], its_from[256], its_to[256], id[256], cseq[64], end[1024], text[TEXT_MAX];

	header(request, "Via", via, sizeof(via));
	header(request, "From", its_from, sizeof(its_from));
	header(request, "To", its_to, sizeof(its_to));
	header(request, "Call-ID", id, sizeof(id));
	header(request, "CSeq", cseq, sizeof(cseq));
	snprintf(end, sizeof(end), "Content-Length: 0\r\n\r\n");
	if (direction)
		describe(end, sizeof(end), direction);
	snprintf(text, sizeof(text), "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s\r\n"
		 "Call-ID: %s\r\nCSeq: %s\r\n%s", status, via, its_from, its_to,
		 strstr(its_to, "tag=") ? "" : ";tag=far", id, cseq, end);
	transmit(text);
}

static void send_own(const char *method, const char *number, bool hold)
{
	char end[1024] = "Content-Length: 0\r\n\r\n", text[TEXT_MAX];

	if (hold)
		describe(end, sizeof(end), "inactive");
	snprintf(text, sizeof(text), "%s %s SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKfar%.40s\r\nMax-Forwards: 70\r\n"
		 "From: %s;tag=far\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s %s\r\n%s", method,
		 contact, port, call_id, to, from, call_id, number, method, end);
	transmit(text);
}

static void take_invite(const char *request, char kind)
{
	char value[256];

	header(request, "Contact", value, sizeof(value));
	snprintf(contact, sizeof(contact), "%.*s", (int)strcspn(value + 1, ">"), value + 1);
	header(request, "From", from, sizeof(from));
	header(request, "To", to, sizeof(to));
	header(request, "Call-ID", call_id, sizeof(call_id));
	snprintf(invite, sizeof(invite), "%s", request);
	if (kind == '1')
		answer(request, "100 Trying", NULL);
	else if (kind == '2')
		answer(request, "183 Session Progress", "sendrecv");
	else
		answer(request, "200 OK", "sendrecv");
}

static void take_request(const char *request)
{
	static bool held;
	char kind = request[strcspn(request, ":") + 2];

	if (!strncmp(request, "SIP/2.0 200 ", 12)) {
		send_own("ACK", "1", false);	/* our re-INVITE was accepted */
	} else if (!strncmp(request, "INVITE ", 7)) {
		held = false;
		take_invite(request, kind);
	} else if (!strncmp(request, "ACK ", 4)) {
		if (!held && strstr(invite, "sip:73@"))
			send_own("INVITE", "1", true);
		held = true;
	} else if (!strncmp(request, "CANCEL ", 7)) {
		answer(request, "200 OK", NULL);
		answer(invite, "487 Request Terminated", NULL);
	} else {
		answer(request, "200 OK", NULL);
	}
	printf("%.*s\n", (int)strcspn(request, "\r"), request);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct sockaddr_in local = { .sin_family = AF_INET };
	char text[TEXT_MAX];

	port = argc == 2 ? atoi(argv[1]) : 0;
	local.sin_port = htons((unsigned short)port);
	local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (!port || bind(fd, (struct sockaddr *)&local, sizeof(local))) {
		perror("far");
		return EXIT_FAILURE;
	}
	for (;;) {
		socklen_t size = sizeof(peer);
		ssize_t len = recvfrom(fd, text, sizeof(text) - 1, 0, (struct sockaddr *)&peer,
				       &size);

		if (len < 0)
			return EXIT_FAILURE;
		text[len] = 0;
		take_request(text);
	}
}
