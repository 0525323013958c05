// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * supervise.c: scripts of measurements in ms and the events they must make, and
 * a random walk that must keep a few laws whatever happens.
 *
 * A script is words: "v100:-48" the chip measures -48 V at 100 ms, "i100:25" 25 mA
 * and -6 V, "i100:-25" the same reversed, "r100" a burst begins, "s100" it ends,
 * "h100" we go off-hook and the line has settled 250 ms later, "n100" on-hook,
 * "H100" and "N100" are the same to be told who calls,
 * "m100-300" our own doing disturbs it, "e100" is the end of time. It begins
 * on-hook, with what "v0:" says. Events are written "NAME VALUE @ms".
 */
#include "../ktap.h"
#include "supervise.h"

#include <stdio.h>
#include <stdlib.h>

#define MS	1000000ULL

static const struct pots_supervise_limits usual = {
	.battery_mv = 3000, .battery_ms = 64, .polarity_ms = 100,
	.in_use_mv = 20000, .ring_timeout_ms = 8000,
};

static const struct pots_supervise_limits no_in_use = {
	.battery_mv = 3000, .battery_ms = 64, .polarity_ms = 100, .ring_timeout_ms = 8000,
};

static const char *const names[] = {
	"battery", "polarity", "in-use", "burst", "ring-end", "measure",
};

static char told[1000];

static void tell(const struct pots_supervise_event *events, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		size_t length = strlen(told);

		snprintf(told + length, sizeof(told) - length, "%s%s %u @%llu",
			 length ? ", " : "", names[events[i].type], events[i].value,
			 (unsigned long long)(events[i].at_ns / MS));
	}
}

static void run_timers(struct pots_supervise *s, u64 until_ns)
{
	struct pots_supervise_event events[POTS_SUPERVISE_EVENTS_MAX];

	while (s->deadline_ns && s->deadline_ns <= until_ns)
		tell(events, pots_supervise_timeout(s, s->deadline_ns, events));
}

static void step(struct pots_supervise *s, const char *word)
{
	struct pots_supervise_event events[POTS_SUPERVISE_EVENTS_MAX];
	unsigned int count = 0;
	char *rest;
	u64 at = strtoul(word + 1, &rest, 10) * MS;
	s32 value = *rest ? strtol(rest + 1, NULL, 10) * 1000 : 0;

	switch (*word) {
	case 'v':
		count = pots_supervise_sense(s, value, 0, at, events);
		break;
	case 'i':
		count = pots_supervise_sense(s, value < 0 ? 6000 : value ? -6000 : 0,
					     abs(value), at, events);
		break;
	case 'r':
	case 's':
		count = pots_supervise_burst(s, *word == 'r', at, events);
		break;
	case 'h':
	case 'n':
		pots_supervise_hook(s, *word == 'h', at + 250 * MS);
		break;
	case 'H':
	case 'N':
		count = pots_supervise_receive(s, *word == 'H', at, at + 250 * MS, events);
		break;
	case 'm':
		pots_supervise_mask(s, value * (MS / 1000));
		break;
	case 'e':
		break;
	}
	tell(events, count);
}

static const char *play(const struct pots_supervise_limits *limits, const char *script,
			bool timers_in_time)
{
	struct pots_supervise s;
	char copy[1000], *word, *state;

	told[0] = 0;
	snprintf(copy, sizeof(copy), "%s", script);
	word = strtok_r(copy, " ", &state);
	pots_supervise_init(&s, limits, strtol(word + 3, NULL, 10) * 1000);
	while ((word = strtok_r(NULL, " ", &state))) {
		u64 at = strtoul(word + 1, NULL, 10) * MS;

		if (timers_in_time || *word == 'e')
			run_timers(&s, *word == 'e' ? at : at - 1);
		step(&s, word);
	}
	return told;
}

