// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader of the pots netlink family: one socket for questions, one for
 * notifications.
 */
#include "kernel_nl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include <linux/genetlink.h>
#include <linux/pots_netlink.h>

#define PORTS_MAX 256	/* of one dump */

struct kernel_nl {
	struct nl_sock *ask, *listen;
	int family;		/* 0 = the module is not there */
	int group;		/* of the monitor */
	bool deaf;		/* the owner wants no notifications */
	kernel_port_fn *port;
	void *ctx;
	struct kernel_port *found;	/* of the running dump */
	unsigned int found_count;
};

static const char *const stat_names[] = {
	[POTS_A_STATS_FRAMES]		= "frames",
	[POTS_A_STATS_LATE_FRAMES]	= "late-frames",
	[POTS_A_STATS_UNDERRUNS]	= "underruns",
	[POTS_A_STATS_OVERRUNS]		= "overruns",
	[POTS_A_STATS_SEIZURES]		= "seizures",
	[POTS_A_STATS_TONES]		= "tones",
	[POTS_A_STATS_RINGS]		= "rings",
	[POTS_A_STATS_HANGUPS]		= "hangups",
	[POTS_A_STATS_ALARMS]		= "alarms",
	[POTS_A_STATS_CHIP_RESETS]	= "chip-resets",
	[POTS_A_STATS_EVENTS_DROPPED]	= "events-dropped",
};

_Static_assert(POTS_A_STATS_MAX - POTS_A_STATS_FRAMES < KERNEL_STATS_MAX, "room for them all");

const char *kernel_stat_name(unsigned int index)
{
	return index <= POTS_A_STATS_MAX - POTS_A_STATS_FRAMES
		       ? stat_names[POTS_A_STATS_FRAMES + index] : NULL;
}

/* ---------------------------------------------------------------- reading --- */

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static void get_string(struct nlattr *attr, char *text, size_t size)
{
	text[0] = 0;
	if (attr)
		nla_strlcpy(text, attr, size);
}

static struct nla_policy port_policy[POTS_A_PORT_MAX + 1] = {
	[POTS_A_PORT_ID]	= { .type = NLA_U32 },
	[POTS_A_PORT_NAME]	= { .type = NLA_STRING },
	[POTS_A_PORT_TYPE]	= { .type = NLA_U32 },
	[POTS_A_PORT_CHIP]	= { .type = NLA_STRING },
	[POTS_A_PORT_LABEL]	= { .type = NLA_STRING },
	[POTS_A_PORT_CAPS]	= { .type = NLA_U32 },
	[POTS_A_PORT_STATE]	= { .type = NLA_U32 },
	[POTS_A_PORT_FEED]	= { .type = NLA_U32 },
	[POTS_A_PORT_STATS]	= { .type = NLA_NESTED },
};

static void parse_stats(struct nlattr *nest, struct kernel_port *port)
{
	struct nlattr *attrs[POTS_A_STATS_MAX + 1];

	if (nla_parse_nested(attrs, POTS_A_STATS_MAX, nest, NULL))
		return;
	for (unsigned int i = POTS_A_STATS_FRAMES; i <= POTS_A_STATS_MAX; i++) {
		struct nlattr *attr = attrs[i];

		if (attr && nla_len(attr) == sizeof(uint64_t))
			port->stats[i - POTS_A_STATS_FRAMES] = nla_get_u64(attr);
	}
	port->stats_count = POTS_A_STATS_MAX - POTS_A_STATS_FRAMES + 1;
}

static int parse_port(struct nlmsghdr *header, struct kernel_port *port)
{
	struct nlattr *attrs[POTS_A_PORT_MAX + 1];

	if (genlmsg_parse(header, 0, attrs, POTS_A_PORT_MAX, port_policy) < 0 ||
	    !attrs[POTS_A_PORT_ID])
		return -EBADMSG;
	*port = (struct kernel_port){
		.id = get_u32(attrs[POTS_A_PORT_ID]),
		.type = get_u32(attrs[POTS_A_PORT_TYPE]),
		.caps = get_u32(attrs[POTS_A_PORT_CAPS]),
		.state = get_u32(attrs[POTS_A_PORT_STATE]),
		.feed = get_u32(attrs[POTS_A_PORT_FEED]),
	};
	get_string(attrs[POTS_A_PORT_NAME], port->name, sizeof(port->name));
	get_string(attrs[POTS_A_PORT_CHIP], port->chip, sizeof(port->chip));
	get_string(attrs[POTS_A_PORT_LABEL], port->label, sizeof(port->label));
	if (attrs[POTS_A_PORT_STATS])
		parse_stats(attrs[POTS_A_PORT_STATS], port);
	return 0;
}

