/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dtmf_state: what one line's detector remembers, for embedding.
 */
#ifndef _POTS_DTMF_STATE_H
#define _POTS_DTMF_STATE_H

#include "pure.h"

#define POTS_DTMF_BLOCK		96	/* samples, 12 ms */
#define POTS_DTMF_WINDOW	(2 * POTS_DTMF_BLOCK)

/**
 * struct pots_dtmf - one line's detector; all fields are private
 * @line:	the last two blocks from the line
 * @reference:	the last two blocks toward the line
 * @fill:	samples of the second block that are there
 * @clock:	samples seen before the second block
 * @tone:	the digit that is on, or -1
 * @candidate:	what the last block looked like, or -1
 * @candidate_power: its power in that block
 * @runner_up:	power that the block before the candidate had in it
 * @began:	clock at which the tone began
 * @ended:	clock at which it ended, while @misses > 0
 * @power:	of the tone, in half a block
 * @misses:	half blocks without it
 */
struct pots_dtmf {
	s16 line[POTS_DTMF_WINDOW];
	s16 reference[POTS_DTMF_WINDOW];
	u32 fill;
	u32 clock;
	s8 tone;
	s8 candidate;
	u8 misses;
	u32 began;
	u32 ended;
	u64 power;
	u64 candidate_power;
	u64 runner_up;
};

#endif /* _POTS_DTMF_STATE_H */
