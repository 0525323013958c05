/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dtmf: digits from samples. Pure. ITU-T Q.23/Q.24, ETSI ES 201 235-3.
 */
#ifndef _POTS_DTMF_H
#define _POTS_DTMF_H

#include "pure.h"

#define POTS_DTMF_EVENTS_MAX	8	/* of one call with up to 160 samples */

struct pots_dtmf_event {
	bool start;		/* else end */
	u8 digit;		/* POTS_DIGIT_* order: 0-9 * # A B C D */
	s32 offset;		/* sample of this call at which the tone began or
				 * ended; negative = before this call
				 */
	u32 samples;		/* at the end: how long it was */
};

struct pots_dtmf;		/* complete in dtmf_state.h, for embedding */

#include "dtmf_state.h"

void pots_dtmf_init(struct pots_dtmf *dtmf);

/*
 * Feeds @count samples (1..160) from the line; @reference, or NULL, is what
 * was sent to the line at the same time, whose echo is in them. Returns the
 * number of events written.
 */
unsigned int pots_dtmf_feed(struct pots_dtmf *dtmf, const s16 *samples,
			    const s16 *reference, unsigned int count,
			    struct pots_dtmf_event *out);

#endif /* _POTS_DTMF_H */
