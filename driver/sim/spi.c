// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the SPI controller of a board. Every byte takes its time on the
 * bus: eight clocks, and gaps where chip select moves.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include "board.h"
#include "line.h"

#define CS_GAP_NS	1000	/* select, deselect, and set up the next byte */
#define SPIN_NS		50000	/* what is shorter is not worth a sleep */
#define SPI_MODE	(SPI_CPOL | SPI_CPHA)
#define FLOATING	0xff

/* Be it @due. */
static void wait_until(u64 due, u64 slack)
{
	u64 now = ktime_get_ns();
	ktime_t at = ns_to_ktime(due);

	if (now + slack >= due)
		return;
	if (due - now < SPIN_NS) {
		ndelay(due - now);
		return;
	}
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&at, HRTIMER_MODE_ABS);
}

static void chip_select(struct pots_sim_line *line, bool on, u64 now)
{
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	pots_sim_line_cs(line, on, now);
	spin_unlock_irqrestore(&line->lock, flags);
}

static u8 clock_byte(struct pots_sim_line *line, u8 *sdi, u64 now)
{
	unsigned long flags;
	u8 sdo, thru;

	spin_lock_irqsave(&line->lock, flags);
	thru = line->ops->thru(line->model, *sdi);
	sdo = pots_sim_line_byte(line, *sdi, now);
	spin_unlock_irqrestore(&line->lock, flags);
	*sdi = thru;
	return sdo;
}

/* ---------------------------------------------------------------- chain --- */

static void select_chain(struct pots_sim_line *line, bool on, u64 now)
{
	struct pots_sim_line **chip = &line->board->line[line->index];
	unsigned int i;

	for (i = 0; i < pots_sim_chain_length(line); i++)
		chip_select(chip[i], on, now);
}

/* Each chip hears what the one before lets through; one SDO is for all. */
static u8 clock_chain(struct pots_sim_line *line, u8 sdi, u64 now)
{
	struct pots_sim_line **chip = &line->board->line[line->index];
	u8 sdo = FLOATING;
	unsigned int i;

	for (i = 0; i < pots_sim_chain_length(line); i++)
		sdo &= clock_byte(chip[i], &sdi, now);
	return sdo;
}

/* ------------------------------------------------------------- messages --- */

/* The chip answers in mode 3 only; in another it sees no sense. */
static u64 do_transfer(struct pots_sim_line *line, struct spi_device *spi,
		       struct spi_transfer *xfer, u64 now)
{
	u64 byte_ns = div_u64(8ULL * NSEC_PER_SEC, xfer->speed_hz);
	const u8 *tx = xfer->tx_buf;
	u8 *rx = xfer->rx_buf;
	unsigned int i;

	for (i = 0; i < xfer->len; i++) {
		u8 sdo = FLOATING;

		now += byte_ns;
		wait_until(now, SPIN_NS);
		if ((spi->mode & SPI_MODE) == SPI_MODE)
			sdo = clock_chain(line, tx ? tx[i] : 0, now);
		if (rx)
			rx[i] = sdo;
	}
	return now;
}

static u64 delay_ns(struct spi_delay *delay, struct spi_transfer *xfer)
{
	return max(spi_delay_to_ns(delay, xfer), 0);
}

static bool message_fails(struct pots_sim_line *line)
{
	unsigned long flags;
	bool fails;

	spin_lock_irqsave(&line->lock, flags);
	fails = pots_sim_fault_strikes(&line->fault, POTS_SIM_FAULT_SPI);
	spin_unlock_irqrestore(&line->lock, flags);
	return fails;
}

static int pots_sim_transfer_one_message(struct spi_controller *spi_host,
					 struct spi_message *msg)
{
	struct pots_sim_line *line = msg->spi->controller_data;
	u64 now = ktime_get_ns();
	struct spi_transfer *xfer;
	bool selected = false;

	msg->status = 0;
	if (message_fails(line)) {
		msg->status = -EIO;
		goto out;
	}

	list_for_each_entry(xfer, &msg->transfers, transfer_list) {
		bool last = list_is_last(&xfer->transfer_list, &msg->transfers);

		if (!selected) {
			now += CS_GAP_NS;
			select_chain(line, true, now);
		}
		now = do_transfer(line, msg->spi, xfer, now);
		msg->actual_length += xfer->len;
		now += delay_ns(&xfer->delay, xfer);
		/* Between transfers cs_change deselects; after the last it does not. */
		selected = xfer->cs_change == last;
		if (selected)
			continue;
		select_chain(line, false, now);
		now += CS_GAP_NS;
		if (xfer->cs_change)
			now += delay_ns(&xfer->cs_change_delay, xfer);
	}
	wait_until(now, 0);
out:
	spi_finalize_current_message(spi_host);
	return msg->status;
}

int pots_sim_spi_add(struct pots_sim_board *board)
{
	struct spi_controller *spi;
	int err;

	spi = __spi_alloc_controller(&board->pdev->dev, 0, false);
	if (!spi)
		return -ENOMEM;
	spi->bus_num = -1;
	spi->num_chipselect = board->lines;
	spi->mode_bits = SPI_CPOL | SPI_CPHA;
	spi->bits_per_word_mask = SPI_BPW_MASK(8);
	spi->max_speed_hz = board->config.spi_hz;
	spi->transfer_one_message = pots_sim_transfer_one_message;
	err = spi_register_controller(spi);
	if (err) {
		spi_controller_put(spi);
		return err;
	}
	board->spi = spi;
	return 0;
}

/* Takes the chips with it. */
void pots_sim_spi_del(struct pots_sim_board *board)
{
	spi_unregister_controller(board->spi);
}
