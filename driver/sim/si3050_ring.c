// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the ring detector of an Si3050, sample by sample behind its
 * capacitor: a step of the line's voltage gets through, too, and dies away.
 */
#include "si3050.h"

#define LOOK_NS		1000000	/* how often something is looked at that moves */
#define STEP_DECAY	80	/* samples: 10 ms (not verified) */
#define STEP_GONE_MV	1000

static u64 ms(u32 n)
{
	return n * (u64)NSEC_PER_MSEC;
}

/* Peaks of 15, 21.5 and 45 V rms. */
static s32 threshold_mv(const struct sim3050 *chip)
{
	bool rt = chip->reg[SI3050_INTL1] & SI3050_INTL1_RT;
	bool rt2 = chip->reg[SI3050_INTL2] & SI3050_INTL2_RT2;

	return rt && rt2 ? 63640 : rt || rt2 ? 30406 : 21213;
}

static bool is_full_wave(const struct sim3050 *chip)
{
	return chip->reg[SI3050_INTL3] & SI3050_INTL3_RFWE;
}

static bool is_validated(const struct sim3050 *chip)
{
	return chip->reg[SI3050_RING3] & SI3050_RING3_RNGV;
}

static u64 confirm_ns(const struct sim3050 *chip)
{
	static const u16 rcc_ms[] = SI3050_RCC_MS;
	u32 delay = FIELD_GET(SI3050_RING1_RDLY, chip->reg[SI3050_RING1]);

	if (chip->reg[SI3050_RING2] & SI3050_RING2_RDLY2)
		delay += 4;
	return ms(rcc_ms[FIELD_GET(SI3050_RING2_RCC, chip->reg[SI3050_RING2])] +
		  delay * SI3050_RDLY_MS);
}

static u64 timeout_ns(const struct sim3050 *chip)
{
	u32 steps = FIELD_GET(SI3050_RING2_RTO, chip->reg[SI3050_RING2]);

	return ms(steps ? steps * SI3050_RTO_MS : SI3050_RTO_ZERO_MS);
}

/* ---------------------------------------------------------------- rings --- */

static void begin(struct sim3050 *chip)
{
	if (chip->ring.rings)
		return;
	chip->ring.rings = true;
	sim3050_event(chip, SI3050_IRQ_RDT);
}

static void end(struct sim3050 *chip)
{
	if (!chip->ring.rings)
		return;
	chip->ring.rings = false;
	if (chip->reg[SI3050_CONTROL2] & SI3050_CONTROL2_RDI)
		sim3050_event(chip, SI3050_IRQ_RDT);
}

/* The timer, loaded at the last event, is in its window at the next. */
static bool is_in_time(const struct sim3050 *chip, u64 since)
{
	s64 left = FIELD_GET(SI3050_RING3_RAS, chip->reg[SI3050_RING3]) -
		   (s64)div_u64(since, SI3050_RING_STEP_US * NSEC_PER_USEC);

	return left > 0 && left <= FIELD_GET(SI3050_RING1_RMX, chip->reg[SI3050_RING1]);
}

/* TIP and RING have changed over. */
static void changed_over(struct sim3050 *chip, bool positive, u64 at)
{
	struct sim3050_ring *ring = &chip->ring;
	u64 since = at - ring->event;

	if (ring->seen && ring->sign == positive)
		return;
	if (ring->seen && is_in_time(chip, since)) {
		if (!ring->valid_from)
			ring->valid_from = ring->event;
		ring->valid = at;
	} else {
		ring->valid_from = 0;
	}
	ring->seen = true;
	ring->sign = positive;
	ring->event = at;
	if (is_validated(chip) && ring->valid_from &&
	    at - ring->valid_from >= confirm_ns(chip))
		begin(chip);
}

