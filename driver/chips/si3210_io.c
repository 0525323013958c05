// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_io: direct and indirect accesses over SPI.
 *
 * An access is two bytes with chip select high between them, so that the chip
 * finds its place again after every byte; several accesses travel in one SPI
 * message. A transfer that fails is tried again; what does not become ready is
 * -ETIMEDOUT.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/slab.h>

#include "si3210.h"

#define CS_HIGH_NS		500	/* 440 ns at least */
#define TRIES			3
#define INDIRECT_SERVICE_US	63
#define INDIRECT_POLLS		20

struct si3210_batch *si3210_batch_alloc(struct device *dev)
{
	return devm_kzalloc(dev, sizeof(struct si3210_batch), GFP_KERNEL);
}

void si3210_batch_begin(struct si3210_batch *batch)
{
	batch->count = 0;
}

static void batch_add(struct si3210_batch *batch, u8 first, u8 second)
{
	unsigned int at = 2 * batch->count;
	unsigned int i;

	if (WARN_ON(batch->count == SI3210_BATCH_MAX))
		return;
	batch->tx[at] = first;
	batch->tx[at + 1] = second;
	for (i = at; i < at + 2; i++) {
		struct spi_transfer *transfer = &batch->transfer[i];

		memset(transfer, 0, sizeof(*transfer));
		transfer->tx_buf = &batch->tx[i];
		transfer->rx_buf = &batch->rx[i];
		transfer->len = 1;
		transfer->cs_change = 1;
		transfer->cs_change_delay.value = CS_HIGH_NS;
		transfer->cs_change_delay.unit = SPI_DELAY_UNIT_NSECS;
	}
	batch->count++;
}

void si3210_batch_read(struct si3210_batch *batch, u8 reg)
{
	batch_add(batch, reg | SI3210_SPI_READ, 0);
}

void si3210_batch_write(struct si3210_batch *batch, u8 reg, u8 value)
{
	batch_add(batch, reg, value);
}

/* Lets @us pass, asleep, after the access added last. */
void si3210_batch_pause(struct si3210_batch *batch, u16 us)
{
	struct spi_delay *delay = &batch->transfer[2 * batch->count - 1].delay;

	delay->value = us;
	delay->unit = SPI_DELAY_UNIT_USECS;
}

/*
 * Every batch may be run twice: what it writes does not depend on what was
 * there, and an indirect access is always whole.
 */
int si3210_batch_run(struct si3210 *chip, struct si3210_batch *batch)
{
	unsigned int tries, i;
	int ret;

	/* Here it would leave the chip selected after the message. */
	batch->transfer[2 * batch->count - 1].cs_change = 0;
	for (tries = 0; tries < TRIES; tries++) {
		spi_message_init(&batch->message);
		for (i = 0; i < 2 * batch->count; i++)
			spi_message_add_tail(&batch->transfer[i], &batch->message);
		ret = spi_sync(chip->spi, &batch->message);
		if (!ret)
			return 0;
	}
	dev_warn_ratelimited(&chip->spi->dev, "SPI transfer failed: %d\n", ret);
	return -EIO;
}

static int write_many_locked(struct si3210 *chip, const struct si3210_direct_value *rows,
			     unsigned int count)
{
	struct si3210_batch *batch = chip->batch;
	unsigned int i, part;
	int ret;

	lockdep_assert_held(&chip->io_lock);
	for (; count; count -= part, rows += part) {
		part = min_t(unsigned int, count, SI3210_BATCH_MAX);
		si3210_batch_begin(batch);
		for (i = 0; i < part; i++)
			si3210_batch_write(batch, rows[i].reg, rows[i].value);
		ret = si3210_batch_run(chip, batch);
		if (ret)
			return ret;
	}
	return 0;
}

int si3210_write_many(struct si3210 *chip, const struct si3210_direct_value *rows,
		      unsigned int count)
{
	int ret;

	mutex_lock(&chip->io_lock);
	ret = write_many_locked(chip, rows, count);
	mutex_unlock(&chip->io_lock);
	return ret;
}

int si3210_write(struct si3210 *chip, u8 reg, u8 value)
{
	const struct si3210_direct_value row = { reg, value };

	return si3210_write_many(chip, &row, 1);
}

/*
 * Writes and reads back in one message, so at most half of what fits in one.
 * -EIO when the chip has something else in a register than was written.
 */
