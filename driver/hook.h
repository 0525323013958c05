/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hook: what the edges of the loop mean, by their durations. Pure: edges and
 * time go in, events come out; the caller owns the clock and the one timer.
 */
#ifndef _POTS_HOOK_H
#define _POTS_HOOK_H

#include "pure.h"

/* Windows in ms; meaning and limits as in struct pots_settings. */
struct pots_hook_windows {
	u16 seize_ms;
	u16 release_ms;
	u16 flash_min_ms;
	u16 flash_max_ms;
	u16 pulse_break_min_ms;
	u16 pulse_break_max_ms;
	u16 pulse_make_min_ms;
	u16 pulse_make_max_ms;
	bool detect_pulse;
	bool detect_flash;
};

enum pots_hook_event_type {
	POTS_HOOK_SEIZE,	/* off-hook from idle */
	POTS_HOOK_ANSWER,	/* off-hook while ringing */
	POTS_HOOK_RELEASE,	/* on-hook for longer than the release window */
	POTS_HOOK_FLASH,	/* value: ms */
	POTS_HOOK_DIGIT,	/* value: pulses */
	POTS_HOOK_PARKED,	/* feed is back, handset is still off-hook */
	POTS_HOOK_UNPARKED,	/* a real on-hook ended it */
};

struct pots_hook_event {
	enum pots_hook_event_type type;
	u32 value;
	u64 at_ns;		/* of the edge that decided it, not of the timer */
};

#define POTS_HOOK_EVENTS_MAX	4	/* of one call */

enum pots_hook_phase {
	POTS_HOOK_IDLE,		/* on-hook */
	POTS_HOOK_LIFTING,	/* closed, not yet for the seize window */
	POTS_HOOK_OFF,		/* off-hook */
	POTS_HOOK_BREAK,	/* open, not yet released */
	POTS_HOOK_PULSING,	/* closed again, a digit may go on */
	POTS_HOOK_PARKING,	/* parked, closed */
	POTS_HOOK_PARK_BREAK,	/* parked, open, not yet for the release window */
};

/**
 * struct pots_hook - one line's hook; all fields are private save @deadline_ns
 * @deadline_ns:	call pots_hook_timeout() then; 0 = no need to
 */
struct pots_hook {
	struct pots_hook_windows windows;
	enum pots_hook_phase phase;
	bool closed;		/* last edge seen, masked or not */
	bool ringing;
	bool park_when_unmasked;
	bool park_told;		/* PARKED went out, UNPARKED has to follow */
	bool counted;		/* the last break was a dial pulse */
	bool bounce_ok;		/* a short make may join two breaks into one */
	bool blind;		/* the break began in a mask: no pulse, no flash */
	u32 pulses;
	u64 edge_ns;		/* of the edge that began the phase */
	u64 break_ns;		/* of the edge that began the last break */
	u64 mask_until_ns;
	u64 deadline_ns;
};

void pots_hook_init(struct pots_hook *hook, bool closed, u64 now_ns);
void pots_hook_set_windows(struct pots_hook *hook,
			   const struct pots_hook_windows *windows);

/*
 * All of these return the number of events written, and update deadline_ns.
 * Edges may come late but in order.
 */
unsigned int pots_hook_edge(struct pots_hook *hook, bool closed, u64 at_ns,
			    struct pots_hook_event *out);
unsigned int pots_hook_timeout(struct pots_hook *hook, u64 now_ns,
			       struct pots_hook_event *out);

/*
 * Ring trip as the chip reports it while ringing: an answer at once. The loop
 * counts as closed from here.
 */
unsigned int pots_hook_ring_trip(struct pots_hook *hook, u64 at_ns,
				 struct pots_hook_event *out);

/*
 * While ringing, a lift is an answer (and needs only the seize window, or a
 * ring trip).
 */
void pots_hook_set_ringing(struct pots_hook *hook, bool ringing);

/*
 * Our own linefeed change disturbs the loop until @until_ns: edges before that
 * are noted, not classified. With @park a loop that is closed when the mask
 * ends is parked; without, the state before the mask goes on with the loop as
 * it is then. A deadline that is over already must have been served before.
 */
void pots_hook_mask(struct pots_hook *hook, u64 now_ns, u64 until_ns, bool park);

/* Off-hook now becomes parked without a linefeed change (claim closed). */
unsigned int pots_hook_park(struct pots_hook *hook, u64 now_ns,
			    struct pots_hook_event *out);

static inline bool pots_hook_is_off(const struct pots_hook *hook)
{
	return hook->phase >= POTS_HOOK_OFF;
}

/* Or will be, whatever the mask hides: it is nobody's seizure any more. */
static inline bool pots_hook_is_parked(const struct pots_hook *hook)
{
	return hook->phase >= POTS_HOOK_PARKING || hook->park_when_unmasked;
}

#endif /* _POTS_HOOK_H */
