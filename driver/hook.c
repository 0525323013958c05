// SPDX-License-Identifier: GPL-2.0-only
/*
 * A break of the loop means, by how long it lasts:
 *
 *	0 ...... break_min .. break_max ... flash_min .. flash_max ... release
 *	 bounce |    dial pulse   | nothing |     flash    |  nothing |  on-hook
 *
 * and a make shorter than make_min is contact bounce as well: the break goes
 * on as if it had never been. So a worn dial or a slow cradle changes neither
 * the count nor the durations.
 */
#include "hook.h"

#define NS_PER_MS	1000000ULL

struct sink {
	struct pots_hook_event *out;
	unsigned int count;
};

static void emit(struct sink *sink, enum pots_hook_event_type type, u32 value,
		 u64 at_ns)
{
	if (sink->count == POTS_HOOK_EVENTS_MAX)
		return;
	sink->out[sink->count++] = (struct pots_hook_event) {
		.type = type, .value = value, .at_ns = at_ns,
	};
}

static u64 ms_to_ns(u32 ms)
{
	return ms * NS_PER_MS;
}

static u32 ns_to_ms(u64 ns)
{
	return div_u64(ns + NS_PER_MS / 2, NS_PER_MS);
}

static bool within(u64 ns, u32 min_ms, u32 max_ms)
{
	return ns >= ms_to_ns(min_ms) && ns <= ms_to_ns(max_ms);
}

static bool is_masked(const struct pots_hook *hook)
{
	return hook->mask_until_ns;
}

static void enter(struct pots_hook *hook, enum pots_hook_phase phase,
		  u64 edge_ns, u32 window_ms)
{
	hook->phase = phase;
	hook->edge_ns = edge_ns;
	hook->deadline_ns = window_ms ? edge_ns + ms_to_ns(window_ms) : 0;
}

static void enter_off(struct pots_hook *hook, u64 edge_ns)
{
	hook->pulses = 0;
	enter(hook, POTS_HOOK_OFF, edge_ns, 0);
}

static void enter_break(struct pots_hook *hook, u64 edge_ns)
{
	enter(hook, POTS_HOOK_BREAK, edge_ns, hook->windows.release_ms);
	hook->break_ns = edge_ns;
	hook->counted = false;
}

static void enter_parking(struct pots_hook *hook, u64 edge_ns, struct sink *sink)
{
	hook->pulses = 0;
	enter(hook, POTS_HOOK_PARKING, edge_ns, 0);
	if (!hook->park_told)
		emit(sink, POTS_HOOK_PARKED, 0, edge_ns);
	hook->park_told = true;
}

static void enter_idle(struct pots_hook *hook, u64 edge_ns)
{
	hook->pulses = 0;
	hook->park_told = false;
	hook->bounce_ok = false;
	enter(hook, POTS_HOOK_IDLE, edge_ns, 0);
}

void pots_hook_init(struct pots_hook *hook, bool closed, u64 now_ns)
{
	memset(hook, 0, sizeof(*hook));
	hook->closed = closed;
	/* Lifted before anybody could serve it: as after a hang-up. */
	hook->phase = closed ? POTS_HOOK_PARKING : POTS_HOOK_IDLE;
	hook->park_told = closed;
	hook->edge_ns = now_ns;
}

void pots_hook_set_windows(struct pots_hook *hook,
			   const struct pots_hook_windows *windows)
{
	hook->windows = *windows;
}

static void loop_opens(struct pots_hook *hook, u64 at_ns)
{
	switch (hook->phase) {
	case POTS_HOOK_LIFTING:
		enter_idle(hook, at_ns);
		break;
	case POTS_HOOK_OFF:
	case POTS_HOOK_PULSING:
		if (hook->bounce_ok &&
		    at_ns - hook->edge_ns < ms_to_ns(hook->windows.pulse_make_min_ms)) {
			/* The last make was bounce: the break before it goes on. */
			if (hook->counted)
				hook->pulses--;
			enter_break(hook, hook->break_ns);
		} else {
			enter_break(hook, at_ns);
		}
		break;
	case POTS_HOOK_PARKING:
		enter(hook, POTS_HOOK_PARK_BREAK, at_ns, hook->windows.release_ms);
		break;
	case POTS_HOOK_IDLE:
	case POTS_HOOK_BREAK:
	case POTS_HOOK_PARK_BREAK:
		break;
	}
}

