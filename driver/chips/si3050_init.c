// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_init: brings chips from unknown registers to lines that are on-hook,
 * and back to rest.
 *
 * A board need not have a reset line, and a driver before us, or a kernel
 * before this one, may have left the chips in any state: what answers as such a
 * chip does is reset by its register. The links to the line sides of a chain,
 * which take up to two seconds, come up side by side.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/jiffies.h>

#include "si3050.h"

#define RESET_US	100
#define SOFT_RESET_MS	100
#define LINK_MS		2000
#define LINK_POLL_MS	10

/* Ringing: confirmed by 150 ms of it, told at once, over after 128 ms. */
#define RING2		(FIELD_PREP(SI3050_RING2_RTO, 1) | FIELD_PREP(SI3050_RING2_RCC, 1))

/* What an exchange is like for which nobody has said anything. */
static const struct pots_daa default_daa = {
	.dc_mv = 3100,
	.loop_min_ua = 10000,
	.on_hook_us = 500,
	.ring_threshold_mv = 15000,
	.ring_min_mhz = 13000,
	.ring_max_mhz = 68000,
};

/* -------------------------------------------------------------- identity --- */

/* Bits that no write and no event can set; a floating or foreign bus does. */
static const struct si3050_value zero_bits[] = {
	{ SI3050_DAA1,		0x82 },
	{ SI3050_LINE_STATUS,	0xa0 },
	{ SI3050_TX_GAIN,	0xe0 },
	{ SI3050_RX_GAIN,	0xe0 },
};

static bool is_plausible(struct si3050 *chip)
{
	unsigned int i;
	int ret;

	ret = si3050_read(chip, SI3050_ID);
	if (ret < 0 || !FIELD_GET(SI3050_ID_REVA, ret) || ret == SI3050_SPI_FLOATING)
		return false;
	for (i = 0; i < ARRAY_SIZE(zero_bits); i++) {
		ret = si3050_read(chip, zero_bits[i].reg);
		if (ret < 0 || ret & zero_bits[i].value)
			return false;
	}
	return true;
}

/* Who was interrupted within an access left the chips out of step. */
static int identify(struct si3050 *chip)
{
	unsigned int byte;

	for (byte = 0; byte < SI3050_SPI_BYTES; byte++) {
		if (is_plausible(chip))
			return 0;
		si3050_fill_byte(chip->chain);
	}
	dev_dbg(si3050_dev(chip), "chip %u: no Si3050 answers\n", chip->number);
	return -ENODEV;
}

static int soft_reset(struct si3050 *chip)
{
	return si3050_write(chip, SI3050_CONTROL1, SI3050_CONTROL1_SR);
}

/* Right after a reset three registers tell. */
static int verify_reset(struct si3050 *chip)
{
	struct si3050_access accesses[] = {
		SI3050_READ(SI3050_CONTROL2),
		SI3050_READ(SI3050_IRQ_MASK),
		SI3050_READ(SI3050_PCM_MODE),
	};
	int ret = si3050_run(chip, accesses, ARRAY_SIZE(accesses));

	if (ret)
		return ret;
	if (accesses[0].value == SI3050_CONTROL2_RESET && !accesses[1].value &&
	    !accesses[2].value)
		return 0;
	dev_dbg(si3050_dev(chip), "chip %u: like a Si3050, but is none\n", chip->number);
	return -ENODEV;
}

/* ------------------------------------------------------------------ link --- */

static int start_link(struct si3050 *chip)
{
	return si3050_write(chip, SI3050_DAA2, 0);
}

