/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone: samples from tone programs. Pure: no locks, no timers, no allocation,
 * no kernel services; the same file runs in KUnit and in userspace.
 */
#ifndef _POTS_TONE_H
#define _POTS_TONE_H

#include "pure.h"
#include <linux/pots.h>

struct pots_tone_program;

/* What one oscillator needs; see tone.c for the scales. */
struct pots_nco {
	u32 phase;
	u32 step;
	s32 amplitude;
};

/**
 * struct pots_tone_player - one program being played; all fields are private
 */
struct pots_tone_player {
	const struct pots_tone_program *program;
	struct pots_nco osc[4];
	u32 oscs;		/* in use; 0 = a silent step */
	u32 step;		/* index of the present step */
	u32 left;		/* samples left in it, 0 = for ever */
	u32 rise;		/* samples of the on ramp still to come */
	u32 fall;		/* length of the step's off ramp, 0 = none */
	u32 ending;		/* samples left of a stop's off ramp, 0 = not stopped */
	u32 repeat;		/* rounds left, 0 = until stopped */
	u64 budget;		/* samples left in all, 0 = no limit */
	u32 steady;		/* samples to come before anything changes */
	u32 made;		/* steady ones that left and budget still have */
	s32 gain_cdb;
	u16 am_depth;		/* Q15, 0 = no modulation */
	bool active;
	u8 end;			/* enum pots_tone_end of a program that is over */
};

enum pots_tone_end {
	POTS_TONE_PLAYS,
	POTS_TONE_FINISHED,	/* the program came to its end */
	POTS_TONE_TIMEOUT,	/* the budget ran out */
	POTS_TONE_STOPPED,	/* pots_tone_stop(), off ramp done */
};

/* Checks a program from userspace: 0, -EINVAL, or -ERANGE. */
int pots_tone_check(const struct pots_tone_program *program);

/*
 * Begins at sample 0 of step 0. @program must stay until the player ends.
 * @max_samples 0 = no limit.
 */
void pots_tone_start(struct pots_tone_player *player,
		     const struct pots_tone_program *program,
		     s32 gain_cdb, u64 max_samples);

/* Ends through the off ramp. */
void pots_tone_stop(struct pots_tone_player *player);

/*
 * Writes (mix false) or adds, saturating (mix true), @count samples. After the
 * end it writes silence and says again why it ended.
 */
enum pots_tone_end pots_tone_render(struct pots_tone_player *player,
				    s16 *out, unsigned int count, bool mix);

/*
 * The built-in program of POTS_TONE_*, or NULL. No more steps are there than its
 * count says: it must not be copied as a whole.
 */
const struct pots_tone_program *pots_tone_builtin(unsigned int tone);

/*
 * True when two sines, one on/off pair and no modulation say it all: fills
 * freq_mhz[2], level_cdb[2] (0 = unused), on_ms, off_ms.
 */
bool pots_tone_fits_chip(const struct pots_tone_program *program,
			 u32 freq_mhz[2], s16 level_cdb[2],
			 u32 *on_ms, u32 *off_ms);

/*
 * One sample of a sine at @phase, 2^32 to the turn, of the amplitude that
 * pots_sine_amplitude() makes of dBm0.
 */
s16 pots_sine_sample(u32 phase, s32 amplitude);
s32 pots_sine_amplitude(s32 level_cdb);

/* Scales samples by hundredths of a dB, saturating. */
void pots_gain(s16 *samples, unsigned int count, s32 gain_cdb);

#endif /* _POTS_TONE_H */
