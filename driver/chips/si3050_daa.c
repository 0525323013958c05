// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_daa: from what a country wants of a line to the registers that say so.
 *
 * Each of the values that a setting may have is a row with the bits for it; a
 * setting may need bits in several registers.
 */
#include "si3050_daa.h"

#include "../pots.h"
#include "si3050_regs.h"

/* Numbers of the UAPI's POTS_IMPEDANCE_*. */
enum impedance {
	IMPEDANCE_600,
	IMPEDANCE_900,
	IMPEDANCE_600_2U16,
	IMPEDANCE_900_2U16,
	IMPEDANCE_CTR21,
	IMPEDANCE_AU_NZ,
	IMPEDANCE_SK_SI_ZA,
	IMPEDANCE_NZ2,
	IMPEDANCE_CN,
	IMPEDANCE_GB,
	IMPEDANCE_370_820_110N,
	IMPEDANCE_275_780_115N,
	IMPEDANCE_120_820_110N,
	IMPEDANCE_350_1000_210N,
	IMPEDANCE_600_1U,
	IMPEDANCE_900_1U,
	IMPEDANCE_GLOBAL,
	IMPEDANCES,
};

static const u8 si3019_acim[IMPEDANCES] = {
	[IMPEDANCE_600] = SI3050_ACIM_600,
	[IMPEDANCE_900] = SI3050_ACIM_900,
	[IMPEDANCE_600_2U16] = SI3050_ACIM_600_2U16,
	[IMPEDANCE_900_2U16] = SI3050_ACIM_900_2U16,
	[IMPEDANCE_CTR21] = SI3050_ACIM_TBR21,
	[IMPEDANCE_AU_NZ] = SI3050_ACIM_AU,
	[IMPEDANCE_SK_SI_ZA] = SI3050_ACIM_AU,
	[IMPEDANCE_NZ2] = SI3050_ACIM_NZ,
	[IMPEDANCE_CN] = SI3050_ACIM_GLOBAL,
	[IMPEDANCE_GB] = SI3050_ACIM_UK,
	[IMPEDANCE_370_820_110N] = SI3050_ACIM_370_820,
	[IMPEDANCE_275_780_115N] = SI3050_ACIM_275_780,
	[IMPEDANCE_120_820_110N] = SI3050_ACIM_120_820,
	[IMPEDANCE_350_1000_210N] = SI3050_ACIM_350_1000,
	[IMPEDANCE_600_1U] = SI3050_ACIM_600_1U,
	[IMPEDANCE_900_1U] = SI3050_ACIM_900_1U,
	[IMPEDANCE_GLOBAL] = SI3050_ACIM_GLOBAL,
};

/* One complex termination stands for all but New Zealand's. */
#define SI3018_IMPEDANCES \
	(BIT(IMPEDANCE_600) | BIT(IMPEDANCE_CTR21) | BIT(IMPEDANCE_AU_NZ) | \
	 BIT(IMPEDANCE_SK_SI_ZA) | BIT(IMPEDANCE_NZ2) | BIT(IMPEDANCE_CN) | \
	 BIT(IMPEDANCE_GB) | BIT(IMPEDANCE_GLOBAL))

static u8 si3018_act(u32 impedance)
{
	if (impedance == IMPEDANCE_600)
		return 0;
	return impedance == IMPEDANCE_NZ2 ? SI3050_INTL1_AC : SI3050_INTL1_ACT;
}

/* The registers of a country, in the order in which they are written. */
enum row {
	ROW_INTL1,
	ROW_INTL2,
	ROW_INTL3,
	ROW_RING1,
	ROW_RING3,
	ROW_DC_TERM,
	ROW_AC_TERM,
	ROW_DAA5,
	ROW_SPARK,
	ROWS,
};

/*
 * Receiving begins at 200 Hz, lest hum is heard; the full scale of the highway
 * is 3.2 dBm on the line, so that 0 dBm0 is 0 dBm; small voltages are told.
 */
static const struct si3050_value common[ROWS] = {
	[ROW_INTL1] = { SI3050_INTL1, 0 },
	[ROW_INTL2] = { SI3050_INTL2, 0 },
	[ROW_INTL3] = { SI3050_INTL3, 0 },
	[ROW_RING1] = { SI3050_RING1, 0 },
	[ROW_RING3] = { SI3050_RING3, SI3050_RING3_RNGV },
	[ROW_DC_TERM] = { SI3050_DC_TERM, 0 },
	[ROW_AC_TERM] = { SI3050_AC_TERM, 0 },
	[ROW_DAA5] = { SI3050_DAA5, SI3050_DAA5_FULL | SI3050_FOH_128MS << 5 |
				    SI3050_DAA5_FILT | SI3050_DAA5_LVFD },
	[ROW_SPARK] = { SI3050_SPARK, 0 },
};

/* One value that a setting may have, and the bits of it in each register. */
struct choice {
	u32 wanted;
	u8 bits[ROWS];
};

static const struct choice dc_voltages[] = {
	{ 3100, { [ROW_DC_TERM] = 0 << 6 } },
	{ 3200, { [ROW_DC_TERM] = 1 << 6 } },
	{ 3350, { [ROW_DC_TERM] = 2 << 6 } },
	{ 3500, { [ROW_DC_TERM] = 3 << 6 } },
};

static const struct choice loop_minima[] = {
	{ 10000, { [ROW_DC_TERM] = 0 << 4 } },
	{ 12000, { [ROW_DC_TERM] = 1 << 4 } },
	{ 14000, { [ROW_DC_TERM] = 2 << 4 } },
	{ 16000, { [ROW_DC_TERM] = 3 << 4 } },
};