static void look_at_end(struct sim3050 *chip, u64 at)
{
	struct sim3050_ring *ring = &chip->ring;

	if (!is_validated(chip)) {
		if (ring->rings && at >= ring->until)
			end(chip);
		return;
	}
	if (ring->seen && at - ring->event >= timeout_ns(chip)) {
		ring->seen = false;
		ring->valid_from = 0;
	}
	if (ring->rings && at - ring->valid >= timeout_ns(chip))
		end(chip);
}

static void crossed(struct sim3050 *chip, bool positive, u64 at)
{
	changed_over(chip, positive, at);
	if (is_validated(chip) || (!positive && !is_full_wave(chip)))
		return;
	chip->ring.until = at + ms(SI3050_RDT_MS);
	begin(chip);
}

static void sample(struct sim3050 *chip, u64 at)
{
	struct sim3050_ring *ring = &chip->ring;
	s32 mv = pots_sim_line_ring_mv(chip->line, at) + ring->step_mv;
	s32 threshold = threshold_mv(chip);
	bool positive = mv > threshold, negative = mv < -threshold;

	ring->step_mv -= ring->step_mv / STEP_DECAY;
	if (positive && !ring->positive)
		crossed(chip, true, at);
	if (negative && !ring->negative)
		crossed(chip, false, at);
	ring->positive = positive;
	ring->negative = negative;
	look_at_end(chip, at);
}

/* ----------------------------------------------------------------- time --- */

static bool moves(const struct sim3050 *chip)
{
	return chip->link && !chip->closed &&
	       (pots_sim_line_rings(chip->line) || abs(chip->ring.step_mv) > STEP_GONE_MV);
}

/* What still has to come to an end when nothing moves any more. */
static u64 rest_due(const struct sim3050 *chip)
{
	const struct sim3050_ring *ring = &chip->ring;

	if (!is_validated(chip))
		return ring->rings ? ring->until : POTS_SIM_NEVER;
	if (ring->rings)
		return ring->valid + timeout_ns(chip);
	return ring->seen ? ring->event + timeout_ns(chip) : POTS_SIM_NEVER;
}

static void rest(struct sim3050 *chip)
{
	chip->ring.positive = false;
	chip->ring.negative = false;
	chip->ring.step_mv = 0;
}

void sim3050_ring_until(struct sim3050 *chip, u64 until)
{
	struct sim3050_ring *ring = &chip->ring;

	if (!chip->link)
		return;
	for (; ring->at <= until && moves(chip); ring->at += POTS_SIM_SAMPLE_NS)
		sample(chip, ring->at);
	if (moves(chip)) {
		ring->due = until + LOOK_NS;
		return;
	}
	rest(chip);
	ring->at = max(ring->at, until);
	look_at_end(chip, until);
	ring->due = rest_due(chip);
}

/* The line's DC is another now. */
void sim3050_ring_stepped(struct sim3050 *chip, s32 dc_mv)
{
	struct sim3050_ring *ring = &chip->ring;

	if (!chip->closed)
		ring->step_mv += dc_mv - ring->dc_mv;
	ring->dc_mv = dc_mv;
	if (moves(chip))
		ring->due = min(ring->due, chip->now + LOOK_NS);
}

/* Off-hook there is no ringing, and none has been. */
void sim3050_ring_reset(struct sim3050 *chip)
{
	struct sim3050_ring *ring = &chip->ring;
	struct pots_sim_sense sense;

	pots_sim_line_sense(chip->line, &sense);
	memset(ring, 0, sizeof(*ring));
	ring->dc_mv = sense.line_mv;
	ring->at = chip->now;
	ring->due = POTS_SIM_NEVER;
}

/* RDTN is not for the half wave (not verified). */
u8 sim3050_read_ring(const struct sim3050 *chip)
{
	const struct sim3050_ring *ring = &chip->ring;

	if (!chip->link)
		return 0;
	return (ring->positive ? SI3050_DAA1_RDTP : 0) |
	       (ring->negative && is_full_wave(chip) ? SI3050_DAA1_RDTN : 0) |
	       (ring->rings ? SI3050_DAA1_RDT : 0);
}
