// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The arithmetic of the Si3210's oscillators: against the data sheet's own
 * examples, and against the C library over the whole range.
 */
#include <math.h>

#include "../../../driver/chips/si3210_wave.c"

#include "kselftest_harness.h"

/* The data sheet cuts off where we round: one count is the same. */
#define EXPECT_NEAR(got, want, off) \
	EXPECT_LE(fabs((double)(got) - (double)(want)), (double)(off))

static double half_step(double freq_hz, double rate_hz)
{
	return M_PI * freq_hz / rate_hz;
}

TEST(tone_examples_of_the_data_sheet)
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
		EXPECT_NEAR(values.osc, rows[i].osc, 1);
		EXPECT_NEAR(values.amplitude, rows[i].amplitude, 1);
	}
}

TEST(tone_is_the_nearest_over_the_whole_range)
{
	struct si3210_tone_values values;

	for (u32 mhz = 100000; mhz <= 3900000; mhz += 7777) {
		for (int cdb = -6000; cdb <= 317; cdb += 211) {
			double half = half_step(mhz / 1000.0, 8000);
			double amplitude = tan(half) / 4 * 32767 *
					   pow(10, (cdb - 317) / 2000.0);

			si3210_tone_values(&values, mhz, cdb);
			ASSERT_LE(fabs((s16)values.osc - cos(2 * half) * 32768), 0.51);
			ASSERT_LE(fabs(values.amplitude - fmin(amplitude, 32767)), 0.51);
		}
	}
}

/* What the 16-bit coefficient makes of it, as issue and data sheet promise. */
TEST(tone_frequency_is_true)
{
	struct si3210_tone_values values;

	for (u32 mhz = 350000; mhz <= 2100000; mhz += 1000) {
		double hz;

		si3210_tone_values(&values, mhz, -1300);
		hz = acos((s16)values.osc / 32768.0) * 8000 / 2 / M_PI;
		ASSERT_LE(fabs(hz - mhz / 1000.0), 0.08);
	}
}

TEST(tone_above_full_scale_is_full_scale)
{
	struct si3210_tone_values full, above;

	si3210_tone_values(&full, 1000000, 317);
	si3210_tone_values(&above, 1000000, 1317);
	EXPECT_EQ(full.amplitude, above.amplitude);
}

TEST(ring_sine_examples)
{
	struct si3210_ring_values values;

	si3210_ring_values(&values, 20000, false, 49497);	/* 70 V peak */
	EXPECT_NEAR(values.rco, 0x7efd, 1);
	EXPECT_NEAR(values.rngx, 0x0177, 1);
	EXPECT_EQ(0, values.rngy);
	EXPECT_EQ(0x3600, values.rptp);
	EXPECT_EQ(52, values.vbath);
	si3210_ring_values(&values, 25000, false, 49497);
	EXPECT_NEAR(values.rco, 0x7e6c, 1);
}

TEST(ring_trapezoid_example)
{
	struct si3210_ring_values values;

	si3210_ring_values(&values, 20000, true, 54616);	/* 71 V peak */
	EXPECT_NEAR(values.rngy, 0x00c8, 1);
	EXPECT_NEAR(values.rngx, 0x5eab, 1);
	EXPECT_NEAR(values.rco, 0x018c, 1);
}

TEST(ring_frequency_is_true)
{
	struct si3210_ring_values values;

	for (u32 mhz = SI3210_RING_MIN_MHZ; mhz <= SI3210_RING_MAX_MHZ; mhz += 100) {
		double hz;

		si3210_ring_values(&values, mhz, false, 65000);
		hz = acos((s16)values.rco / 32768.0) * 1000 / 2 / M_PI;
		ASSERT_LE(fabs(hz - mhz / 1000.0), 0.03);
	}
}

/* Battery for the peak, and no more peak than the battery carries. */
TEST(ring_peak_fits_the_battery)
{
	struct si3210_ring_values values;

	for (u32 mvrms = 30000; mvrms <= 90000; mvrms += 500) {
		double half = half_step(20, 1000), peak;

		si3210_ring_values(&values, 20000, false, mvrms);
		peak = values.rngx * 4 / tan(half) / 32768 * 96;
		ASSERT_LE(peak + 7.4, values.vbath * 1.5);
		ASSERT_LE(values.vbath, 63);
		ASSERT_LE(fabs(peak - fmin(mvrms * 1.414 / 1000, 87)), 0.2);
	}
}

TEST(ring_trip_follows_the_table)
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
		si3210_ring_values(&values, rows[i].freq_mhz, false, 65000);
		EXPECT_EQ(rows[i].nrtp, values.nrtp);
		EXPECT_EQ(rows[i].rtdi, values.rtdi);
	}
}

/* Five REN on-hook are below the threshold, 1000 ohm off-hook well above. */
TEST(ring_trip_threshold_tells_on_from_off_hook)
{
	struct si3210_ring_values values;

	for (u32 mvrms = 35000; mvrms <= 65000; mvrms += 1000) {
		double peak = fmin(mvrms * 1.414, 87000), threshold;

		si3210_ring_values(&values, 20000, false, mvrms);
		threshold = (values.rptp >> 9) * 1.27;
		ASSERT_GE(threshold, 1.1 * peak * 2 / M_PI / 1560);
		ASSERT_LE(threshold, 0.95 * peak * 2 / M_PI / 1160);
	}
}

TEST_HARNESS_MAIN