/* ---------------------------------------------------------------- dumping --- */

static struct kernel_port *find_found(struct kernel_nl *nl, uint32_t id)
{
	for (unsigned int i = 0; i < nl->found_count; i++) {
		if (nl->found[i].id == id)
			return &nl->found[i];
	}
	return NULL;
}

/* The counters come in a dump of their own; they join what is there. */
static int on_dumped(struct nl_msg *msg, void *arg)
{
	struct kernel_nl *nl = arg;
	struct kernel_port port, *known;

	if (parse_port(nlmsg_hdr(msg), &port))
		return NL_SKIP;
	known = find_found(nl, port.id);
	if (known && port.stats_count) {
		memcpy(known->stats, port.stats, sizeof(port.stats));
		known->stats_count = port.stats_count;
	} else if (!known && !port.stats_count && nl->found_count < PORTS_MAX) {
		nl->found[nl->found_count++] = port;
	}
	return NL_OK;
}

static int from_nl(int err)
{
	switch (err < 0 ? -err : 0) {
	case 0:
		return 0;
	case NLE_OBJ_NOTFOUND:
		return -ENODEV;
	case NLE_NOMEM:
		return -ENOBUFS;
	case NLE_DUMP_INTR:
		return -EINTR;
	case NLE_AGAIN:
		return -EAGAIN;
	default:
		return -EIO;
	}
}

static int ask(struct kernel_nl *nl, int command)
{
	int err = genl_send_simple(nl->ask, nl->family, command, POTS_FAMILY_VERSION, NLM_F_DUMP);

	return err < 0 ? err : nl_recvmsgs_default(nl->ask);
}

/* A dump that a change ran into is asked for again. */
static int dump(struct kernel_nl *nl, int command, bool first)
{
	int err = 0;

	for (int tries = 0; tries < 5; tries++) {
		if (first)
			nl->found_count = 0;
		err = ask(nl, command);
		if (err != -NLE_DUMP_INTR)
			break;
	}
	return from_nl(err);
}

int kernel_nl_dump(struct kernel_nl *nl, bool with_stats)
{
	int err;

	if (!nl->family)
		return -ENODEV;
	nl->found = calloc(PORTS_MAX, sizeof(*nl->found));
	if (!nl->found)
		return -ENOMEM;
	err = dump(nl, POTS_CMD_PORT_GET, true);
	if (!err && with_stats)
		err = dump(nl, POTS_CMD_STATS_GET, false);
	for (unsigned int i = 0; !err && i < nl->found_count; i++)
		nl->port(nl->ctx, KERNEL_PORT_PRESENT, &nl->found[i]);
	free(nl->found);
	nl->found = NULL;
	nl->found_count = 0;
	return err;
}

/* ---------------------------------------------------------- notifications --- */

static int join_monitor(struct kernel_nl *nl)
{
	int family = genl_ctrl_resolve(nl->ask, POTS_FAMILY_NAME);
	int group;

	if (family < 0)
		return from_nl(family);
	group = genl_ctrl_resolve_grp(nl->ask, POTS_FAMILY_NAME, POTS_MCGRP_MONITOR);
	if (group < 0)
		return from_nl(group);
	nl->family = family;
	nl->group = group;
	return nl->deaf ? 0 : from_nl(nl_socket_add_membership(nl->listen, group));
}

int kernel_nl_listen(struct kernel_nl *nl, bool on)
{
	if (nl->deaf == !on)
		return 0;
	nl->deaf = !on;
	if (!nl->family)
		return 0;
	return from_nl(on ? nl_socket_add_membership(nl->listen, nl->group)
			  : nl_socket_drop_membership(nl->listen, nl->group));
}

