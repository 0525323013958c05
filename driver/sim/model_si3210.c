// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: an Si3210, from its pins inward: SPI framing, reset, clock, the
 * interrupt line, and the order in which its clockworks run.
 *
 * Written against the datasheet's facts. It knows neither the driver nor the
 * core, and answers a wrong use as the chip would.
 */
#include <linux/random.h>
#include <linux/slab.h>

#include "si3210.h"

#define SIM3210_PLL_SETTLE_NS	(64ULL * NSEC_PER_SEC / 2048000)
#define SIM3210_REVISION	5	/* E */

static const struct {
	u8 reg;
	u8 val;
} sim3210_reset_values[] = {
	{ SI3210_SPI_MODE,		SIM3210_REVISION },
	{ SI3210_PCM_MODE,		SI3210_PCM_MODE_RESET },
	{ SI3210_LOOPBACK,		SI3210_LOOPBACK_RESET },
	{ SI3210_IMPEDANCE,		SI3210_IMPEDANCE_RESET },
	{ SI3210_HYBRID,		SI3210_HYBRID_RESET },
	{ SI3210_POWER1,		SI3210_POWER1_RESET },
	{ SI3210_LCD,			SI3210_LCD_RESET },
	{ SI3210_BIPOLAR,		SI3210_BIPOLAR_RESET },
	{ SI3210_BATTERY,		SI3210_BATTERY_RESET },
	{ SI3210_AUTO,			SI3210_AUTO_RESET },
	{ SI3210_LCDI,			SI3210_LCDI_RESET },
	{ SI3210_RTDI,			SI3210_RTDI_RESET },
	{ SI3210_VOC,			SI3210_VOC_RESET },
	{ SI3210_VCM,			SI3210_VCM_RESET },
	{ SI3210_VBATH,			SI3210_VBATH_RESET },
	{ SI3210_VBATL,			SI3210_VBATL_RESET },
	{ SI3210_DCN,			SI3210_DCN_RESET },
	{ SI3210_DCDELAY,		SI3210_DCDELAY_RESET },
	{ SI3210_CAL1,			SI3210_CAL1_RESET },
	{ SI3210_CAL2,			SI3210_CAL2_RESET },
	{ SI3210_CAL_RING_GAIN,		SI3210_CAL_RING_GAIN_RESET },
	{ SI3210_CAL_TIP_GAIN,		SI3210_CAL_TIP_GAIN_RESET },
	{ SI3210_CAL_DIFF_DAC,		SI3210_CAL_DIFF_DAC_RESET },
	{ SI3210_CAL_CM_DAC,		SI3210_CAL_CM_DAC_RESET },
	{ SI3210_CAL_ILIM,		SI3210_CAL_ILIM_RESET },
	{ SI3210_CAL_MONITOR,		SI3210_CAL_MONITOR_RESET },
	{ SI3210_CAL_CM_BALANCE,	SI3210_CAL_CM_BALANCE_RESET },
	{ SI3210_CAL_DC_PEAK,		SI3210_CAL_DC_PEAK_RESET },
};

static void update_irq(struct sim3210 *chip)
{
	pots_sim_line_set_irq(chip->line, chip->reg[SI3210_IRQ1] |
					  chip->reg[SI3210_IRQ2] |
					  chip->reg[SI3210_IRQ3]);
}

void sim3210_event(struct sim3210 *chip, unsigned int n, u8 bits)
{
	chip->reg[SI3210_IRQ1 + n] |= bits & chip->reg[SI3210_IRQ1_EN + n];
	update_irq(chip);
}

void sim3210_power_up(struct sim3210 *chip, u64 now)
{
	unsigned int i;

	memset(chip->reg, 0, sizeof(chip->reg));
	for (i = 0; i < ARRAY_SIZE(sim3210_reset_values); i++)
		chip->reg[sim3210_reset_values[i].reg] = sim3210_reset_values[i].val;
	if (chip->line->mosfet)
		chip->reg[SI3210_DCDELAY] |= SI3210_DCDELAY_DCPOL;
	get_random_bytes(chip->ind, sizeof(chip->ind));

	chip->second = false;
	chip->skip = 0;
	chip->selected = false;
	chip->ida_written = false;
	chip->ind_due = POTS_SIM_NEVER;
	chip->osc[0].on = false;
	chip->osc[1].on = false;
	chip->osc[0].due = POTS_SIM_NEVER;
	chip->osc[1].due = POTS_SIM_NEVER;
	chip->ring.on = false;
	chip->ring_due = POTS_SIM_NEVER;
	chip->ring_timed = false;
	chip->meter_due = POTS_SIM_NEVER;
	chip->cal_due = POTS_SIM_NEVER;
	chip->dccal_due = POTS_SIM_NEVER;
	chip->dtmf.watched = 0;
	chip->now = now;
	chip->stopped = now;
	chip->same = false;
	sim3210_feed_reset(chip);
	update_irq(chip);
}

