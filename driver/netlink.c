// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots: the generic netlink family, see Documentation/netlink/specs/pots.yaml.
 *
 * Written by hand beside the spec, because the spec's generator emits split
 * ops, which 6.1 does not have. The plane is read-only: what commands or sets
 * a port is an ioctl behind the file mode of its node.
 */
#include "netlink.h"

#include "pots_core.h"

#include <linux/atomic.h>
#include <linux/pots_netlink.h>
#include <net/genetlink.h>

static struct genl_family pots_nl_family;

/* Changes with the set of ports, so that a dump across it can say so. */
static atomic_t pots_nl_generation = ATOMIC_INIT(1);

/* Of a reply, of one message of a dump, or of a notification. */
struct pots_nl_head {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
	struct netlink_callback *cb;	/* of a dump, else NULL */
};

/* Appends a port's attributes; -EMSGSIZE when they do not fit. */
typedef int pots_nl_put_t(struct sk_buff *msg, struct pots_port *port);

static int put_port(struct sk_buff *msg, struct pots_port *port)
{
	struct pots_state state = {};
	struct pots_info info = {};

	pots_port_info_fill(port, &info);
	pots_port_state_fill(port, &state);

	if (nla_put_u32(msg, POTS_A_PORT_ID, info.id) ||
	    nla_put_string(msg, POTS_A_PORT_NAME, info.name) ||
	    nla_put_u32(msg, POTS_A_PORT_TYPE, info.type) ||
	    nla_put_string(msg, POTS_A_PORT_CHIP, info.chip) ||
	    nla_put_u32(msg, POTS_A_PORT_CAPS, info.caps) ||
	    nla_put_u32(msg, POTS_A_PORT_STATE, state.state) ||
	    nla_put_u32(msg, POTS_A_PORT_FEED, state.feed))
		return -EMSGSIZE;
	if (info.label[0] && nla_put_string(msg, POTS_A_PORT_LABEL, info.label))
		return -EMSGSIZE;
	return 0;
}

/*
 * No flashes, edges and digits: a reader that asks often enough would read
 * along what is dialled.
 */
static int put_counters(struct sk_buff *msg, const struct pots_stats *stats)
{
	const struct {
		int attr;
		u64 value;
	} counters[] = {
		{ POTS_A_STATS_FRAMES,		stats->frames },
		{ POTS_A_STATS_LATE_FRAMES,	stats->late_frames },
		{ POTS_A_STATS_UNDERRUNS,	stats->underruns },
		{ POTS_A_STATS_OVERRUNS,	stats->overruns },
		{ POTS_A_STATS_SEIZURES,	stats->seizures },
		{ POTS_A_STATS_TONES,		stats->tones },
		{ POTS_A_STATS_RINGS,		stats->rings },
		{ POTS_A_STATS_HANGUPS,		stats->hangups },
		{ POTS_A_STATS_ALARMS,		stats->alarms },
		{ POTS_A_STATS_CHIP_RESETS,	stats->chip_resets },
		{ POTS_A_STATS_EVENTS_DROPPED,	stats->events_dropped },
	};
	int err;
	int i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		err = nla_put_u64_64bit(msg, counters[i].attr, counters[i].value,
					POTS_A_STATS_PAD);
		if (err)
			return err;
	}
	return 0;
}

static int put_stats(struct sk_buff *msg, struct pots_port *port)
{
	struct pots_stats stats = {};
	struct nlattr *nest;
	int err;

	pots_port_stats_fill(port, &stats);

	err = nla_put_u32(msg, POTS_A_PORT_ID, port->id);
	if (err)
		return err;
	nest = nla_nest_start(msg, POTS_A_PORT_STATS);
	if (!nest)
		return -EMSGSIZE;
	err = put_counters(msg, &stats);
	if (err)
		return err;	/* the whole message is cancelled */
	nla_nest_end(msg, nest);
	return 0;
}

static int put_message(struct sk_buff *msg, const struct pots_nl_head *head,
		       struct pots_port *port, pots_nl_put_t *put)
{
	void *hdr;
	int err;

	hdr = genlmsg_put(msg, head->portid, head->seq, &pots_nl_family,
			  head->flags, head->cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (head->cb)
		genl_dump_check_consistent(head->cb, hdr);

	err = put(msg, port);
	if (err) {
		genlmsg_cancel(msg, hdr);
		return err;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

static struct pots_port *wanted_port(struct genl_info *info)
{
	struct nlattr *id = info->attrs[POTS_A_PORT_ID];
	struct pots_port *port;

	if (GENL_REQ_ATTR_CHECK(info, POTS_A_PORT_ID)) {
		NL_SET_ERR_MSG(info->extack,
			       "Say which port by its id, or ask for a dump");
		return ERR_PTR(-EINVAL);
	}
	port = pots_port_get_by_id(nla_get_u32(id));
	if (!port) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, "There is no port of this id");
		return ERR_PTR(-ENODEV);
	}
	return port;
}

static int reply(struct genl_info *info, pots_nl_put_t *put)
{
	const struct pots_nl_head head = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
	};
	struct pots_port *port;
	struct sk_buff *msg;
	int err;

