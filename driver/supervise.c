// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three facts are debounced, each by the time that it must have lasted: whether
 * the line is fed, which way round, and whether another telephone draws current
 * from it. On-hook the voltage tells all of it. Off-hook our own current flows: it
 * tells that the line is fed, and of another telephone when a quarter of it is gone.
 *
 *	|mV|	0 ........ battery ............. in use ............ 48000
 *		not fed  |  fed, another is off-hook | fed, at rest
 *
 * A line that is not fed has no polarity: the one it had stays.
 */
#include "supervise.h"

#define NS_PER_MS	1000000ULL

struct sink {
	struct pots_supervise_event *out;
	unsigned int count;
};

static void emit(struct sink *sink, enum pots_supervise_event_type type, u32 value,
		 u64 at_ns)
{
	if (sink->count == POTS_SUPERVISE_EVENTS_MAX)
		return;
	sink->out[sink->count++] = (struct pots_supervise_event) {
		.type = type, .value = value, .at_ns = at_ns,
	};
}

static u64 ms_to_ns(u32 ms)
{
	return ms * NS_PER_MS;
}

static u32 magnitude(s32 line_mv)
{
	return line_mv < 0 ? 0 - (u32)line_mv : (u32)line_mv;
}

/* ------------------------------------------------------------ debouncing --- */

static void seems(struct pots_debounce *fact, bool now, u64 at_ns)
{
	if (now == fact->is)
		fact->other_ns = 0;
	else if (!fact->other_ns)
		fact->other_ns = at_ns;
}

static bool is_over(const struct pots_debounce *fact, u32 window_ms, u64 now_ns)
{
	return fact->other_ns && fact->other_ns + ms_to_ns(window_ms) <= now_ns;
}

static void settle_fact(struct pots_debounce *fact, u32 window_ms, u64 now_ns,
			enum pots_supervise_event_type type, struct sink *sink)
{
	if (!is_over(fact, window_ms, now_ns))
		return;
	fact->is = !fact->is;
	emit(sink, type, fact->is, fact->other_ns);
	fact->other_ns = 0;
}

static void forget_seeming(struct pots_supervise *supervise)
{
	supervise->battery.other_ns = 0;
	supervise->reversed.other_ns = 0;
	supervise->in_use.other_ns = 0;
}

/* -------------------------------------------------------------- deadlines --- */

static void earliest(u64 *deadline_ns, u64 ns)
{
	if (!*deadline_ns || ns < *deadline_ns)
		*deadline_ns = ns;
}

static void fact_deadline(u64 *deadline_ns, const struct pots_debounce *fact,
			  u32 window_ms)
{
	if (fact->other_ns)
		earliest(deadline_ns, fact->other_ns + ms_to_ns(window_ms));
}

static void update_deadline(struct pots_supervise *supervise)
{
	const struct pots_supervise_limits *limits = &supervise->limits;
	u64 deadline_ns = 0;

	fact_deadline(&deadline_ns, &supervise->battery, limits->battery_ms);
	fact_deadline(&deadline_ns, &supervise->reversed, limits->polarity_ms);
	fact_deadline(&deadline_ns, &supervise->in_use, POTS_SUPERVISE_IN_USE_MS);
	if (supervise->ringing)
		earliest(&deadline_ns,
			 supervise->burst_ns + ms_to_ns(limits->ring_timeout_ms));
	if (supervise->mask_until_ns && supervise->mask_until_ns != ~0ULL)
		earliest(&deadline_ns, supervise->mask_until_ns);
	supervise->deadline_ns = deadline_ns;
}

static void end_ringing(struct pots_supervise *supervise, u64 now_ns, struct sink *sink)
{
	if (!supervise->ringing ||
	    supervise->burst_ns + ms_to_ns(supervise->limits.ring_timeout_ms) > now_ns)
		return;
	/* A burst without an end is a report that was lost. */
	if (supervise->burst)
		emit(sink, POTS_SUPERVISE_BURST, 0, now_ns);
	supervise->burst = false;
	supervise->ringing = false;
	emit(sink, POTS_SUPERVISE_RING_END, 0, now_ns);
}