static const struct {
	const char *name;
	const struct pots_supervise_limits *limits;
	const char *script;
	const char *events;
} cases[] = {
	{ "a line at rest", &usual, "v0:-48 v100:-47 v200:-49 e90000", "" },
	{ "battery goes and comes", &usual, "v0:-48 v1000:0 v5000:-48 e90000",
	  "battery 0 @1000, battery 1 @5000" },
	{ "a gap that is too short", &usual, "v0:-48 v1000:0 v1063:-48 e90000", "" },
	{ "a gap that is just long enough", &usual, "v0:-48 v1000:0 v1064:-48 e1100",
	  "battery 0 @1000" },
	{ "gaps do not add up", &usual,
	  "v0:-48 v1000:0 v1040:-48 v1050:0 v1090:-48 e90000", "" },
	{ "no battery when it came", &usual, "v0:0 v1000:-48 e90000", "battery 1 @1000" },
	{ "polarity is against the first, negative", &usual,
	  "v0:-48 v1000:48 v3000:-48 e90000", "polarity 1 @1000, polarity 0 @3000" },
	{ "polarity is against the first, positive", &usual, "v0:48 v1000:-48 e90000",
	  "polarity 1 @1000" },
	{ "the first is that of the first battery", &usual,
	  "v0:0 v1000:48 v2000:-48 e90000", "battery 1 @1000, polarity 1 @2000" },
	{ "a reversal with a ramp", &usual,
	  "v0:-48 v1000:-20 v1010:-2 v1020:0 v1030:3 v1040:20 v1050:48 e90000",
	  "polarity 1 @1030" },
	{ "a reversal that is too short", &usual, "v0:-48 v1000:48 v1099:-48 e90000", "" },
	{ "a gap inside a reversal begins it anew", &usual,
	  "v0:-48 v1000:48 v1050:0 v1080:48 e90000", "polarity 1 @1080" },
	{ "battery comes back the other way", &usual, "v0:-48 v1000:0 v2000:48 e90000",
	  "battery 0 @1000, battery 1 @2000, polarity 1 @2000" },
	{ "a telephone in parallel", &usual, "v0:-48 v1000:-8 v5000:-48 e90000",
	  "in-use 1 @1000, in-use 0 @5000" },
	{ "and in use when it came", &usual, "v0:-8 v5000:-48 e90000", "in-use 0 @5000" },
	{ "a dip is no telephone", &usual, "v0:-48 v1000:-8 v1199:-48 e90000", "" },
	{ "no battery is no telephone", &usual, "v0:-8 v1000:0 e90000",
	  "battery 0 @1000, in-use 0 @1000" },
	{ "telephones, not looked for", &no_in_use, "v0:-48 v1000:-8 e90000", "" },
	{ "two bursts and no more", &usual, "v0:-48 r1000 s3000 r7000 s9000 e90000",
	  "burst 1 @1000, burst 0 @3000, measure 0 @3100, burst 1 @7000, "
	  "burst 0 @9000, measure 0 @9100, ring-end 0 @17000" },
	{ "reports that change nothing", &usual, "v0:-48 s500 r1000 r1500 s3000 s3001 e3200",
	  "burst 1 @1000, burst 0 @3000, measure 0 @3100" },
	{ "a burst whose end was lost", &usual, "v0:-48 r1000 e90000",
	  "burst 1 @1000, burst 0 @9000, ring-end 0 @9000" },
	{ "ringing is no measurement", &usual, "v0:-48 r1000 v1100:60 v1800:0 s3000 e3050",
	  "burst 1 @1000, burst 0 @3000" },
	{ "what seemed so before it rang", &usual, "v0:-48 v1000:0 r1010 s3000 e3050",
	  "burst 1 @1010, burst 0 @3000" },
	{ "what rings is fed, whatever was known", &usual,
	  "v0:0 r1000 s3000 h3500 i3760:0 e90000",
	  "battery 1 @1000, burst 1 @1000, burst 0 @3000, measure 0 @3100, measure 0 @3750, "
	  "battery 0 @3760" },
	{ "answered", &usual, "v0:-48 r1000 s3000 h4000 i4300:25 e90000",
	  "burst 1 @1000, burst 0 @3000, measure 0 @3100, measure 0 @4250" },
	{ "no ringing while we hold the line", &usual, "v0:-48 h1000 r2000 s3000 e90000",
	  "measure 0 @1250" },
	{ "what going off-hook does", &usual, "v0:-48 h1000 i1010:0 i1200:0 i1260:25 e90000",
	  "measure 0 @1250" },
	{ "the exchange disconnects by opening the loop", &usual,
	  "v0:-48 h1000 i1260:25 i5000:0 i5600:25 e90000",
	  "measure 0 @1250, battery 0 @5000, battery 1 @5600" },
	{ "too little current is none", &usual, "v0:-48 h1000 i1260:25 i5000:2 e90000",
	  "measure 0 @1250, battery 0 @5000" },
	{ "the exchange answers by a reversal", &usual,
	  "v0:-48 h1000 i1260:25 i5000:-25 e90000", "measure 0 @1250, polarity 1 @5000" },
	{ "off-hook our own current is nobody else's", &usual,
	  "v0:-48 h1000 i1260:25 n5000 v5260:-48 e90000",
	  "measure 0 @1250, measure 0 @5250" },
	{ "a telephone beside us", &usual, "v0:-48 h1000 i1260:40 i3000:29 i9000:30 e90000",
	  "measure 0 @1250, in-use 1 @3000, in-use 0 @9000" },
	{ "a little less is nobody", &usual, "v0:-48 h1000 i1260:40 i3000:30 e90000",
	  "measure 0 @1250" },
	{ "a dip of the current is nobody", &usual,
	  "v0:-48 h1000 i1260:40 i3000:20 i3199:40 e90000", "measure 0 @1250" },
	{ "beside us, the other way round", &usual, "v0:48 h1000 i1260:-40 i3000:-20 e90000",
	  "measure 0 @1250, in-use 1 @3000" },
	{ "one who was there before us leaves", &usual,
	  "v0:-8 h1000 i1260:20 i4000:21 i5000:40 e90000", "measure 0 @1250, in-use 0 @5000" },
	{ "one who was there before us and stays", &usual,
	  "v0:-8 h1000 i1260:20 i5000:20 n9000 v9260:-8 e90000",
	  "measure 0 @1250, measure 0 @9250" },
	{ "one who came while we dialled", &usual,
	  "v0:-48 h1000 i1260:40 h3000 i3260:20 e90000",
	  "measure 0 @1250, measure 0 @3250, in-use 1 @3260" },
	{ "beside us, not looked for", &no_in_use, "v0:-48 h1000 i1260:40 i3000:20 e90000",
	  "measure 0 @1250" },
	{ "no feed is nobody", &usual, "v0:-48 h1000 i1260:40 i3000:20 i3150:0 i3300:20 i3499:40 e90000",
	  "measure 0 @1250, battery 0 @3150, battery 1 @3300" },
	{ "each call's current is its own", &usual,
	  "v0:-48 h1000 i1260:40 n3000 v3260:-48 h5000 i5260:20 e90000",
	  "measure 0 @1250, measure 0 @3250, measure 0 @5250" },
	{ "what our own doing hides", &usual,
	  "v0:-48 v990:0 m1000-2000 v1100:48 v1200:0 v2010:-48 e90000", "measure 0 @2000" },
	{ "told who calls, and rings on", &usual,
	  "v0:-48 r1000 s1500 r2000 H2200 r2300 s2400 i2460:25 N4000 v4260:-48 r5000 s6000 e90000",
	  "burst 1 @1000, burst 0 @1500, measure 0 @1600, burst 1 @2000, burst 0 @2200, "
	  "measure 0 @2450, measure 0 @4250, burst 1 @5000, burst 0 @6000, measure 0 @6100, "
	  "ring-end 0 @14000" },
	{ "told between two bursts, and given up", &usual,
	  "v0:-48 r1000 s1500 H1700 i1960:25 N3000 v3260:-48 e90000",
	  "burst 1 @1000, burst 0 @1500, measure 0 @1600, measure 0 @1950, measure 0 @3250, "
	  "ring-end 0 @11000" },
	{ "the line dies while it is told", &usual,
	  "v0:-48 r1000 s1500 H1700 i1960:25 i2500:0 N3000 v3260:0 e90000",
	  "burst 1 @1000, burst 0 @1500, measure 0 @1600, measure 0 @1950, battery 0 @2500, "
	  "measure 0 @3250, ring-end 0 @11000" },
	{ "and what is left of it", &usual, "v0:-48 m1000-2000 v1100:0 v2001:0 e90000",
	  "measure 0 @2000, battery 0 @2001" },
};

