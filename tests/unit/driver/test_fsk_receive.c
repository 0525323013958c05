// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsk_receive.c bit by bit: where a frame begins and ends, which octets are none,
 * and how weak the carrier may be.
 */
#include "../ktap.h"
#include "fsk_receive.h"
#include "signal.h"

#include <math.h>
#include <stdlib.h>

#define BIT		(20 / 3.)	/* samples */
#define ROOM		40000

struct line {
	bool bell;
	double dbm0;
	double rate;			/* of the sender's clock, 1 = ours */
	double phase;
	double at;			/* of the next bit */
	size_t made;
	int16_t samples[ROOM];
};

static struct line line;

static void restart(bool bell, double dbm0)
{
	memset(&line, 0, sizeof(line));
	line.bell = bell;
	line.dbm0 = dbm0;
	line.rate = 1;
}

static double hertz(bool one)
{
	if (line.bell)
		return one ? 1200 : 2200;
	return one ? 1300 : 2100;
}

/* The one bit for so many bits' time, @db louder than the others. */
static void keep(bool one, double bits, double db)
{
	double peak = 32124. / pow(10, (3.17 - line.dbm0 - db) / 20);

	line.at += bits * BIT / line.rate;
	while (line.made < line.at && line.made < ROOM) {
		line.phase += 2 * M_PI * hertz(one) / RATE;
		line.samples[line.made++] = clip(peak * sin(line.phase));
	}
}

static void silence(double ms)
{
	line.at += ms * 8;
	while (line.made < line.at && line.made < ROOM)
		line.samples[line.made++] = 0;
}

/* Its 0, its bits, and @stop; bits 1 to 5 are @db louder. */
static void octet(unsigned int value, bool stop, double db)
{
	unsigned int i;

	keep(false, 1, 0);
	for (i = 0; i < 8; i++)
		keep(value >> i & 1, 1, i && i < 6 ? db : 0);
	keep(stop, 1, 0);
}

/* "5a a5 .": octets, and the ends of frames. */
static const char *heard(void)
{
	static char text[400];
	struct pots_fsk_receiver r;
	size_t i;

	text[0] = 0;
	pots_fsk_receiver_init(&r, line.bell);
	for (i = 0; i < line.made; i++) {
		int got = pots_fsk_receive(&r, line.samples[i]);
		size_t used = strlen(text);

		if (got == POTS_FSK_END)
			snprintf(text + used, sizeof(text) - used, ". ");
		else if (got >= 0)
			snprintf(text + used, sizeof(text) - used, "%02x ", got);
	}
	return text;
}

static void check_heard(const char *what, const char *want)
{
	const char *got = heard();

	CHECK(!strcmp(got, want), "%s, %s: \"%s\"", line.bell ? "Bell 202" : "V.23", what, got);
}

/* ------------------------------------------------------------------ frames --- */

static void ones_before_a_frame(void)
{
	int bell, ones;

	for (bell = 0; bell < 2; bell++)
		for (ones = 8; ones <= 24; ones++) {
			if (ones > 12 && ones < 20)
				continue;
			restart(bell, -13);
			silence(50);
			keep(true, ones, 0);
			octet(0x5a, true, 0);
			octet(0xa5, true, 0);
			keep(true, 40, 0);
			check_heard(ones < 16 ? "too few" : "enough",
				    ones < 16 ? "" : "5a a5 . ");
		}
}

/* They belong together, and are as loud as all the rest. */
static void ones_before_a_gap_do_not_count(void)
{
	restart(true, -13);
	silence(50);
	keep(true, 14, 0);
	keep(true, 40, -50);
	keep(true, 10, 0);
	octet(0x5a, true, 0);
	octet(0xa5, true, 0);
	keep(true, 40, 0);
	check_heard("14 and 10", "");
}

static void ones_after_a_frame(void)
{
	int bell;

	for (bell = 0; bell < 2; bell++) {
		restart(bell, -13);
		keep(true, 60, 0);
		octet(0x5a, true, 0);
		keep(true, 20, 0);
		octet(0xa5, true, 0);
		keep(true, 30, 0);
		octet(0x42, true, 0);
		keep(true, 40, 0);
		check_heard("20 ones, and 30", "5a a5 . 42 . ");
	}
}

static void a_frame_ends_with_the_carrier(void)
{
	restart(false, -13);
	keep(true, 60, 0);
	octet(0x5a, true, 0);
	keep(true, 3, 0);
	silence(50);
	octet(0x42, true, 0);
	check_heard("cut off", "5a . ");
}

/* ------------------------------------------------------------------ octets --- */

static void an_octet_ends_with_a_one(void)
{
	restart(true, -13);
	keep(true, 60, 0);
	octet(0x5a, true, 0);
	octet(0x7f, false, 0);
	keep(true, 40, 0);
	check_heard("a 0", "5a . ");
}

/* What is shorter than a bit begins no octet. */
static void a_click_is_no_octet(void)
{
	restart(false, -13);
	keep(true, 60, 0);
	octet(0x5a, true, 0);
	keep(true, 5, 0);
	keep(false, 0.6, 0);
	keep(true, 10, 0);
	octet(0xa5, true, 0);
	keep(true, 40, 0);
	check_heard("a click", "5a a5 . ");
}

static void clocks_may_differ(void)
{
	static const double rates[] = { 0.99, 1, 1.01 };
	unsigned int i, k, value;
	int bell;

	for (bell = 0; bell < 2; bell++)
		for (i = 0; i < ARRAY_SIZE(rates); i++) {
			char want[400] = "";

			restart(bell, -13);
			line.rate = rates[i];
			keep(true, 60, 0);
			for (k = 0; k < 64; k++) {
				value = (k * 167 + 13) & 0xff;
				octet(value, true, 0);
				/* so that the edges are anywhere between two samples */
				keep(true, k % 5 / 5., 0);
				sprintf(want + strlen(want), "%02x ", value);
			}
			keep(true, 40, 0);
			strcat(want, ". ");
			check_heard("another clock", want);
		}
}

/* ----------------------------------------------------------------- carrier --- */

static void a_weak_carrier_is_heard(void)
{
	static const struct {
		double dbm0;
		bool heard;
	} rows[] = { { -41, true }, { -42, true }, { -45, false }, { -50, false } };
	unsigned int i;
	int bell;

	for (bell = 0; bell < 2; bell++)
		for (i = 0; i < ARRAY_SIZE(rows); i++) {
			restart(bell, rows[i].dbm0);
			keep(true, 60, 0);
			octet(0x5a, true, 0);
			keep(true, 40, 0);
			check_heard(rows[i].heard ? "strong enough" : "too weak",
				    rows[i].heard ? "5a . " : "");
		}
}

/* One that was heard may fade a little within an octet. */
static void a_carrier_may_fade(void)
{
	restart(false, -42);
	keep(true, 60, 0);
	octet(0x5a, true, -4);
	octet(0xa5, true, -4);
	keep(true, 40, 0);
	check_heard("4 dB", "5a a5 . ");
}

KTAP_MAIN(TEST(ones_before_a_frame),
	  TEST(ones_before_a_gap_do_not_count),
	  TEST(ones_after_a_frame),
	  TEST(a_frame_ends_with_the_carrier),
	  TEST(an_octet_ends_with_a_one),
	  TEST(a_click_is_no_octet),
	  TEST(clocks_may_differ),
	  TEST(a_weak_carrier_is_heard),
	  TEST(a_carrier_may_fade))
