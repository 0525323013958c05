// SPDX-License-Identifier: GPL-2.0-only
/*
 * si3210_watch: what happens on the line, and to the chip.
 *
 * The interrupt thread, or a poll thread where no interrupt is wired, looks at
 * the status and reports. Beside it a slow check finds what no interrupt tells:
 * a chip that was reset behind our back has its interrupts off. The check is
 * deferrable, it does not wake a processor that sleeps.
 *
 * An edge costs two accesses from the thread's start to the report.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/timekeeping.h>

#include "si3210.h"

#define LOOKS_MAX	8
#define CHECK_MS	5000
#define RECHECK_MS	100
#define SILENT_MAX	3
#define ALARM_DELAY_MS	100

static void queue_later(struct delayed_work *work, unsigned int ms)
{
	queue_delayed_work(system_power_efficient_wq, work, msecs_to_jiffies(ms));
}

/* While it rings the current of the loop is the ringing current. */
static bool loop_is_known(struct si3210 *chip)
{
	return READ_ONCE(chip->linefeed) != SI3210_LF_RINGING || READ_ONCE(chip->tripped);
}

static void report_status(struct si3210 *chip, u8 status, u8 loop, u64 at_ns)
{
	if (status & SI3210_IRQ2_RTIP) {
		WRITE_ONCE(chip->tripped, true);
		pots_port_report_ring_trip(chip->port, at_ns);
	}
	if (loop_is_known(chip))
		pots_port_report_loop(chip->port, loop & SI3210_LOOP_LCR, at_ns);
	if (status & SI3210_IRQ2_QAP) {
		pots_port_report_alarm(chip->port, POTS_ALARM_RAISED, at_ns);
		queue_later(&chip->alarm_work, ALARM_DELAY_MS);
	}
}

static int look(struct si3210 *chip, u8 clear, u8 *status, u8 *loop)
{
	struct si3210_batch *batch = chip->watch;
	unsigned int first = clear ? 1 : 0;
	int ret;

	si3210_batch_begin(batch);
	if (clear)
		si3210_batch_write(batch, SI3210_IRQ2, clear);
	si3210_batch_read(batch, SI3210_IRQ2);
	si3210_batch_read(batch, SI3210_LOOP);
	ret = si3210_batch_run(chip, batch);
	if (ret)
		return ret;
	*status = si3210_batch_value(batch, first);
	*loop = si3210_batch_value(batch, first + 1);
	return *loop == SI3210_SPI_FLOATING ? -EIO : 0;
}

/*
 * Reports first and clears then. A bit that is set between the look and the
 * clearing belongs to the next look; the loop is seen once more after its bit
 * was cleared, so that the last edge cannot be lost.
 *
 * Return: whether there was something, or a negative errno.
 */
static int watch_once(struct si3210 *chip, u64 at_ns)
{
	u8 status, loop, clear = 0;
	unsigned int looks;
	int ret, seen = 0;

	mutex_lock(&chip->watch_lock);
	ret = READ_ONCE(chip->state) == SI3210_UP ? 0 : -EIO;
	for (looks = 0; !ret && looks < LOOKS_MAX; looks++) {
		ret = look(chip, clear, &status, &loop);
		if (ret)
			break;
		report_status(chip, status, loop, at_ns);
		seen |= status;
		clear = status;
		if (!status)
			break;
		at_ns = ktime_get_ns();
	}
	mutex_unlock(&chip->watch_lock);
	return ret ? ret : !!seen;
}

/* Something is not as it should be: find out what. */
void si3210_check_soon(struct si3210 *chip)
{
	mod_delayed_work(system_power_efficient_wq, &chip->check_work, 0);
}

/* Tells what the loop is now, where no interrupt will: after ringing. */
void si3210_watch_now(struct si3210 *chip)
{
	watch_once(chip, ktime_get_ns());
}

/* ------------------------------------------------------------ the check --- */

enum health {
	HEALTHY,
	LINE_DOWN,	/* an alarm that nobody reported */
	NOT_AS_TOLD,	/* a command got lost with the bus */
	REGISTERS_LOST,
	NOT_THERE,
};

/* The chip moves the shadow by itself, never what was written. */
static bool is_as_told(u8 commanded, u8 linefeed)
{
	return FIELD_GET(SI3210_LINEFEED_LF, linefeed) == commanded;
}

static enum health examine(struct si3210 *chip)
{
	static const u8 regs[] = { SI3210_LINEFEED, SI3210_LOOPBACK, SI3210_LOOP };
	u8 values[ARRAY_SIZE(regs)];
	u8 commanded = READ_ONCE(chip->linefeed);