static const struct choice limits[] = {
	{ false, { 0 } },
	{ true, { [ROW_DC_TERM] = SI3050_DC_TERM_ILIM } },
};

static const struct choice on_hook_speeds[] = {
	{ 500, { 0 } },
	{ 3000, { [ROW_DAA5] = SI3050_DAA5_OHS2 } },
	{ 26000, { [ROW_INTL1] = SI3050_INTL1_OHS, [ROW_SPARK] = SI3050_SPARK_SQ } },
};

static const struct choice ring_thresholds[] = {
	{ 15000, { 0 } },
	{ 21500, { [ROW_INTL1] = SI3050_INTL1_RT } },
	{ 45000, { [ROW_INTL1] = SI3050_INTL1_RT, [ROW_INTL2] = SI3050_INTL2_RT2 } },
};

static const struct choice ringers[] = {
	{ false, { 0 } },
	{ true, { [ROW_INTL1] = SI3050_INTL1_RZ } },
};

static const struct choice billing[] = {
	{ false, { 0 } },
	{ true, { [ROW_INTL2] = SI3050_INTL2_BTE } },
};

static int choose(struct si3050_value *values, const struct choice *choices,
		  unsigned int count, u32 wanted)
{
	unsigned int i, row;

	for (i = 0; i < count; i++) {
		if (choices[i].wanted != wanted)
			continue;
		for (row = 0; row < ROWS; row++)
			values[row].value |= choices[i].bits[row];
		return 0;
	}
	return -EINVAL;
}

#define CHOOSE(values, choices, wanted) \
	choose(values, choices, ARRAY_SIZE(choices), wanted)

/* Half a period, in the steps of the validation's timer; rounded down. */
static u32 half_steps(u32 freq_mhz)
{
	return 500000000u / SI3050_RING_STEP_US / freq_mhz;
}

/*
 * The timer's steps run on their own: of those that fit between two events there
 * may be one more.
 */
static void set_ring_limits(struct si3050_value *values, u32 min_mhz, u32 max_mhz)
{
	u32 start = min_t(u32, half_steps(max(min_mhz, 1u)) + 2,
			  SI3050_RING3_RAS);
	u32 least = max(half_steps(max(max_mhz, 1u)), 1u);

	values[ROW_RING3].value |= start;
	values[ROW_RING1].value |= start > least ? start - least : 1;
}

static int set_impedance(struct si3050_value *values, u32 impedance, u8 line_side)
{
	if (impedance >= IMPEDANCES || !(si3050_daa_impedances(line_side) & BIT(impedance)))
		return -EOPNOTSUPP;
	if (line_side == SI3050_LSID_SI3019)
		values[ROW_AC_TERM].value |= si3019_acim[impedance];
	else
		values[ROW_INTL1].value |= si3018_act(impedance);
	return 0;
}

/**
 * si3050_daa_impedances - what a line side can terminate the line with
 * @line_side:	SI3050_LSID_*
 *
 * Return: bit n is set for what has number n in the UAPI.
 */
u32 si3050_daa_impedances(u8 line_side)
{
	if (line_side == SI3050_LSID_SI3019)
		return BIT(IMPEDANCES) - 1;
	return SI3018_IMPEDANCES;
}

/**
 * si3050_daa_values - the registers of a country
 * @values:	SI3050_DAA_VALUES of them, filled in
 * @daa:	what is wanted
 * @line_side:	SI3050_LSID_*
 *
 * Return: 0, -EOPNOTSUPP when the line side has no such impedance, or -EINVAL
 * when a setting has a value that is in no table.
 */
int si3050_daa_values(struct si3050_value *values, const struct pots_daa *daa, u8 line_side)
{
	memcpy(values, common, sizeof(common));
	if (CHOOSE(values, dc_voltages, daa->dc_mv) ||
	    CHOOSE(values, loop_minima, daa->loop_min_ua) ||
	    CHOOSE(values, limits, daa->current_limit) ||
	    CHOOSE(values, on_hook_speeds, daa->on_hook_us) ||
	    CHOOSE(values, ring_thresholds, daa->ring_threshold_mv) ||
	    CHOOSE(values, ringers, daa->ringer_impedance) ||
	    CHOOSE(values, billing, daa->billing))
		return -EINVAL;
	set_ring_limits(values, daa->ring_min_mhz, daa->ring_max_mhz);
	return set_impedance(values, daa->impedance, line_side);
}

/**
 * si3050_daa_ring_unjudged - let the chip tell all that it sees, for the driver to judge
 * @values:	as si3050_daa_values() has made them
 * @full_wave:	both halves of it
 */
void si3050_daa_ring_unjudged(struct si3050_value *values, bool full_wave)
{
	values[ROW_RING3].value &= ~SI3050_RING3_RNGV;
	if (full_wave)
		values[ROW_INTL3].value |= SI3050_INTL3_RFWE;
}

/**
 * si3050_gain - the registers of a gain
 * @ddb:	tenths of a dB, SI3050_GAIN_MIN_DDB to SI3050_GAIN_MAX_DDB
 * @coarse:	whole dB
 * @fine:	the rest
 */
void si3050_gain(int ddb, u8 *coarse, u8 *fine)
{
	u8 sign = ddb < 0 ? SI3050_GAIN_ATTENUATE : 0;
	unsigned int steps = ddb < 0 ? -ddb : ddb;

	*coarse = sign | steps / 10;
	*fine = sign | steps % 10;
}
