// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_io: accesses over SPI.
 *
 * An access is three bytes with chip select high after each; several travel in
 * one SPI message. A transfer that fails is tried again.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/slab.h>

#include "si3050.h"

#define CS_HIGH_NS	500
#define TRIES		3

static const u8 channels[SI3050_CHAIN_MAX] = SI3050_CHANNELS;

struct si3050_batch *si3050_batch_alloc(struct device *dev)
{
	struct si3050_batch *batch = devm_kzalloc(dev, sizeof(*batch), GFP_KERNEL);
	unsigned int i;

	if (!batch)
		return NULL;
	for (i = 0; i < SI3050_BATCH_BYTES; i++) {
		batch->transfer[i].tx_buf = &batch->tx[i];
		batch->transfer[i].rx_buf = &batch->rx[i];
		batch->transfer[i].len = 1;
		batch->transfer[i].cs_change_delay.value = CS_HIGH_NS;
		batch->transfer[i].cs_change_delay.unit = SPI_DELAY_UNIT_NSECS;
	}
	return batch;
}

/* The controller may have written its own speed and width into a transfer. */
static int send(struct si3050_chain *chain, unsigned int bytes)
{
	struct si3050_batch *batch = chain->batch;
	unsigned int i;

	lockdep_assert_held(&chain->io_lock);
	spi_message_init(&batch->message);
	for (i = 0; i < bytes; i++) {
		/* After the last it would leave the chip selected. */
		batch->transfer[i].cs_change = i + 1 < bytes;
		batch->transfer[i].speed_hz = 0;
		batch->transfer[i].bits_per_word = 0;
		spi_message_add_tail(&batch->transfer[i], &batch->message);
	}
	return spi_sync(chain->spi, &batch->message);
}

/* What is written does not depend on what was there: it may be done twice. */
static int send_persistently(struct si3050_chain *chain, unsigned int bytes)
{
	unsigned int tries;
	int ret;

	for (tries = 0; tries < TRIES; tries++) {
		ret = send(chain, bytes);
		if (!ret)
			return 0;
	}
	dev_warn_ratelimited(&chain->spi->dev, "SPI transfer failed: %d\n", ret);
	return -EIO;
}

static int run_some(struct si3050 *chip, struct si3050_access *accesses, unsigned int count)
{
	struct si3050_chain *chain = chip->chain;
	u8 *tx = chain->batch->tx;
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		*tx++ = channels[chip->number] |
			(accesses[i].read ? SI3050_SPI_READ : SI3050_SPI_WRITE);
		*tx++ = accesses[i].reg;
		*tx++ = accesses[i].read ? 0 : accesses[i].value;
	}
	ret = send_persistently(chain, count * SI3050_SPI_BYTES);
	for (i = 0; !ret && i < count; i++)
		if (accesses[i].read)
			accesses[i].value = chain->batch->rx[i * SI3050_SPI_BYTES + 2];
	return ret;
}

/**
 * si3050_run - some accesses, in their order
 * @chip:	the chip
 * @accesses:	what to do; takes what is read
 * @count:	how many; up to SI3050_BATCH_MAX are one message
 *
 * Return: 0, or -EIO.
 */
int si3050_run(struct si3050 *chip, struct si3050_access *accesses, unsigned int count)
{
	unsigned int part;
	int ret = 0;

	mutex_lock(&chip->chain->io_lock);
	for (; !ret && count; count -= part, accesses += part) {
		part = min_t(unsigned int, count, SI3050_BATCH_MAX);
		ret = run_some(chip, accesses, part);
	}
	mutex_unlock(&chip->chain->io_lock);
	return ret;
}

/* The register's value, or a negative errno. */
int si3050_read(struct si3050 *chip, u8 reg)
{
	struct si3050_access access = SI3050_READ(reg);
	int ret = si3050_run(chip, &access, 1);

	return ret ? ret : access.value;
}

int si3050_write(struct si3050 *chip, u8 reg, u8 value)
{
	struct si3050_access access = SI3050_WRITE(reg, value);

	return si3050_run(chip, &access, 1);
}

/* What a register says by itself beside what is written to it. */
static u8 status_bits(u8 reg)
{
	return reg == SI3050_INTL2 ? SI3050_INTL2_BTD | SI3050_INTL2_ROV : 0;
}

/* Writes and reads back, and says which register does not keep its value. */
int si3050_write_checked(struct si3050 *chip, const struct si3050_value *rows,
			 unsigned int count)
{
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		struct si3050_access accesses[] = {
			SI3050_WRITE(rows[i].reg, rows[i].value),
			SI3050_READ(rows[i].reg),
		};

		ret = si3050_run(chip, accesses, ARRAY_SIZE(accesses));
		if (ret)
			return ret;
		if ((accesses[1].value ^ rows[i].value) & ~status_bits(rows[i].reg)) {
			dev_err(si3050_dev(chip), "chip %u: register %u is %#x, not %#x\n",
				chip->number, rows[i].reg, accesses[1].value, rows[i].value);
			return -EIO;
		}
	}
	return 0;
}

/*
 * A byte that means nothing, to chips that may be in the midst of an access:
 * bit 5 of a control byte is 1.
 */
void si3050_fill_byte(struct si3050_chain *chain)
{
	mutex_lock(&chain->io_lock);
	chain->batch->tx[0] = 0;
	send(chain, 1);
	mutex_unlock(&chain->io_lock);
}