/* ------------------------------------------------------------------ SPI --- */

static u64 sim3210_run(void *model, u64 now);

static bool is_dead(struct sim3210 *chip)
{
	return chip->held || pots_sim_fault_on(&chip->line->fault, POTS_SIM_FAULT_DEAD);
}

/*
 * The falling edge gives the chip its bit count anew. It does not tell the
 * first byte of an access from the second: chip select may rise between them.
 */
static void sim3210_cs(void *model, bool on)
{
	struct sim3210 *chip = model;

	if (on && pots_sim_fault_strikes(&chip->line->fault, POTS_SIM_FAULT_RESET)) {
		sim3210_set_linefeed(chip, SI3210_LF_OPEN);
		sim3210_power_up(chip, chip->now);
	}
}

/* The next byte says which chips of the chain are meant, or is for another. */
static bool is_chain_byte(const struct sim3210 *chip)
{
	return chip->reg[SI3210_SPI_MODE] & SI3210_SPI_MODE_SPIDC &&
	       !chip->second && !chip->selected;
}

/* SDITHRU: each chip finds its own select bit last; address and data go through. */
static u8 sim3210_thru(void *model, u8 sdi)
{
	struct sim3210 *chip = model;

	return is_chain_byte(chip) && !chip->skip ? sdi >> 1 : sdi;
}

static bool take_chain_byte(struct sim3210 *chip, u8 sdi)
{
	if (!is_chain_byte(chip))
		return false;
	if (chip->skip) {
		chip->skip--;
		return true;
	}
	chip->selected = sdi & 1;
	chip->skip = chip->selected ? 0 : 2;
	return true;
}

static u8 sim3210_byte(void *model, u8 sdi, u64 now)
{
	struct sim3210 *chip = model;
	u8 reg = chip->command & SI3210_SPI_ADDR;

	if (is_dead(chip))
		return SI3210_SPI_FLOATING;
	sim3210_run(chip, now);
	if (!chip->second) {
		if (take_chain_byte(chip, sdi))
			return SI3210_SPI_FLOATING;
		chip->command = sdi;
		chip->second = true;
		return SI3210_SPI_FLOATING;
	}

	chip->second = false;
	chip->selected = false;
	if (chip->command & SI3210_SPI_READ) {
		u8 mask = chip->line->fault.stuck_mask[reg];

		return (sim3210_read(chip, reg) & ~mask) |
		       (chip->line->fault.stuck_value[reg] & mask);
	}
	if (chip->line->fault.direct[reg] >= 0)
		sdi = chip->line->fault.direct[reg];
	sim3210_write(chip, reg, sdi);
	chip->same = false;
	update_irq(chip);
	sim3210_sounds(chip);
	return SI3210_SPI_FLOATING;
}

/* ----------------------------------------------------------------- time --- */

static bool is_stopped(const struct sim3210 *chip)
{
	return chip->held || !chip->clocked;
}

/* When the next clockwork is due that does not wait for an access. */
static u64 next_due(const struct sim3210 *chip)
{
	u64 next = chip->monitor_due;

	next = min(next, chip->osc[0].due);
	next = min(next, chip->osc[1].due);
	next = min(next, chip->ring_due);
	next = min(next, chip->meter_due);
	next = min(next, chip->cal_due);
	return min(next, chip->dccal_due);
}

/* Nobody waits for an indirect access but a reader or its interrupt. */
static u64 sim3210_next(void *model)
{
	struct sim3210 *chip = model;

	if (is_stopped(chip))
		return POTS_SIM_NEVER;
	if (chip->reg[SI3210_IRQ3_EN] & SI3210_IRQ3_INDP)
		return min(next_due(chip), chip->ind_due);
	return next_due(chip);
}

static void do_what_is_due(struct sim3210 *chip, u64 at)
{
	if (chip->ind_due <= at)
		sim3210_indirect_served(chip);
	if (chip->osc[0].due <= at)
		sim3210_osc_timer(chip, 0);
	if (chip->osc[1].due <= at)
		sim3210_osc_timer(chip, 1);
	if (chip->ring_due <= at)
		sim3210_ring_timer(chip);
	if (chip->meter_due <= at)
		sim3210_meter_timer(chip);
	if (chip->monitor_due <= at)
		sim3210_monitor(chip, at);
	if (chip->cal_due <= at)
		sim3210_cal_done(chip);
	if (chip->dccal_due <= at)
		sim3210_dccal_done(chip);
}

