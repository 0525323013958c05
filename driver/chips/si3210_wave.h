/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * si3210_wave: from frequencies and levels to what the oscillators of the chip
 * want. Pure: the same file runs in the kernel and in a userspace test.
 */
#ifndef _SI3210_WAVE_H
#define _SI3210_WAVE_H

#include "../pure.h"

struct si3210_tone_values {
	u16 osc;
	u16 amplitude;
};

/**
 * struct si3210_ring_values - registers of a ringing signal
 * @vbath:	battery that carries the peak
 * @rtdi:	ring-trip debounce
 * @trapezoid:	shape
 * @roff:	DC beneath it
 */
struct si3210_ring_values {
	u16 rco;
	u16 rngx;
	u16 rngy;
	u16 roff;
	u16 rptp;
	u16 nrtp;
	u8 vbath;
	u8 rtdi;
	bool trapezoid;
};

#define SI3210_RING_MIN_MHZ	15000
#define SI3210_RING_MAX_MHZ	70000
#define SI3210_RING_DC_MAX_MV	30000

/* Levels are dBm0 in hundredths; anything above full scale is full scale. */
void si3210_tone_values(struct si3210_tone_values *values, u32 freq_mhz, int level_cdb);
void si3210_ring_values(struct si3210_ring_values *values, u32 freq_mhz,
			bool trapezoid, u32 mvrms, u32 dc_mv);

#endif /* _SI3210_WAVE_H */
