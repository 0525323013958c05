/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring: which of the patterns a call rings by, from what its Alert-Info says,
 * and what the patterns are. Pure: no clock, no system call.
 */
#ifndef POTS_AGENT_RING_H
#define POTS_AGENT_RING_H

#include <stddef.h>

#include "port_settings.h"

/*
 * The pattern that @alert_info names, for ring_cadence(): 1 to RING_PATTERNS, which
 * settings may change, or one beyond, which only the name means; 0 = none that we know.
 * @names are the line's own, "vip=3 boss=4"; they come before the usual ones.
 */
unsigned int ring_pattern(const char *alert_info, const char *names);

/* NULL, or where it is wrong. */
const char *ring_names_check(const char *names);

/*
 * How @pattern rings (0 and 1: as every call), by the line's settings, the
 * country's (may be NULL), or as is usual. NULL = as the port is set.
 */
const struct port_cadence *ring_cadence(unsigned int pattern, const struct port_settings *own,
					const struct port_settings *national);

/* Bursts until the longest pause of @cadence, which has room for a message; NULL: 1. */
unsigned int ring_bursts(const struct port_cadence *cadence);

#endif /* POTS_AGENT_RING_H */
