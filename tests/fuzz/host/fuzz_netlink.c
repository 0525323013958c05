// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel, or somebody in its name, sends by netlink: kernel_nl.c on any
 * message, as a dump and as a notification. The first byte says which.
 */
#include "input.h"

#include "kernel_nl.c"

#define FAMILY	0x21

static unsigned int told;

static void on_port(void *ctx, enum kernel_change change, const struct kernel_port *port)
{
	MUST(change <= KERNEL_PORT_REMOVED);
	MUST(memchr(port->name, 0, sizeof(port->name)));
	MUST(memchr(port->chip, 0, sizeof(port->chip)));
	MUST(memchr(port->label, 0, sizeof(port->label)));
	MUST(port->stats_count <= KERNEL_STATS_MAX);
	told++;
}

/* A whole message, however long its header says it is: libnl has looked at that. */
static void hand_over(struct kernel_nl *nl, uint8_t what, const uint8_t *data, size_t size)
{
	struct nlmsghdr *header = calloc(1, NLMSG_HDRLEN + NLMSG_ALIGN(size));
	struct nl_msg *msg;

	memcpy((char *)header + NLMSG_HDRLEN, data, size);
	header->nlmsg_len = NLMSG_HDRLEN + (uint32_t)size;
	header->nlmsg_type = what & 2 ? GENL_ID_CTRL : FAMILY;
	msg = nlmsg_convert(header);
	if (what & 1)
		on_dumped(msg, nl);
	else
		on_notified(msg, nl);
	nlmsg_free(msg);
	free(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kernel_port found[PORTS_MAX];	/* a lot to be cleared every time */
	struct kernel_nl nl = { .family = FAMILY, .port = on_port, .found = found };
	struct input input = { data, size };

	while (input.left > 2) {
		uint8_t what = take8(&input);
		size_t len = take8(&input);

		len = len < input.left ? len : input.left;
		/* a family that comes is asked for by a socket: not here */
		if ((what & 3) == 2 && len && input.at[0] == CTRL_CMD_NEWFAMILY)
			what = 0;
		hand_over(&nl, what, input.at, len);
		input.at += len;
		input.left -= len;
	}
	MUST(nl.found_count <= PORTS_MAX);
	memset(found, 0, nl.found_count * sizeof(*found));
	return 0;
}
