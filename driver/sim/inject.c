// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: fault injection: whether a fault strikes.
 */
#include <linux/string.h>

#include "inject.h"

void pots_sim_faults_clear(struct pots_sim_faults *faults)
{
	unsigned int i;

	memset(faults, 0, sizeof(*faults));
	for (i = 0; i < POTS_SIM_DIRECT_REGS; i++)
		faults->direct[i] = -1;
	for (i = 0; i < POTS_SIM_INDIRECT_REGS; i++)
		faults->indirect[i] = -1;
}

/* There is a chance for @kind to strike: does it? A single one is used up. */
bool pots_sim_fault_strikes(struct pots_sim_faults *faults,
			    enum pots_sim_fault_kind kind)
{
	struct pots_sim_fault *fault = &faults->fault[kind];

	if (fault->mode == POTS_SIM_FAULT_OFF)
		return false;
	fault->count++;
	if (kind == POTS_SIM_FAULT_SPI && fault->value && fault->count % fault->value)
		return false;
	if (fault->mode == POTS_SIM_FAULT_ONCE)
		fault->mode = POTS_SIM_FAULT_OFF;
	fault->hits++;
	return true;
}