/* 0 when the line side answers, -EAGAIN as long as it does not. */
static int look_at_link(struct si3050 *chip)
{
	struct si3050_access accesses[] = {
		SI3050_READ(SI3050_ID),
		SI3050_READ(SI3050_LINE_STATUS),
		SI3050_READ(SI3050_LINE_REV),
	};
	int ret = si3050_run(chip, accesses, ARRAY_SIZE(accesses));

	if (ret)
		return ret;
	chip->line_side = FIELD_GET(SI3050_ID_LSID, accesses[0].value);
	if (!chip->line_side || !(accesses[1].value & SI3050_LINE_STATUS_FDT))
		return -EAGAIN;
	dev_dbg(si3050_dev(chip), "chip %u: revision %lu, line side %u revision %lu\n",
		chip->number, FIELD_GET(SI3050_ID_REVA, accesses[0].value), chip->line_side,
		FIELD_GET(SI3050_LINE_REV_REVB, accesses[2].value));
	return 0;
}

static int check_line_side(struct si3050 *chip)
{
	if (chip->line_side == SI3050_LSID_SI3018 || chip->line_side == SI3050_LSID_SI3019)
		return 0;
	dev_err(si3050_dev(chip), "chip %u: line side %u is not known\n", chip->number,
		chip->line_side);
	return -ENODEV;
}

static void wait_for_links(struct si3050_chain *chain)
{
	unsigned long end = jiffies + msecs_to_jiffies(LINK_MS);
	bool last, waiting;
	struct si3050 *chip;

	si3050_for_each(chip, chain)
		if (chip->starting && !chip->result)
			chip->result = -EAGAIN;
	do {
		last = time_after(jiffies, end);
		waiting = false;
		si3050_for_each(chip, chain) {
			if (!chip->starting || chip->result != -EAGAIN)
				continue;
			chip->result = look_at_link(chip);
			waiting |= chip->result == -EAGAIN;
		}
		if (waiting)
			usleep_range(LINK_POLL_MS * 1000, LINK_POLL_MS * 1100);
	} while (waiting && !last);
	si3050_for_each(chip, chain) {
		if (!chip->starting || chip->result != -EAGAIN)
			continue;
		dev_err(si3050_dev(chip), "chip %u: the line side does not answer\n",
			chip->number);
		chip->result = -ETIMEDOUT;
	}
}

/* ------------------------------------------------------------- registers --- */

/* What CONTROL2 has while the chip is up. */
u8 si3050_control2(const struct si3050 *chip)
{
	u8 irq = SI3050_CONTROL2_INTE | SI3050_CONTROL2_RDI;

	return SI3050_CONTROL2_RESET | (chip->chain->spi->irq > 0 ? irq : 0);
}

static int load_system_side(struct si3050 *chip)
{
	unsigned int start = chip->slot * 16;
	struct si3050_value rows[] = {
		{ SI3050_PCM_MODE, si3050_pcm_mode(chip) },
		{ SI3050_TXS_LO, start & 0xff },
		{ SI3050_TXS_HI, start >> 8 },
		{ SI3050_RXS_LO, start & 0xff },
		{ SI3050_RXS_HI, start >> 8 },
		{ SI3050_TX_GAIN },
		{ SI3050_TX_GAIN_FINE },
		{ SI3050_RX_GAIN },
		{ SI3050_RX_GAIN_FINE },
		{ SI3050_RING2, RING2 },
	};

	si3050_gain(chip->tx_gain_ddb, &rows[5].value, &rows[6].value);
	si3050_gain(chip->rx_gain_ddb, &rows[7].value, &rows[8].value);
	return si3050_write_checked(chip, rows, ARRAY_SIZE(rows));
}

static int load_hybrid(struct si3050 *chip)
{
	struct si3050_value rows[SI3050_HYBRID_COUNT];
	unsigned int i;

	for (i = 0; i < SI3050_HYBRID_COUNT; i++) {
		rows[i].reg = SI3050_HYBRID + i;
		rows[i].value = chip->hybrid[i];
	}
	return si3050_write_checked(chip, rows, SI3050_HYBRID_COUNT);
}

static int load_daa(struct si3050 *chip)
{
	int ret;

	if (!chip->has_daa) {
		ret = si3050_make_daa(chip, chip->daa, &default_daa);
		if (ret)
			return ret;
	}
	return si3050_write_checked(chip, chip->daa, SI3050_DAA_VALUES);
}

