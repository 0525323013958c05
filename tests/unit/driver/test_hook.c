// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hook.c: scripts of edges in ms and the events they must make, and a random
 * walk that must keep a few laws whatever happens.
 *
 * A script is words: "c100" the loop closes at 100 ms, "o100" it opens,
 * "m100-1000" is masked by us, "p100-1000" masked and parked, "k100" parked at
 * once, "r100" ringing begins, "s100" it stops, "t100" the chip reports ring
 * trip, "e100" is the end of time. Events are written "NAME VALUE @ms".
 */
#include "../ktap.h"
#include "hook.h"

#include <stdio.h>
#include <stdlib.h>

#define MS	1000000ULL

static const struct pots_hook_windows north_america = {
	.seize_ms = 20, .release_ms = 1100,
	.flash_min_ms = 200, .flash_max_ms = 1000,
	.pulse_break_min_ms = 15, .pulse_break_max_ms = 100,
	.pulse_make_min_ms = 8, .pulse_make_max_ms = 150,
	.detect_pulse = true, .detect_flash = true,
};

static const struct pots_hook_windows no_flash = {
	.seize_ms = 20, .release_ms = 400,
	.flash_min_ms = 200, .flash_max_ms = 300,
	.pulse_break_min_ms = 15, .pulse_break_max_ms = 100,
	.pulse_make_min_ms = 8, .pulse_make_max_ms = 150,
	.detect_pulse = true,
};

static const struct pots_hook_windows no_pulse = {
	.seize_ms = 20, .release_ms = 500,
	.flash_min_ms = 80, .flash_max_ms = 400,
	.pulse_make_min_ms = 8,
	.detect_flash = true,
};

static const char *const names[] = {
	"seize", "answer", "release", "flash", "digit", "parked", "unparked",
};

static char told[1000];

static void tell(const struct pots_hook_event *events, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		size_t length = strlen(told);

		snprintf(told + length, sizeof(told) - length, "%s%s %u @%llu",
			 length ? ", " : "", names[events[i].type], events[i].value,
			 (unsigned long long)(events[i].at_ns / MS));
	}
}

static void run_timers(struct pots_hook *hook, u64 until_ns)
{
	struct pots_hook_event events[POTS_HOOK_EVENTS_MAX];

	while (hook->deadline_ns && hook->deadline_ns <= until_ns)
		tell(events, pots_hook_timeout(hook, hook->deadline_ns, events));
}

static void step(struct pots_hook *hook, const char *word)
{
	struct pots_hook_event events[POTS_HOOK_EVENTS_MAX];
	unsigned int count = 0;
	char *rest;
	u64 at = strtoul(word + 1, &rest, 10) * MS;
	u64 until = *rest == '-' ? strtoul(rest + 1, NULL, 10) * MS : 0;

	switch (*word) {
	case 'c':
	case 'o':
		count = pots_hook_edge(hook, *word == 'c', at, events);
		break;
	case 'm':
	case 'p':
		pots_hook_mask(hook, at, until, *word == 'p');
		break;
	case 'k':
		count = pots_hook_park(hook, at, events);
		break;
	case 'r':
	case 's':
		pots_hook_set_ringing(hook, *word == 'r');
		break;
	case 't':
		count = pots_hook_ring_trip(hook, at, events);
		break;
	case 'e':
		break;
	}
	tell(events, count);
}

static const char *play(const struct pots_hook_windows *windows, const char *script,
			bool timers_in_time)
{
	struct pots_hook hook;
	char copy[1000], *word, *state;

	told[0] = 0;
	pots_hook_init(&hook, false, 0);
	pots_hook_set_windows(&hook, windows);
	snprintf(copy, sizeof(copy), "%s", script);
	for (word = strtok_r(copy, " ", &state); word;
	     word = strtok_r(NULL, " ", &state)) {
		u64 at = strtoul(word + 1, NULL, 10) * MS;

		if (timers_in_time || *word == 'e')
			run_timers(&hook, *word == 'e' ? at : at - 1);
		step(&hook, word);
	}
	return told;
}

