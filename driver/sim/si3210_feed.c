// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: battery, linefeed, monitors and power alarms of an Si3210.
 *
 * The monitor ADC samples the line at 800 Hz. While nothing changes its
 * samples change nothing: then it rests, and the filters are brought up to
 * date in one step when somebody looks.
 */
#include <linux/math64.h>

#include "si3210.h"

#define FRACTION		12
#define RO_OHM			160	/* the chip's own output resistance */
#define LOOP_MAX_UA		(SI3210_LCS_MASK * SI3210_LCS_UA)
#define BATTERY_UP_MV		2500	/* in one sample of the monitor */
#define BATTERY_DOWN_PPM	1250	/* a time constant of a second */
#define BATTERY_LEAK_PPM	12500
#define POWER_HOT_UW		8000000	/* a fault's idea of a transistor */

/* What the board's converter can work with, in counts of 61.035 ns. */
#define PERIOD_MOSFET_MIN	64
#define PERIOD_MOSFET_MAX	127
#define PERIOD_BJT_MIN		192

static u32 field_ua(u16 word)
{
	return FIELD_GET(SI3210_THRESHOLD_MASK, word) * SI3210_THRESHOLD_UA;
}

static s32 reg_mv(const struct sim3210 *chip, u8 reg)
{
	return (chip->reg[reg] & SI3210_VOLT_MASK) * SI3210_VOLT_MV;
}

static s32 overhead_mv(const struct sim3210 *chip, unsigned int ind)
{
	unsigned int max = chip->reg[SI3210_BATTERY] & BIT(4) ? 9 : 6;

	return min_t(unsigned int, max,
		     FIELD_GET(SI3210_IND_VOV_MASK, chip->ind[ind])) * SI3210_VOLT_MV;
}

/* -------------------------------------------------------------- battery --- */

static bool converter_runs(const struct sim3210 *chip)
{
	return !(chip->reg[SI3210_POWER1] & SI3210_POWER1_DCOF) &&
	       !pots_sim_fault_on(&chip->line->fault, POTS_SIM_FAULT_NO_BATTERY);
}

/* A period for the other kind of switch, or an off time that eats it up. */
static bool converter_is_mistuned(const struct sim3210 *chip)
{
	u8 period = chip->reg[SI3210_DCN];
	u8 off = FIELD_GET(SI3210_DCDELAY_DCTOF, chip->reg[SI3210_DCDELAY]) + 4;

	if (off * 2 > period)
		return true;
	if (chip->line->mosfet)
		return period < PERIOD_MOSFET_MIN || period > PERIOD_MOSFET_MAX;
	return period < PERIOD_BJT_MIN;
}

static bool is_talking(const struct sim3210 *chip)
{
	return chip->lcr && (chip->lfs == SI3210_LF_FORWARD ||
			     chip->lfs == SI3210_LF_REVERSE);
}

static s32 battery_goal_mv(const struct sim3210 *chip, s32 line_mv)
{
	s32 high = reg_mv(chip, SI3210_VBATH), low = reg_mv(chip, SI3210_VBATL);
	s32 goal = high;

	if (!converter_runs(chip))
		return 0;
	if (is_talking(chip) && !(chip->reg[SI3210_BATTERY] & SI3210_BATTERY_FVBAT)) {
		if (chip->reg[SI3210_BATTERY] & SI3210_BATTERY_TRACK)
			goal = line_mv + reg_mv(chip, SI3210_VCM) +
			       overhead_mv(chip, SI3210_IND_VMIND);
		else if (chip->reg[SI3210_AUTO] & SI3210_AUTO_ABAT)
			goal = low;
		goal = clamp(goal, low, max(low, high));
	}
	return converter_is_mistuned(chip) ? goal * 6 / 10 : goal;
}

static void battery_step(struct sim3210 *chip, s32 line_mv)
{
	s32 goal = battery_goal_mv(chip, line_mv);
	bool leaks = pots_sim_fault_on(&chip->line->fault, POTS_SIM_FAULT_LEAK);
	s32 ppm = leaks ? BATTERY_LEAK_PPM : BATTERY_DOWN_PPM;

	if (chip->vbat_mv < goal)
		chip->vbat_mv = min(goal, chip->vbat_mv + BATTERY_UP_MV);
	else if (converter_runs(chip))
		chip->vbat_mv = max(goal, chip->vbat_mv - BATTERY_UP_MV);
	else if (chip->loop_ua)
		chip->vbat_mv = max(0, chip->vbat_mv - BATTERY_UP_MV);
	else
		chip->vbat_mv = chip->vbat_mv < 100 ? 0 :
				chip->vbat_mv - max(1, chip->vbat_mv / 100 * ppm / 10000);
}