static void test_scripts(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *events = play(cases[i].limits, cases[i].script, true);

		CHECK(!strcmp(events, cases[i].events), "%s: %s; got %s", cases[i].name,
		      cases[i].events, events);
	}
}

/* A timer that comes late changes nothing of what is told about the line. */
static void test_late_timers(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *events;

		/* ringing ends, and masks do, when the timer says so */
		if (strpbrk(cases[i].script, "rshnm"))
			continue;
		events = play(cases[i].limits, cases[i].script, false);
		CHECK(!strcmp(events, cases[i].events), "%s: %s; got %s", cases[i].name,
		      cases[i].events, events);
	}
}

static void test_judge(void)
{
	struct pots_supervise s;
	struct pots_supervise_event events[POTS_SUPERVISE_EVENTS_MAX];

	pots_supervise_init(&s, &usual, -48000);
	CHECK(pots_supervise_judge(&s, -48000) == 0, "a line at rest");
	CHECK(pots_supervise_judge(&s, 20000) == 0, "just not in use");
	CHECK(pots_supervise_judge(&s, -19999) == -EBUSY, "just in use");
	CHECK(pots_supervise_judge(&s, 3000) == -EBUSY, "just fed");
	CHECK(pots_supervise_judge(&s, -2999) == -ENOLINK, "just not fed");
	CHECK(pots_supervise_judge(&s, 0) == -ENOLINK, "nothing");
	CHECK(pots_supervise_judge(&s, -2147483647 - 1) == 0, "the end of the range");
	pots_supervise_mask(&s, 1000 * MS);
	CHECK(pots_supervise_judge(&s, 0) == 0, "what was known before our own doing");
	pots_supervise_timeout(&s, 1000 * MS, events);
	pots_supervise_burst(&s, true, 2000 * MS, events);
	CHECK(pots_supervise_judge(&s, 0) == 0, "ringing");
	pots_supervise_init(&s, &usual, -8000);
	pots_supervise_mask(&s, 1000 * MS);
	CHECK(pots_supervise_judge(&s, -48000) == -EBUSY, "in use before our own doing");
	pots_supervise_init(&s, &usual, 0);
	pots_supervise_mask(&s, 1000 * MS);
	CHECK(pots_supervise_judge(&s, -48000) == -ENOLINK, "not fed before our own doing");
}

