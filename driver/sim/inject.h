/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: what is broken on a line. Set by the debugfs file (inject.c), asked
 * by the model, the SPI controller and the far end; guarded by the line's
 * lock.
 */
#ifndef _POTS_SIM_INJECT_H
#define _POTS_SIM_INJECT_H

#include <linux/types.h>

struct pots_sim_board;

enum pots_sim_fault_mode {
	POTS_SIM_FAULT_OFF,
	POTS_SIM_FAULT_ONCE,
	POTS_SIM_FAULT_ALWAYS,
};

enum pots_sim_fault_kind {
	POTS_SIM_FAULT_IRQ_LOST,	/* INT# falls and nobody hears it */
	POTS_SIM_FAULT_SPI,		/* a message fails, value: every n-th */
	POTS_SIM_FAULT_NO_BATTERY,	/* the converter's supply is missing */
	POTS_SIM_FAULT_LEAK,		/* the battery drains in no time */
	POTS_SIM_FAULT_DEAD,		/* the chip does not answer */
	POTS_SIM_FAULT_ALARM,		/* transistor value (1..6) overheats */
	POTS_SIM_FAULT_RESET,		/* the chip resets at the next access */
	POTS_SIM_FAULT_RING_TRIP,	/* ring trip without a reason */
	POTS_SIM_FAULT_BOUNCE,		/* hook switch bounces for value us */
	POTS_SIM_FAULT_LINK,		/* the isolation link is lost, and stays so */
	POTS_SIM_FAULT_OVERLOAD,	/* too much comes from the line */
	POTS_SIM_FAULT_COUNT
};

/**
 * struct pots_sim_fault - one kind of fault
 * @mode:	POTS_SIM_FAULT_*
 * @value:	by kind
 * @count:	chances since it was set, for "every n-th"
 * @hits:	times that it struck
 */
struct pots_sim_fault {
	enum pots_sim_fault_mode mode;
	u32 value;
	u32 count;
	u32 hits;
};

#define POTS_SIM_DIRECT_REGS	128
#define POTS_SIM_INDIRECT_REGS	256

/**
 * struct pots_sim_faults - everything that is broken on a line
 * @fault:	by kind
 * @stuck_mask: bits of a direct register that read as @stuck_value
 * @stuck_value: see @stuck_mask
 * @direct:	written to a direct register in place of the data, -1 = the data
 * @indirect:	the same for an indirect one
 */
struct pots_sim_faults {
	struct pots_sim_fault fault[POTS_SIM_FAULT_COUNT];
	u8 stuck_mask[POTS_SIM_DIRECT_REGS];
	u8 stuck_value[POTS_SIM_DIRECT_REGS];
	s16 direct[POTS_SIM_DIRECT_REGS];
	s32 indirect[POTS_SIM_INDIRECT_REGS];
};

void pots_sim_faults_clear(struct pots_sim_faults *faults);
bool pots_sim_fault_strikes(struct pots_sim_faults *faults,
			    enum pots_sim_fault_kind kind);

static inline bool pots_sim_fault_on(const struct pots_sim_faults *faults,
				     enum pots_sim_fault_kind kind)
{
	return faults->fault[kind].mode != POTS_SIM_FAULT_OFF;
}

void pots_sim_inject_init(void);
void pots_sim_inject_exit(void);
void pots_sim_inject_add(struct pots_sim_board *board);
void pots_sim_inject_del(struct pots_sim_board *board);

#endif /* _POTS_SIM_INJECT_H */