bool sim3210_is_powered(const struct sim3210 *chip)
{
	return chip->vbat_mv > 10000 &&
	       !(chip->reg[SI3210_POWER1] & (SI3210_POWER1_BIASOF | SI3210_POWER1_SLICOF));
}

/* ------------------------------------------------------------- the loop --- */

static bool is_fed(const struct sim3210 *chip)
{
	return sim3210_is_powered(chip) && (sim3210_can_talk(chip) ||
					    chip->lfs == SI3210_LF_RINGING);
}

static bool is_reversed(const struct sim3210 *chip)
{
	bool swapped = chip->lfs == SI3210_LF_REVERSE ||
		       chip->lfs == SI3210_LF_OHT_REVERSE;

	return swapped != !!(chip->reg[SI3210_VOC] & SI3210_VOC_VSGN);
}

static u32 limit_ua(const struct sim3210 *chip)
{
	return 20000 + 3000 * (chip->reg[SI3210_ILIM] & SI3210_ILIM_MASK) +
	       sim3210_cal_error(chip, SI3210_CAL_ILIM) * 200;
}

/* DC in the states that feed the loop. */
static void solve_dc(const struct sim3210 *chip, struct pots_sim_feed *feed)
{
	s32 room = chip->vbat_mv - reg_mv(chip, SI3210_VCM);
	s32 open_mv = clamp(reg_mv(chip, SI3210_VOC), 0, max(room, 0));
	u32 ohm = pots_sim_line_ohm(chip->line);

	feed->fed = is_fed(chip);
	feed->reversed = is_reversed(chip);
	if (!feed->fed || !sim3210_can_talk(chip))
		return;
	feed->line_mv = open_mv;
	if (!pots_sim_line_closed(chip->line))
		return;
	feed->loop_ua = min_t(u32, limit_ua(chip), div_s64(open_mv * 1000LL, ohm + RO_OHM));
	feed->line_mv = div_u64((u64)feed->loop_ua * ohm, 1000);
}

/* Magnitude of the current that the ringing voltage drives at @at. */
static u32 ring_ua(struct sim3210 *chip, u64 at)
{
	const struct pots_sim_phone *phone = &chip->line->phone.param;
	s32 mv = sim3210_ring_mv(chip, at), bell_mv = mv - sim3210_ring_dc_mv(chip);
	u32 ohm = phone->loop_ohm + RO_OHM;
	u64 ua = 0;

	/* the bell has a capacitor */
	if (phone->ren_milli)
		ua = div_u64(abs(bell_mv) * 1000ULL, 7000000 / phone->ren_milli + ohm);
	if (pots_sim_line_closed(chip->line))
		ua += div_u64(abs(mv) * 1000ULL, ohm);
	return min_t(u64, ua, LOOP_MAX_UA);
}

/* Tell the telephone what is on its wires now. */
static s32 publish(struct sim3210 *chip)
{
	struct pots_sim_feed feed = {};

	solve_dc(chip, &feed);
	if (chip->lfs != SI3210_LF_RINGING)
		chip->loop_ua = feed.loop_ua;
	pots_sim_line_feed(chip->line, &feed, chip->now);
	return feed.line_mv;
}

/* -------------------------------------------------------------- filters --- */

static u16 lpf_coefficient(u16 word)
{
	return FIELD_GET(SI3210_LPF_MASK, word);
}

static void lpf_step(s64 *y, s64 x, u16 coefficient)
{
	*y += (((x << FRACTION) - *y) * min_t(u16, coefficient, 4096)) >> 12;
}

/* The same, @n times at once: y = x + (y - x) (1 - a)^n. */
static void lpf_skip(s64 *y, s64 x, u16 coefficient, u64 n)
{
	u64 left = 1 << 24, factor = (u64)(4096 - min_t(u16, coefficient, 4096)) << 12;

	for (; n && left; n >>= 1) {
		if (n & 1)
			left = left * factor >> 24;
		factor = factor * factor >> 24;
	}
	*y = (x << FRACTION) + (((*y - (x << FRACTION)) * (s64)left) >> 24);
}

/* --------------------------------------------------------- power alarms --- */