/* They count from now on, for what has begun as well. */
static void test_other_limits(void)
{
	struct pots_supervise_event events[POTS_SUPERVISE_EVENTS_MAX];
	struct pots_supervise_limits shorter = usual;
	struct pots_supervise s;

	told[0] = 0;
	shorter.battery_ms = 20;
	pots_supervise_init(&s, &usual, -48000);
	tell(events, pots_supervise_sense(&s, 0, 0, 1000 * MS, events));
	pots_supervise_set_limits(&s, &shorter);
	run_timers(&s, 1019 * MS);
	CHECK(!*told, "%s", told);
	run_timers(&s, 1020 * MS);
	CHECK(!strcmp(told, "battery 0 @1000"), "%s", told);
}

/* What was told last is what the state says; nothing is told twice. */
struct laws {
	int battery, polarity, in_use, burst;
};

static void keep_laws(struct laws *laws, const struct pots_supervise_event *events,
		      unsigned int count, u64 now_ns, unsigned int seed)
{
	int *const said[] = { &laws->battery, &laws->polarity, &laws->in_use, &laws->burst };
	unsigned int i;

	CHECK(count <= POTS_SUPERVISE_EVENTS_MAX, "%u events", count);
	for (i = 0; i < count; i++) {
		CHECK(events[i].at_ns <= now_ns, "seed %u: from the future", seed);
		if (events[i].type > POTS_SUPERVISE_BURST)
			continue;
		CHECK(*said[events[i].type] != (int)events[i].value, "seed %u: %s %u twice",
		      seed, names[events[i].type], events[i].value);
		*said[events[i].type] = events[i].value;
	}
}

static unsigned int random_step(struct pots_supervise *s, struct laws *laws, u64 now,
				struct pots_supervise_event *events)
{
	static const s32 volts[] = { -48, -48, 48, 0, 2, -8, 8, -20 };

	switch (rand() % 30) {
	case 0:
		pots_supervise_mask(s, now + rand() % 500 * MS);
		return 0;
	case 1:
		pots_supervise_hook(s, !s->off_hook, now + rand() % 300 * MS);
		if (s->off_hook)
			laws->burst = 0;
		return 0;
	case 2:
	case 3:
		return pots_supervise_burst(s, rand() & 1, now, events);
	default:
		return pots_supervise_sense(s, volts[rand() % ARRAY_SIZE(volts)] * 1000,
					    rand() % 4 ? 25000 : 0, now, events);
	}
}

static void test_random_walk(void)
{
	unsigned int seed, i;

	for (seed = 0; seed < 400 && !ktap_failed; seed++) {
		struct pots_supervise_event events[POTS_SUPERVISE_EVENTS_MAX];
		struct laws laws = { .battery = 1 };
		struct pots_supervise s;
		u64 now = MS;

		srand(seed);
		pots_supervise_init(&s, &usual, -48000);
		for (i = 0; i < 500; i++) {
			now += (rand() % 8 ? rand() % 80 : rand() % 9000) * MS + rand() % MS;
			while (rand() % 4 && s.deadline_ns && s.deadline_ns <= now)
				keep_laws(&laws, events,
					  pots_supervise_timeout(&s, now, events), now, seed);
			keep_laws(&laws, events,
				  pots_supervise_timeout(&s, now, events), now, seed);
			keep_laws(&laws, events, random_step(&s, &laws, now, events), now,
				  seed);
			CHECK(s.battery.is == laws.battery && s.reversed.is == laws.polarity &&
			      s.in_use.is == laws.in_use && s.burst == laws.burst,
			      "seed %u: untold", seed);
		}
		for (i = 0; s.deadline_ns && i < 20; i++) {
			now = s.deadline_ns;
			keep_laws(&laws, events, pots_supervise_timeout(&s, now, events), now,
				  seed);
		}
		CHECK(!s.deadline_ns && !s.ringing, "seed %u: no rest", seed);
	}
}

KTAP_MAIN(TEST(test_scripts), TEST(test_late_timers), TEST(test_judge),
	  TEST(test_other_limits), TEST(test_random_walk))
