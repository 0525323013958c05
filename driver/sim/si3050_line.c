// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the line side of an Si3050: the isolation link to it, the hook
 * switch, and the line's direct voltage and current.
 */
#include "si3050.h"

#define REVISION_B	4	/* of the line side */
#define DROP_UA		3000	/* with less the line side has no supply (not verified) */
#define LIMIT_UA	200000	/* what it can draw */
#define TBR21_UA	60000
#define DCV_UA		20000	/* at which the voltages of DCV hold */
#define DCR_LOW_OHM	50
#define DCR_HIGH_OHM	800
#define LCS_TOP_UA	127000
#define OVERLOAD_UA	160000
#define PROTECT_NS	25000000ULL	/* before it OPE takes the closing for an overload */
#define CALIBRATION_MS	256	/* of the converters, off-hook (not verified) */
#define METER_MIN_MV	200
#define METER_LOUD_MV	2000	/* what the receiver cannot bear */

static u64 ms(u32 n)
{
	return n * (u64)NSEC_PER_MSEC;
}

/* ----------------------------------------------------------------- link --- */

static bool is_powered(const struct sim3050 *chip)
{
	return !(chip->reg[SI3050_DAA2] & (SI3050_DAA2_PDL | SI3050_DAA2_PDN)) &&
	       chip->clocked && !chip->held;
}

static void close_loop(struct sim3050 *chip, bool closed)
{
	chip->hook_due = POTS_SIM_NEVER;
	chip->closed = closed;
	sim3050_look(chip);
}

void sim3050_link_lost(struct sim3050 *chip)
{
	chip->link = false;
	chip->link_due = POTS_SIM_NEVER;
	sim3050_ring_reset(chip);
	close_loop(chip, false);
}

void sim3050_link_start(struct sim3050 *chip, u64 at)
{
	if (!chip->link && is_powered(chip))
		chip->link_due = at + chip->link_ns;
}

/* To power the line side may look like ringing to it. */
void sim3050_link_locked(struct sim3050 *chip)
{
	chip->link_due = POTS_SIM_NEVER;
	if (pots_sim_fault_strikes(&chip->line->fault, POTS_SIM_FAULT_LINK))
		return;
	chip->link = true;
	sim3050_event(chip, SI3050_IRQ_RDT);
	sim3050_ring_reset(chip);
	if (chip->reg[SI3050_DAA1] & SI3050_DAA1_OH)
		close_loop(chip, true);
	sim3050_look(chip);
}

void sim3050_link_written(struct sim3050 *chip)
{
	if (!is_powered(chip))
		sim3050_link_lost(chip);
	else if (chip->link_due == POTS_SIM_NEVER)
		sim3050_link_start(chip, chip->now);
}

/* ----------------------------------------------------------------- hook --- */

/* OHS, OHS2 and SQ say how long the current takes to fall. */
static u32 ramp_us(const struct sim3050 *chip)
{
	if (chip->reg[SI3050_INTL1] & SI3050_INTL1_OHS)
		return 26000;
	return chip->reg[SI3050_DAA5] & SI3050_DAA5_OHS2 ? 3000 : 500;
}

static u32 silence_ms(const struct sim3050 *chip)
{
	static const u16 foh_ms[] = { 512, 128, 64, 8 };
	u32 cal = chip->reg[SI3050_INTL2] & SI3050_INTL2_CALD ? 0 : CALIBRATION_MS;

	return foh_ms[FIELD_GET(SI3050_DAA5_FOH, chip->reg[SI3050_DAA5])] + cal;
}

static void trip(struct sim3050 *chip)
{
	chip->tripped = true;
	chip->reg[SI3050_INTL4] |= SI3050_INTL4_OPD;
	close_loop(chip, false);
}

static void go_off_hook(struct sim3050 *chip)
{
	chip->tripped = false;
	chip->overload = false;
	chip->seized_at = chip->now;
	chip->hear_from = chip->now + ms(silence_ms(chip));
	sim3050_ring_reset(chip);
	if (!chip->link)
		return;
	close_loop(chip, true);
	if (chip->reg[SI3050_INTL2] & SI3050_INTL2_OPE)
		trip(chip);
}

/* The exchange finds the loop open when half of the current is gone. */
void sim3050_hook_written(struct sim3050 *chip, u8 was)
{
	u8 now = chip->reg[SI3050_DAA1];

	if (!((was ^ now) & SI3050_DAA1_OH))
		return;
	if (now & SI3050_DAA1_OH)
		go_off_hook(chip);
	else if (chip->closed)
		chip->hook_due = chip->now + ramp_us(chip) / 2 * (u64)NSEC_PER_USEC;
}

void sim3050_hook_opens(struct sim3050 *chip)
{
	close_loop(chip, false);
}

/*
 * Set at or soon after closing, the protection takes that for an overload; what
 * it has done stays to be seen until it is switched off.
 */
void sim3050_protection_written(struct sim3050 *chip, u8 was)
{
	u8 set = chip->reg[SI3050_INTL2] & ~was, cleared = was & ~chip->reg[SI3050_INTL2];

	if (cleared & SI3050_INTL2_OPE)
		chip->reg[SI3050_INTL4] &= ~SI3050_INTL4_OPD;
	if (set & SI3050_INTL2_OPE && chip->closed &&
	    (chip->overload || chip->now - chip->seized_at < PROTECT_NS))
		trip(chip);
}

