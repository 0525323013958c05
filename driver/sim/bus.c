// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: bits on the PCM bus, and the codes of G.711.
 *
 * Written from the tables of G.711, apart from the agent's codec: the two must
 * be able to disagree.
 */
#include "bus.h"

#include <linux/bitops.h>
#include <linux/kernel.h>

/* What a chip receives; beyond the frame's end nothing is transferred. */
u16 pots_sim_bus_get(const struct pots_sim_slot *slots, unsigned int at, unsigned int clock,
		     unsigned int bits, unsigned int clocks_per_bit)
{
	u16 word = 0;
	unsigned int i;

	for (i = 0; i < bits; i++, clock += clocks_per_bit) {
		unsigned int slot = clock / POTS_SIM_SLOT_BITS;

		word <<= 1;
		if (slot < POTS_SIM_SLOTS)
			word |= slots[slot].word[at] >> (15 - clock % POTS_SIM_SLOT_BITS) & 1;
	}
	return word;
}

void pots_sim_bus_put(struct pots_sim_slot *slots, unsigned long *used, unsigned int at,
		      unsigned int clock, unsigned int bits,
		      unsigned int clocks_per_bit, u16 word)
{
	unsigned int i;

	for (i = 0; i < bits * clocks_per_bit; i++, clock++) {
		unsigned int slot = clock / POTS_SIM_SLOT_BITS;

		if (slot >= POTS_SIM_SLOTS || !(word >> (bits - 1 - i / clocks_per_bit) & 1))
			continue;
		pots_sim_bus_use(used, slot);
		slots[slot].word[at] |= 0x8000 >> clock % POTS_SIM_SLOT_BITS;
	}
}

s16 pots_sim_alaw_expand(u8 code)
{
	unsigned int seg, mag;

	code ^= 0x55;
	seg = code >> 4 & 7;
	mag = (code & 0xf) << 4 | 8;
	if (seg)
		mag = (mag | 0x100) << (seg - 1);
	return code & 0x80 ? mag : -(int)mag;
}

u8 pots_sim_alaw_compress(s16 sample)
{
	/* The decision values are those of 13 bits, one's complement below 0. */
	unsigned int mag = (sample < 0 ? ~sample : sample) >> 3;
	unsigned int seg = mag < 32 ? 0 : fls(mag) - 5;
	u8 code;

	code = seg << 4 | (mag >> max(seg, 1U) & 0xf);
	return (sample < 0 ? code : code | 0x80) ^ 0x55;
}

#define ULAW_BIAS	33	/* in 14 bits */

s16 pots_sim_ulaw_expand(u8 code)
{
	unsigned int mag;

	code = ~code;
	mag = (((code & 0xf) << 1 | 33) << (code >> 4 & 7)) - ULAW_BIAS;
	return code & 0x80 ? -(int)(mag << 2) : mag << 2;
}

u8 pots_sim_ulaw_compress(s16 sample)
{
	unsigned int mag = (sample < 0 ? -(int)sample : sample) >> 2;
	unsigned int seg;

	mag = min_t(unsigned int, mag + ULAW_BIAS, 0x1fff);
	seg = fls(mag) - 6;
	return ~((sample < 0 ? 0x80 : 0) | seg << 4 | (mag >> (seg + 1) & 0xf));
}
