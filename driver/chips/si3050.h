/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * si3050: private to the driver's files.
 */
#ifndef _SI3050_H
#define _SI3050_H

#include <linux/mutex.h>
#include <linux/spi/spi.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../pots.h"
#include "si3050_daa.h"
#include "si3050_regs.h"
#include "si3050_ring.h"

struct clk;
struct fwnode_handle;
struct gpio_desc;
struct regulator;

#define SI3050_BATCH_MAX	8
#define SI3050_SETTLE_NS	(400ull * NSEC_PER_MSEC)

/* Sources of interrupts; what else is set in the register is nobody's. */
#define SI3050_IRQ_WANTED \
	(SI3050_IRQ_RDT | SI3050_IRQ_FDT | SI3050_IRQ_DOD | SI3050_IRQ_POL)
#define SI3050_BATCH_BYTES	(SI3050_BATCH_MAX * SI3050_SPI_BYTES)

/**
 * struct si3050_batch - accesses that travel in one SPI message
 * @tx: what goes out, three bytes an access
 * @rx: what came in
 *
 * Part of an allocation of its own, for DMA.
 */
struct si3050_batch {
	struct spi_message message;
	struct spi_transfer transfer[SI3050_BATCH_BYTES];
	u8 tx[SI3050_BATCH_BYTES] __aligned(ARCH_KMALLOC_MINALIGN);
	u8 rx[SI3050_BATCH_BYTES] __aligned(ARCH_KMALLOC_MINALIGN);
};

/* One access; what was read is in @value afterwards. */
struct si3050_access {
	u8 reg;
	u8 value;
	bool read;
};

#define SI3050_READ(_reg)		{ .reg = (_reg), .read = true }
#define SI3050_WRITE(_reg, _value)	{ .reg = (_reg), .value = (_value) }

/**
 * enum si3050_state - may the line be supervised
 * @SI3050_DOWN:	registers are not set up, or are being set up
 * @SI3050_UP:		set up, and the line side answers
 * @SI3050_LOST:	was up; does not answer, or could not be set up again
 */
enum si3050_state {
	SI3050_DOWN,
	SI3050_UP,
	SI3050_LOST,
};

/* The line's measures, as si3050_make_sense() wants them; the last two off-hook. */
enum si3050_measured {
	SI3050_MEASURED_STATUS,
	SI3050_MEASURED_LVS,
	SI3050_MEASURED_LCS2,
	SI3050_MEASURED_INTL4,
};

/**
 * enum si3050_detector - who knows ringing from what is none
 * @SI3050_BY_CHIP:	the chip's ring validation
 * @SI3050_FULL_WAVE:	the driver, which is told both halves
 * @SI3050_HALF_WAVE:	the driver, from the positive one
 */
enum si3050_detector {
	SI3050_BY_CHIP,
	SI3050_FULL_WAVE,
	SI3050_HALF_WAVE,
};

/**
 * struct si3050 - a system side with its line side: one line of an exchange
 * @number:	place in the chain
 * @line_side:	SI3050_LSID_*, known when it is up
 * @starting:	si3050_bring_up() is meant for it ...
 * @result:	... and went so
 * @retry_ms:	pause before the next try to set up a lost one
 */
struct si3050 {
	struct si3050_chain *chain;
	unsigned int number;
	struct fwnode_handle *node;
	struct pots_port *port;
	bool registered;
	const char *label;
	unsigned int slot;
	s32 tx_gain_ddb;
	s32 rx_gain_ddb;
	u8 hybrid[SI3050_HYBRID_COUNT];
	u8 line_side;
	bool starting;
	int result;

	/*
	 * The line's state, and every sequence of accesses that leads from one
	 * state to another. Taken before io_lock.
	 */
	struct mutex line_lock;
	enum si3050_state state;
	struct si3050_value daa[SI3050_DAA_VALUES];
	bool has_daa;
	bool off_hook;
	bool listen;
	bool speech;
	u64 hook_ns;		/* of the last change of it */

