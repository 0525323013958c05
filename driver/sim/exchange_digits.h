/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: the digit receiver of an exchange: loop closed and open by time,
 * sound by samples. Pure: no locks, no timers, no kernel services.
 */
#ifndef _POTS_SIM_EXCHANGE_DIGITS_H
#define _POTS_SIM_EXCHANGE_DIGITS_H

#include <linux/pots_sim.h>

#include "../pure.h"

#define POTS_SIM_DTMF_BLOCK	102	/* samples */
#define POTS_SIM_DTMF_FRAME	8

/* What has happened. */
#define POTS_SIM_DIGITS_SEIZED	0x1
#define POTS_SIM_DIGITS_RELEASED 0x2
#define POTS_SIM_DIGITS_BEGUN	0x4	/* a digit: no more dial tone */
#define POTS_SIM_DIGITS_DIGIT	0x8
#define POTS_SIM_DIGITS_FLASH	0x10

#define POTS_SIM_DIGITS_NEVER	(~0ULL)

/**
 * struct pots_sim_digits_limits - what is what, ns
 * @break_ns:	a longer break is no pulse
 * @gap_ns:	a longer make ends a digit
 * @release_ns:	a longer break is the end
 */
struct pots_sim_digits_limits {
	u64 break_ns;
	u64 gap_ns;
	u64 release_ns;
};

/**
 * struct pots_sim_dtmf - what is heard
 * @on:		there is sound
 * @quiet:	frames without in a row
 * @began:	when it began, ns
 * @ended:	when the last digit did, 0 = there was none
 * @digit:	what the last block was, 0 = no digit
 * @told:	what two blocks in a row were
 * @fill:	samples in @block
 * @block:	samples to decide on
 * @frames:	samples in @frame
 * @frame:	squares of a frame, added
 */
struct pots_sim_dtmf {
	bool on;
	unsigned int quiet;
	u64 began;
	u64 ended;
	u8 digit;
	u8 told;
	unsigned int fill;
	s16 block[POTS_SIM_DTMF_BLOCK];
	unsigned int frames;
	u64 frame;
};

/**
 * struct pots_sim_digits - a receiver
 * @limits:	see there
 * @out:	where it counts: from digits to tone_peak, flashes, pulsed, digit_ns
 * @closed:	a current flows
 * @seized:	the same without pulses and flashes
 * @changed:	when the current began or ended
 * @pulses:	of the digit under way
 * @make_us:	the make before the present break, of this digit; 0 = its first
 * @gap_us:	the pause before the present break, when it is the first; 0 = none
 * @break_end:	when the last break of a digit ended, 0 = there was none
 * @dtmf:	what is heard
 */
struct pots_sim_digits {
	struct pots_sim_digits_limits limits;
	struct pots_sim_exchange_state *out;
	bool closed;
	bool seized;
	u64 changed;
	unsigned int pulses;
	u32 make_us;
	u32 gap_us;
	u64 break_end;
	struct pots_sim_dtmf dtmf;
};

/* All return POTS_SIM_DIGITS_*. Times never run backward. */
u32 pots_sim_digits_loop(struct pots_sim_digits *d, bool closed, u64 at);
u32 pots_sim_digits_run(struct pots_sim_digits *d, u64 now);
u32 pots_sim_digits_hear(struct pots_sim_digits *d, u64 at, const s16 *in, unsigned int n);

/* When pots_sim_digits_run() has something to do, if nothing happens before. */
u64 pots_sim_digits_due(const struct pots_sim_digits *d);

#endif /* _POTS_SIM_EXCHANGE_DIGITS_H */