struct hook_case {
	const char *name;
	const struct pots_hook_windows *windows;
	const char *script;
	const char *events;
};

static const struct hook_case cases[] = {
	{ "lift and hang up", &north_america, "c100 o2000 e9000",
	  "seize 0 @100, release 0 @2000" },
	{ "lift with bounce", &north_america, "c100 o103 c105 o106 c108 o2000 e9000",
	  "seize 0 @108, release 0 @2000" },
	{ "a touch is no lift", &north_america, "c100 o119 e9000", "" },
	{ "hang up with bounce", &north_america, "c100 o2000 c2003 o2005 e9000",
	  "seize 0 @100, release 0 @2000" },
	{ "flash", &north_america, "c100 o2000 c2600 e9000",
	  "seize 0 @100, flash 600 @2600" },
	{ "flash with bounce", &north_america,
	  "c100 o2000 c2002 o2004 c2600 o2602 c2603 e9000",
	  "seize 0 @100, flash 600 @2600" },
	{ "between pulse and flash", &north_america, "c100 o2000 c2150 e9000",
	  "seize 0 @100" },
	{ "between flash and release", &north_america, "c100 o2000 c3050 e9000",
	  "seize 0 @100" },
	{ "edges of the flash window", &north_america,
	  "c100 o2000 c2200 o5000 c6000 e9000",
	  "seize 0 @100, flash 200 @2200, flash 1000 @6000" },
	{ "three at 10 pps, 60/40", &north_america,
	  "c100 o2000 c2060 o2100 c2160 o2200 c2260 e9000",
	  "seize 0 @100, digit 3 @2260" },
	{ "three at 20 pps, 67/33", &north_america,
	  "c100 o2000 c2033 o2050 c2083 o2100 c2133 e9000",
	  "seize 0 @100, digit 3 @2133" },
	{ "two at 20 pps, 55/45", &north_america,
	  "c100 o2000 c2028 o2050 c2078 e9000", "seize 0 @100, digit 2 @2078" },
	{ "pulses with bounce on both sides", &north_america,
	  "c100 o2000 c2002 o2003 c2060 o2062 c2064 o2100 c2103 o2104 c2160 e9000",
	  "seize 0 @100, digit 2 @2160" },
	{ "a worn contact inside a break", &north_america,
	  "c100 o2000 c2030 o2033 c2060 e9000", "seize 0 @100, digit 1 @2060" },
	{ "two digits", &north_america,
	  "c100 o2000 c2060 o2700 c2760 o2800 c2860 e9000",
	  "seize 0 @100, digit 1 @2060, digit 2 @2860" },
	{ "hang up in a digit", &north_america, "c100 o2000 c2060 o2100 e9000",
	  "seize 0 @100, release 0 @2100" },
	{ "pulses, not wanted", &no_pulse, "c100 o2000 c2060 o2100 c2160 e9000",
	  "seize 0 @100" },
	{ "flash, not wanted", &no_flash, "c100 o2000 c2250 e9000", "seize 0 @100" },
	{ "ETSI flash", &no_pulse, "c100 o2000 c2100 e9000",
	  "seize 0 @100, flash 100 @2100" },
	{ "answer", &north_america, "r50 c100 e9000", "answer 0 @100" },
	{ "answer as the ringing stops", &north_america, "r50 c100 s110 e9000",
	  "seize 0 @100" },
	{ "ring trip", &north_america, "r50 t100 c104 s110 o2000 e9000",
	  "answer 0 @100, release 0 @2000" },
	{ "ring trip without ringing", &north_america, "t100 e9000", "" },
	{ "hang-up, handset stays off", &north_america,
	  "c100 p2000-3050 o2001 c2910 e9000", "seize 0 @100, parked 0 @3050" },
	{ "hang-up, then on-hook", &north_america,
	  "c100 p2000-3050 o2001 c2910 o5000 e9000",
	  "seize 0 @100, parked 0 @3050, unparked 0 @5000" },
	{ "hang-up, on-hook inside", &north_america, "c100 p2000-3050 o2001 e9000",
	  "seize 0 @100, release 0 @3050" },
	{ "hang-up, flashes when parked", &north_america,
	  "c100 p2000-3050 o2001 c2910 o5000 c5500 o6000 c6060 e9000",
	  "seize 0 @100, parked 0 @3050" },
	{ "hang-up, on-hook and back too soon", &north_america,
	  "c100 p2000-3050 o2001 c3300 e9000", "seize 0 @100, parked 0 @3300" },
	{ "parked, on-hook, lifts again", &north_america,
	  "c100 p2000-3050 o2001 c2910 o5000 c7000 e9000",
	  "seize 0 @100, parked 0 @3050, unparked 0 @5000, seize 0 @7000" },
	{ "hang-up of an idle line", &north_america, "p2000-3050 e9000", "" },
	{ "polarity, off-hook goes on", &north_america,
	  "c100 m2000-2080 o2003 c2020 o3000 c3600 e9000",
	  "seize 0 @100, flash 600 @3600" },
	{ "polarity, idle stays idle", &north_america, "m2000-2080 c2003 o2020 e9000", "" },
	{ "polarity, lifts inside", &north_america, "m2000-2080 c2003 e9000",
	  "seize 0 @2080" },
	{ "polarity, hangs up inside", &north_america, "c100 m2000-2080 o2050 e9000",
	  "seize 0 @100, release 0 @2080" },
	{ "a break out of the mask is no pulse", &north_america,
	  "c100 m2000-2080 o2050 c2130 e9000", "seize 0 @100" },
	{ "claim closed", &north_america, "c100 k2000 o3000 e9000",
	  "seize 0 @100, parked 0 @2000, unparked 0 @3000" },
	{ "claim closed in a break", &north_america, "c100 o2000 k2100 e9000",
	  "seize 0 @100, parked 0 @2100, unparked 0 @2000" },
	{ "claim closed on-hook", &north_america, "k2000 e9000", "" },
	{ "claim closed in a hang-up", &north_america,
	  "c100 p2000-3050 o2001 k2500 c2910 e9000", "seize 0 @100, parked 0 @3050" },
};

