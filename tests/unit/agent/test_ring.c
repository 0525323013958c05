// SPDX-License-Identifier: GPL-2.0-or-later
/* Which pattern a call rings by, and what it is. */
#include <string.h>

#include "kselftest_harness.h"
#include "ring.h"

/* As providers and exchanges write it. */
static const struct { const char *alert_info; unsigned int pattern; } headers[] = {
	{ "<http://127.0.0.1/Bellcore-dr2>", 2 },
	{ "<Bellcore-dr3>", 3 },
	{ "<http://www.example.com>;info=bellcore-DR4", 4 },
	{ "Bellcore-dr5", 5 },
	{ ";info=Bellcore-r2", 4 },
	{ ";info=Bellcore-r3", 2 },
	{ ";info=Bellcore-r6", 6 },
	{ "<sip:example.com>;info=ring7", 7 },
	{ ";info=Ring8", 8 },
	{ "<http://www.notused.com>;info=alert-internal;x-line-id=0", 1 },
	{ "<http://www.notused.com>;info=alert-external", 2 },
	{ "<urn:alert:source:external>", 2 },
	{ "<urn:alert:priority:high>", 3 },
	{ "<http://example.com/Bellcore-dr9>", 0 },
	{ "<http://example.com/Bellcore-dr12>", 0 },
	{ "<http://example.com/string1.wav>", 0 },
	{ "<http://example.com/alert-internally>", 0 },
	{ "<http://example.com/ring", 0 },
	{ "", 0 },
};

TEST(usual_names)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		EXPECT_EQ(headers[i].pattern, ring_pattern(headers[i].alert_info, "")) {
			TH_LOG("%s", headers[i].alert_info);
		}
	}
}

TEST(own_names)
{
	static const char names[] = "vip=3, boss-2=4,Bellcore-dr2=6";

	EXPECT_EQ(NULL, ring_names_check(names));
	EXPECT_EQ(NULL, ring_names_check(""));
	EXPECT_EQ(3, ring_pattern("<http://example.com/VIP>", names));
	EXPECT_EQ(4, ring_pattern(";info=boss-2", names));
	EXPECT_EQ(0, ring_pattern(";info=vips", names));
	EXPECT_EQ(6, ring_pattern("<Bellcore-dr2>", names));
	EXPECT_EQ(3, ring_pattern("<Bellcore-dr3>", names));
	EXPECT_EQ(7, ring_pattern("Bellcore-r4", "Bellcore-r4=7"));
	EXPECT_STREQ("boss=9", ring_names_check("vip=3 boss=9"));
	EXPECT_STREQ("boss", ring_names_check("vip=3,boss"));
	EXPECT_STREQ("=1", ring_names_check("=1"));
	EXPECT_STREQ("a=12", ring_names_check("a=12"));
}

/* Milliseconds on and off; GR-506's, Sipura's, and what has the same in both. */
static const struct { const char *name; unsigned int ms[8]; } known[] = {
	{ "Bellcore-dr2", { 800, 400, 800, 4000 } },
	{ "Bellcore-dr3", { 400, 200, 400, 200, 800, 4000 } },
	{ "Bellcore-dr4", { 300, 200, 1000, 200, 300, 4000 } },
	{ "Bellcore-dr5", { 500, 60000 } },
	{ "Bellcore-dr6", { 200, 400, 200, 400, 200, 4000 } },
	{ "Bellcore-dr7", { 400, 200, 400, 200, 400, 4000 } },
	{ "Bellcore-dr8", { 250, 9750 } },
	{ "Bellcore-r2", { 300, 200, 1000, 200, 300, 4000 } },
	{ "Bellcore-r3", { 800, 400, 800, 4000 } },
	{ "Bellcore-r4", { 400, 200, 300, 200, 800, 4000 } },
	{ "Bellcore-r5", { 200, 200, 200, 200, 200, 200, 1000, 4000 } },
	{ "Bellcore-r6", { 200, 400, 200, 400, 200, 4000 } },
	{ "Bellcore-r7", { 400, 200, 400, 200, 400, 4000 } },
	{ "Bellcore-r8", { 250, 9750 } },
};

TEST(known_cadences)
{
	static struct port_settings own;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct port_cadence *cadence =
			ring_cadence(ring_pattern(known[i].name, ""), &own, NULL);
		unsigned int pairs = 0;

		ASSERT_NE(NULL, cadence);
		for (; pairs < 4 && known[i].ms[2 * pairs]; pairs++) {
			EXPECT_EQ(known[i].ms[2 * pairs], cadence->on_ms[pairs]) {
				TH_LOG("%s", known[i].name);
			}
			EXPECT_EQ(known[i].ms[2 * pairs + 1], cadence->off_ms[pairs]) {
				TH_LOG("%s", known[i].name);
			}
		}
		EXPECT_EQ(pairs, cadence->pairs);
		EXPECT_EQ(0, cadence->loop_start);
	}
}

TEST(cadences)
{
	static struct port_settings own, national;

	EXPECT_EQ(NULL, ring_cadence(0, &own, &national));
	EXPECT_EQ(NULL, ring_cadence(1, &own, NULL));
	national.cadence.pairs = 1;
	EXPECT_EQ(&national.cadence, ring_cadence(0, &own, &national));
	EXPECT_EQ(&national.cadence, ring_cadence(1, &own, &national));
	own.cadence.pairs = 1;
	EXPECT_EQ(&own.cadence, ring_cadence(1, &own, &national));
	national.pattern[7].pairs = 1;
	EXPECT_EQ(&national.pattern[7], ring_cadence(8, &own, &national));
	own.pattern[7].pairs = 1;
	EXPECT_EQ(&own.pattern[7], ring_cadence(8, &own, &national));
	for (unsigned int pattern = 2; pattern <= RING_PATTERNS; pattern++)
		EXPECT_NE(&own.cadence, ring_cadence(pattern, &own, &national));
}

/* A message goes into the longest pause, however many bursts that takes. */
TEST(bursts_before_a_message)
{
	static const struct port_cadence british = { 2, 0, { 400, 400 }, { 200, 2000 } },
		last_but_one = { 3, 0, { 200, 200, 200 }, { 400, 4000, 400 } };
	static struct port_settings none;

	EXPECT_EQ(1, ring_bursts(NULL));
	EXPECT_EQ(2, ring_bursts(&british));
	EXPECT_EQ(2, ring_bursts(&last_but_one));
	EXPECT_EQ(3, ring_bursts(ring_cadence(4, &none, NULL)));
}

TEST_HARNESS_MAIN
