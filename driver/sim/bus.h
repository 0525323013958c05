/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: the PCM bus of a board: 256 clocks of 2.048 MHz in each frame of
 * 125 us, of which this keeps the last and the next few. It is kept by slots of
 * 16 bits, so that who uses a whole slot finds its samples side by side.
 *
 * The host side writes what the chips shall receive some frames ahead, and
 * reads what they sent. A chip touches only the bits that its registers name;
 * two chips on the same bits get what they deserve.
 */
#ifndef _POTS_SIM_BUS_H
#define _POTS_SIM_BUS_H

#include <linux/bitops.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#define POTS_SIM_PCLK_HZ	2048000
#define POTS_SIM_FRAME_BITS	256
#define POTS_SIM_SLOT_BITS	16
#define POTS_SIM_SLOTS		(POTS_SIM_FRAME_BITS / POTS_SIM_SLOT_BITS)
#define POTS_SIM_BUS_FRAMES	512	/* a power of two */

/**
 * struct pots_sim_window - the frames that the host has filled
 * @running:	frames are exchanged; else nobody hears the chips
 * @first:	frame with which the exchange began
 * @horizon:	first frame that the host has not written yet
 */
struct pots_sim_window {
	bool running;
	u64 first;
	u64 horizon;
};

struct pots_sim_slot {
	u16 word[POTS_SIM_BUS_FRAMES];
};

/**
 * struct pots_sim_bus - what is on the wires
 * @lock:	guards @window, and orders it after the frames in it
 * @window:	see there
 * @rx:		toward the chips
 * @tx:		from the chips
 * @rx_used:	slots of @rx that need not be zero
 * @tx_used:	the same of @tx
 */
struct pots_sim_bus {
	seqlock_t lock; /* see above */
	struct pots_sim_window window;
	struct pots_sim_slot rx[POTS_SIM_SLOTS];
	struct pots_sim_slot tx[POTS_SIM_SLOTS];
	unsigned long rx_used;
	unsigned long tx_used;
};

static inline struct pots_sim_window pots_sim_bus_window(struct pots_sim_bus *bus)
{
	struct pots_sim_window window;
	unsigned int seq;

	do {
		seq = read_seqbegin(&bus->lock);
		window = bus->window;
	} while (read_seqretry(&bus->lock, seq));
	return window;
}

static inline void pots_sim_bus_set_window(struct pots_sim_bus *bus,
					   const struct pots_sim_window *window)
{
	unsigned long flags;

	write_seqlock_irqsave(&bus->lock, flags);
	bus->window = *window;
	write_sequnlock_irqrestore(&bus->lock, flags);
}

/* Where a frame is in its slot. */
static inline unsigned int pots_sim_bus_at(u64 frame)
{
	return frame & (POTS_SIM_BUS_FRAMES - 1);
}

/* Somebody writes to a slot, which has to be cleared from now on. */
static inline void pots_sim_bus_use(unsigned long *used, unsigned int slot)
{
	if (!test_bit(slot, used))
		set_bit(slot, used);
}

u16 pots_sim_bus_get(const struct pots_sim_slot *slots, unsigned int at, unsigned int clock,
		     unsigned int bits, unsigned int clocks_per_bit);
void pots_sim_bus_put(struct pots_sim_slot *slots, unsigned long *used, unsigned int at,
		      unsigned int clock, unsigned int bits,
		      unsigned int clocks_per_bit, u16 word);

s16 pots_sim_alaw_expand(u8 code);
u8 pots_sim_alaw_compress(s16 sample);
s16 pots_sim_ulaw_expand(u8 code);
u8 pots_sim_ulaw_compress(s16 sample);

#endif /* _POTS_SIM_BUS_H */