static const u8 q_threshold[SIM3210_Q_COUNT] = {
	SI3210_IND_PPT12, SI3210_IND_PPT12, SI3210_IND_PPT34,
	SI3210_IND_PPT34, SI3210_IND_PPT56, SI3210_IND_PPT56,
};

static const u8 q_filter[SIM3210_Q_COUNT] = {
	SI3210_IND_NQ12, SI3210_IND_NQ12, SI3210_IND_NQ34,
	SI3210_IND_NQ34, SI3210_IND_NQ56, SI3210_IND_NQ56,
};

static u32 q_lsb_uw(unsigned int q)
{
	return q == 2 || q == 3 ? 3620 : 30400;
}

/*
 * In the side that is near ground one of Q1 and Q2 drops the common-mode
 * voltage, in the other one of Q5 and Q6 what the loop leaves of the battery;
 * Q3 or Q4 drives it.
 */
static u32 q_power_uw(const struct sim3210 *chip, unsigned int q)
{
	bool side = (q == 0 || q == 3 || q == 5) != is_reversed(chip);
	const struct pots_sim_fault *hot = &chip->line->fault.fault[POTS_SIM_FAULT_ALARM];
	u64 ma_mv = 0;
	s32 drop;

	if (hot->mode != POTS_SIM_FAULT_OFF && hot->value == q + 1 && chip->lfs)
		return POWER_HOT_UW;
	if (!side || !sim3210_can_talk(chip))
		return 0;
	drop = chip->vbat_mv - reg_mv(chip, SI3210_VCM) -
	       (s32)div_u64((u64)chip->loop_ua * pots_sim_line_ohm(chip->line), 1000);
	if (q < 2)
		ma_mv = (u64)chip->loop_ua * reg_mv(chip, SI3210_VCM);
	else if (q < 4)
		ma_mv = (u64)chip->loop_ua * max(drop, 0) / 32;
	else
		ma_mv = (u64)chip->loop_ua * max(drop, 0);
	return div_u64(ma_mv, 1000);
}

static bool q_is_over(const struct sim3210 *chip, unsigned int q, s64 filtered)
{
	u32 limit = FIELD_GET(SI3210_PPT_MASK, chip->ind[q_threshold[q]]) * q_lsb_uw(q);

	return filtered >> FRACTION > limit;
}

/* Returns true while an alarm may still come. */
static bool watch_power(struct sim3210 *chip)
{
	bool coming = false, over = false;
	unsigned int q;

	for (q = 0; q < SIM3210_Q_COUNT; q++) {
		u32 uw = q_power_uw(chip, q);

		lpf_step(&chip->q_lpf[q], uw, lpf_coefficient(chip->ind[q_filter[q]]));
		if (q_is_over(chip, q, chip->q_lpf[q]) && uw) {
			sim3210_event(chip, 1, SI3210_IRQ2_Q1AP << q);
			chip->q_lpf[q] = 0;
			over = true;
		} else if (uw && q_is_over(chip, q, (s64)uw << FRACTION)) {
			coming = true;
		}
	}
	if (!over)
		return coming;
	if (chip->line->fault.fault[POTS_SIM_FAULT_ALARM].mode != POTS_SIM_FAULT_OFF)
		pots_sim_fault_strikes(&chip->line->fault, POTS_SIM_FAULT_ALARM);
	if (chip->reg[SI3210_AUTO] & SI3210_AUTO_AOPN)
		sim3210_set_linefeed(chip, SI3210_LF_OPEN);
	return true;
}

/* ----------------------------------------------------------- loop state --- */

static u32 measured_ua(const struct sim3210 *chip)
{
	u32 ua = chip->loop_ua;

	if (ua)
		ua += (abs(sim3210_cal_error(chip, SI3210_CAL_RING_GAIN)) +
		       abs(sim3210_cal_error(chip, SI3210_CAL_TIP_GAIN))) * 400;
	return min_t(u32, rounddown(ua, SI3210_LCS_UA), LOOP_MAX_UA);
}

static u32 closure_threshold_ua(const struct sim3210 *chip)
{
	bool lower = chip->lcr && (chip->reg[SI3210_ENHANCE] & SI3210_ENHANCE_HYSTEN);

	return field_ua(chip->ind[lower ? SI3210_IND_LCRTL : SI3210_IND_LCRT]);
}

static bool raw_closed(const struct sim3210 *chip)
{
	if (chip->lfs == SI3210_LF_RINGING)
		return chip->ring_lpf >> FRACTION >= field_ua(chip->ind[SI3210_IND_RPTP]);
	return chip->loop_lpf >> FRACTION >= closure_threshold_ua(chip) &&
	       chip->loop_lpf;
}

