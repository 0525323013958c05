// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3050_watch: when the lines and the chips are looked at.
 *
 * With an interrupt wired a line at rest is left alone: ringing, a reversal, or
 * a lost link interrupt. After an interrupt, while it rings and off-hook the
 * line is looked at every poll_ms; without an interrupt always. What may be ringing
 * is followed every ms until its frequency is known. Beside that a
 * slow check finds what no interrupt tells: a chip that was reset behind our
 * back, or an on-hook line that is no longer fed. The check is deferrable, it
 * does not wake a processor that sleeps, so it may be late then.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#include "si3050.h"

#define LOOKS_MAX	8
#define FOLLOW_US	1000
#define FOLLOW_LOOKS	20	/* until the rest of the line is looked at as well */
#define CHECK_MS	5000
#define RECHECK_MS	100
#define SILENT_MAX	3
#define RETRY_MAX_MS	80000

/* The line will change: do not leave it alone. */
void si3050_poll_soon(struct si3050_chain *chain)
{
	if (!READ_ONCE(chain->stopped))
		queue_delayed_work(system_highpri_wq, &chain->poll_work,
				   msecs_to_jiffies(chain->poll_ms));
}

static void poll_now(struct si3050_chain *chain)
{
	if (!READ_ONCE(chain->stopped))
		mod_delayed_work(system_highpri_wq, &chain->poll_work, 0);
}

/* Something is not as it should be: find out what. */
void si3050_check_soon(struct si3050_chain *chain)
{
	if (!READ_ONCE(chain->stopped))
		mod_delayed_work(system_power_efficient_wq, &chain->check_work, 0);
}

static void check_later(struct si3050_chain *chain, unsigned int ms)
{
	if (!READ_ONCE(chain->stopped))
		queue_delayed_work(system_power_efficient_wq, &chain->check_work,
				   msecs_to_jiffies(ms));
}

/* ---------------------------------------------------------------- looks --- */

static bool is_up(const struct si3050 *chip)
{
	return chip->port && chip->state == SI3050_UP;
}

/* A chip that does not answer is checked, at the check's own pace. */
static int look(struct si3050 *chip, u8 clear, u64 at_ns)
{
	int ret = 0;

	mutex_lock(&chip->line_lock);
	if (is_up(chip)) {
		ret = si3050_look_locked(chip, clear, at_ns);
		if (ret < 0 && !chip->silent)
			si3050_check_soon(chip->chain);
		if (ret >= 0)
			si3050_protect_locked(chip, at_ns);
	}
	mutex_unlock(&chip->line_lock);
	return ret;
}

/* Whether there was something. */
static bool look_and_clear(struct si3050 *chip, u64 at_ns)
{
	unsigned int looks;
	int seen = 0, all = 0;

	for (looks = 0; looks < LOOKS_MAX; looks++) {
		seen = look(chip, seen, at_ns);
		if (seen <= 0)
			break;
		all |= seen;
		at_ns = ktime_get_ns();
	}
	return all;
}

/* Ringing is too fast for the polls. */
static bool follow_ringing(struct si3050_chain *chain)
{
	unsigned int looks;
	bool follow = true;
	struct si3050 *chip;

	for (looks = 0; follow && looks < FOLLOW_LOOKS; looks++) {
		follow = false;
		si3050_for_each(chip, chain) {
			mutex_lock(&chip->line_lock);
			if (is_up(chip))
				follow |= si3050_follow_ringing_locked(chip);
			mutex_unlock(&chip->line_lock);
		}
		if (follow)
			usleep_range(FOLLOW_US, 2 * FOLLOW_US);
	}
	return follow;
}

static bool wants_polling(const struct si3050 *chip, u64 now_ns)
{
	return is_up(chip) && (chip->chain->spi->irq <= 0 || chip->off_hook ||
			       chip->reseize || chip->rings || now_ns < chip->busy_ns);
}

static void poll(struct work_struct *work)
{
	struct si3050_chain *chain =
		container_of(to_delayed_work(work), struct si3050_chain, poll_work);
	bool again = false;
	struct si3050 *chip;

	si3050_for_each(chip, chain) {
		u64 now_ns = ktime_get_ns();

		look(chip, 0, now_ns);
		again |= wants_polling(chip, now_ns);
	}
	if (follow_ringing(chain))
		poll_now(chain);
	else if (again)
		si3050_poll_soon(chain);
}

static irqreturn_t irq_primary(int irq, void *data)
{
	struct si3050_chain *chain = data;

	atomic64_set(&chain->irq_ns, ktime_get_ns());
	return IRQ_WAKE_THREAD;
}

/* Not ours, or a chip in trouble, which must not hold the line down: none. */
static irqreturn_t irq_thread(int irq, void *data)
{
	struct si3050_chain *chain = data;
	u64 at_ns = atomic64_read(&chain->irq_ns);
	bool seen = false;
	struct si3050 *chip;

	si3050_for_each(chip, chain)
		seen |= look_and_clear(chip, at_ns);
	if (seen)
		si3050_poll_soon(chain);
	return seen ? IRQ_HANDLED : IRQ_NONE;
}

/* ------------------------------------------------------------ the check --- */

enum health {
	HEALTHY,
	REGISTERS_LOST,
	NOT_THERE,
};

#define HOOK_BITS	(SI3050_DAA1_OH | SI3050_DAA1_ONHM)