/* The loop is closed again, and the break was nothing that counts. */
static void resume(struct pots_hook *hook, u64 at_ns)
{
	if (hook->pulses)
		enter(hook, POTS_HOOK_PULSING, at_ns, hook->windows.pulse_make_max_ms);
	else
		enter_off(hook, at_ns);
}

static void end_digit(struct pots_hook *hook, u64 at_ns, struct sink *sink)
{
	if (hook->pulses)
		emit(sink, POTS_HOOK_DIGIT, hook->pulses, at_ns);
	hook->pulses = 0;
}

static void end_break(struct pots_hook *hook, u64 at_ns, struct sink *sink)
{
	const struct pots_hook_windows *windows = &hook->windows;
	u64 length = at_ns - hook->edge_ns;

	hook->bounce_ok = true;
	if (hook->blind) {
		/* Began while our own linefeed change hid the loop. */
		hook->bounce_ok = false;
		resume(hook, at_ns);
	} else if (windows->detect_pulse &&
		   within(length, windows->pulse_break_min_ms,
			  windows->pulse_break_max_ms)) {
		hook->pulses++;
		hook->counted = true;
		resume(hook, at_ns);
	} else if (windows->detect_flash &&
		   within(length, windows->flash_min_ms, windows->flash_max_ms)) {
		end_digit(hook, hook->edge_ns, sink);
		emit(sink, POTS_HOOK_FLASH, ns_to_ms(length), at_ns);
		hook->bounce_ok = false;
		enter_off(hook, at_ns);
	} else {
		resume(hook, at_ns);
	}
	hook->blind = false;
}

static void loop_closes(struct pots_hook *hook, u64 at_ns, struct sink *sink)
{
	switch (hook->phase) {
	case POTS_HOOK_IDLE:
		enter(hook, POTS_HOOK_LIFTING, at_ns, hook->windows.seize_ms);
		break;
	case POTS_HOOK_BREAK:
		end_break(hook, at_ns, sink);
		break;
	case POTS_HOOK_PARK_BREAK:
		enter_parking(hook, at_ns, sink);
		break;
	case POTS_HOOK_LIFTING:
	case POTS_HOOK_OFF:
	case POTS_HOOK_PULSING:
	case POTS_HOOK_PARKING:
		break;
	}
}

static void break_after_mask(struct pots_hook *hook, u64 at_ns)
{
	enter_break(hook, at_ns);
	hook->blind = true;
}

/* The loop is believed again: what it is now meets what was before. */
static void unmask(struct pots_hook *hook, struct sink *sink)
{
	bool park = hook->park_when_unmasked;
	u64 at_ns = hook->mask_until_ns;

	hook->mask_until_ns = 0;
	hook->park_when_unmasked = false;
	hook->deadline_ns = 0;

	switch (hook->phase) {
	case POTS_HOOK_IDLE:
	case POTS_HOOK_LIFTING:
		enter_idle(hook, at_ns);
		if (hook->closed && park)
			enter_parking(hook, at_ns, sink);
		else if (hook->closed)
			loop_closes(hook, at_ns, sink);
		break;
	case POTS_HOOK_OFF:
	case POTS_HOOK_BREAK:
	case POTS_HOOK_PULSING:
		hook->bounce_ok = false;
		if (hook->closed && park)
			enter_parking(hook, at_ns, sink);
		else if (hook->closed)
			resume(hook, at_ns);
		else if (park)
			enter(hook, POTS_HOOK_PARK_BREAK, at_ns,
			      hook->windows.release_ms);
		else
			break_after_mask(hook, at_ns);
		break;
	case POTS_HOOK_PARKING:
	case POTS_HOOK_PARK_BREAK:
		if (hook->closed)
			enter_parking(hook, at_ns, sink);
		else
			enter(hook, POTS_HOOK_PARK_BREAK, at_ns,
			      hook->windows.release_ms);
		break;
	}
}

