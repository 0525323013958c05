// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_look: one look at the line, and what follows from it.
 *
 * Ringing is what the chip has validated, or si3050_ring.c where it does not:
 * alternations of the right frequency for long enough, so that a step of the
 * direct voltage, a reversal or a pulse of a message-waiting lamp is none. While
 * it rings the voltage of the line tells nothing.
 */
#include <linux/device.h>
#include <linux/timekeeping.h>

#include "si3050.h"

#define PROTECT_NS	(25ull * NSEC_PER_MSEC)
#define OVERLOAD_NS	(200ull * NSEC_PER_MSEC)
#define OVERLOADS_MAX	3
#define FOLLOW_NS	(200ull * NSEC_PER_MSEC)
#define BILLED_LOOKS	3

#define HALVES_NS	(60ull * NSEC_PER_MSEC)	/* one comes, or there was none */
#define HALVES		(SI3050_DAA1_RDTN | SI3050_DAA1_RDTP)

/* In the order of si3050_look_locked(); those after LVS are read off-hook. */
enum look {
	LOOK_CLEAR,
	LOOK_IRQ,
	LOOK_DAA1,
	LOOK_MEASURED,
	LOOK_STATUS = LOOK_MEASURED + SI3050_MEASURED_STATUS,
	LOOK_LVS = LOOK_MEASURED + SI3050_MEASURED_LVS,
	LOOK_ON_HOOK,
	LOOK_LCS2 = LOOK_MEASURED + SI3050_MEASURED_LCS2,
	LOOK_INTL4 = LOOK_MEASURED + SI3050_MEASURED_INTL4,
	LOOK_INTL2,
	LOOKS,
};

/* ------------------------------------------------------------- ringing --- */

static bool is_judged_by_chip(const struct si3050 *chip)
{
	return chip->chain->detector == SI3050_BY_CHIP;
}

/* There is nothing to be found out but its end, which the chip tells. */
static bool is_known(const struct si3050 *chip)
{
	return is_judged_by_chip(chip) && chip->ring.freq_mhz;
}

/* What there may be of ringing is followed for as long as the chip tells of it. */
static bool is_followed(const struct si3050 *chip, u64 now_ns)
{
	return now_ns < chip->follow_ns && !chip->off_hook && !is_known(chip);
}

static void see_halves(struct si3050 *chip, u8 daa1, u64 at_ns)
{
	bool told = daa1 & SI3050_DAA1_RDT;

	if (told && !chip->ring_told && is_judged_by_chip(chip))
		si3050_ring_forget(&chip->ring);
	chip->ring_told = told;
	if (daa1 & HALVES)
		chip->halves_ns = at_ns;
	if (daa1 & HALVES || told)
		chip->follow_ns = at_ns + FOLLOW_NS;
	if (!is_known(chip))
		si3050_ring_look(&chip->ring, daa1 & SI3050_DAA1_RDTP,
				 daa1 & SI3050_DAA1_RDTN, at_ns);
}

static void see_ringing(struct si3050 *chip, u8 daa1, u64 at_ns)
{
	bool rings;

	see_halves(chip, daa1, at_ns);
	rings = !chip->off_hook &&
		(is_judged_by_chip(chip) ? chip->ring_told : chip->ring.rings);
	if (rings == chip->rings)
		return;
	chip->rings = rings;
	chip->busy_ns = at_ns + SI3050_SETTLE_NS;
	pots_port_report_ring(chip->port, rings, chip->ring.freq_mhz, at_ns);
}

/* Whether the voltage may be that of ringing. */
static bool may_ring(const struct si3050 *chip, u64 now_ns)
{
	return chip->rings || now_ns < chip->halves_ns + HALVES_NS;
}

/**
 * si3050_follow_ringing_locked - a look at nothing but the ringing
 * @chip:	the chip, up; its line_lock is held
 *
 * Return: whether there shall be another within SI3050_RING_LATE_MS.
 */
bool si3050_follow_ringing_locked(struct si3050 *chip)
{
	u64 now_ns = ktime_get_ns();
	int daa1;

	lockdep_assert_held(&chip->line_lock);
	if (!is_followed(chip, now_ns))
		return false;
	daa1 = si3050_read(chip, SI3050_DAA1);
	now_ns = ktime_get_ns();
	if (daa1 >= 0 && daa1 != SI3050_SPI_FLOATING)
		see_ringing(chip, daa1, now_ns);
	return is_followed(chip, now_ns);
}

/* ------------------------------------------------------------- billing --- */

static u8 intl2_value(const struct si3050 *chip)
{
	return si3050_daa_value(chip, SI3050_INTL2) |
	       (chip->protected ? SI3050_INTL2_OPE : 0);
}

/* The bit stays until it is cleared: a pulse lasts as long as it comes back. */
static void see_billing(struct si3050 *chip, u8 intl2, u64 at_ns)
{
	bool tone = intl2 & SI3050_INTL2_BTD && intl2 & SI3050_INTL2_BTE && chip->off_hook;

	if (tone) {
		chip->billed = BILLED_LOOKS;
		si3050_write(chip, SI3050_INTL2, intl2_value(chip));
	} else if (chip->billed && (!chip->off_hook || !--chip->billed)) {
		chip->billed = 0;
		pots_port_report_billing(chip->port, at_ns);
	}
}

