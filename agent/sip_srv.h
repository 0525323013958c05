/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip_srv: the order in which RFC 2782 wants servers to be tried. Pure.
 */
#ifndef POTS_AGENT_SIP_SRV_H
#define POTS_AGENT_SIP_SRV_H

#include <stdint.h>

struct sip_srv {
	char host[256];
	uint16_t port, priority, weight;
};

/* By priority; within one, by weighted chance: @below(n) gives 0…n-1. */
void sip_srv_order(struct sip_srv *srv, unsigned int count,
		   unsigned int (*below)(unsigned int));

#endif /* POTS_AGENT_SIP_SRV_H */