/* A clockwork whose time has come may change anything. */
static void run_due(struct sim3210 *chip, u64 now)
{
	u64 at;

	while ((at = min(next_due(chip), chip->ind_due)) <= now) {
		sim3210_find_path(chip);
		chip->now = max(at, chip->now);
		sim3210_sound(chip, at);
		do_what_is_due(chip, at);
	}
	sim3210_find_path(chip);
	chip->due = at;
	chip->same = true;
}

static u64 sim3210_run(void *model, u64 now)
{
	struct sim3210 *chip = model;

	if (is_stopped(chip) || now <= chip->now) {
		chip->now = max(now, chip->now);
		return sim3210_next(chip);
	}
	if (!chip->same || chip->due <= now)
		run_due(chip, now);
	chip->now = now;
	sim3210_sound(chip, now);
	return chip->ind_due == POTS_SIM_NEVER ? chip->due : sim3210_next(chip);
}

static void shift(u64 *due, u64 by)
{
	if (*due != POTS_SIM_NEVER)
		*due += by;
}

/* Without PCLK the chip's time stands still; the loop is fed on. */
static void sim3210_clock(void *model, bool on, u64 now)
{
	struct sim3210 *chip = model;
	u64 gap;

	if (on == chip->clocked)
		return;
	chip->clocked = on;
	if (!on) {
		chip->stopped = now;
		return;
	}

	chip->same = false;
	gap = now - chip->stopped + SIM3210_PLL_SETTLE_NS;
	shift(&chip->ind_due, gap);
	shift(&chip->monitor_due, gap);
	shift(&chip->monitor_last, gap);
	shift(&chip->osc[0].due, gap);
	shift(&chip->osc[1].due, gap);
	shift(&chip->ring_due, gap);
	shift(&chip->ring_at, gap);
	shift(&chip->meter_due, gap);
	shift(&chip->meter_since, gap);
	shift(&chip->cal_due, gap);
	shift(&chip->dccal_due, gap);
}

static void sim3210_reset(void *model, bool held, u64 now)
{
	struct sim3210 *chip = model;

	if (held == chip->held)
		return;
	if (held) {
		sim3210_set_linefeed(chip, SI3210_LF_OPEN);
		sim3210_power_up(chip, now);
	}
	chip->held = held;
	chip->now = now;
}

static void sim3210_loop(void *model, u64 now)
{
	struct sim3210 *chip = model;

	chip->same = false;
	sim3210_cal_disturbed(chip);
	sim3210_feed_touched(chip);
}

static void sim3210_counts(void *model, struct pots_sim_counts *counts)
{
	struct sim3210 *chip = model;

	counts->bad_writes = chip->bad_writes;
	counts->bad_access = chip->bad_access;
	counts->osc_conflicts = chip->osc_conflicts;
}

/* What calibration finds is a property of the piece of silicon. */
static void make_truth(struct sim3210_truth *truth)
{
	static const u8 middle[] = {
		0x10, 0x10, 0x11, 0x11, 0x08, 0x88, 0x00, 0x0c, 0x20, 0x08,
	};
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(middle) != sizeof(truth->result));
	get_random_bytes(truth->result, sizeof(truth->result));
	for (i = 0; i < ARRAY_SIZE(middle); i++)
		truth->result[i] = middle[i] + truth->result[i] % 4;
	/* Never what the register holds after reset: not to calibrate shows. */
	truth->result[SI3210_CAL_RING_GAIN - SI3210_CAL_RING_GAIN] += 1;
	truth->result[SI3210_CAL_TIP_GAIN - SI3210_CAL_RING_GAIN] += 1;
}

static void *sim3210_alloc(struct pots_sim_line *line)
{
	struct sim3210 *chip = kzalloc(sizeof(*chip), GFP_KERNEL);

	if (!chip)
		return NULL;
	chip->line = line;
	make_truth(&chip->truth);
	sim3210_power_up(chip, 0);
	return chip;
}

static void sim3210_free(void *model)
{
	kfree(model);
}

const struct pots_sim_model_ops pots_sim_si3210_ops = {
	.alloc = sim3210_alloc,
	.free = sim3210_free,
	.cs = sim3210_cs,
	.byte = sim3210_byte,
	.thru = sim3210_thru,
	.run = sim3210_run,
	.next = sim3210_next,
	.loop = sim3210_loop,
	.clock = sim3210_clock,
	.reset = sim3210_reset,
	.counts = sim3210_counts,
};
