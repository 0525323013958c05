/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * si3050_ring: ringing and its frequency, from looks at the two halves of it. Pure:
 * the same file runs in the kernel and in a userspace test.
 *
 * A period goes from one begin of the positive half to the next, and where the
 * negative half is told it must have come between. So a step of the direct voltage
 * or a reversal makes no period, nor do a lamp's pulses, which have one sign and
 * are too slow.
 */
#ifndef _SI3050_RING_H
#define _SI3050_RING_H

#include "../pure.h"

#define SI3050_RING_CONFIRM_MS	100	/* of good periods are ringing */
#define SI3050_RING_QUIET_MS	150	/* without a period it is over */
#define SI3050_RING_LATE_MS	4	/* so late after the last may a look be */

/**
 * struct si3050_ring - one line's ringing; private save @rings and @freq_mhz
 * @min_mhz:	what is slower or
 * @max_mhz:	faster than these is no ringing; set by the caller
 * @both_halves: the negative half is told, too; set by the caller
 * @rings:	it does
 * @freq_mhz:	of the present burst or the last one; 0 = not known yet
 * @positive:	seen last
 * @negative:	seen since the positive half began
 * @began_ns:	of the first good period in a row
 * @looked_ns:	last
 * @edge_ns:	of the positive half's last begin, 0 = it was not seen when it came
 * @periods:	good ones in a row
 */
struct si3050_ring {
	u32 min_mhz;
	u32 max_mhz;
	bool both_halves;
	bool rings;
	u32 freq_mhz;
	bool positive;
	bool negative;
	u64 began_ns;
	u64 looked_ns;
	u64 edge_ns;
	u32 periods;
};

/* Forgets what was seen, the frequency too. */
void si3050_ring_forget(struct si3050_ring *ring);

/* One look. A period is counted from looks at most SI3050_RING_LATE_MS apart. */
void si3050_ring_look(struct si3050_ring *ring, bool positive, bool negative, u64 at_ns);

#endif /* _SI3050_RING_H */