/* libnl-tiny, as OpenWrt has it, has no genlmsg_hdr(). */
static unsigned int command_of(struct nlmsghdr *header)
{
	return ((struct genlmsghdr *)NLMSG_DATA(header))->cmd;
}

/* Families come and go with their modules; the controller tells. */
static void on_control(struct kernel_nl *nl, struct nlmsghdr *header)
{
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	unsigned int command;

	if (genlmsg_parse(header, 0, attrs, CTRL_ATTR_MAX, NULL) < 0 ||
	    !attrs[CTRL_ATTR_FAMILY_NAME] ||
	    nla_strcmp(attrs[CTRL_ATTR_FAMILY_NAME], POTS_FAMILY_NAME))
		return;
	command = command_of(header);
	if (command == CTRL_CMD_DELFAMILY)
		nl->family = 0;
	else if (command == CTRL_CMD_NEWFAMILY && !join_monitor(nl))
		kernel_nl_dump(nl, false);
}

static int on_notified(struct nl_msg *msg, void *arg)
{
	static const int changes[] = {
		[POTS_CMD_PORT_ADD_NTF]		= KERNEL_PORT_ADDED,
		[POTS_CMD_PORT_CHANGE_NTF]	= KERNEL_PORT_CHANGED,
		[POTS_CMD_PORT_DEL_NTF]		= KERNEL_PORT_REMOVED,
	};
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct kernel_nl *nl = arg;
	struct kernel_port port;
	unsigned int command;

	if (header->nlmsg_type == GENL_ID_CTRL) {
		on_control(nl, header);
		return NL_OK;
	}
	if (header->nlmsg_type != nl->family || !genlmsg_valid_hdr(header, 0))
		return NL_SKIP;
	command = command_of(header);
	if (command >= sizeof(changes) / sizeof(changes[0]) || !changes[command])
		return NL_SKIP;
	if (!parse_port(header, &port))
		nl->port(nl->ctx, changes[command], &port);
	return NL_OK;
}

int kernel_nl_dispatch(struct kernel_nl *nl)
{
	int err = from_nl(nl_recvmsgs_default(nl->listen));

	if (err == -ENOBUFS)
		return kernel_nl_dump(nl, false);
	return err == -EAGAIN ? 0 : err;
}

/* ----------------------------------------------------------------- set-up --- */

static int open_sockets(struct kernel_nl *nl)
{
	int group;

	nl->ask = nl_socket_alloc();
	nl->listen = nl_socket_alloc();
	if (!nl->ask || !nl->listen)
		return -ENOMEM;
	nl_socket_disable_seq_check(nl->listen);
	nl_socket_modify_cb(nl->ask, NL_CB_VALID, NL_CB_CUSTOM, on_dumped, nl);
	nl_socket_modify_cb(nl->listen, NL_CB_VALID, NL_CB_CUSTOM, on_notified, nl);
	if (genl_connect(nl->ask) || genl_connect(nl->listen) ||
	    nl_socket_set_nonblocking(nl->listen))
		return -EIO;
	group = genl_ctrl_resolve_grp(nl->ask, "nlctrl", "notify");
	return group < 0 ? from_nl(group)
			 : from_nl(nl_socket_add_membership(nl->listen, group));
}

int kernel_nl_new(struct kernel_nl **out, kernel_port_fn *port, void *ctx)
{
	struct kernel_nl *nl = calloc(1, sizeof(*nl));
	int err;

	if (!nl)
		return -ENOMEM;
	nl->port = port;
	nl->ctx = ctx;
	err = open_sockets(nl);
	if (!err)
		err = join_monitor(nl);
	if (err && err != -ENODEV) {
		kernel_nl_free(nl);
		return err;
	}
	*out = nl;
	return 0;
}

void kernel_nl_free(struct kernel_nl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->ask);
	nl_socket_free(nl->listen);
	free(nl);
}

int kernel_nl_fd(const struct kernel_nl *nl)
{
	return nl_socket_get_fd(nl->listen);
}