	port = wanted_port(info);
	if (IS_ERR(port))
		return PTR_ERR(port);

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	err = msg ? put_message(msg, &head, port, put) : -ENOMEM;
	pots_port_put(port);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/*
 * The policy of an op is the same for do and dump, so it lets the id through;
 * a dump that ignored it would tell of more than was asked.
 */
static int pots_nl_dump_start(struct netlink_callback *cb)
{
	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(cb->extack,
			       "A dump tells of all ports and takes no attributes");
		return -EINVAL;
	}
	return 0;
}

static int dump(struct sk_buff *msg, struct netlink_callback *cb, u8 cmd,
		pots_nl_put_t *put)
{
	const struct pots_nl_head head = {
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = cmd,
		.cb = cb,
	};
	struct pots_port *port;
	int err = 0;

	cb->seq = atomic_read(&pots_nl_generation);
	while (!err) {
		port = pots_port_get_next(cb->args[0]);
		if (!port)
			break;
		err = put_message(msg, &head, port, put);
		if (!err)
			cb->args[0] = port->id + 1;
		pots_port_put(port);
	}
	/* What did not fit comes with the next call. */
	return err && !msg->len ? err : msg->len;
}

static int pots_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return reply(info, put_port);
}

static int pots_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, POTS_CMD_PORT_GET, put_port);
}

static int pots_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return reply(info, put_stats);
}

static int pots_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, POTS_CMD_STATS_GET, put_stats);
}

/**
 * pots_nl_port_notify - tell the monitor group of a change
 * @port:	the port, which need not be registered any more
 * @change:	what happened to it
 *
 * A notification that finds no memory is lost; its readers get ENOBUFS in the
 * same straits, and dump again.
 *
 * Context: may sleep.
 */
void pots_nl_port_notify(struct pots_port *port, enum pots_nl_change change)
{
	static const u8 command[] = {
		[POTS_NL_ADDED] = POTS_CMD_PORT_ADD_NTF,
		[POTS_NL_CHANGED] = POTS_CMD_PORT_CHANGE_NTF,
		[POTS_NL_DELETED] = POTS_CMD_PORT_DEL_NTF,
	};
	const struct pots_nl_head head = { .cmd = command[change] };
	struct sk_buff *msg;

	if (change != POTS_NL_CHANGED)
		atomic_inc(&pots_nl_generation);
	if (!genl_has_listeners(&pots_nl_family, &init_net, 0))
		return;

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	if (put_message(msg, &head, port, put_port)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast(&pots_nl_family, msg, 0, 0, GFP_KERNEL);
}

static const struct nla_policy pots_nl_id_policy[POTS_A_PORT_ID + 1] = {
	[POTS_A_PORT_ID] = { .type = NLA_U32 },
};

static const struct genl_ops pots_nl_ops[] = {
	{
		.cmd = POTS_CMD_PORT_GET,
		.start = pots_nl_dump_start,
		.doit = pots_nl_port_get_doit,
		.dumpit = pots_nl_port_get_dumpit,
		.policy = pots_nl_id_policy,
		.maxattr = POTS_A_PORT_ID,
	},
	{
		.cmd = POTS_CMD_STATS_GET,
		.start = pots_nl_dump_start,
		.doit = pots_nl_stats_get_doit,
		.dumpit = pots_nl_stats_get_dumpit,
		.policy = pots_nl_id_policy,
		.maxattr = POTS_A_PORT_ID,
	},
};

static const struct genl_multicast_group pots_nl_groups[] = {
	{ .name = POTS_MCGRP_MONITOR },
};

/*
 * Ports are hardware of the machine and their nodes live in devtmpfs: neither
 * knows of network namespaces. So the family is visible in the initial one
 * only, and a container that was given /dev/potsN does not learn what happens
 * on the other ports.
 */
static struct genl_family pots_nl_family __ro_after_init = {
	.name = POTS_FAMILY_NAME,
	.version = POTS_FAMILY_VERSION,
	.netnsok = false,
	.parallel_ops = true,	/* everything here only reads */
	.module = THIS_MODULE,
	.ops = pots_nl_ops,
	.n_ops = ARRAY_SIZE(pots_nl_ops),
	.mcgrps = pots_nl_groups,
	.n_mcgrps = ARRAY_SIZE(pots_nl_groups),
};

int __init pots_nl_init(void)
{
	return genl_register_family(&pots_nl_family);
}

void pots_nl_exit(void)
{
	genl_unregister_family(&pots_nl_family);
}
