// SPDX-License-Identifier: GPL-2.0-or-later
#include "../ktap.h"
#include "cadence.h"

#define MS	1000000ULL

static const struct pots_cadence distinctive = {
	.on_ms = { 800, 400, 400 }, .off_ms = { 400, 200, 4000 },
	.count = 3, .loop_start = 1,
};

static void test_timeline(void)
{
	static const u32 change_ms[] = {
		800, 1200, 1600, 1800, 2200, 6200,	/* all three pairs */
		6600, 6800, 7200, 11200, 11600,		/* the last two again */
	};
	struct pots_cadence_run run;
	unsigned int i;

	pots_cadence_start(&run, &distinctive, 5 * MS, 60000);
	CHECK(run.on, "begins with a pause");
	for (i = 0; i < ARRAY_SIZE(change_ms); i++) {
		CHECK(run.next_ns == (5 + change_ms[i]) * MS, "change %u at %llu", i,
		      (unsigned long long)(run.next_ns / MS));
		/* late by up to 3 ms: it must not add up */
		CHECK(pots_cadence_step(&run, run.next_ns + i % 4 * MS), "over");
		CHECK(run.on == (i & 1), "change %u: on %d", i, run.on);
	}
}

static void test_slept_through(void)
{
	struct pots_cadence_run run;

	pots_cadence_start(&run, &distinctive, 0, 60000);
	CHECK(pots_cadence_step(&run, 6700 * MS), "over");
	CHECK(!run.on && run.next_ns == 6800 * MS, "on %d until %llu", run.on,
	      (unsigned long long)(run.next_ns / MS));
}

static void test_maximum(void)
{
	struct pots_cadence_run run;

	pots_cadence_start(&run, &distinctive, 0, 1000);
	CHECK(pots_cadence_step(&run, 800 * MS), "over too early");
	CHECK(run.next_ns == 1000 * MS, "the end is at %llu",
	      (unsigned long long)(run.next_ns / MS));
	CHECK(!pots_cadence_step(&run, 1000 * MS), "goes on");

	pots_cadence_start(&run, &distinctive, 0, 0);
	CHECK(pots_cadence_step(&run, 86400000 * MS), "no maximum, but an end");
}

static void test_hold(void)
{
	struct pots_cadence_run run;

	pots_cadence_start(&run, &distinctive, 0, 10000);
	pots_cadence_hold(&run, 1 * MS);
	CHECK(run.next_ns == distinctive.on_ms[0] * MS, "made shorter");
	pots_cadence_hold(&run, 5000 * MS);
	CHECK(run.on && run.next_ns == 5000 * MS, "until %llu",
	      (unsigned long long)(run.next_ns / MS));
	pots_cadence_step(&run, 5000 * MS);
	CHECK(run.next_ns == (5000 + distinctive.off_ms[0]) * MS, "what follows is cut");
	pots_cadence_hold(&run, 20000 * MS);
	CHECK(run.next_ns == 10000 * MS, "beyond the maximum");
}

static void test_check(void)
{
	struct pots_cadence bad = distinctive;

	CHECK(!pots_cadence_check(&bad), "a good one");
#define REFUSED(error, change) do { \
	bad = distinctive; \
	change; \
	CHECK(pots_cadence_check(&bad) == -(error), "got %d", pots_cadence_check(&bad)); \
} while (0)
	REFUSED(EINVAL, bad.count = 0);
	REFUSED(EINVAL, bad.count = 9);
	REFUSED(EINVAL, bad.loop_start = 3);
	REFUSED(EINVAL, bad.on_ms[3] = 1);
	REFUSED(EINVAL, bad.off_ms[7] = 1);
	REFUSED(ERANGE, bad.on_ms[0] = 0);
	REFUSED(ERANGE, bad.off_ms[2] = 0);
	REFUSED(ERANGE, bad.on_ms[1] = 60001);
}

KTAP_MAIN(TEST(test_timeline), TEST(test_slept_through), TEST(test_maximum),
	  TEST(test_hold), TEST(test_check))