static enum health examine_locked(struct si3050 *chip)
{
	u8 hook = chip->off_hook ? SI3050_DAA1_OH : 0;
	struct si3050_access regs[] = {
		SI3050_READ(SI3050_DAA1),
		SI3050_READ(SI3050_CONTROL2),
		SI3050_READ(SI3050_DAA2),
		SI3050_READ(SI3050_PCM_MODE),
		SI3050_READ(SI3050_RING3),
		SI3050_READ(SI3050_DC_TERM),
		SI3050_READ(SI3050_LINE_STATUS),
	};

	if (si3050_run(chip, regs, ARRAY_SIZE(regs)) ||
	    regs[0].value == SI3050_SPI_FLOATING)
		return NOT_THERE;
	if (chip->listen)
		hook = SI3050_DAA1_ONHM;
	if ((regs[0].value & HOOK_BITS) != hook ||
	    regs[1].value != si3050_control2(chip) || regs[2].value ||
	    regs[3].value != si3050_pcm_mode(chip) ||
	    regs[4].value != si3050_daa_value(chip, SI3050_RING3) ||
	    regs[5].value != si3050_daa_value(chip, SI3050_DC_TERM) ||
	    !(regs[6].value & SI3050_LINE_STATUS_FDT))
		return REGISTERS_LOST;
	return HEALTHY;
}

static void lose_locked(struct si3050 *chip, const char *why)
{
	if (chip->state == SI3050_UP) {
		dev_err(si3050_dev(chip), "chip %u: %s\n", chip->number, why);
		pots_port_report_trouble(chip->port, POTS_TROUBLE_FAILED, ktime_get_ns());
	}
	chip->state = SI3050_LOST;
	chip->retry_ns = ktime_get_ns() + (u64)chip->retry_ms * NSEC_PER_MSEC;
	chip->retry_ms = min_t(unsigned int, 2 * chip->retry_ms, RETRY_MAX_MS);
}

/* Sets up again a chip that lost its registers or its line side, or came back. */
static void revive_locked(struct si3050 *chip)
{
	chip->starting = true;
	si3050_bring_up(chip->chain);
	if (chip->result) {
		lose_locked(chip, "cannot be set up again");
		return;
	}
	chip->state = SI3050_UP;
	chip->retry_ms = CHECK_MS;
	dev_warn(si3050_dev(chip), "chip %u: registers were lost and are set up again\n",
		 chip->number);
	pots_port_report_trouble(chip->port, POTS_TROUBLE_RESET, ktime_get_ns());
}

/* Return: ms until it shall be checked again. */
static unsigned int check_locked(struct si3050 *chip)
{
	if (chip->state == SI3050_LOST && ktime_get_ns() < chip->retry_ns)
		return CHECK_MS;
	switch (examine_locked(chip)) {
	case NOT_THERE:
		if (chip->state == SI3050_UP && ++chip->silent < SILENT_MAX)
			return RECHECK_MS;
		lose_locked(chip, "does not answer");
		return CHECK_MS;
	case REGISTERS_LOST:
		revive_locked(chip);
		return CHECK_MS;
	case HEALTHY:
		chip->silent = 0;
		if (chip->state == SI3050_LOST)
			revive_locked(chip);
		return CHECK_MS;
	}
	return CHECK_MS;
}

static void check(struct work_struct *work)
{
	struct si3050_chain *chain =
		container_of(to_delayed_work(work), struct si3050_chain, check_work);
	unsigned int next_ms = CHECK_MS;
	bool again = false;
	struct si3050 *chip;

	si3050_for_each(chip, chain) {
		if (!chip->port)
			continue;
		mutex_lock(&chip->line_lock);
		next_ms = min(next_ms, check_locked(chip));
		mutex_unlock(&chip->line_lock);
		/* An interrupt that was lost holds its line down: nor would the next come. */
		look_and_clear(chip, ktime_get_ns());
		again |= wants_polling(chip, ktime_get_ns());
	}
	if (again)
		si3050_poll_soon(chain);
	check_later(chain, next_ms);
}

/* -------------------------------------------------------- start and stop --- */

/**
 * si3050_watch_start - begin to report
 * @chain:	its chips are up, or lost and tried again
 *
 * What the lines are is reported as it is found.
 */
int si3050_watch_start(struct si3050_chain *chain)
{
	struct spi_device *spi = chain->spi;
	struct si3050 *chip;
	int ret;

	WRITE_ONCE(chain->stopped, false);
	si3050_for_each(chip, chain)
		chip->retry_ms = CHECK_MS;
	if (spi->irq > 0) {
		ret = request_threaded_irq(spi->irq, irq_primary, irq_thread, IRQF_ONESHOT,
					   dev_name(&spi->dev), chain);
		if (ret)
			return ret;
	}
	si3050_poll_soon(chain);
	check_later(chain, CHECK_MS);
	return 0;
}

/* When this returns nothing is reported any more; nobody asks for more. */
void si3050_watch_stop(struct si3050_chain *chain)
{
	if (chain->spi->irq > 0)
		free_irq(chain->spi->irq, chain);
	WRITE_ONCE(chain->stopped, true);
	/* Each of them may have asked for the other before. */
	cancel_delayed_work_sync(&chain->check_work);
	cancel_delayed_work_sync(&chain->poll_work);
	cancel_delayed_work_sync(&chain->check_work);
}

void si3050_watch_init(struct si3050_chain *chain)
{
	INIT_DEFERRABLE_WORK(&chain->check_work, check);
	INIT_DELAYED_WORK(&chain->poll_work, poll);
}