/* ------------------------------------------------------------ overload --- */

/* A line that was let go for good recovers when it is seized anew. */
static void see_recovery(struct si3050 *chip, u64 at_ns)
{
	bool holds = chip->off_hook ? chip->protected :
		     !chip->reseize && chip->overloads < OVERLOADS_MAX;

	if (!chip->overloaded || !holds || at_ns < chip->hook_ns + OVERLOAD_NS)
		return;
	chip->overloaded = false;
	pots_port_report_alarm(chip->port, POTS_ALARM_RECOVERED, at_ns);
}

/*
 * The chip has opened a loop that would burn it. It is closed again a moment
 * later; a line that does it again and again is let go.
 */
static void see_overload(struct si3050 *chip, u8 intl4, u64 at_ns)
{
	if (!chip->protected || !(intl4 & SI3050_INTL4_OPD)) {
		see_recovery(chip, at_ns);
		return;
	}
	if (!chip->overloaded)
		pots_port_report_alarm(chip->port, POTS_ALARM_RAISED, at_ns);
	chip->overloaded = true;
	chip->overloads++;
	if (si3050_hook_locked(chip, false, false))
		si3050_check_soon(chip->chain);
	chip->reseize = chip->overloads < OVERLOADS_MAX;
	if (!chip->reseize)
		pots_port_report_alarm(chip->port, POTS_ALARM_GIVEN_UP, at_ns);
}

static void protect(struct si3050 *chip)
{
	chip->protected = true;
	if (si3050_write(chip, SI3050_INTL2, intl2_value(chip)))
		chip->protected = false;
}

/**
 * si3050_protect_locked - what is due some time after a change of the hook
 * @chip:	the chip, up; its line_lock is held
 * @now_ns:	now
 *
 * The protection takes the surge of going off-hook for an overload: it is
 * switched on a moment later.
 */
void si3050_protect_locked(struct si3050 *chip, u64 now_ns)
{
	lockdep_assert_held(&chip->line_lock);
	if (chip->reseize && now_ns >= chip->hook_ns + OVERLOAD_NS) {
		chip->reseize = false;
		si3050_hook_locked(chip, true, false);
	} else if (chip->off_hook && !chip->protected &&
		   now_ns >= chip->hook_ns + PROTECT_NS) {
		protect(chip);
	}
}

/* ---------------------------------------------------------------- looks --- */

static void see_line(struct si3050 *chip, const struct si3050_access *looks, u64 at_ns)
{
	u8 daa1 = looks[LOOK_DAA1].value;
	struct pots_line_sense sense;

	see_ringing(chip, daa1, at_ns);
	see_billing(chip, looks[LOOK_INTL2].value, at_ns);
	see_overload(chip, looks[LOOK_INTL4].value, at_ns);
	if (!chip->off_hook && may_ring(chip, at_ns))
		return;
	si3050_make_sense(&sense, chip, &looks[LOOK_MEASURED]);
	pots_port_report_sense(chip->port, &sense, at_ns);
}

/**
 * si3050_look_locked - look at the line and report
 * @chip:	the chip, up; its line_lock is held
 * @clear:	interrupt sources to clear before
 * @at_ns:	when that happened which is to be seen
 *
 * A source that is set between a look and its clearing belongs to the next
 * look; the line is seen once more after its source was cleared, so that the
 * last change cannot be lost.
 *
 * Return: of SI3050_IRQ_WANTED what is set, or -EIO when the chip does not answer.
 */
int si3050_look_locked(struct si3050 *chip, u8 clear, u64 at_ns)
{
	struct si3050_access looks[LOOKS] = {
		[LOOK_CLEAR] = SI3050_WRITE(SI3050_IRQ, ~clear),
		[LOOK_IRQ] = SI3050_READ(SI3050_IRQ),
		[LOOK_DAA1] = SI3050_READ(SI3050_DAA1),
		[LOOK_STATUS] = SI3050_READ(SI3050_LINE_STATUS),
		[LOOK_LVS] = SI3050_READ(SI3050_LVS),
		[LOOK_LCS2] = SI3050_READ(SI3050_LCS2),
		[LOOK_INTL4] = SI3050_READ(SI3050_INTL4),
		[LOOK_INTL2] = SI3050_READ(SI3050_INTL2),
	};
	u8 daa1;
	int ret;

	lockdep_assert_held(&chip->line_lock);
	ret = si3050_run(chip, looks, chip->off_hook ? LOOKS : LOOK_ON_HOOK);
	daa1 = looks[LOOK_DAA1].value;
	if (ret || daa1 == SI3050_SPI_FLOATING)
		return -EIO;
	if (!(looks[LOOK_STATUS].value & SI3050_LINE_STATUS_FDT) ||
	    !(daa1 & SI3050_DAA1_OH) != !chip->off_hook)
		si3050_check_soon(chip->chain);
	else
		see_line(chip, looks, at_ns);
	ret = looks[LOOK_IRQ].value & SI3050_IRQ_WANTED;
	if (ret)
		chip->busy_ns = at_ns + SI3050_SETTLE_NS;
	return ret;
}