	if (si3210_read_many(chip, regs, values, ARRAY_SIZE(regs)) ||
	    values[2] == SI3210_SPI_FLOATING)
		return NOT_THERE;
	if (values[1])
		return REGISTERS_LOST;
	if (commanded != SI3210_LF_OPEN &&
	    FIELD_GET(SI3210_LINEFEED_LFS, values[0]) == SI3210_LF_OPEN)
		return LINE_DOWN;
	if (READ_ONCE(chip->state) == SI3210_UP && !is_as_told(commanded, values[0]))
		return NOT_AS_TOLD;
	return HEALTHY;
}

static void give_up_chip(struct si3210 *chip)
{
	mutex_lock(&chip->line_lock);
	WRITE_ONCE(chip->state, SI3210_LOST);
	mutex_unlock(&chip->line_lock);
	dev_err(&chip->spi->dev, "the chip does not answer\n");
	pots_port_report_trouble(chip->port, POTS_TROUBLE_FAILED, ktime_get_ns());
}

static int enable_irq_locked(struct si3210 *chip)
{
	return si3210_write(chip, SI3210_IRQ2_EN, SI3210_IRQ2_QAP |
			    SI3210_IRQ2_LCIP | SI3210_IRQ2_RTIP);
}

/* Sets up again a chip that lost its registers, or came back. */
static int revive(struct si3210 *chip)
{
	int ret;

	mutex_lock(&chip->line_lock);
	WRITE_ONCE(chip->state, SI3210_DOWN);
	mutex_lock(&chip->watch_lock);	/* nobody looks any more */
	mutex_unlock(&chip->watch_lock);
	ret = si3210_bring_up(chip);
	if (!ret)
		ret = si3210_sound_locked(chip);
	if (!ret)
		ret = enable_irq_locked(chip);
	WRITE_ONCE(chip->state, ret ? SI3210_LOST : SI3210_UP);
	mutex_unlock(&chip->line_lock);
	return ret;
}

static void revive_and_report(struct si3210 *chip)
{
	bool was_up = READ_ONCE(chip->state) == SI3210_UP;
	int ret = revive(chip);

	if (!ret) {
		dev_warn(&chip->spi->dev, "registers were lost and are set up again\n");
		pots_port_report_trouble(chip->port, POTS_TROUBLE_RESET, ktime_get_ns());
		si3210_watch_now(chip);
	} else if (was_up) {
		pots_port_report_trouble(chip->port, POTS_TROUBLE_FAILED, ktime_get_ns());
	}
}

/* Unless a command was on its way just then. Ringing must not stay for want of one. */
static int tell_again(struct si3210 *chip)
{
	int ret;

	mutex_lock(&chip->line_lock);
	ret = chip->state == SI3210_UP ? si3210_read(chip, SI3210_LINEFEED) : 0;
	if (ret >= 0 && chip->state == SI3210_UP && !is_as_told(chip->linefeed, ret))
		ret = si3210_write(chip, SI3210_LINEFEED, chip->linefeed);
	mutex_unlock(&chip->line_lock);
	si3210_watch_now(chip);
	return ret < 0 ? ret : 0;
}

static void not_there(struct si3210 *chip)
{
	if (READ_ONCE(chip->state) != SI3210_UP)
		return;
	WRITE_ONCE(chip->silent, chip->silent + 1);
	if (chip->silent == SILENT_MAX)
		give_up_chip(chip);
}

static void check(struct work_struct *work)
{
	struct si3210 *chip = container_of(to_delayed_work(work), struct si3210, check_work);
	unsigned int next_ms = CHECK_MS;

	switch (examine(chip)) {
	case HEALTHY:
		WRITE_ONCE(chip->silent, 0);
		if (READ_ONCE(chip->state) == SI3210_LOST)
			revive_and_report(chip);
		else
			si3210_watch_now(chip);
		break;
	case NOT_AS_TOLD:
		WRITE_ONCE(chip->silent, 0);
		if (tell_again(chip))
			next_ms = RECHECK_MS;
		break;
	case LINE_DOWN:
		if (delayed_work_pending(&chip->alarm_work))
			break;
		pots_port_report_alarm(chip->port, POTS_ALARM_RAISED, ktime_get_ns());
		queue_later(&chip->alarm_work, 0);
		break;
	case REGISTERS_LOST:
		WRITE_ONCE(chip->silent, 0);
		revive_and_report(chip);
		break;
	case NOT_THERE:
		not_there(chip);
		next_ms = RECHECK_MS;
		break;
	}
	if (READ_ONCE(chip->state) == SI3210_LOST)
		next_ms = CHECK_MS;
	queue_later(&chip->check_work, next_ms);
}

