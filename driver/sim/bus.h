/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: the PCM bus of a board: 256 clocks of 2.048 MHz in each frame of
 * 125 us, of which this keeps the last and the next few.
 *
 * The host side writes what the chips shall receive some frames ahead, and
 * reads what they sent. A chip touches only the bits that its registers name;
 * two chips on the same bits get what they deserve.
 */
#ifndef _POTS_SIM_BUS_H
#define _POTS_SIM_BUS_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define POTS_SIM_PCLK_HZ	2048000
#define POTS_SIM_FRAME_BITS	256
#define POTS_SIM_FRAME_BYTES	(POTS_SIM_FRAME_BITS / 8)
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

/**
 * struct pots_sim_bus - what is on the wires
 * @lock:	guards @window, and orders it after the frames in it
 * @window:	see there
 * @rx:		toward the chips
 * @tx:		from the chips
 */
struct pots_sim_bus {
	spinlock_t lock; /* see above */
	struct pots_sim_window window;
	u8 rx[POTS_SIM_BUS_FRAMES][POTS_SIM_FRAME_BYTES];
	u8 tx[POTS_SIM_BUS_FRAMES][POTS_SIM_FRAME_BYTES];
};

static inline struct pots_sim_window pots_sim_bus_window(struct pots_sim_bus *bus)
{
	struct pots_sim_window window;
	unsigned long flags;

	spin_lock_irqsave(&bus->lock, flags);
	window = bus->window;
	spin_unlock_irqrestore(&bus->lock, flags);
	return window;
}

static inline void pots_sim_bus_set_window(struct pots_sim_bus *bus,
					   const struct pots_sim_window *window)
{
	unsigned long flags;

	spin_lock_irqsave(&bus->lock, flags);
	bus->window = *window;
	spin_unlock_irqrestore(&bus->lock, flags);
}

static inline u8 *pots_sim_bus_rx(struct pots_sim_bus *bus, u64 frame)
{
	return bus->rx[frame & (POTS_SIM_BUS_FRAMES - 1)];
}

static inline u8 *pots_sim_bus_tx(struct pots_sim_bus *bus, u64 frame)
{
	return bus->tx[frame & (POTS_SIM_BUS_FRAMES - 1)];
}

/* A word of 16 bits that begins at a byte. */
static inline u16 pots_sim_get_word(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static inline void pots_sim_put_word(u8 *p, u16 word)
{
	p[0] = word >> 8;
	p[1] = word;
}

u16 pots_sim_bus_get(const u8 *frame, unsigned int clock, unsigned int bits,
		     unsigned int clocks_per_bit);
void pots_sim_bus_put(u8 *frame, unsigned int clock, unsigned int bits,
		      unsigned int clocks_per_bit, u16 word);

s16 pots_sim_alaw_expand(u8 code);
u8 pots_sim_alaw_compress(s16 sample);
s16 pots_sim_ulaw_expand(u8 code);
u8 pots_sim_ulaw_compress(s16 sample);

#endif /* _POTS_SIM_BUS_H */
