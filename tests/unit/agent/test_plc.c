// SPDX-License-Identifier: GPL-2.0-or-later
/* Concealment: no step at the joins, silence after 60 ms, the pitch goes on. */
#include "../ktap.h"
#include "plc.h"

#include <math.h>
#include <stdlib.h>

#define RATE	8000

/* Voiced speech, nearly: harmonics of a pitch that glides. */
static double voice(double t, double pitch)
{
	double phase = 2 * M_PI * (pitch * t + 4 * t * t), value = 0;
	int k;

	for (k = 1; k <= 12; k++)
		value += sin(k * phase + k) / k;
	return value;
}

static void make_voice(int16_t *out, size_t count, double pitch)
{
	size_t i;

	for (i = 0; i < count; i++)
		out[i] = 6000 * voice(i / (double)RATE, pitch);
}

static int largest(const int16_t *x, size_t count, bool step)
{
	int most = 0;
	size_t i;

	for (i = 1; i < count; i++) {
		int value = abs(step ? x[i] - x[i - 1] : x[i]);

		if (value > most)
			most = value;
	}
	return most;
}

/*
 * Loses @lost samples of @x at @at, concealed in pieces of 5 ms, and lets the
 * rest pass as packets of 20 ms.
 */
static void lose(struct plc *plc, int16_t *x, size_t count, size_t at, size_t lost)
{
	size_t i;

	for (i = 0; i < at; i += 160)
		plc_heard(plc, x + i, 160);
	for (; i < at + lost; i += 40)
		plc_conceal(plc, x + i, 40);
	for (; i + 160 <= count; i += 160)
		plc_heard(plc, x + i, 160);
}

/* The joins are no steps beyond what the speech itself has. */
static void test_joins(void)
{
	static const double pitches[] = { 90, 110, 133, 170, 190 };
	size_t p, at, lost;

	for (p = 0; p < 5; p++) {
		for (at = 1600; at < 2400; at += 160) {
			for (lost = 80; lost <= 640; lost += 80) {
				int16_t x[4800], clean[4800];
				int own, got, peak;
				struct plc plc;

				make_voice(x, 4800, pitches[p]);
				memcpy(clean, x, sizeof(x));
				plc_init(&plc);
				lose(&plc, x, 4800, at, lost);
				own = largest(clean + 800, 4000, true);
				got = largest(x + 800, 4000, true);
				peak = largest(clean, 4800, false);
				CHECK(got <= own + peak / 10,
				      "pitch %g, %zu lost at %zu: step %d, speech has %d, peak %d",
				      pitches[p], lost, at, got, own, peak);
			}
		}
	}
}

/* What has no pitch at all: three sines that never meet again. */
static void test_joins_without_pitch(void)
{
	static const double hz[] = { 313, 437, 1011 };
	size_t at, i, k;

	for (at = 1600; at < 3200; at += 160) {
		int16_t x[4800], clean[4800];
		struct plc plc;
		int own, got;

		for (i = 0; i < 4800; i++) {
			double value = 0;

			for (k = 0; k < 3; k++)
				value += sin(2 * M_PI * hz[k] * i / RATE + k);
			x[i] = 5000 * value;
		}
		memcpy(clean, x, sizeof(x));
		plc_init(&plc);
		lose(&plc, x, 4800, at, 320);
		own = largest(clean + 800, 4000, true);
		got = largest(x + 800, 4000, true);
		CHECK(got <= own + largest(clean, 4800, false) / 10,
		      "lost at %zu: step %d, the sound has %d", at, got, own);
	}
}

/* 10 ms of a steady voice are hardly missed. */
static void test_likeness(void)
{
	int16_t x[4800], clean[4800];
	double error = 0, energy = 0;
	struct plc plc;
	size_t i;

	make_voice(x, 4800, 120);
	memcpy(clean, x, sizeof(x));
	plc_init(&plc);
	lose(&plc, x, 4800, 1600, 80);
	for (i = 1600; i < 1720; i++) {
		error += pow(x[i] - clean[i], 2);
		energy += pow(clean[i], 2);
	}
	CHECK(error < energy / 10, "%f dB", 10 * log10(error / energy));
}

static void test_fades_to_silence(void)
{
	int16_t x[1600], y[800];
	struct plc plc;

	make_voice(x, 1600, 120);
	plc_init(&plc);
	plc_heard(&plc, x, 160);
	plc_heard(&plc, x + 160, 1440);
	plc_conceal(&plc, y, 800);
	CHECK(largest(y, 80, false) > 5000, "gone too early: %d", largest(y, 80, false));
	CHECK(largest(y + 400, 80, false) < largest(x, 1600, false) / 4, "fades too late");
	CHECK(!largest(y + 480, 320, false), "not silent after 60 ms");
	CHECK(plc_is_silent(&plc), "does not know");
}

static void test_begins_softly(void)
{
	int16_t x[160];
	struct plc plc;
	size_t i;

	for (i = 0; i < 160; i++)
		x[i] = 10000;
	plc_init(&plc);
	plc_heard(&plc, x, 160);
	CHECK(abs(x[0]) < 1000, "begins with %d", x[0]);
	CHECK(x[100] == 10000, "changed: %d", x[100]);
}

/* Loud noise and full scale do not overflow. */
static void test_extremes(void)
{
	int16_t x[3200];
	struct plc plc;
	size_t i;

	srand(5);
	for (i = 0; i < 3200; i++)
		x[i] = rand() & 1 ? 32767 : -32768;
	plc_init(&plc);
	lose(&plc, x, 3200, 1600, 480);
	plc_conceal(&plc, x, 0);
	CHECK(true, "reached");
}

KTAP_MAIN(TEST(test_joins), TEST(test_joins_without_pitch), TEST(test_likeness), TEST(test_fades_to_silence),
	  TEST(test_begins_softly), TEST(test_extremes))
