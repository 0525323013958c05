// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a country's wishes to the Si3050's registers: against what drivers that
 * are in use write for some countries, and against the data sheet's rules.
 */
#include <sys/types.h>

#include "../../../driver/chips/si3050_daa.c"

#include "../ktap.h"

static u8 value_of(const struct si3050_value *values, u8 reg)
{
	for (size_t i = 0; i < SI3050_DAA_VALUES; i++)
		if (values[i].reg == reg)
			return values[i].value;
	CHECK(false, "register %u is not written", reg);
	return 0;
}

/* What a plain American line is. */
static struct pots_daa plain(void)
{
	return (struct pots_daa) {
		.impedance = IMPEDANCE_600,
		.dc_mv = 3500,
		.loop_min_ua = 10000,
		.on_hook_us = 500,
		.ring_threshold_mv = 15000,
		.ring_min_mhz = 15000,
		.ring_max_mhz = 70000,
	};
}

/* INTL1, DC_TERM, AC_TERM, and DAA5 without what we set for every country. */
struct known {
	const char *name;
	u32 impedance;
	u32 dc_mv;
	u32 loop_min_ua;
	bool current_limit;
	u32 on_hook_us;
	u32 ring_threshold_mv;
	bool ringer_impedance;
	u8 bytes[4];
};

static const struct known known[] = {
	{ "FCC", IMPEDANCE_600, 3500, 10000, 0, 500, 21500, 0, { 0x01, 0xc0, 0x00, 0x20 } },
	{ "TBR21", IMPEDANCE_CTR21, 3500, 10000, 1, 500, 15000, 0, { 0x00, 0xc2, 0x02, 0x20 } },
	{ "Australia", IMPEDANCE_AU_NZ, 3100, 16000, 0, 26000, 15000, 0,
	  { 0x40, 0x30, 0x03, 0x20 } },
	{ "Germany", IMPEDANCE_SK_SI_ZA, 3500, 10000, 1, 3000, 15000, 0,
	  { 0x00, 0xc2, 0x03, 0x28 } },
	{ "United Kingdom", IMPEDANCE_GB, 3500, 10000, 1, 3000, 15000, 0,
	  { 0x00, 0xc2, 0x05, 0x28 } },
	{ "Poland", IMPEDANCE_600, 3500, 10000, 0, 500, 21500, 1, { 0x03, 0xc0, 0x00, 0x20 } },
	{ "South Africa", IMPEDANCE_SK_SI_ZA, 3500, 10000, 0, 26000, 15000, 1,
	  { 0x42, 0xc0, 0x03, 0x20 } },
	{ "China", IMPEDANCE_CN, 3100, 16000, 0, 500, 15000, 0, { 0x00, 0x30, 0x0f, 0x20 } },
	{ "Japan", IMPEDANCE_600, 3100, 16000, 0, 500, 15000, 0, { 0x00, 0x30, 0x00, 0x20 } },
};

static void countries_as_they_are_known(void)
{
	static const u8 regs[] = { 16, 26, 30, 31 };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const struct known *row = &known[i];
		struct si3050_value values[SI3050_DAA_VALUES];
		struct pots_daa daa = plain();

		daa.impedance = row->impedance;
		daa.dc_mv = row->dc_mv;
		daa.loop_min_ua = row->loop_min_ua;
		daa.current_limit = row->current_limit;
		daa.on_hook_us = row->on_hook_us;
		daa.ring_threshold_mv = row->ring_threshold_mv;
		daa.ringer_impedance = row->ringer_impedance;
		CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "%s", row->name);
		for (size_t k = 0; k < ARRAY_SIZE(regs); k++) {
			u8 got = value_of(values, regs[k]);

			if (regs[k] == 31)
				got &= ~0x83;
			CHECK(got == row->bytes[k], "%s: register %u is %#x, not %#x",
			      row->name, regs[k], got, row->bytes[k]);
		}
	}
}

static void every_country_has_full_scale_and_quiet_start(void)
{
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa = plain();

	CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "plain");
	CHECK(value_of(values, 31) == 0xa3, "%#x", value_of(values, 31));
	CHECK(value_of(values, 59) == 0, "%#x", value_of(values, 59));
}