static void settle(struct pots_supervise *supervise, u64 now_ns, struct sink *sink)
{
	const struct pots_supervise_limits *limits = &supervise->limits;

	settle_fact(&supervise->battery, limits->battery_ms, now_ns,
		    POTS_SUPERVISE_BATTERY, sink);
	settle_fact(&supervise->reversed, limits->polarity_ms, now_ns,
		    POTS_SUPERVISE_POLARITY, sink);
	settle_fact(&supervise->in_use, POTS_SUPERVISE_IN_USE_MS, now_ns,
		    POTS_SUPERVISE_IN_USE, sink);
	end_ringing(supervise, now_ns, sink);
	if (supervise->mask_until_ns && supervise->mask_until_ns <= now_ns) {
		supervise->mask_until_ns = 0;
		emit(sink, POTS_SUPERVISE_MEASURE, 0, now_ns);
	}
}

/* ------------------------------------------------------------ measurements --- */

static bool is_fed(const struct pots_supervise *supervise, s32 line_mv, u32 loop_ua)
{
	return supervise->off_hook ? loop_ua >= POTS_SUPERVISE_LOOP_UA :
				     magnitude(line_mv) >= supervise->limits.battery_mv;
}

static bool is_used(const struct pots_supervise *supervise, s32 line_mv)
{
	return magnitude(line_mv) < supervise->limits.in_use_mv;
}

/* What we would draw alone nobody knows if another one was there before us. */
static bool is_shared(struct pots_supervise *supervise, u32 loop_ua)
{
	if (!supervise->alone_ua && supervise->in_use.is)
		supervise->alone_ua = loop_ua / 2 * 3;
	supervise->alone_ua = max(supervise->alone_ua, loop_ua);
	return loop_ua < supervise->alone_ua / 4 * 3;
}

/* What is normal is what the line was when it was fed first. */
static bool is_reversed(struct pots_supervise *supervise, s32 line_mv)
{
	bool negative = line_mv < 0;

	if (!supervise->polarity_known) {
		supervise->polarity_known = true;
		supervise->first_negative = negative;
	}
	return negative != supervise->first_negative;
}

void pots_supervise_init(struct pots_supervise *supervise,
			 const struct pots_supervise_limits *limits, s32 line_mv)
{
	memset(supervise, 0, sizeof(*supervise));
	supervise->limits = *limits;
	supervise->battery.is = is_fed(supervise, line_mv, 0);
	if (!supervise->battery.is)
		return;
	is_reversed(supervise, line_mv);
	supervise->in_use.is = is_used(supervise, line_mv);
}

void pots_supervise_set_limits(struct pots_supervise *supervise,
			       const struct pots_supervise_limits *limits)
{
	supervise->limits = *limits;
	update_deadline(supervise);
}

static void see_others(struct pots_supervise *supervise, bool fed, s32 line_mv, u32 loop_ua,
		       u64 at_ns)
{
	if (!supervise->off_hook)
		seems(&supervise->in_use, fed && is_used(supervise, line_mv), at_ns);
	else if (!fed || !supervise->limits.in_use_mv)
		supervise->in_use.other_ns = 0;
	else
		seems(&supervise->in_use, is_shared(supervise, loop_ua), at_ns);
}

static bool is_masked(const struct pots_supervise *supervise)
{
	return supervise->mask_until_ns || supervise->burst;
}

unsigned int pots_supervise_sense(struct pots_supervise *supervise, s32 line_mv,
				  u32 loop_ua, u64 at_ns,
				  struct pots_supervise_event *out)
{
	struct sink sink = { .out = out };
	bool fed = is_fed(supervise, line_mv, loop_ua);