	/* What was last seen of the line. */
	bool rings;
	bool ring_told;		/* by the chip; without its validation for 5 s */
	u64 halves_ns;		/* one was seen */
	struct si3050_ring ring;
	u64 follow_ns;		/* until then its ringing is looked at every ms */
	u8 billed;		/* looks without billing tone until a pulse is over */
	u64 busy_ns;		/* until then it is looked at often */

	bool protected;		/* overload protection is on */
	unsigned int overloads;	/* since the line was seized */
	bool overloaded;	/* an alarm stands */
	bool reseize;		/* the loop shall be closed again */

	unsigned int silent;	/* checks in a row that nobody answered */
	unsigned int retry_ms;
	u64 retry_ns;
};

/* What is behind one chip select. */
struct si3050_chain {
	struct spi_device *spi;
	struct gpio_desc *reset;
	struct clk *pclk;
	struct regulator *supply;
	unsigned int poll_ms;
	enum si3050_detector detector;

	/* One use of @batch at a time. */
	struct mutex io_lock;
	struct si3050_batch *batch;

	struct delayed_work poll_work;
	struct delayed_work check_work;
	atomic64_t irq_ns;
	bool stopped;		/* nothing is looked at */
	unsigned int count;
	struct si3050 chip[];
};

#define si3050_for_each(chip, chain) \
	for ((chip) = (chain)->chip; (chip) < (chain)->chip + (chain)->count; (chip)++)

static inline struct device *si3050_dev(const struct si3050 *chip)
{
	return &chip->chain->spi->dev;
}

/* si3050_io.c */
struct si3050_batch *si3050_batch_alloc(struct device *dev);
int si3050_run(struct si3050 *chip, struct si3050_access *accesses, unsigned int count);
int si3050_read(struct si3050 *chip, u8 reg);
int si3050_write(struct si3050 *chip, u8 reg, u8 value);
int si3050_write_checked(struct si3050 *chip, const struct si3050_value *rows,
			 unsigned int count);
void si3050_fill_byte(struct si3050_chain *chain);

/* si3050_init.c: from unknown registers to a line that is on-hook and ready. */
u8 si3050_control2(const struct si3050 *chip);
void si3050_bring_up(struct si3050_chain *chain);
void si3050_shut_down(struct si3050 *chip);

/* si3050_line.c; the _locked ones under line_lock */
u8 si3050_daa_value(const struct si3050 *chip, u8 reg);
int si3050_make_daa(struct si3050 *chip, struct si3050_value *values,
		    const struct pots_daa *daa);
int si3050_hook_locked(struct si3050 *chip, bool off_hook, bool listen);
int si3050_set_hook(struct pots_port *port, bool off_hook);
int si3050_listen(struct pots_port *port, bool on);
int si3050_sense(struct pots_port *port, struct pots_line_sense *sense);
int si3050_set_daa(struct pots_port *port, const struct pots_daa *daa);
int si3050_speech(struct pots_port *port, bool on);
u8 si3050_pcm_mode(const struct si3050 *chip);
void si3050_make_sense(struct pots_line_sense *sense, const struct si3050 *chip,
		       const struct si3050_access *measured);

/* si3050_look.c */
int si3050_look_locked(struct si3050 *chip, u8 clear, u64 at_ns);
bool si3050_follow_ringing_locked(struct si3050 *chip);
void si3050_protect_locked(struct si3050 *chip, u64 now_ns);

/* si3050_watch.c */
void si3050_watch_init(struct si3050_chain *chain);
int si3050_watch_start(struct si3050_chain *chain);
void si3050_watch_stop(struct si3050_chain *chain);
void si3050_poll_soon(struct si3050_chain *chain);
void si3050_check_soon(struct si3050_chain *chain);

/* si3050_show.c */
ssize_t si3050_regs_show(struct pots_port *port, char *buf, size_t len);

#endif /* _SI3050_H */
