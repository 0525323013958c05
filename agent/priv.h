/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef POTS_AGENT_PRIV_H
#define POTS_AGENT_PRIV_H

#include "config.h"

/*
 * Gains nothing from here on, and becomes the configured user if root started
 * us. 0 or a negative errno, after it was printed.
 */
int priv_drop(const struct config *config);

#endif /* POTS_AGENT_PRIV_H */
