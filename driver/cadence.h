/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cadence: when a ringing burst begins and ends. Pure: the caller owns the
 * clock; deadlines are exact multiples from the start, so lateness does not
 * add up.
 */
#ifndef _POTS_CADENCE_H
#define _POTS_CADENCE_H

#include "pure.h"

#define POTS_CADENCE_PAIRS_MAX	8

struct pots_cadence {
	u16 on_ms[POTS_CADENCE_PAIRS_MAX];
	u16 off_ms[POTS_CADENCE_PAIRS_MAX];
	u32 count;
	u32 loop_start;
};

struct pots_cadence_run {
	const struct pots_cadence *cadence;
	u32 pair;
	bool on;
	u64 next_ns;		/* next change */
	u64 end_ns;		/* maximum time */
};

/* 0, -EINVAL, or -ERANGE. */
int pots_cadence_check(const struct pots_cadence *cadence);

/* Begins with a burst at @now_ns. */
void pots_cadence_start(struct pots_cadence_run *run,
			const struct pots_cadence *cadence, u64 now_ns, u32 max_ms);

/* The present phase lasts at least until @until_ns, the maximum time apart. */
void pots_cadence_hold(struct pots_cadence_run *run, u64 until_ns);

/*
 * A burst that was due begins only @now_ns, as long as any; false when the maximum
 * time is over.
 */
bool pots_cadence_late(struct pots_cadence_run *run, u64 now_ns);

/*
 * At @now_ns >= run->next_ns: steps on; false when the maximum time is over.
 * Steps over what was slept through.
 */
bool pots_cadence_step(struct pots_cadence_run *run, u64 now_ns);

#endif /* _POTS_CADENCE_H */