static u8 closure_debounce(const struct sim3210 *chip)
{
	u8 reg = chip->ring_timed ? SI3210_LCD : SI3210_LCDI;

	return chip->reg[reg] & SI3210_DEBOUNCE;
}

static void closure_changed(struct sim3210 *chip, bool closed)
{
	chip->lcr = closed;
	sim3210_event(chip, 1, SI3210_IRQ2_LCIP);
	if (!closed || !(chip->reg[SI3210_AUTO] & SI3210_AUTO_AOLD))
		return;
	if (chip->lfs == SI3210_LF_OHT_FORWARD) {
		sim3210_ring_timed(chip, false);
		sim3210_set_linefeed(chip, SI3210_LF_FORWARD);
	} else if (chip->lfs == SI3210_LF_OHT_REVERSE) {
		sim3210_set_linefeed(chip, SI3210_LF_REVERSE);
	}
}

static void ring_tripped(struct sim3210 *chip)
{
	chip->rtp = true;
	sim3210_event(chip, 1, SI3210_IRQ2_RTIP);
	if (chip->reg[SI3210_AUTO] & SI3210_AUTO_AORD) {
		sim3210_ring_timed(chip, false);
		sim3210_set_linefeed(chip, SI3210_LF_FORWARD);
	}
}

/* Returns true while a decision is pending. */
static bool decide_ringing(struct sim3210 *chip)
{
	bool raw = raw_closed(chip) ||
		   pots_sim_fault_strikes(&chip->line->fault, POTS_SIM_FAULT_RING_TRIP);

	if (raw && !chip->rtp) {
		if (++chip->debounce >= (chip->reg[SI3210_RTDI] & SI3210_DEBOUNCE))
			ring_tripped(chip);
	} else {
		chip->debounce = 0;
	}
	return true;
}

static bool decide_closure(struct sim3210 *chip)
{
	bool raw = raw_closed(chip);

	if (raw == chip->lcr) {
		chip->debounce = 0;
		return false;
	}
	if (++chip->debounce >= closure_debounce(chip)) {
		chip->debounce = 0;
		closure_changed(chip, raw);
	}
	return true;
}

/* -------------------------------------------------------------- monitor --- */

static bool filter_moves(const struct sim3210 *chip, u32 ua)
{
	s64 away = ((s64)ua << FRACTION) - chip->loop_lpf;

	return lpf_coefficient(chip->ind[SI3210_IND_NCLR]) && abs(away) >> FRACTION > 20;
}

/* One sample of the monitor ADC and what hangs on it. */
void sim3210_monitor(struct sim3210 *chip, u64 at)
{
	s32 was_mv = chip->vbat_mv, line_mv;
	bool busy;
	u32 ua;

	chip->monitor_last = at;
	chip->monitor_due = at + SIM3210_MONITOR_NS;
	line_mv = publish(chip);
	battery_step(chip, line_mv);

	if (chip->lfs == SI3210_LF_RINGING) {
		chip->loop_ua = ring_ua(chip, at);
		lpf_step(&chip->ring_lpf, measured_ua(chip),
			 lpf_coefficient(chip->ind[SI3210_IND_NRTP]));
		busy = decide_ringing(chip);
	} else {
		ua = measured_ua(chip);
		lpf_step(&chip->loop_lpf, ua, lpf_coefficient(chip->ind[SI3210_IND_NCLR]));
		busy = decide_closure(chip) || filter_moves(chip, ua);
	}

	busy |= watch_power(chip);
	busy |= chip->vbat_mv != was_mv;
	if (!busy)
		chip->monitor_due = POTS_SIM_NEVER;
}

/* Samples that the monitor took while it rested. */
void sim3210_monitor_catch_up(struct sim3210 *chip, u64 now)
{
	u64 n = div_u64(now - chip->monitor_last, SIM3210_MONITOR_NS);
	unsigned int q;

	if (chip->monitor_due != POTS_SIM_NEVER || now <= chip->monitor_last || !n)
		return;
	chip->monitor_last += n * SIM3210_MONITOR_NS;
	lpf_skip(&chip->loop_lpf, measured_ua(chip),
		 lpf_coefficient(chip->ind[SI3210_IND_NCLR]), n);
	for (q = 0; q < SIM3210_Q_COUNT; q++)
		lpf_skip(&chip->q_lpf[q], q_power_uw(chip, q),
			 lpf_coefficient(chip->ind[q_filter[q]]), n);
}