static void test_scripts(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct hook_case *c = &cases[i];
		const char *events = play(c->windows, c->script, true);

		CHECK(!strcmp(events, c->events), "%s: %s; got %s", c->name, c->events,
		      events);
	}
}

/* A timer that never comes changes nothing but when the events are told. */
static void test_late_timers(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct hook_case *c = &cases[i];
		const char *events;

		/* commands of ours come after pots_hook_timeout(), see hook.h */
		if (strpbrk(c->script, "rsktmp"))
			continue;
		events = play(c->windows, c->script, false);
		CHECK(!strcmp(events, c->events), "%s: %s; got %s", c->name, c->events,
		      events);
	}
}

/* All speeds and ratios of the standards, with 1 ms of jitter on each edge. */
static void test_pulse_matrix(void)
{
	unsigned int pps, make, digit, i;
	char script[600], want[60];

	srand(1);
	for (pps = 8; pps <= 22; pps++) {
		for (make = 33; make <= 45; make += 3) {
			unsigned int digit_ok = 0;

			for (digit = 1; digit <= 10; digit++) {
				double period = 1000.0 / pps, at = 2000;
				int n = sprintf(script, "c100");
				unsigned int last = 0;

				for (i = 0; i < digit; i++, at += period) {
					last = at + period * (100 - make) / 100 + rand() % 2;
					n += sprintf(script + n, " o%u c%u",
						     (unsigned int)at + rand() % 2, last);
				}
				sprintf(script + n, " e9000");
				sprintf(want, "seize 0 @100, digit %u @%u", digit, last);
				digit_ok += !strcmp(play(&north_america, script, true), want);
			}
			CHECK(digit_ok == 10, "%u pps, %u %% make: %u of 10", pps, make,
			      digit_ok);
		}
	}
}

