/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * si3210: private to the driver's files.
 */
#ifndef _SI3210_H
#define _SI3210_H

#include <linux/mutex.h>
#include <linux/spi/spi.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../pots.h"
#include "si3210_regs.h"

struct clk;
struct gpio_desc;
struct regulator;
struct task_struct;

#define SI3210_BATCH_MAX	8
#define SI3210_SUPPLIES		2
#define SI3210_CAL_RESULTS	(SI3210_CAL_DC_PEAK - SI3210_CAL_RING_GAIN + 1)

/**
 * struct si3210_batch - direct accesses that travel in one SPI message
 * @tx: what goes out, two bytes an access
 * @rx: what came in
 *
 * Part of an allocation of its own, for DMA.
 */
struct si3210_batch {
	struct spi_message message;
	struct spi_transfer transfer[2 * SI3210_BATCH_MAX];
	unsigned int count;
	u8 tx[2 * SI3210_BATCH_MAX] __aligned(ARCH_KMALLOC_MINALIGN);
	u8 rx[2 * SI3210_BATCH_MAX] __aligned(ARCH_KMALLOC_MINALIGN);
};

/* One row of a table of start values. */
struct si3210_direct_value {
	u8 reg;
	u8 value;
};

struct si3210_indirect_value {
	u8 reg;
	u16 value;
	u16 mask;	/* bits that the chip keeps */
};

/**
 * enum si3210_state - may the line be supervised
 * @SI3210_DOWN:	registers are not set up, or are being set up
 * @SI3210_UP:		set up
 * @SI3210_LOST:	was up; does not answer, or could not be set up again
 */
enum si3210_state {
	SI3210_DOWN,
	SI3210_UP,
	SI3210_LOST,
};

struct si3210 {
	struct spi_device *spi;
	struct pots_port *port;
	struct gpio_desc *reset;
	struct clk *pclk;
	struct regulator *supply[SI3210_SUPPLIES];
	const char *label;
	unsigned int slot;
	unsigned int poll_us;
	u32 ring_mvrms;		/* into an open line */
	s8 dcdc_mosfet;		/* 1, 0, or -1: whatever the chip says it is */
	u8 revision;

	/* One indirect access, or one use of @batch, at a time. */
	struct mutex io_lock;
	struct si3210_batch *batch;

	/*
	 * The line's state, and every sequence of accesses that leads from one
	 * state to another. Taken before io_lock.
	 */
	struct mutex line_lock;
	enum si3210_state state;
	u8 linefeed;		/* commanded, SI3210_LF_* */
	bool reverse;		/* polarity of the last feed */
	bool tripped;		/* since the burst began */
	bool speech;
	bool tone;
	u8 impedance;
	struct pots_ring_wave wave;
	u8 vbath;		/* battery that @wave needs, as SI3210_VBATH has it */
	u32 meter_hz;		/* what the generator is set to, 0 = nothing */
	bool calibrated;
	u8 cal[SI3210_CAL_RESULTS];
	unsigned int alarm_tries;
	u64 alarm_ns;		/* when a try was last forgiven */
	bool given_up;		/* the line is open because of alarms */

	/* What watches the line: interrupt thread, poll thread, or check. */
	struct mutex watch_lock;
	struct si3210_batch *watch;
	unsigned int silent;	/* checks in a row that nobody answered */
	atomic64_t irq_ns;
	struct task_struct *poller;
	struct delayed_work alarm_work;
	struct delayed_work check_work;
};

/* si3210_io.c: batches are built, run, then read. */
struct si3210_batch *si3210_batch_alloc(struct device *dev);
void si3210_batch_begin(struct si3210_batch *batch);
void si3210_batch_read(struct si3210_batch *batch, u8 reg);
void si3210_batch_write(struct si3210_batch *batch, u8 reg, u8 value);
void si3210_batch_pause(struct si3210_batch *batch, u16 us);
int si3210_batch_run(struct si3210 *chip, struct si3210_batch *batch);

static inline u8 si3210_batch_value(const struct si3210_batch *batch, unsigned int access)
{
	return batch->rx[2 * access + 1];
}

int si3210_read(struct si3210 *chip, u8 reg);
int si3210_write(struct si3210 *chip, u8 reg, u8 value);
int si3210_read_many(struct si3210 *chip, const u8 *regs, u8 *values, unsigned int count);
int si3210_write_many(struct si3210 *chip, const struct si3210_direct_value *rows,
		      unsigned int count);
int si3210_write_checked(struct si3210 *chip, const struct si3210_direct_value *rows,
			 unsigned int count);
int si3210_indirect_read(struct si3210 *chip, u8 reg);
int si3210_indirect_write(struct si3210 *chip, u8 reg, u16 value);

/* si3210_init.c: from unknown registers to a line that is open and ready. */
int si3210_identify(struct si3210 *chip);
int si3210_bring_up(struct si3210 *chip);
void si3210_shut_down(struct si3210 *chip);

/* si3210_line.c; the _locked ones under line_lock */
bool si3210_alarm_budget_locked(struct si3210 *chip);
int si3210_linefeed_locked(struct si3210 *chip, u8 linefeed);
int si3210_set_feed(struct pots_port *port, enum pots_feed feed);
int si3210_read_loop(struct pots_port *port);
int si3210_lamp(struct pots_port *port, bool on);

/* si3210_watch.c */
void si3210_watch_init(struct si3210 *chip);
int si3210_watch_start(struct si3210 *chip);
void si3210_watch_stop(struct si3210 *chip);
void si3210_check_soon(struct si3210 *chip);
void si3210_watch_now(struct si3210 *chip);

/* si3210_ring.c */
int si3210_ring_setup(struct pots_port *port, const struct pots_ring_wave *wave);
int si3210_ring_burst(struct pots_port *port, bool on);

/* si3210_meter.c */
int si3210_meter(struct pots_port *port, u32 hz, u32 on_ms);

/* si3210_sound.c */
int si3210_sound_locked(struct si3210 *chip);
int si3210_speech(struct pots_port *port, bool on);
int si3210_set_impedance(struct pots_port *port, u32 impedance);
int si3210_chip_tone(struct pots_port *port, const struct pots_chip_tone *tone);

/* si3210_show.c */
ssize_t si3210_regs_show(struct pots_port *port, char *buf, size_t len);

#endif /* _SI3210_H */