/* Something that the monitor sees may be different from now on. */
void sim3210_feed_touched(struct sim3210 *chip)
{
	sim3210_monitor_catch_up(chip, chip->now);
	publish(chip);
	if (chip->monitor_due == POTS_SIM_NEVER)
		chip->monitor_due = chip->monitor_last + SIM3210_MONITOR_NS;
}

void sim3210_set_linefeed(struct sim3210 *chip, u8 lfs)
{
	u8 was = chip->lfs;

	if (lfs == was)
		return;
	sim3210_monitor_catch_up(chip, chip->now);
	chip->lfs = lfs;
	chip->debounce = 0;
	if (was == SI3210_LF_RINGING)
		sim3210_ring_stop(chip, chip->now);
	if (lfs == SI3210_LF_RINGING) {
		chip->ring_lpf = 0;
		sim3210_ring_start(chip, chip->now);
	}
	sim3210_meter_touched(chip);
	sim3210_feed_touched(chip);
}

void sim3210_feed_reset(struct sim3210 *chip)
{
	chip->lfs = SI3210_LF_OPEN;
	chip->lcr = false;
	chip->rtp = false;
	chip->debounce = 0;
	chip->loop_ua = 0;
	chip->loop_lpf = 0;
	chip->ring_lpf = 0;
	memset(chip->q_lpf, 0, sizeof(chip->q_lpf));
	chip->monitor_last = chip->now;
	chip->monitor_due = chip->now + SIM3210_MONITOR_NS;
}

/* ---------------------------------------------------------------- reads --- */

static u8 sense_mv(s32 mv)
{
	return clamp(mv / SI3210_SENSE_MV, 0, 255);
}

static u8 read_power(struct sim3210 *chip)
{
	unsigned int q = chip->reg[SI3210_PWRMP] & SI3210_PWRMP_MASK;

	if (q >= SIM3210_Q_COUNT)
		return 0;
	return min_t(u64, div_u64(chip->q_lpf[q] >> FRACTION, q_lsb_uw(q)), 255);
}

static u8 read_loop(const struct sim3210 *chip)
{
	return (raw_closed(chip) ? 0 : SI3210_LOOP_DBIRAW) |
	       (chip->rtp ? SI3210_LOOP_RTP : 0) | (chip->lcr ? SI3210_LOOP_LCR : 0);
}

u8 sim3210_read_monitor(struct sim3210 *chip, u8 reg)
{
	struct pots_sim_feed feed = {};
	bool sign = is_reversed(chip);
	s32 vcm = reg_mv(chip, SI3210_VCM);

	sim3210_monitor_catch_up(chip, chip->now);
	solve_dc(chip, &feed);
	switch (reg) {
	case SI3210_LOOP:
		return read_loop(chip);
	case SI3210_PWROM:
		return read_power(chip);
	case SI3210_LVS:
		return min_t(u32, feed.line_mv / SI3210_VOLT_MV, SI3210_LVS_MASK) |
		       (sign ? SI3210_LVS_LVSP : 0);
	case SI3210_LCS:
		return measured_ua(chip) / SI3210_LCS_UA | (sign ? SI3210_LCS_LCSP : 0);
	case SI3210_VTIP:
		return feed.fed ? sense_mv(vcm + (sign ? feed.line_mv : 0)) : 0;
	case SI3210_VRING:
		return feed.fed ? sense_mv(vcm + (sign ? 0 : feed.line_mv)) : 0;
	case SI3210_VBATS1:
	case SI3210_VBATS2:
		return sense_mv(chip->vbat_mv);
	case SI3210_IQ1:
	case SI3210_IQ2:
		return min_t(u32, q_power_uw(chip, reg - SI3210_IQ1) ?
			     chip->loop_ua / 319 : 0, 255);
	case SI3210_IQ3:
	case SI3210_IQ4:
		return q_power_uw(chip, reg - SI3210_IQ1) ?
		       min_t(u32, chip->loop_ua / 50 / 38, 255) : 0;
	case SI3210_IQ5:
	case SI3210_IQ6:
		return q_power_uw(chip, reg - SI3210_IQ1) ?
		       min_t(u32, chip->loop_ua / 316, 255) : 0;
	case SI3210_DCPW:
		return converter_runs(chip) ?
		       FIELD_GET(SI3210_DCDELAY_DCTOF, chip->reg[SI3210_DCDELAY]) + 4 +
		       chip->loop_ua / 1000 : 0;
	default:
		return 0;
	}
}