/* Powering the line side may look like ringing. */
static int unmask_irqs(struct si3050 *chip)
{
	const struct si3050_value rows[] = {
		{ SI3050_IRQ, 0 },
		{ SI3050_IRQ_MASK, chip->chain->spi->irq > 0 ? SI3050_IRQ_WANTED : 0 },
		{ SI3050_CONTROL2, si3050_control2(chip) },
	};
	int ret = si3050_write(chip, rows[0].reg, rows[0].value);

	return ret ? ret : si3050_write_checked(chip, &rows[1], 2);
}

/* --------------------------------------------------------------- bring-up --- */

static void for_starting(struct si3050_chain *chain, const char *what,
			 int (*step)(struct si3050 *chip))
{
	struct si3050 *chip;

	si3050_for_each(chip, chain) {
		if (!chip->starting || chip->result)
			continue;
		chip->result = step(chip);
		if (chip->result && chip->result != -ENODEV)
			dev_err(si3050_dev(chip), "chip %u: bring-up fails at %s: %d\n",
				chip->number, what, chip->result);
	}
}

static void forget_line(struct si3050 *chip)
{
	chip->off_hook = false;
	chip->listen = false;
	chip->rings = false;
	chip->ring_told = false;
	chip->follow_ns = 0;
	chip->halves_ns = 0;
	si3050_ring_forget(&chip->ring);
	chip->billed = false;
	chip->protected = false;
	chip->overloads = 0;
	chip->overloaded = false;
	chip->reseize = false;
	chip->silent = 0;
}

static int on_hook(struct si3050 *chip)
{
	forget_line(chip);
	return si3050_hook_locked(chip, false, false);
}

static const struct {
	const char *name;
	int (*run)(struct si3050 *chip);
} steps[] = {
	{ "line side",		check_line_side },
	{ "registers",		load_system_side },
	{ "hybrid",		load_hybrid },
	{ "country",		load_daa },
	{ "hook",		on_hook },
	{ "interrupts",		unmask_irqs },
};

/**
 * si3050_bring_up - set every register, from whatever is in them
 * @chain:	powered, clocked and out of reset; nothing else accesses those of
 *		its chips that have @starting set
 *
 * May sleep for 2.5 s. Each such chip's @result is 0, -ENODEV when this is no
 * such chip, -ETIMEDOUT when its line side does not answer, or -EIO. On failure
 * its line is on-hook, if it listens at all.
 */
void si3050_bring_up(struct si3050_chain *chain)
{
	struct si3050 *chip;
	unsigned int i;

	si3050_for_each(chip, chain)
		if (chip->starting)
			chip->result = 0;
	for_starting(chain, "identity", identify);
	for_starting(chain, "reset", soft_reset);
	msleep(SOFT_RESET_MS);
	for_starting(chain, "reset", verify_reset);
	for_starting(chain, "link", start_link);
	wait_for_links(chain);
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		for_starting(chain, steps[i].name, steps[i].run);
	si3050_for_each(chip, chain) {
		if (chip->starting && chip->result && chip->result != -ENODEV)
			si3050_shut_down(chip);
		chip->starting = false;
	}
}

/* On-hook, nothing enabled, the line side without power. */
void si3050_shut_down(struct si3050 *chip)
{
	struct si3050_access accesses[] = {
		SI3050_WRITE(SI3050_DAA1, 0),
		SI3050_WRITE(SI3050_IRQ_MASK, 0),
		SI3050_WRITE(SI3050_PCM_MODE, 0),
		SI3050_WRITE(SI3050_DAA2, SI3050_DAA2_PDL),
	};

	if (si3050_run(chip, accesses, ARRAY_SIZE(accesses)))
		dev_warn(si3050_dev(chip), "chip %u: cannot be shut down\n", chip->number);
	forget_line(chip);
}
