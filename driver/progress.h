/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress: which tone of a plan an exchange plays, from samples. Pure, as
 * tone.h.
 *
 * Recognised: frequencies within 1.5 % and 5 Hz, each sine from -35 to 0 dBm0,
 * where the tone is at least half of all that is heard; steps within 15 % or 50
 * ms, periods within 5 %, of what the plan says, and steps within 40 ms of those
 * a period before. Frequencies from 200 to 1900 Hz and steps from 50 ms on; a
 * shorter pause belongs to the sound before it. What is played once before a loop
 * is not looked for, nor are levels.
 */
#ifndef _POTS_PROGRESS_H
#define _POTS_PROGRESS_H

#include "pure.h"
#include <linux/pots.h>

#define POTS_PROGRESS_BLOCK	80	/* samples, 10 ms */
#define POTS_PROGRESS_TONES	6
#define POTS_PROGRESS_STEPS	24	/* before repetitions are found */
#define POTS_PROGRESS_SOUNDS	12
#define POTS_PROGRESS_FREQS	16
#define POTS_PROGRESS_SEGMENTS	24
#define POTS_PROGRESS_PERIODS_MAX 10
#define POTS_PROGRESS_HOLD	5	/* blocks that make a segment */
#define POTS_PROGRESS_BLOCKS_MAX 60000	/* that are counted */
#define POTS_PROGRESS_NARROW_MHZ 800000	/* below it filters are narrow */

/* What there is beside the sounds. */
#define POTS_PROGRESS_QUIET	0xfe
#define POTS_PROGRESS_OTHER	0xff

/**
 * struct pots_progress_event - a tone has begun or ended
 * @tone:	POTS_TONE_*
 * @on:		it is recognised, else it is over
 */
struct pots_progress_event {
	u32 tone;
	bool on;
};

/* A sound or a pause, and how long in blocks; 0 = steady. */
struct pots_progress_step {
	u16 blocks;
	u8 what;
};

/* One tone: a period of its steps; none when it is not looked for. */
struct pots_progress_tone {
	struct pots_progress_step step[POTS_PROGRESS_STEPS];
	u8 count;
	u8 tone;		/* POTS_TONE_* */
};

/* One frequency: its filter, its phasors in two blocks, and its mean power. */
struct pots_progress_freq {
	u32 mhz;
	s16 cosine, sine;	/* of its angle at 4 kHz, Q14 */
	s16 turn_re, turn_im;	/* by which it turns in a block, Q15 */
	u16 level;		/* of its power, to be compared with energy, Q16 */
	s32 re[2], im[2];
	u64 power;
};

static inline bool pots_progress_is_narrow(const struct pots_progress_freq *freq)
{
	return freq->mhz < POTS_PROGRESS_NARROW_MHZ;
}

/* Frequencies that are heard together. */
struct pots_progress_sound {
	u8 count;		/* 0 = not in use */
	u8 freq[POTS_TONE_FREQS_MAX];
};

/**
 * struct pots_progress - one line's detector; all fields are private
 * @tone:	the plan, as it can be heard
 * @sound:	of which its steps are made
 * @freq:	of which the sounds are made
 * @sample:	of the block that is being filled
 * @fill:	samples of it that are there
 * @periods:	of a cadence that must fit
 * @energy:	of the last three blocks
 * @mean:	of such energies
 * @loud:	energy of the last sound, which makes other things a pause
 * @segment:	what was heard, the newest first; the first one goes on
 * @rival:	what it may have changed to
 * @rival_blocks: how long it has been that
 * @active:	the tone that is on, counted from 1
 */
struct pots_progress {
	struct pots_progress_tone tone[POTS_PROGRESS_TONES];
	struct pots_progress_sound sound[POTS_PROGRESS_SOUNDS];
	struct pots_progress_freq freq[POTS_PROGRESS_FREQS];
	s16 sample[POTS_PROGRESS_BLOCK];
	u32 fill;
	u32 periods;
	u64 energy[3];
	u64 mean;
	u64 loud;
	struct pots_progress_step segment[POTS_PROGRESS_SEGMENTS];
	u8 rival;
	u8 rival_blocks;
	u8 active;
};

/* Nothing is looked for yet. @periods: 1..POTS_PROGRESS_PERIODS_MAX, or the nearest. */
void pots_progress_init(struct pots_progress *p, unsigned int periods);

/*
 * Looks for @program as @tone from now on: POTS_TONE_DIAL, _RINGBACK, _BUSY,
 * _REORDER, _UNOBTAINABLE, _SIT. Of tones that are the same to the ear the first
 * in this order is meant. NULL: not any more. -EINVAL: it cannot be told by ear,
 * and is not looked for. What was heard so far is forgotten.
 */
int pots_progress_set(struct pots_progress *p, u32 tone,
		      const struct pots_tone_program *program);

/* Forgets what was heard; the tone that was on is off. */
void pots_progress_reset(struct pots_progress *p);

/* Takes a frame of POTS_FRAME_SAMPLES. True when @event has happened. */
bool pots_progress_run(struct pots_progress *p, const s16 *samples,
		       struct pots_progress_event *event);

#endif /* _POTS_PROGRESS_H */
