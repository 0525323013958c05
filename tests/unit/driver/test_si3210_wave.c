// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The arithmetic of the Si3210's oscillators: against the data sheet's own
 * examples, and against the C library over the whole range.
 */
#include <math.h>

#include "../../../driver/chips/si3210_wave.c"

#include "../ktap.h"

/* The data sheet cuts off where we round: one count is the same. */
static bool near(double got, double want, double off)
{
	return fabs(got - want) <= off;
}

static double half_step(double freq_hz, double rate_hz)
{
	return M_PI * freq_hz / rate_hz;
}

static void tone_examples_of_the_data_sheet(void)
{
	static const struct {
		u32 freq_mhz;
		int level_cdb;
		u16 osc;
		u16 amplitude;
	} rows[] = {
		{ 852000, 317 - 602, 0x6465, 0x0590 },	/* half scale */
		{ 1336000, 317 - 602, 0x3fc4, 0x0942 },
		{ 350000, -1800, 0x7b32, 0x0063 },
		{ 440000, -1800, 0x786f, 0x007d },
	};
	struct si3210_tone_values values;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		si3210_tone_values(&values, rows[i].freq_mhz, rows[i].level_cdb);
		CHECK(near(values.osc, rows[i].osc, 1), "%#x, not %#x", values.osc, rows[i].osc);
		CHECK(near(values.amplitude, rows[i].amplitude, 1), "%#x, not %#x", values.amplitude, rows[i].amplitude);
	}
}

static void tone_is_the_nearest_over_the_whole_range(void)
{
	struct si3210_tone_values values;

	for (u32 mhz = 100000; mhz <= 3900000; mhz += 7777) {
		for (int cdb = -6000; cdb <= 317; cdb += 211) {
			double half = half_step(mhz / 1000.0, 8000);
			double amplitude = tan(half) / 4 * 32767 *
					   pow(10, (cdb - 317) / 2000.0);

			si3210_tone_values(&values, mhz, cdb);
			CHECK(near((s16)values.osc, cos(2 * half) * 32768, 0.51),
			      "%u mHz: %#x", mhz, values.osc);
			CHECK(near(values.amplitude, fmin(amplitude, 32767), 0.51),
			      "%u mHz %d cdB: %#x", mhz, cdb, values.amplitude);
		}
	}
}

/* What the 16-bit coefficient makes of it, as issue and data sheet promise. */
static void tone_frequency_is_true(void)
{
	struct si3210_tone_values values;

	for (u32 mhz = 350000; mhz <= 2100000; mhz += 1000) {
		double hz;

		si3210_tone_values(&values, mhz, -1300);
		hz = acos((s16)values.osc / 32768.0) * 8000 / 2 / M_PI;
		CHECK(near(hz, mhz / 1000.0, 0.08), "%u mHz: %f Hz", mhz, hz);
	}
}

static void tone_above_full_scale_is_full_scale(void)
{
	struct si3210_tone_values full, above;

	si3210_tone_values(&full, 1000000, 317);
	si3210_tone_values(&above, 1000000, 1317);
	CHECK(above.amplitude == full.amplitude, "%#x, not %#x", above.amplitude, full.amplitude);
}

static void ring_sine_examples(void)
{
	struct si3210_ring_values values;

	si3210_ring_values(&values, 20000, false, 49497, 0);	/* 70 V peak */
	CHECK(near(values.rco, 0x7efd, 1), "%#x, not %#x", values.rco, 0x7efd);
	CHECK(near(values.rngx, 0x0177, 1), "%#x, not %#x", values.rngx, 0x0177);
	CHECK(values.rngy == 0, "%#x, not %#x", values.rngy, 0);
	CHECK(values.rptp == 0x3600, "%#x, not %#x", values.rptp, 0x3600);
	CHECK(values.vbath == 52, "%#x, not %#x", values.vbath, 52);
	si3210_ring_values(&values, 25000, false, 49497, 0);
	CHECK(near(values.rco, 0x7e6c, 1), "%#x, not %#x", values.rco, 0x7e6c);
}

static void ring_trapezoid_example(void)
{
	struct si3210_ring_values values;

	si3210_ring_values(&values, 20000, true, 54616, 0);	/* 71 V peak */
	CHECK(near(values.rngy, 0x00c8, 1), "%#x, not %#x", values.rngy, 0x00c8);
	CHECK(near(values.rngx, 0x5eab, 1), "%#x, not %#x", values.rngx, 0x5eab);
	CHECK(near(values.rco, 0x018c, 1), "%#x, not %#x", values.rco, 0x018c);
}