static void deadline_reached(struct pots_hook *hook, struct sink *sink)
{
	u64 edge_ns = hook->edge_ns;

	if (is_masked(hook)) {
		unmask(hook, sink);
		return;
	}

	hook->deadline_ns = 0;
	switch (hook->phase) {
	case POTS_HOOK_LIFTING:
		hook->bounce_ok = false;
		enter_off(hook, edge_ns);
		emit(sink, hook->ringing ? POTS_HOOK_ANSWER : POTS_HOOK_SEIZE, 0,
		     edge_ns);
		break;
	case POTS_HOOK_BREAK:
		hook->blind = false;
		enter_idle(hook, edge_ns);
		emit(sink, POTS_HOOK_RELEASE, 0, edge_ns);
		break;
	case POTS_HOOK_PULSING:
		end_digit(hook, edge_ns, sink);
		enter_off(hook, edge_ns);
		break;
	case POTS_HOOK_PARK_BREAK:
		/* Put down inside the mask: nobody was told of the parking. */
		emit(sink, hook->park_told ? POTS_HOOK_UNPARKED : POTS_HOOK_RELEASE,
		     0, edge_ns);
		enter_idle(hook, edge_ns);
		break;
	case POTS_HOOK_IDLE:
	case POTS_HOOK_OFF:
	case POTS_HOOK_PARKING:
		break;
	}
}

static void run_deadlines(struct pots_hook *hook, u64 now_ns, struct sink *sink)
{
	while (hook->deadline_ns && hook->deadline_ns <= now_ns)
		deadline_reached(hook, sink);
}

unsigned int pots_hook_edge(struct pots_hook *hook, bool closed, u64 at_ns,
			    struct pots_hook_event *out)
{
	struct sink sink = { .out = out };

	/*
	 * The timer may be late, the edges' times are right. An edge at the very
	 * end of a window is still inside; the end of a mask is outside.
	 */
	if (hook->deadline_ns && (hook->deadline_ns < at_ns || is_masked(hook)))
		run_deadlines(hook, at_ns, &sink);

	if (closed == hook->closed)
		return sink.count;

	hook->closed = closed;
	if (is_masked(hook))
		return sink.count;

	if (closed)
		loop_closes(hook, at_ns, &sink);
	else
		loop_opens(hook, at_ns);
	return sink.count;
}

unsigned int pots_hook_timeout(struct pots_hook *hook, u64 now_ns,
			       struct pots_hook_event *out)
{
	struct sink sink = { .out = out };

	run_deadlines(hook, now_ns, &sink);
	return sink.count;
}

unsigned int pots_hook_ring_trip(struct pots_hook *hook, u64 at_ns,
				 struct pots_hook_event *out)
{
	struct sink sink = { .out = out };

	if (!hook->ringing || hook->phase > POTS_HOOK_LIFTING)
		return 0;

	/* The chip saw direct current: no mask of ours can have made that. */
	hook->mask_until_ns = 0;
	hook->park_when_unmasked = false;
	hook->bounce_ok = false;
	hook->closed = true;
	enter_off(hook, at_ns);
	emit(&sink, POTS_HOOK_ANSWER, 0, at_ns);
	return sink.count;
}

void pots_hook_set_ringing(struct pots_hook *hook, bool ringing)
{
	hook->ringing = ringing;
}

void pots_hook_mask(struct pots_hook *hook, u64 now_ns, u64 until_ns, bool park)
{
	hook->mask_until_ns = max(hook->mask_until_ns, max(until_ns, now_ns));
	hook->park_when_unmasked |= park;
	hook->deadline_ns = hook->mask_until_ns;
}

unsigned int pots_hook_park(struct pots_hook *hook, u64 now_ns,
			    struct pots_hook_event *out)
{
	struct sink sink = { .out = out };
	u64 edge_ns;

	run_deadlines(hook, now_ns, &sink);
	if (is_masked(hook)) {
		hook->park_when_unmasked = true;
		return sink.count;
	}

	switch (hook->phase) {
	case POTS_HOOK_OFF:
	case POTS_HOOK_PULSING:
		enter_parking(hook, now_ns, &sink);
		break;
	case POTS_HOOK_BREAK:
		edge_ns = hook->edge_ns;
		enter_parking(hook, now_ns, &sink);
		enter(hook, POTS_HOOK_PARK_BREAK, edge_ns, hook->windows.release_ms);
		break;
	case POTS_HOOK_IDLE:
	case POTS_HOOK_LIFTING:
	case POTS_HOOK_PARKING:
	case POTS_HOOK_PARK_BREAK:
		break;
	}
	return sink.count;
}