static void voltages_and_currents_rise_by_steps(void)
{
	static const u32 mv[] = { 3100, 3200, 3350, 3500 };
	static const u32 ua[] = { 10000, 12000, 14000, 16000 };
	struct si3050_value values[SI3050_DAA_VALUES];

	for (u32 i = 0; i < 16; i++) {
		struct pots_daa daa = plain();
		u8 want = (i & 3) << 6 | (i >> 2) << 4;

		daa.dc_mv = mv[i & 3];
		daa.loop_min_ua = ua[i >> 2];
		CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "%u", i);
		CHECK(value_of(values, 26) == want, "%#x, not %#x", value_of(values, 26), want);
	}
}

static void slow_on_hook_quenches_sparks(void)
{
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa = plain();

	daa.on_hook_us = 26000;
	CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "26 ms");
	CHECK(value_of(values, 59) == 0x50, "%#x", value_of(values, 59));
}

static void thresholds_of_ringing(void)
{
	static const struct {
		u32 mv;
		u8 rt;
		u8 rt2;
	} rows[] = { { 15000, 0, 0 }, { 21500, 1, 0 }, { 45000, 1, 0x10 } };
	struct si3050_value values[SI3050_DAA_VALUES];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct pots_daa daa = plain();

		daa.ring_threshold_mv = rows[i].mv;
		CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "%u", rows[i].mv);
		CHECK(value_of(values, 16) == rows[i].rt, "%u mV: %#x", rows[i].mv,
		      value_of(values, 16));
		CHECK(value_of(values, 17) == rows[i].rt2, "%u mV: %#x", rows[i].mv,
		      value_of(values, 17));
	}
}

static void billing_tones_on_request(void)
{
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa = plain();

	daa.billing = true;
	CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "billing");
	CHECK(value_of(values, 17) == 0x04, "%#x", value_of(values, 17));
}

/*
 * The validation's timer, told by the clock of the chip: the steps that fall
 * between two events @half_us apart, the first @offset_us after one.
 */
static bool valid(const struct si3050_value *values, double half_us, double offset_us)
{
	int start = value_of(values, 24) & 0x3f, most = value_of(values, 22) & 0x3f;
	int timer = start;

	for (double at = offset_us; at < half_us && timer; at += 2000)
		timer--;
	return timer && timer <= most;
}

static void ringing_within_the_limits_is_valid(void)
{
	static const u32 limits[][2] = {
		{ 10000, 100000 }, { 15000, 70000 }, { 16000, 54000 }, { 20000, 30000 },
	};
	struct si3050_value values[SI3050_DAA_VALUES];

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct pots_daa daa = plain();
		double low = limits[i][0] / 1000.0, high = limits[i][1] / 1000.0;

		daa.ring_min_mhz = limits[i][0];
		daa.ring_max_mhz = limits[i][1];
		CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "limits");
		CHECK(value_of(values, 24) & 0x80, "not validated");
		for (double hz = low; hz <= high; hz += 0.25)
			for (double offset = 50; offset < 2000; offset += 150)
				CHECK(valid(values, 500000 / hz, offset),
				      "%.2f Hz of %.0f to %.0f", hz, low, high);
		/* A period more or less than the timer can tell is too much. */
		for (double offset = 50; offset < 2000; offset += 150) {
			CHECK(!valid(values, 500000 / low + 4100, offset), "below %.0f Hz", low);
			CHECK(!valid(values, 500000 / high - 4100, offset), "above %.0f Hz", high);
		}
	}
}

/* Dialling of a parallel telephone: 10 pulses a second, two breaks of three. */
static void pulses_of_a_dial_are_no_ringing(void)
{
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa = plain();

	CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "plain");
	CHECK(!valid(values, 66000, 500), "a break");
	CHECK(!valid(values, 60000, 500), "a break");
	CHECK(!valid(values, 50000, 500), "a break");
}