	settle(supervise, at_ns, &sink);
	if (is_masked(supervise))
		goto out;

	seems(&supervise->battery, fed, at_ns);
	/* A voltage that is too low to be told has no sign. */
	if (!fed)
		supervise->reversed.other_ns = 0;
	else if (line_mv)
		seems(&supervise->reversed, is_reversed(supervise, line_mv), at_ns);
	see_others(supervise, fed, line_mv, loop_ua, at_ns);
	settle(supervise, at_ns, &sink);
out:
	update_deadline(supervise);
	return sink.count;
}

unsigned int pots_supervise_timeout(struct pots_supervise *supervise, u64 now_ns,
				    struct pots_supervise_event *out)
{
	struct sink sink = { .out = out };

	settle(supervise, now_ns, &sink);
	update_deadline(supervise);
	return sink.count;
}

/* -------------------------------------------------------- ringing, the hook --- */

/*
 * Nobody rings on a line that is not fed. It may not have been looked at since that
 * came back, and that it goes again must be news.
 */
static void feed_by_ringing(struct pots_supervise *supervise, u64 at_ns, struct sink *sink)
{
	if (supervise->battery.is)
		return;
	supervise->battery.is = true;
	emit(sink, POTS_SUPERVISE_BATTERY, 1, at_ns);
}

unsigned int pots_supervise_burst(struct pots_supervise *supervise, bool on,
				  u64 at_ns, struct pots_supervise_event *out)
{
	struct sink sink = { .out = out };

	settle(supervise, at_ns, &sink);
	if (on == supervise->burst || supervise->off_hook)
		goto out;

	supervise->burst = on;
	supervise->burst_ns = at_ns;
	supervise->ringing = true;
	forget_seeming(supervise);
	feed_by_ringing(supervise, at_ns, &sink);
	emit(&sink, POTS_SUPERVISE_BURST, on, at_ns);
	if (!on)
		pots_supervise_mask(supervise,
				    at_ns + ms_to_ns(POTS_SUPERVISE_AFTER_BURST_MS));
out:
	update_deadline(supervise);
	return sink.count;
}

void pots_supervise_hook(struct pots_supervise *supervise, bool off_hook,
			 u64 until_ns)
{
	/* Dialling opens and closes the line that we have: what we drew alone stays. */
	if (!off_hook || !supervise->off_hook)
		supervise->alone_ua = 0;
	supervise->off_hook = off_hook;
	if (off_hook) {
		supervise->ringing = false;
		supervise->burst = false;
	}
	pots_supervise_mask(supervise, until_ns);
}

unsigned int pots_supervise_receive(struct pots_supervise *supervise, bool off_hook,
				    u64 now_ns, u64 until_ns,
				    struct pots_supervise_event *out)
{
	struct sink sink = { .out = out };
	bool ringing = supervise->ringing;

	if (supervise->burst)
		emit(&sink, POTS_SUPERVISE_BURST, 0, now_ns);
	supervise->burst = false;
	pots_supervise_hook(supervise, off_hook, until_ns);
	supervise->ringing = ringing;
	supervise->burst_ns = now_ns;
	update_deadline(supervise);
	return sink.count;
}

void pots_supervise_mask(struct pots_supervise *supervise, u64 until_ns)
{
	forget_seeming(supervise);
	supervise->mask_until_ns = until_ns;
	update_deadline(supervise);
}

int pots_supervise_judge(const struct pots_supervise *supervise, s32 line_mv)
{
	/* Ringing is voltage enough, and hides the rest. */
	if (supervise->burst)
		return 0;
	/* Still our own doing: what was known before it. */
	if (supervise->mask_until_ns)
		return !supervise->battery.is ? -ENOLINK : supervise->in_use.is ? -EBUSY : 0;
	if (magnitude(line_mv) < supervise->limits.battery_mv)
		return -ENOLINK;
	return is_used(supervise, line_mv) ? -EBUSY : 0;
}
