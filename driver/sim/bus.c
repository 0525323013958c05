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

static bool byte_aligned(unsigned int clock, unsigned int bits,
			 unsigned int clocks_per_bit)
{
	return clocks_per_bit == 1 && !(clock % 8) && !(bits % 8) &&
	       clock + bits <= POTS_SIM_FRAME_BITS;
}

/* What a chip receives; beyond the frame's end nothing is transferred. */
u16 pots_sim_bus_get(const u8 *frame, unsigned int clock, unsigned int bits,
		     unsigned int clocks_per_bit)
{
	u16 word = 0;
	unsigned int i;

	if (byte_aligned(clock, bits, clocks_per_bit)) {
		const u8 *p = frame + clock / 8;

		return bits == 16 ? p[0] << 8 | p[1] : p[0];
	}

	for (i = 0; i < bits; i++) {
		unsigned int at = clock + i * clocks_per_bit;

		word <<= 1;
		if (at < POTS_SIM_FRAME_BITS)
			word |= frame[at / 8] >> (7 - at % 8) & 1;
	}
	return word;
}

void pots_sim_bus_put(u8 *frame, unsigned int clock, unsigned int bits,
		      unsigned int clocks_per_bit, u16 word)
{
	unsigned int i, k;

	if (byte_aligned(clock, bits, clocks_per_bit)) {
		u8 *p = frame + clock / 8;

		if (bits == 16)
			*p++ |= word >> 8;
		*p |= word;
		return;
	}

	for (i = 0; i < bits; i++) {
		if (!(word >> (bits - 1 - i) & 1))
			continue;
		for (k = 0; k < clocks_per_bit; k++) {
			unsigned int at = clock + i * clocks_per_bit + k;

			if (at < POTS_SIM_FRAME_BITS)
				frame[at / 8] |= 0x80 >> at % 8;
		}
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
