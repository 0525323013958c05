// SPDX-License-Identifier: GPL-2.0-or-later
/* How often strangers are heard: their buckets, by a clock of the test's own. */
#include "sip_core.h"

#include <arpa/inet.h>

#include "kselftest_harness.h"

#define RATE		5
#define BURST		(2 * RATE)	/* at once after a long silence */
#define ALL		(8 * RATE)	/* a second, all strangers together */
#define PLACES		64		/* sources that are remembered */

FIXTURE(sources) {
	struct sip_sources *sources;
	double now;
};

FIXTURE_SETUP(sources)
{
	self->sources = sip_sources_new(RATE);
	self->now = 1000.;
}

FIXTURE_TEARDOWN(sources)
{
	sip_sources_free(self->sources);
}

/* How many of @tries requests from 192.0.2.HOST are heard now. */
static unsigned int heard(FIXTURE_DATA(sources) *self, unsigned int host, unsigned int tries)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(5060) };
	struct sockaddr_storage addr = { 0 };
	unsigned int count = 0;

	in.sin_addr.s_addr = htonl(0xc0000200 | host);
	memcpy(&addr, &in, sizeof(in));
	while (tries--)
		count += sip_sources_take(self->sources, &addr, self->now);
	return count;
}

TEST_F(sources, one_has_a_burst_and_a_rate)
{
	EXPECT_EQ(BURST, heard(self, 1, 1000));
	self->now += 1.;
	EXPECT_EQ(RATE, heard(self, 1, 1000));
	self->now += .1;
	EXPECT_EQ(0, heard(self, 1, 1000));
}

/* What is saved up in an hour is a burst. */
TEST_F(sources, a_bucket_has_a_bound)
{
	EXPECT_EQ(1, heard(self, 1, 1));
	self->now += 3600.;
	EXPECT_EQ(BURST, heard(self, 1, 1000));
}

TEST_F(sources, all_together_have_one)
{
	unsigned int count = 0, host;

	for (host = 0; host < 250; host++)
		count += heard(self, host, 1);
	EXPECT_EQ(2 * ALL, count);
	self->now += 3600.;
	for (host = 0, count = 0; host < 250; host++)
		count += heard(self, host, 1);
	EXPECT_EQ(2 * ALL, count);
}

/* A place that is given away was the longest unused one: who goes on stays known. */
TEST_F(sources, forged_sources_do_not_refill_a_bucket)
{
	unsigned int host;

	EXPECT_EQ(BURST, heard(self, 1, 1000));
	for (host = 2; host < 2 + 2 * PLACES; host++) {
		self->now += .001;
		heard(self, host, 1);
		EXPECT_EQ(0, heard(self, 1, 1)) {
			TH_LOG("after %u others", host - 1);
		}
	}
}

TEST_HARNESS_MAIN
