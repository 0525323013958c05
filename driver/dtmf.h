/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dtmf: digits from samples. Pure. ITU-T Q.23/Q.24, ETSI ES 201 235-3.
 */
#ifndef _POTS_DTMF_H
#define _POTS_DTMF_H

#include "pure.h"

#define POTS_DTMF_FRAME		8	/* samples, 1 ms */
#define POTS_DTMF_BLOCK_FRAMES	12
#define POTS_DTMF_BLOCKS_KEPT	3
#define POTS_DTMF_ECHO_MAX	64	/* frames */
/* So many hold the blocks kept and the echo to come; even, a multiple of 3. */
#define POTS_DTMF_BLOCKS	12

struct pots_dtmf_event {
	bool start;		/* else end */
	u8 digit;		/* POTS_DIGIT_* order: 0-9 * # A B C D */
	u32 ago;		/* samples since the tone began or ended */
	u32 samples;		/* at the end: how long it was */
};

/**
 * struct pots_dtmf - one line's detector; all fields are private
 * @line:	the last blocks from the line
 * @sent:	what we sent, in the block in which its echo is
 * @line_at:	frame of @line that comes next
 * @sent_at:	frame of @sent that comes next, ahead by what the echo takes
 * @block:	that is being filled, of @sent; its remainder by 3 in @line
 * @fill:	frames of it that are there
 * @clock:	samples seen before it
 * @tone:	the digit that is on, or -1
 * @candidate:	what the even block before looked like, or -1
 * @began:	clock at which the tone began
 * @ended:	clock at which it ended, while @misses > 0
 * @power:	of the tone, in half a block
 * @misses:	half blocks without it
 */
struct pots_dtmf {
	s16 line[POTS_DTMF_BLOCKS_KEPT][POTS_DTMF_BLOCK_FRAMES * POTS_DTMF_FRAME];
	s16 sent[POTS_DTMF_BLOCKS][POTS_DTMF_BLOCK_FRAMES * POTS_DTMF_FRAME];
	u32 line_at;
	u32 sent_at;
	u32 block;
	u32 fill;
	u32 clock;
	s8 tone;
	s8 candidate;
	u8 misses;
	u32 began;
	u32 ended;
	u64 power;
};

/* The echo of what is sent comes @echo_frames later, POTS_DTMF_ECHO_MAX at most. */
void pots_dtmf_init(struct pots_dtmf *dtmf, unsigned int echo_frames);

/* Call it when pots_dtmf_take() says so. True when a digit has begun or ended. */
bool pots_dtmf_judge(struct pots_dtmf *dtmf, struct pots_dtmf_event *event);

/*
 * Takes a frame from the line, and the one that is sent at the same time. True
 * when there is enough to be judged. Inline: it runs every millisecond.
 */
static inline bool pots_dtmf_take(struct pots_dtmf *dtmf, const s16 *from_line,
				  const s16 *sent)
{
	s16 *line = (s16 *)dtmf->line, *kept = (s16 *)dtmf->sent;

	memcpy(line + dtmf->line_at * POTS_DTMF_FRAME, from_line,
	       POTS_DTMF_FRAME * sizeof(s16));
	memcpy(kept + dtmf->sent_at * POTS_DTMF_FRAME, sent,
	       POTS_DTMF_FRAME * sizeof(s16));
	if (++dtmf->line_at == POTS_DTMF_BLOCKS_KEPT * POTS_DTMF_BLOCK_FRAMES)
		dtmf->line_at = 0;
	if (++dtmf->sent_at == POTS_DTMF_BLOCKS * POTS_DTMF_BLOCK_FRAMES)
		dtmf->sent_at = 0;
	return ++dtmf->fill == POTS_DTMF_BLOCK_FRAMES;
}

#endif /* _POTS_DTMF_H */
