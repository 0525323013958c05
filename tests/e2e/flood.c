// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strangers who call: INVITEs from many addresses of 127.1.0.0/16, each a whole
 * one with a description, evenly in time.
 *
 *	flood PORT COUNT RATE NUMBER
 *
 * Writes how many were sent, and how many octets came back.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "clock.h"

#define STRANGERS	200

static const char sdp[] =
	"v=0\r\no=- 1 1 IN IP4 127.1.0.1\r\ns=-\r\nc=IN IP4 127.1.0.1\r\nt=0 0\r\n"
	"m=audio 7100 RTP/AVP 8\r\n";

static int stranger[STRANGERS];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int open_stranger(unsigned int number)
{
	struct sockaddr_in here = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	here.sin_addr.s_addr = htonl(0x7f010001 + number);
	if (fd < 0 || bind(fd, (void *)&here, sizeof(here)))
		fail("a stranger's address");
	return fd;
}

static void invite(unsigned int n, unsigned short port, const char *number)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	unsigned int who = n % STRANGERS;
	char text[1500];
	int length;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	length = snprintf(text, sizeof(text), "INVITE sip:%s@127.0.0.1:%u SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 127.1.0.%u;rport;branch=z9hG4bK%u\r\nMax-Forwards: 70\r\n"
		"From: <sip:%u@127.1.0.%u>;tag=%u\r\nTo: <sip:%s@127.0.0.1>\r\n"
		"Call-ID: flood-%u\r\nCSeq: 1 INVITE\r\nContact: <sip:%u@127.1.0.%u>\r\n"
		"Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
		number, port, who + 1, n, n, who + 1, n, number, n, n, who + 1,
		sizeof(sdp) - 1, sdp);
	sendto(stranger[who], text, length, 0, (void *)&to, sizeof(to));
}

int main(int argc, char **argv)
{
	unsigned int count = argc == 5 ? atoi(argv[2]) : 0, rate = count ? atoi(argv[3]) : 0, n;
	size_t back = 0;
	char junk[1500];
	uint64_t begin_ns;

	if (!count || !rate)
		return 2;
	for (n = 0; n < STRANGERS; n++)
		stranger[n] = open_stranger(n);
	begin_ns = now_ns();
	for (n = 0; n < count; n++) {
		uint64_t due_ns = begin_ns + n * 1000000000ULL / rate, ns = now_ns();

		if (ns < due_ns)
			usleep((due_ns - ns) / 1000);
		invite(n, atoi(argv[1]), argv[4]);
	}
	printf("sent %u in %u ms, ", count, (unsigned int)((now_ns() - begin_ns) / NS_PER_MS));
	for (n = 0; n < STRANGERS; n++) {
		ssize_t got = recv(stranger[n], junk, sizeof(junk), MSG_DONTWAIT);

		back += got > 0 ? got : 0;
	}
	printf("%zu octets back\n", back);
	return 0;
}
