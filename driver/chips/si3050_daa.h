/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * si3050_daa: from what a country wants of a line to the registers that say so.
 * Pure: the same file runs in the kernel and in a userspace test.
 */
#ifndef _SI3050_DAA_H
#define _SI3050_DAA_H

#include "../pure.h"

struct pots_daa;

struct si3050_value {
	u8 reg;
	u8 value;
};

#define SI3050_DAA_VALUES	9

#define SI3050_GAIN_MIN_DDB	(-150)	/* tenths of a dB */
#define SI3050_GAIN_MAX_DDB	120

u32 si3050_daa_impedances(u8 line_side);
int si3050_daa_values(struct si3050_value *values, const struct pots_daa *daa, u8 line_side);
void si3050_daa_ring_unjudged(struct si3050_value *values, bool full_wave);
void si3050_gain(int ddb, u8 *coarse, u8 *fine);

#endif /* _SI3050_DAA_H */
