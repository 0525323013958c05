/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * supervise: what an exchange does to its line, from what a chip measures and
 * rings. Pure: measurements and time go in, debounced facts come out; the caller
 * owns the clock and the one timer.
 */
#ifndef _POTS_SUPERVISE_H
#define _POTS_SUPERVISE_H

#include "pure.h"

#define POTS_SUPERVISE_LOOP_UA		3000	/* off-hook, less is no battery */
#define POTS_SUPERVISE_IN_USE_MS	200	/* longer than a reversal's ramp */
#define POTS_SUPERVISE_AFTER_BURST_MS	100	/* the bell's capacitor discharges */

/* Meaning and limits as in struct pots_exchange. */
struct pots_supervise_limits {
	u32 battery_mv;
	u32 battery_ms;
	u32 polarity_ms;
	u32 in_use_mv;
	u32 ring_timeout_ms;
};

enum pots_supervise_event_type {
	POTS_SUPERVISE_BATTERY,	/* value: 1 fed, 0 not */
	POTS_SUPERVISE_POLARITY, /* value: 1 reversed, 0 as first seen */
	POTS_SUPERVISE_IN_USE,	/* value: 1 a telephone in parallel is off-hook */
	POTS_SUPERVISE_BURST,	/* value: 1 begun, 0 ended */
	POTS_SUPERVISE_RING_END, /* the caller gave up */
	POTS_SUPERVISE_MEASURE,	/* a mask is over: what is the line now? */
};

struct pots_supervise_event {
	enum pots_supervise_event_type type;
	u32 value;
	u64 at_ns;		/* of the change, not of the end of its window */
};

#define POTS_SUPERVISE_EVENTS_MAX	8	/* of one call */

/* One fact: what it is, and since when it seems to be otherwise. */
struct pots_debounce {
	bool is;
	u64 other_ns;		/* 0 = it does not */
};

/**
 * struct pots_supervise - one exchange's line; private save @deadline_ns
 * @deadline_ns:	call pots_supervise_timeout() then; 0 = no need to
 */
struct pots_supervise {
	struct pots_supervise_limits limits;
	struct pots_debounce battery;
	struct pots_debounce reversed;
	struct pots_debounce in_use;
	bool off_hook;
	u32 alone_ua;		/* off-hook: with nobody beside us; 0 = not seen yet */
	bool polarity_known;
	bool first_negative;
	bool ringing;
	bool burst;
	u64 burst_ns;		/* of the last burst's begin or end */
	u64 mask_until_ns;	/* 0 = measurements count */
	u64 deadline_ns;
};

/* On-hook; what is measured is so, and nobody is told. */
void pots_supervise_init(struct pots_supervise *supervise,
			 const struct pots_supervise_limits *limits, s32 line_mv);
void pots_supervise_set_limits(struct pots_supervise *supervise,
			       const struct pots_supervise_limits *limits);

/*
 * All of these return the number of events written, and update deadline_ns.
 * Reports may come late but in order.
 */
unsigned int pots_supervise_sense(struct pots_supervise *supervise, s32 line_mv,
				  u32 loop_ua, u64 at_ns,
				  struct pots_supervise_event *out);
unsigned int pots_supervise_burst(struct pots_supervise *supervise, bool on,
				  u64 at_ns, struct pots_supervise_event *out);
unsigned int pots_supervise_timeout(struct pots_supervise *supervise, u64 now_ns,
				    struct pots_supervise_event *out);

/*
 * We went off-hook or on-hook. Off-hook ends ringing without a word; what is
 * measured counts from @until_ns on.
 */
void pots_supervise_hook(struct pots_supervise *supervise, bool off_hook,
			 u64 until_ns);

/*
 * The same at @now_ns, to be told who calls: it goes on ringing, and the caller has
 * his time anew.
 */
unsigned int pots_supervise_receive(struct pots_supervise *supervise, bool off_hook,
				    u64 now_ns, u64 until_ns,
				    struct pots_supervise_event *out);

/*
 * Our own doing disturbs the line until @until_ns, U64_MAX as long as nobody
 * says another time. A deadline that is over already must have been served
 * before.
 */
void pots_supervise_mask(struct pots_supervise *supervise, u64 until_ns);

/* A line that is measured before it is used: 0, -ENOLINK or -EBUSY. */
int pots_supervise_judge(const struct pots_supervise *supervise, s32 line_mv);

#endif /* _POTS_SUPERVISE_H */