/* By the numbers of the UAPI. */
static void impedances_of_the_si3019(void)
{
	static const u8 acim[] = { 0, 1, 11, 13, 2, 3, 3, 4, 15, 5, 6, 7, 8, 9, 14, 12, 15 };
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa = plain();

	for (size_t i = 0; i < ARRAY_SIZE(acim); i++) {
		daa.impedance = i;
		CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3019), "%zu", i);
		CHECK(value_of(values, 30) == acim[i], "%zu: %u", i, value_of(values, 30));
		CHECK(!value_of(values, 16), "%zu: %#x", i, value_of(values, 16));
	}
}

static void the_si3018_has_fewer_impedances(void)
{
	static const struct {
		u32 impedance;
		u8 intl1;
	} rows[] = {
		{ IMPEDANCE_600, 0 }, { IMPEDANCE_CTR21, 0x20 }, { IMPEDANCE_GLOBAL, 0x20 },
		{ IMPEDANCE_NZ2, 0xa0 },
	};
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa = plain();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		daa.impedance = rows[i].impedance;
		CHECK(!si3050_daa_values(values, &daa, SI3050_LSID_SI3018), "%u", rows[i].impedance);
		CHECK(value_of(values, 16) == rows[i].intl1, "%u: %#x", rows[i].impedance,
		      value_of(values, 16));
		CHECK(!value_of(values, 30), "%#x", value_of(values, 30));
	}
	daa.impedance = IMPEDANCE_900;
	CHECK(si3050_daa_values(values, &daa, SI3050_LSID_SI3018) == -EOPNOTSUPP, "900 ohm");
	CHECK(!(si3050_daa_impedances(SI3050_LSID_SI3018) & 1 << IMPEDANCE_900), "900 ohm");
	CHECK(si3050_daa_impedances(SI3050_LSID_SI3019) == 0x1ffff, "%#x",
	      si3050_daa_impedances(SI3050_LSID_SI3019));
	daa.impedance = IMPEDANCES;
	CHECK(si3050_daa_values(values, &daa, SI3050_LSID_SI3019) == -EOPNOTSUPP, "unknown");
}

static void what_is_in_no_table_is_refused(void)
{
	struct si3050_value values[SI3050_DAA_VALUES];
	struct pots_daa daa[5];

	for (size_t i = 0; i < ARRAY_SIZE(daa); i++)
		daa[i] = plain();
	daa[0].dc_mv = 3000;
	daa[1].loop_min_ua = 11000;
	daa[2].on_hook_us = 0;
	daa[3].ring_threshold_mv = 20000;
	for (size_t i = 0; i < 4; i++)
		CHECK(si3050_daa_values(values, &daa[i], SI3050_LSID_SI3019) == -EINVAL,
		      "row %zu", i);
	CHECK(!si3050_daa_values(values, &daa[4], SI3050_LSID_SI3019), "the plain one");
}

static void gains_in_tenths(void)
{
	static const struct {
		int ddb;
		u8 coarse;
		u8 fine;
	} rows[] = {
		{ 0, 0, 0 }, { 70, 7, 0 }, { 7, 0, 7 }, { 120, 12, 0 }, { 35, 3, 5 },
		{ -1, 0x10, 0x11 }, { -35, 0x13, 0x15 }, { -150, 0x1f, 0x10 },
	};
	u8 coarse, fine;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		si3050_gain(rows[i].ddb, &coarse, &fine);
		CHECK(coarse == rows[i].coarse && fine == rows[i].fine,
		      "%d tenths: %#x %#x", rows[i].ddb, coarse, fine);
	}
}

KTAP_MAIN(TEST(countries_as_they_are_known),
	  TEST(every_country_has_full_scale_and_quiet_start),
	  TEST(voltages_and_currents_rise_by_steps),
	  TEST(slow_on_hook_quenches_sparks),
	  TEST(thresholds_of_ringing),
	  TEST(billing_tones_on_request),
	  TEST(ringing_within_the_limits_is_valid),
	  TEST(pulses_of_a_dial_are_no_ringing),
	  TEST(impedances_of_the_si3019),
	  TEST(the_si3018_has_fewer_impedances),
	  TEST(what_is_in_no_table_is_refused),
	  TEST(gains_in_tenths))