/* --------------------------------------------------------- power alarms --- */

static void recover_from_alarm(struct work_struct *work)
{
	struct si3210 *chip = container_of(to_delayed_work(work), struct si3210, alarm_work);
	enum pots_alarm outcome = POTS_ALARM_GIVEN_UP;
	int ret = 0;

	mutex_lock(&chip->line_lock);
	if (chip->state != SI3210_UP) {
		mutex_unlock(&chip->line_lock);
		return;
	}
	if (si3210_alarm_budget_locked(chip)) {
		chip->alarm_tries++;
		ret = si3210_linefeed_locked(chip, chip->linefeed);
		outcome = POTS_ALARM_RECOVERED;
	} else {
		WRITE_ONCE(chip->linefeed, SI3210_LF_OPEN);
		chip->given_up = true;
	}
	mutex_unlock(&chip->line_lock);

	if (ret)
		queue_later(&chip->alarm_work, ALARM_DELAY_MS);
	else
		pots_port_report_alarm(chip->port, outcome, ktime_get_ns());
}

/* ------------------------------------------------ interrupt, or polling --- */

/* Looks; a chip that does not answer is checked, at the check's own pace. */
static int watch(struct si3210 *chip, u64 at_ns)
{
	int ret = watch_once(chip, at_ns);

	if (ret < 0 && READ_ONCE(chip->state) == SI3210_UP && !READ_ONCE(chip->silent))
		si3210_check_soon(chip);
	return ret;
}

static irqreturn_t irq_primary(int irq, void *data)
{
	struct si3210 *chip = data;

	atomic64_set(&chip->irq_ns, ktime_get_ns());
	return IRQ_WAKE_THREAD;
}

static irqreturn_t irq_thread(int irq, void *data)
{
	struct si3210 *chip = data;

	/* Not ours, or a chip in trouble, which must not hold the line down. */
	return watch(chip, atomic64_read(&chip->irq_ns)) > 0 ? IRQ_HANDLED : IRQ_NONE;
}

static int poll_thread(void *data)
{
	struct si3210 *chip = data;

	while (!kthread_should_stop()) {
		usleep_range(chip->poll_us, chip->poll_us + chip->poll_us / 10);
		watch(chip, ktime_get_ns());
	}
	return 0;
}

static int start_poller(struct si3210 *chip)
{
	struct task_struct *poller;

	poller = kthread_run(poll_thread, chip, "pots-%s", dev_name(&chip->spi->dev));
	if (IS_ERR(poller))
		return PTR_ERR(poller);
	sched_set_fifo_low(poller);
	chip->poller = poller;
	return 0;
}

static int start_watcher(struct si3210 *chip)
{
	struct spi_device *spi = chip->spi;

	if (spi->irq <= 0)
		return start_poller(chip);
	return request_threaded_irq(spi->irq, irq_primary, irq_thread, IRQF_ONESHOT,
				    dev_name(&spi->dev), chip);
}

static void stop_watcher(struct si3210 *chip)
{
	if (chip->poller)
		kthread_stop(chip->poller);
	else if (chip->spi->irq > 0)
		free_irq(chip->spi->irq, chip);
	chip->poller = NULL;
}

/**
 * si3210_watch_start - begin to report
 * @chip: up
 *
 * The state of the loop is reported as it is found.
 */
int si3210_watch_start(struct si3210 *chip)
{
	int ret;

	WRITE_ONCE(chip->silent, 0);
	ret = start_watcher(chip);
	if (ret)
		return ret;
	mutex_lock(&chip->line_lock);
	ret = enable_irq_locked(chip);
	mutex_unlock(&chip->line_lock);
	if (ret) {
		stop_watcher(chip);
		return ret;
	}
	si3210_watch_now(chip);
	queue_later(&chip->check_work, CHECK_MS);
	return 0;
}

/* When this returns nothing is reported any more. */
void si3210_watch_stop(struct si3210 *chip)
{
	cancel_delayed_work_sync(&chip->check_work);
	cancel_delayed_work_sync(&chip->alarm_work);
	stop_watcher(chip);
	/* An interrupt may have asked for a check in the meantime. */
	cancel_delayed_work_sync(&chip->check_work);
	cancel_delayed_work_sync(&chip->alarm_work);
}

void si3210_watch_init(struct si3210 *chip)
{
	INIT_DEFERRABLE_WORK(&chip->check_work, check);
	INIT_DELAYED_WORK(&chip->alarm_work, recover_from_alarm);
}
