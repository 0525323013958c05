/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plc: what is heard while speech is missing: the last pitch period again,
 * fading, silent after 60 ms. In the manner of G.711 Appendix I, but without
 * its delay. Pure.
 */
#ifndef POTS_AGENT_PLC_H
#define POTS_AGENT_PLC_H

#include <stddef.h>
#include <stdint.h>

#define PLC_HISTORY	384
#define PLC_FADE	40	/* samples of the join back to speech */

/**
 * struct plc - one direction's concealment; all fields are private
 */
struct plc {
	int16_t history[PLC_HISTORY];	/* the last samples heard */
	unsigned int pitch;
	unsigned int missing;		/* samples concealed so far */
	int step;			/* that a repetition would make, and does not */
};

void plc_init(struct plc *plc);

/* Makes @count samples in place of speech. */
void plc_conceal(struct plc *plc, int16_t *out, size_t count);

/* Speech again, or still: joins @samples to what was heard before. */
void plc_heard(struct plc *plc, int16_t *samples, size_t count);

/* Nothing of it is audible any more. */
static inline int plc_is_silent(const struct plc *plc)
{
	return plc->missing >= 480;
}

#endif /* POTS_AGENT_PLC_H */