int si3210_write_checked(struct si3210 *chip, const struct si3210_direct_value *rows,
			 unsigned int count)
{
	struct si3210_batch *batch = chip->batch;
	unsigned int i;
	int ret;

	mutex_lock(&chip->io_lock);
	si3210_batch_begin(batch);
	for (i = 0; i < count; i++)
		si3210_batch_write(batch, rows[i].reg, rows[i].value);
	for (i = 0; i < count; i++)
		si3210_batch_read(batch, rows[i].reg);
	ret = si3210_batch_run(chip, batch);
	for (i = 0; !ret && i < count; i++)
		if (si3210_batch_value(batch, count + i) != rows[i].value)
			ret = -EIO;
	mutex_unlock(&chip->io_lock);
	return ret;
}

static int read_many_locked(struct si3210 *chip, const u8 *regs, u8 *values,
			    unsigned int count)
{
	struct si3210_batch *batch = chip->batch;
	unsigned int i, part;
	int ret;

	lockdep_assert_held(&chip->io_lock);
	for (; count; count -= part, regs += part, values += part) {
		part = min_t(unsigned int, count, SI3210_BATCH_MAX);
		si3210_batch_begin(batch);
		for (i = 0; i < part; i++)
			si3210_batch_read(batch, regs[i]);
		ret = si3210_batch_run(chip, batch);
		if (ret)
			return ret;
		for (i = 0; i < part; i++)
			values[i] = si3210_batch_value(batch, i);
	}
	return 0;
}

int si3210_read_many(struct si3210 *chip, const u8 *regs, u8 *values, unsigned int count)
{
	int ret;

	mutex_lock(&chip->io_lock);
	ret = read_many_locked(chip, regs, values, count);
	mutex_unlock(&chip->io_lock);
	return ret;
}

/* The register's value, or a negative errno. */
int si3210_read(struct si3210 *chip, u8 reg)
{
	u8 value;
	int ret;

	ret = si3210_read_many(chip, &reg, &value, 1);
	return ret ? ret : value;
}

/*
 * After the access to IAA that ends @batch: waits until it was served. The
 * pause in the message is as long as the chip may take, so that one look at
 * IAS is the rule.
 */
static int indirect_run_locked(struct si3210 *chip, struct si3210_batch *batch)
{
	const u8 ias = SI3210_IAS;
	unsigned int polls;
	u8 busy;
	int ret;

	si3210_batch_pause(batch, INDIRECT_SERVICE_US);
	si3210_batch_read(batch, ias);
	ret = si3210_batch_run(chip, batch);
	if (ret)
		return ret;
	busy = si3210_batch_value(batch, batch->count - 1) & SI3210_IAS_BUSY;
	for (polls = 0; busy && polls < INDIRECT_POLLS; polls++) {
		usleep_range(50, 100);
		ret = read_many_locked(chip, &ias, &busy, 1);
		if (ret)
			return ret;
		busy &= SI3210_IAS_BUSY;
	}
	return busy ? -ETIMEDOUT : 0;
}

/* The register's value, or a negative errno. */
int si3210_indirect_read(struct si3210 *chip, u8 reg)
{
	static const u8 data[] = { SI3210_IDA_LO, SI3210_IDA_HI };
	struct si3210_batch *batch = chip->batch;
	u8 value[2];
	int ret;

	mutex_lock(&chip->io_lock);
	si3210_batch_begin(batch);
	si3210_batch_write(batch, SI3210_IAA, reg);
	ret = indirect_run_locked(chip, batch);
	if (!ret)
		ret = read_many_locked(chip, data, value, ARRAY_SIZE(data));
	mutex_unlock(&chip->io_lock);
	return ret ? ret : value[0] | value[1] << 8;
}

int si3210_indirect_write(struct si3210 *chip, u8 reg, u16 value)
{
	struct si3210_batch *batch = chip->batch;
	int ret;

	mutex_lock(&chip->io_lock);
	si3210_batch_begin(batch);
	si3210_batch_write(batch, SI3210_IDA_LO, value & 0xff);
	si3210_batch_write(batch, SI3210_IDA_HI, value >> 8);
	si3210_batch_write(batch, SI3210_IAA, reg);
	ret = indirect_run_locked(chip, batch);
	mutex_unlock(&chip->io_lock);
	return ret;
}