void sim3050_overloaded(struct sim3050 *chip)
{
	chip->overload = true;
	chip->reg[SI3050_INTL2] |= SI3050_INTL2_ROV;
	sim3050_event(chip, SI3050_IRQ_ROV);
	if (chip->reg[SI3050_INTL2] & SI3050_INTL2_OPE && chip->closed)
		trip(chip);
}

/* ----------------------------------------------------------------- line --- */

static void publish(struct sim3050 *chip)
{
	static const u16 dcv_mv[] = { 3100, 3200, 3350, 3500 };
	u8 dc = chip->reg[SI3050_DC_TERM];
	struct pots_sim_load load = {
		.closed = chip->closed,
		.ohm = dc & SI3050_DC_TERM_DCR ? DCR_HIGH_OHM : DCR_LOW_OHM,
		.max_ua = dc & SI3050_DC_TERM_ILIM ? TBR21_UA : LIMIT_UA,
	};

	load.mv = dcv_mv[FIELD_GET(SI3050_DC_TERM_DCV, dc)] - DCV_UA / 1000 * DCR_LOW_OHM;
	pots_sim_line_load(chip->line, &load, chip->now);
}

static s32 volts(const struct sim3050 *chip, s32 mv)
{
	s32 v = mv * (s32)chip->volt_gain / 1000 / SI3050_LVS_MV;

	if (abs(v) < SI3050_LVS_MIN && !(chip->reg[SI3050_DAA5] & SI3050_DAA5_LVFD))
		v = 0;
	return clamp(v, -128, 127);
}

static void look_at_polarity(struct sim3050 *chip, s32 mv)
{
	bool negative = volts(chip, mv) < 0;

	if (negative != chip->negative)
		sim3050_event(chip, SI3050_IRQ_POL);
	chip->negative = negative;
}

static void look_at_current(struct sim3050 *chip, u32 ua)
{
	bool dropped = chip->closed && ua < DROP_UA;

	if (dropped && !chip->dropped)
		sim3050_event(chip, SI3050_IRQ_DOD);
	chip->dropped = dropped;
	if (ua > LCS_TOP_UA)
		sim3050_event(chip, SI3050_IRQ_LCSO);
	if (ua > OVERLOAD_UA)
		sim3050_overloaded(chip);
}

/* The bit comes again when it is cleared while the pulse lasts. */
static void look_at_meter(struct sim3050 *chip)
{
	u32 mv = chip->closed ? pots_sim_line_meter_mv(chip->line) : 0;
	bool detects = chip->reg[SI3050_INTL2] & SI3050_INTL2_BTE;

	if (mv >= METER_MIN_MV && detects && !(chip->reg[SI3050_INTL2] & SI3050_INTL2_BTD)) {
		chip->reg[SI3050_INTL2] |= SI3050_INTL2_BTD;
		sim3050_event(chip, SI3050_IRQ_BTD);
	}
	if (mv >= METER_LOUD_MV && !chip->metered && !detects)
		sim3050_overloaded(chip);
	chip->metered = mv;
}

/* Something of the line, or of what is done with it, may have changed. */
void sim3050_look(struct sim3050 *chip)
{
	struct pots_sim_sense sense;

	publish(chip);
	if (!chip->link)
		return;
	pots_sim_line_sense(chip->line, &sense);
	look_at_polarity(chip, sense.line_mv);
	look_at_current(chip, sense.loop_ua);
	look_at_meter(chip);
	sim3050_ring_stepped(chip, sense.line_mv);
}

void sim3050_line_reset(struct sim3050 *chip)
{
	chip->link = false;
	chip->link_due = POTS_SIM_NEVER;
	chip->hook_due = POTS_SIM_NEVER;
	chip->tripped = false;
	chip->overload = false;
	chip->dropped = false;
	chip->negative = false;
	chip->metered = false;
	sim3050_ring_reset(chip);
	if (chip->closed)
		close_loop(chip, false);
}

/* ---------------------------------------------------------------- reads --- */

static u8 read_status(const struct sim3050 *chip)
{
	return (chip->overload ? SI3050_INTL4_OVL : 0) |
	       (chip->dropped ? SI3050_INTL4_DOD : 0) |
	       (chip->reg[SI3050_INTL4] & SI3050_INTL4_OPD);
}

u8 sim3050_read_line(struct sim3050 *chip, u8 reg)
{
	struct pots_sim_sense sense;

	if (!chip->link)
		return 0;
	pots_sim_line_sense(chip->line, &sense);
	switch (reg) {
	case SI3050_LINE_STATUS:
		return SI3050_LINE_STATUS_FDT |
		       (sense.loop_ua > LCS_TOP_UA ? SI3050_LCS_OVERLOAD :
			min_t(u32, sense.loop_ua / SI3050_LCS_UA, SI3050_LCS_OVERLOAD - 1));
	case SI3050_LINE_REV:
		return FIELD_PREP(SI3050_LINE_REV_REVB, REVISION_B);
	case SI3050_INTL4:
		return read_status(chip);
	case SI3050_LCS2:
		return min_t(u32, sense.loop_ua / SI3050_LCS2_UA, 255);
	case SI3050_LVS:
		return volts(chip, sense.line_mv);
	default:
		return 0;
	}
}
