/* SPDX-License-Identifier: GPL-2.0-only */
/* pots: the generic netlink family: discovery, statistics, notifications */
#ifndef _POTS_NETLINK_H
#define _POTS_NETLINK_H

struct pots_port;

enum pots_nl_change {
	POTS_NL_ADDED,
	POTS_NL_CHANGED,
	POTS_NL_DELETED,
};

int pots_nl_init(void);
void pots_nl_exit(void);

/*
 * Tell the monitor group of a change, with the port as it is now. May sleep;
 * the caller sees to it that the changes of one port are told in order, and
 * that changes which follow closely are told once.
 */
void pots_nl_port_notify(struct pots_port *port, enum pots_nl_change change);

#endif /* _POTS_NETLINK_H */
