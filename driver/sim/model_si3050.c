// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: an Si3050, from its pins inward: SPI framing, daisy chain, reset,
 * clock, the interrupt line, and the order in which its clockworks run.
 *
 * Written against facts of data sheets, and of drivers that work. It knows
 * neither the driver nor the core, and answers a wrong use as the chip would.
 */
#include <linux/bitrev.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "si3050.h"

#define LOCK_NS		900000	/* of the PLL: less than 1 ms, and not much */
#define LINK_MIN_MS	20
#define LINK_MS		180

static void update_irq(struct sim3050 *chip)
{
	bool pending = chip->reg[SI3050_IRQ] & chip->reg[SI3050_IRQ_MASK];
	u8 control = chip->reg[SI3050_CONTROL2];
	bool high = control & SI3050_CONTROL2_INTP;

	/* Without INTE the pin is an output for sound; the board's line is low-active. */
	pots_sim_line_set_irq(chip->line, control & SI3050_CONTROL2_INTE && pending != high);
}

void sim3050_event(struct sim3050 *chip, u8 bits)
{
	chip->reg[SI3050_IRQ] |= bits;
	update_irq(chip);
}

static void power_up(struct sim3050 *chip)
{
	sim3050_registers_reset(chip);
	sim3050_line_reset(chip);
	chip->taken = 0;
	chip->reset_due = POTS_SIM_NEVER;
	update_irq(chip);
}

/* ------------------------------------------------------------------ SPI --- */

static u64 sim3050_run(void *model, u64 now);

static bool is_dead(struct sim3050 *chip)
{
	return chip->held || pots_sim_fault_on(&chip->line->fault, POTS_SIM_FAULT_DEAD);
}

/*
 * One byte to a chip select; more are lost (not verified: all drivers that work
 * raise it after each). A chip select without a byte begins an access anew.
 */
static void sim3050_cs(void *model, bool on)
{
	struct sim3050 *chip = model;

	if (!on) {
		if (!chip->full)
			chip->taken = 0;
		return;
	}
	chip->full = false;
	if (!chip->taken && pots_sim_fault_strikes(&chip->line->fault, POTS_SIM_FAULT_RESET))
		power_up(chip);
}

/* SDITHRU: the channel of a control byte, its least significant bit first, less one. */
static u8 sim3050_thru(void *model, u8 sdi)
{
	struct sim3050 *chip = model;
	u8 channel = bitrev8(sdi & SI3050_SPI_CHANNEL) >> 4;

	if (chip->taken || !(sdi & SI3050_SPI_ONE))
		return sdi;
	channel = bitrev8((channel - 1) & 0xf) >> 4;
	return (sdi & ~SI3050_SPI_CHANNEL) | channel;
}

/* A byte without the bit that is always 1 is none: the chip waits on. */
static bool take_control(struct sim3050 *chip, u8 sdi)
{
	if (!(sdi & SI3050_SPI_ONE)) {
		chip->bad_access++;
		return false;
	}
	chip->read = sdi & SI3050_SPI_RD;
	chip->meant = !(sdi & SI3050_SPI_CHANNEL) ||
		      (sdi & SI3050_SPI_BROADCAST && !chip->read);
	return true;
}

static bool is_asleep(const struct sim3050 *chip, u64 now)
{
	return !chip->clocked || now < chip->ready;
}

static u8 read_data(struct sim3050 *chip)
{
	u8 mask = chip->line->fault.stuck_mask[chip->addr];

	if (is_asleep(chip, chip->now))
		return 0;
	return (sim3050_read(chip, chip->addr) & ~mask) |
	       (chip->line->fault.stuck_value[chip->addr] & mask);
}

static u8 take_data(struct sim3050 *chip, u8 sdi)
{
	if (!chip->meant)
		return SI3050_SPI_FLOATING;
	if (chip->read)
		return read_data(chip);
	if (is_asleep(chip, chip->now))
		return SI3050_SPI_FLOATING;
	if (chip->line->fault.direct[chip->addr] >= 0)
		sdi = chip->line->fault.direct[chip->addr];
	sim3050_write(chip, chip->addr, sdi);
	update_irq(chip);
	sim3050_sounds(chip);
	return SI3050_SPI_FLOATING;
}

