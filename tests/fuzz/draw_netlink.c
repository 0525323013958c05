// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to the netlink family, drawn and sent as bytes. */
#include "fuzz.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/pots_netlink.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS	200

struct request {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	char attributes[256];
};

static size_t put_attribute(struct request *request, size_t at, uint16_t type,
			    const void *value, uint16_t length)
{
	struct nlattr *attr = (struct nlattr *)(request->attributes + at);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + length;
	memcpy((char *)attr + NLA_HDRLEN, value, length);
	return at + NLA_ALIGN(attr->nla_len);
}

static void finish(struct request *request, size_t attributes, uint16_t type, int flags)
{
	request->nl.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN + attributes;
	request->nl.nlmsg_type = type;
	request->nl.nlmsg_flags = NLM_F_REQUEST | flags;
	request->nl.nlmsg_seq = 1;
}

/* The error in an answer, 0 for one that is data, or EAGAIN when none comes. */
static int answer(int sock, char *buffer, size_t size)
{
	struct pollfd fd = { .fd = sock, .events = POLLIN };
	struct nlmsghdr *nl = (struct nlmsghdr *)buffer;
	ssize_t got;

	if (poll(&fd, 1, ANSWER_MS) != 1)
		return EAGAIN;
	got = recv(sock, buffer, size, MSG_DONTWAIT);
	if (got < 0)
		return errno;
	if (got < (ssize_t)sizeof(*nl) || nl->nlmsg_type != NLMSG_ERROR)
		return 0;
	return -((struct nlmsgerr *)(nl + 1))->error;
}

static uint16_t find_family(int sock)
{
	struct request request = { .genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 } };
	char buffer[8192];
	struct nlattr *attr = (struct nlattr *)(buffer + NLMSG_HDRLEN + GENL_HDRLEN);
	size_t used;

	used = put_attribute(&request, 0, CTRL_ATTR_FAMILY_NAME, POTS_FAMILY_NAME,
			     sizeof(POTS_FAMILY_NAME));
	finish(&request, used, GENL_ID_CTRL, 0);
	if (send(sock, &request, request.nl.nlmsg_len, 0) < 0 ||
	    answer(sock, buffer, sizeof(buffer)))
		return 0;
	/* the name comes first, the number after it */
	attr = (struct nlattr *)((char *)attr + NLA_ALIGN(attr->nla_len));
	return *(uint16_t *)(attr + 1);
}

static uint16_t family;

static void look_up(void)
{
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	family = find_family(sock);
	close(sock);
}

static size_t draw_attributes(struct draw *draw, struct request *request,
			      unsigned int id)
{
	size_t used = 0;

	if (draw_chance(draw, 1, 2))
		used = put_attribute(request, used, POTS_A_PORT_ID, &id, sizeof(id));
	while (draw_chance(draw, 1, 3) && used < sizeof(request->attributes) - 64) {
		uint64_t value[4] = { draw_bits(draw), draw_bits(draw) };

		used = put_attribute(request, used, draw_below(draw, 16), value,
				     draw_below(draw, sizeof(value)));
	}
	return used;
}

int fuzz_netlink(struct draw *draw, unsigned int id, unsigned int *command)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct request request = {};
	char buffer[8192];
	int sock, error;

	pthread_once(&once, look_up);
	*command = draw_below(draw, POTS_CMD_MAX + 2);
	request.genl.cmd = *command;
	request.genl.version = draw_below(draw, 3);
	finish(&request, draw_attributes(draw, &request, id), family,
	       draw_chance(draw, 1, 3) ? NLM_F_DUMP : NLM_F_ACK);
	if (draw_chance(draw, 1, 10))
		request.nl.nlmsg_len -= draw_below(draw, request.nl.nlmsg_len);

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0)
		return errno;
	error = send(sock, &request, NLMSG_HDRLEN + GENL_HDRLEN + 256, 0) < 0 ? errno :
		request.nl.nlmsg_len < NLMSG_HDRLEN ? 0 :
		answer(sock, buffer, sizeof(buffer));
	close(sock);
	return error;
}
