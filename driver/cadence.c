// SPDX-License-Identifier: GPL-2.0-only
#include "cadence.h"

#define NS_PER_MS	1000000ULL
#define PHASE_MS_MAX	60000

int pots_cadence_check(const struct pots_cadence *cadence)
{
	u32 i;

	if (cadence->count < 1 || cadence->count > POTS_CADENCE_PAIRS_MAX ||
	    cadence->loop_start >= cadence->count)
		return -EINVAL;

	for (i = 0; i < POTS_CADENCE_PAIRS_MAX; i++) {
		u32 on = cadence->on_ms[i], off = cadence->off_ms[i];

		if (i >= cadence->count) {
			if (on || off)
				return -EINVAL;
			continue;
		}
		if (on < 1 || on > PHASE_MS_MAX || off < 1 || off > PHASE_MS_MAX)
			return -ERANGE;
	}
	return 0;
}

void pots_cadence_start(struct pots_cadence_run *run,
			const struct pots_cadence *cadence, u64 now_ns, u32 max_ms)
{
	run->cadence = cadence;
	run->pair = 0;
	run->on = true;
	run->end_ns = max_ms ? now_ns + max_ms * NS_PER_MS : ~0ULL;
	run->next_ns = min(now_ns + cadence->on_ms[0] * NS_PER_MS, run->end_ns);
}

static void next_phase(struct pots_cadence_run *run)
{
	const struct pots_cadence *cadence = run->cadence;

	run->on = !run->on;
	if (run->on && ++run->pair == cadence->count)
		run->pair = cadence->loop_start;

	run->next_ns += NS_PER_MS * (run->on ? cadence->on_ms[run->pair] :
					       cadence->off_ms[run->pair]);
}

void pots_cadence_hold(struct pots_cadence_run *run, u64 until_ns)
{
	run->next_ns = min(max(run->next_ns, until_ns), run->end_ns);
}

bool pots_cadence_late(struct pots_cadence_run *run, u64 now_ns)
{
	run->next_ns = min(now_ns + run->cadence->on_ms[run->pair] * NS_PER_MS, run->end_ns);
	return now_ns < run->end_ns;
}

bool pots_cadence_step(struct pots_cadence_run *run, u64 now_ns)
{
	if (now_ns >= run->end_ns)
		return false;

	while (run->next_ns <= now_ns)
		next_phase(run);

	/* The caller's one timer serves the end as well. */
	run->next_ns = min(run->next_ns, run->end_ns);
	return true;
}