static u8 sim3050_byte(void *model, u8 sdi, u64 now)
{
	struct sim3050 *chip = model;

	if (is_dead(chip))
		return SI3050_SPI_FLOATING;
	sim3050_run(chip, now);
	if (chip->full) {
		chip->bad_access++;
		return SI3050_SPI_FLOATING;
	}
	chip->full = true;
	switch (chip->taken) {
	case 0:
		chip->taken = take_control(chip, sdi);
		return SI3050_SPI_FLOATING;
	case 1:
		chip->addr = sdi & SI3050_SPI_ADDR;
		chip->taken = 2;
		return SI3050_SPI_FLOATING;
	default:
		chip->taken = 0;
		return take_data(chip, sdi);
	}
}

/* ----------------------------------------------------------------- time --- */

static u64 sim3050_next(void *model)
{
	struct sim3050 *chip = model;

	if (chip->held || !chip->clocked)
		return POTS_SIM_NEVER;
	return min(min(chip->reset_due, chip->link_due), min(chip->hook_due, chip->ring.due));
}

static void do_what_is_due(struct sim3050 *chip, u64 at)
{
	if (chip->reset_due <= at)
		power_up(chip);
	if (chip->link_due <= at)
		sim3050_link_locked(chip);
	if (chip->hook_due <= at)
		sim3050_hook_opens(chip);
	sim3050_ring_until(chip, at);
}

static u64 sim3050_run(void *model, u64 now)
{
	struct sim3050 *chip = model;
	u64 at;

	if (chip->held || !chip->clocked || now <= chip->now) {
		chip->now = max(now, chip->now);
		return sim3050_next(chip);
	}
	while ((at = sim3050_next(chip)) <= now) {
		chip->now = max(at, chip->now);
		sim3050_sound(chip, at);
		do_what_is_due(chip, at);
	}
	chip->now = now;
	sim3050_sound(chip, now);
	sim3050_ring_until(chip, now);
	return sim3050_next(chip);
}

/* Without PCLK there is no link, and without a link nobody holds the line. */
static void sim3050_clock(void *model, bool on, u64 now)
{
	struct sim3050 *chip = model;

	if (on == chip->clocked)
		return;
	chip->clocked = on;
	chip->now = max(now, chip->now);
	if (on) {
		chip->ready = now + LOCK_NS;
		sim3050_link_start(chip, chip->ready);
	} else {
		sim3050_link_lost(chip);
	}
}

static void sim3050_reset(void *model, bool held, u64 now)
{
	struct sim3050 *chip = model;

	if (held == chip->held)
		return;
	chip->held = held;
	chip->now = max(now, chip->now);
	if (held)
		power_up(chip);
	else
		chip->ready = now + LOCK_NS;
}

static void sim3050_loop(void *model, u64 now)
{
	struct sim3050 *chip = model;
	struct pots_sim_faults *fault = &chip->line->fault;

	chip->now = max(now, chip->now);
	if (chip->link && pots_sim_fault_strikes(fault, POTS_SIM_FAULT_LINK)) {
		sim3050_event(chip, SI3050_IRQ_FDT);
		sim3050_link_lost(chip);
	}
	if (!chip->link && chip->link_due == POTS_SIM_NEVER)
		sim3050_link_start(chip, chip->now);
	if (chip->link && pots_sim_fault_strikes(fault, POTS_SIM_FAULT_OVERLOAD))
		sim3050_overloaded(chip);
	sim3050_look(chip);
	sim3050_sounds(chip);
}

static void sim3050_counts(void *model, struct pots_sim_counts *counts)
{
	struct sim3050 *chip = model;

	counts->bad_writes = chip->bad_writes;
	counts->bad_access = chip->bad_access;
}

/* What is peculiar to the piece of silicon. */
static void *sim3050_alloc(struct pots_sim_line *line)
{
	struct sim3050 *chip = kzalloc(sizeof(*chip), GFP_KERNEL);

	if (!chip)
		return NULL;
	chip->line = line;
	chip->link_ns = (LINK_MIN_MS + get_random_u32() % LINK_MS) * (u64)NSEC_PER_MSEC;
	chip->offset = 400 + get_random_u32() % 2400;
	chip->volt_gain = 930 + get_random_u32() % 140;
	power_up(chip);
	return chip;
}

static void sim3050_free(void *model)
{
	kfree(model);
}

const struct pots_sim_model_ops pots_sim_si3050_ops = {
	.alloc = sim3050_alloc,
	.free = sim3050_free,
	.cs = sim3050_cs,
	.byte = sim3050_byte,
	.thru = sim3050_thru,
	.run = sim3050_run,
	.next = sim3050_next,
	.loop = sim3050_loop,
	.clock = sim3050_clock,
	.reset = sim3050_reset,
	.counts = sim3050_counts,
};