struct laws {
	bool off;	/* between seize or answer and release or parked */
	bool parked;
};

static void keep_laws(struct laws *laws, const struct pots_hook_event *events,
		      unsigned int count, u64 now_ns, unsigned int seed)
{
	unsigned int i;

	CHECK(count <= POTS_HOOK_EVENTS_MAX, "%u events", count);
	for (i = 0; i < count; i++) {
		switch (events[i].type) {
		case POTS_HOOK_SEIZE:
		case POTS_HOOK_ANSWER:
			CHECK(!laws->off && !laws->parked, "seed %u: off-hook twice", seed);
			laws->off = true;
			break;
		case POTS_HOOK_RELEASE:
			CHECK(laws->off, "seed %u: release of nothing", seed);
			laws->off = false;
			break;
		case POTS_HOOK_FLASH:
		case POTS_HOOK_DIGIT:
			CHECK(laws->off, "seed %u: %s on-hook", seed,
			      names[events[i].type]);
			CHECK(events[i].value, "seed %u: value 0", seed);
			break;
		case POTS_HOOK_PARKED:
			CHECK(!laws->parked, "seed %u: parked twice", seed);
			laws->parked = true;
			laws->off = false;
			break;
		case POTS_HOOK_UNPARKED:
			CHECK(laws->parked, "seed %u: unparked of nothing", seed);
			laws->parked = false;
			break;
		}
		CHECK(events[i].at_ns <= now_ns, "seed %u: from the future", seed);
	}
}

static unsigned int random_step(struct pots_hook *hook, u64 now,
				struct pots_hook_event *events)
{
	switch (rand() % 40) {
	case 0:
		pots_hook_mask(hook, now, now + rand() % 900 * MS, rand() & 1);
		return 0;
	case 1:
		return pots_hook_park(hook, now, events);
	case 2:
		pots_hook_set_ringing(hook, rand() & 1);
		return 0;
	case 3:
		return pots_hook_ring_trip(hook, now, events);
	default:
		return pots_hook_edge(hook, rand() & 1, now, events);
	}
}

/* Whatever happened: left alone on-hook it comes to rest. */
static void test_random_walk(void)
{
	unsigned int seed, i;

	for (seed = 0; seed < 400 && !ktap_failed; seed++) {
		struct pots_hook_event events[POTS_HOOK_EVENTS_MAX];
		struct pots_hook hook;
		struct laws laws = {};
		u64 now = MS;

		srand(seed);
		pots_hook_init(&hook, false, 0);
		pots_hook_set_windows(&hook, seed & 1 ? &north_america : &no_pulse);
		for (i = 0; i < 500; i++) {
			now += (rand() % 8 ? rand() % 120 : rand() % 2000) * MS + rand() % MS;
			while (rand() % 4 && hook.deadline_ns && hook.deadline_ns <= now)
				keep_laws(&laws, events,
					  pots_hook_timeout(&hook, now, events), now, seed);
			keep_laws(&laws, events, random_step(&hook, now, events), now,
				  seed);
			CHECK(pots_hook_is_off(&hook) || !laws.off, "seed %u: forgot", seed);
		}
		keep_laws(&laws, events, pots_hook_edge(&hook, false, now, events), now, seed);
		for (i = 0; hook.deadline_ns && i < 10; i++) {
			now = hook.deadline_ns;
			keep_laws(&laws, events, pots_hook_timeout(&hook, now, events), now,
				  seed);
		}
		CHECK(hook.phase == POTS_HOOK_IDLE && !laws.off && !laws.parked,
		      "seed %u: no rest, phase %d", seed, hook.phase);
	}
}

KTAP_MAIN(TEST(test_scripts), TEST(test_late_timers), TEST(test_pulse_matrix),
	  TEST(test_random_walk))
