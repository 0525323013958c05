/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * osip: the one place that includes libosip2, whose headers do not include
 * what they use.
 */
#ifndef POTS_AGENT_OSIP_H
#define POTS_AGENT_OSIP_H

#include <sys/time.h>
#include <time.h>

#include <osipparser2/osip_port.h>
#include <osip2/osip.h>

#endif /* POTS_AGENT_OSIP_H */
