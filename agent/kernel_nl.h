/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_nl: which ports there are, and what becomes of them, by generic
 * netlink. libnl lives behind this header. No event loop: the owner waits for
 * kernel_nl_fd() to be readable.
 */
#ifndef POTS_AGENT_KERNEL_NL_H
#define POTS_AGENT_KERNEL_NL_H

#include <stdbool.h>
#include <stdint.h>

struct kernel_nl;

#define KERNEL_STATS_MAX 16

struct kernel_port {
	uint32_t id;
	uint32_t type, caps, state, feed;	/* as in linux/pots.h */
	char name[16];
	char chip[16];
	char label[32];
	unsigned int stats_count;		/* 0 = not asked for */
	uint64_t stats[KERNEL_STATS_MAX];	/* as kernel_stat_name() names them */
};

enum kernel_change {
	KERNEL_PORT_PRESENT,	/* in a dump */
	KERNEL_PORT_ADDED,
	KERNEL_PORT_CHANGED,
	KERNEL_PORT_REMOVED,
};

typedef void kernel_port_fn(void *ctx, enum kernel_change change, const struct kernel_port *port);

/*
 * Joins the monitor group; without the module, waits for it to be loaded. 0 or
 * a negative errno.
 */
int kernel_nl_new(struct kernel_nl **nl, kernel_port_fn *port, void *ctx);
void kernel_nl_free(struct kernel_nl *nl);
int kernel_nl_fd(const struct kernel_nl *nl);

/*
 * Leaves the monitor group and joins it again: every call changes a port, and
 * wakes whoever listens. What happened meanwhile is for a dump to tell.
 */
int kernel_nl_listen(struct kernel_nl *nl, bool on);

/* Takes what waits at the fd. After a loss all ports are dumped again. */
int kernel_nl_dispatch(struct kernel_nl *nl);

/* Every port, as KERNEL_PORT_PRESENT. -ENODEV: the module is not loaded. */
int kernel_nl_dump(struct kernel_nl *nl, bool with_stats);

/* The name of a counter, NULL beyond the last. */
const char *kernel_stat_name(unsigned int index);

#endif /* POTS_AGENT_KERNEL_NL_H */
