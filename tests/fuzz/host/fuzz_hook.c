// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hook classifier, driver/hook.c: edges at any time, masks, ringing, other
 * windows in between. An input is six bytes of windows, then steps of one byte
 * and two of time in 100 us.
 */
#include "hook.h"
#include "input.h"

#define MS	1000000ULL

struct laws {
	bool off;	/* between seize or answer and release or parked */
	bool parked;
};

static void keep_laws(struct laws *laws, const struct pots_hook_event *events,
		      unsigned int count, u64 now_ns)
{
	unsigned int i;

	MUST(count <= POTS_HOOK_EVENTS_MAX);
	for (i = 0; i < count; i++) {
		MUST(events[i].at_ns <= now_ns);
		switch (events[i].type) {
		case POTS_HOOK_SEIZE:
		case POTS_HOOK_ANSWER:
			MUST(!laws->off && !laws->parked);
			laws->off = true;
			break;
		case POTS_HOOK_RELEASE:
			MUST(laws->off);
			laws->off = false;
			break;
		case POTS_HOOK_FLASH:
		case POTS_HOOK_DIGIT:
			MUST(laws->off && events[i].value);
			break;
		case POTS_HOOK_PARKED:
			MUST(!laws->parked);
			laws->parked = true;
			laws->off = false;
			break;
		case POTS_HOOK_UNPARKED:
			MUST(laws->parked);
			laws->parked = false;
			break;
		}
	}
}

/* As userspace may set them, see driver/settings.c. */
static struct pots_hook_windows draw_windows(struct input *input)
{
	struct pots_hook_windows windows = { .detect_pulse = true, .detect_flash = true };
	uint8_t bits = take8(input);

	windows.seize_ms = 1 + take8(input) % 200;
	windows.pulse_break_min_ms = 1 + take8(input) % 30;
	windows.pulse_break_max_ms = windows.pulse_break_min_ms + 10 + take8(input) % 80;
	windows.pulse_make_min_ms = 1 + take8(input) % 20;
	windows.pulse_make_max_ms = windows.pulse_make_min_ms + 10 + take8(input);
	windows.flash_min_ms = windows.pulse_break_max_ms + 1 + (bits & 15) * 10;
	windows.flash_max_ms = windows.flash_min_ms + 10 + (bits >> 4) * 40;
	windows.release_ms = windows.flash_max_ms + 1 + (bits & 7) * 100;
	return windows;
}

static unsigned int step(struct pots_hook *hook, uint8_t what, struct input *input, u64 now,
			 struct pots_hook_event *events)
{
	struct pots_hook_windows windows;

	switch (what & 15) {
	case 0:
		pots_hook_mask(hook, now, now + take16(input) % 1000 * MS, what & 16);
		return 0;
	case 1:
		return pots_hook_park(hook, now, events);
	case 2:
		pots_hook_set_ringing(hook, what & 16);
		return 0;
	case 3:
		return pots_hook_ring_trip(hook, now, events);
	case 4:
		windows = draw_windows(input);
		pots_hook_set_windows(hook, &windows);
		return 0;
	default:
		return pots_hook_edge(hook, what & 16, now, events);
	}
}

static u64 run_timers(struct pots_hook *hook, struct laws *laws, u64 until, bool late)
{
	struct pots_hook_event events[POTS_HOOK_EVENTS_MAX];
	unsigned int turns = 0;

	while (hook->deadline_ns && hook->deadline_ns <= until) {
		u64 at = late ? until : hook->deadline_ns;

		MUST(++turns < 100);
		keep_laws(laws, events, pots_hook_timeout(hook, at, events), at);
	}
	return until;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pots_hook_event events[POTS_HOOK_EVENTS_MAX];
	struct input input = { data, size };
	struct pots_hook_windows windows = draw_windows(&input);
	struct laws laws = { 0 };
	struct pots_hook hook;
	u64 now = MS;

	pots_hook_init(&hook, false, 0);
	pots_hook_set_windows(&hook, &windows);
	while (input.left) {
		uint8_t what = take8(&input);

		now = run_timers(&hook, &laws, now + take16(&input) * (MS / 10), what & 32);
		keep_laws(&laws, events, step(&hook, what, &input, now, events), now);
		MUST(pots_hook_is_off(&hook) || !laws.off);
	}
	/* left alone on-hook it comes to rest */
	keep_laws(&laws, events, pots_hook_edge(&hook, false, now, events), now);
	run_timers(&hook, &laws, now + 60000 * MS, false);
	MUST(hook.phase == POTS_HOOK_IDLE && !laws.off && !laws.parked && !hook.deadline_ns);
	return 0;
}