/* Peak and DC share the battery, in either shape. */
static void ring_offset(void)
{
	struct si3210_ring_values values;

	for (int trapezoid = 0; trapezoid < 2; trapezoid++) {
		si3210_ring_values(&values, 20000, trapezoid, 40000, 20000);
		CHECK(near(values.roff, 20.0 / 96 * 32768, 1), "%#x", values.roff);
		CHECK(values.vbath * 1.5 >= 40 * (trapezoid ? 1.3 : 1.414) + 20 + 7.5 - 0.1,
		      "%#x", values.vbath);
		si3210_ring_values(&values, 20000, trapezoid, 65000, SI3210_RING_DC_MAX_MV);
		CHECK(near(values.roff, 30.0 / 96 * 32768, 1), "%#x", values.roff);
		CHECK(values.vbath <= 63, "%#x", values.vbath);
		si3210_ring_values(&values, 20000, trapezoid, 65000, 0);
		CHECK(values.roff == 0, "%#x", values.roff);
	}
	si3210_ring_values(&values, 20000, true, 65000, 30000);
	CHECK(near(values.rngx, 57.0 / 96 * 32768, 2), "%#x", values.rngx);
}

static void ring_frequency_is_true(void)
{
	struct si3210_ring_values values;

	for (u32 mhz = SI3210_RING_MIN_MHZ; mhz <= SI3210_RING_MAX_MHZ; mhz += 100) {
		double hz;

		si3210_ring_values(&values, mhz, false, 65000, 0);
		hz = acos((s16)values.rco / 32768.0) * 1000 / 2 / M_PI;
		CHECK(near(hz, mhz / 1000.0, 0.03), "%u mHz: %f Hz", mhz, hz);
	}
}

/* Battery for the peak, and no more peak than the battery carries. */
static void ring_peak_fits_the_battery(void)
{
	struct si3210_ring_values values;

	for (u32 mvrms = 30000; mvrms <= 90000; mvrms += 500) {
		double half = half_step(20, 1000), peak;

		si3210_ring_values(&values, 20000, false, mvrms, 0);
		peak = values.rngx * 4 / tan(half) / 32768 * 96;
		CHECK(peak + 7.4 <= values.vbath * 1.5, "%f V of %u", peak, values.vbath);
		CHECK(values.vbath <= 63, "%u", values.vbath);
		CHECK(near(peak, fmin(mvrms * 1.414 / 1000, 87), 0.2), "%u: %f V", mvrms, peak);
	}
}

static void ring_trip_follows_the_table(void)
{
	static const struct {
		u32 freq_mhz;
		u16 nrtp;
		u8 rtdi;
	} rows[] = {
		{ 15000, 0x0200, 0x0f },	/* below the table: its end */
		{ 16667, 0x0200, 0x0f },
		{ 20000, 0x0320, 0x0b },
		{ 25000, 0x0350, 0x0a },	/* halfway */
		{ 30000, 0x0380, 0x09 },
		{ 40000, 0x0400, 0x07 },
		{ 50000, 0x06a8, 0x05 },
		{ 60000, 0x0800, 0x05 },
		{ 70000, 0x0800, 0x05 },
	};
	struct si3210_ring_values values;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		si3210_ring_values(&values, rows[i].freq_mhz, false, 65000, 0);
		CHECK(values.nrtp == rows[i].nrtp, "%#x, not %#x", values.nrtp, rows[i].nrtp);
		CHECK(values.rtdi == rows[i].rtdi, "%#x, not %#x", values.rtdi, rows[i].rtdi);
	}
}

/* Five REN on-hook are below the threshold, 1000 ohm off-hook well above. */
static void ring_trip_threshold_tells_on_from_off_hook(void)
{
	struct si3210_ring_values values;

	for (u32 mvrms = 35000; mvrms <= 65000; mvrms += 1000) {
		double peak = fmin(mvrms * 1.414, 87000), threshold;

		si3210_ring_values(&values, 20000, false, mvrms, 0);
		threshold = (values.rptp >> 9) * 1.27;
		CHECK(threshold >= 1.1 * peak * 2 / M_PI / 1560, "%f mA", threshold);
		CHECK(threshold <= 0.95 * peak * 2 / M_PI / 1160, "%f mA", threshold);
	}
}

KTAP_MAIN(TEST(tone_examples_of_the_data_sheet),
	  TEST(tone_is_the_nearest_over_the_whole_range),
	  TEST(tone_frequency_is_true),
	  TEST(tone_above_full_scale_is_full_scale),
	  TEST(ring_sine_examples),
	  TEST(ring_trapezoid_example),
	  TEST(ring_offset),
	  TEST(ring_frequency_is_true),
	  TEST(ring_peak_fits_the_battery),
	  TEST(ring_trip_follows_the_table),
	  TEST(ring_trip_threshold_tells_on_from_off_hook))
