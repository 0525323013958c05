// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: a line: the model's clock and interrupt, and what a telephone
 * learns from the wire.
 */
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../compat.h"
#include "board.h"
#include "line.h"

/* Lines whose memory is not yet free: their release is this module's code. */
static atomic_t lines_left = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_left);

/* ----------------------------------------------------------------- time --- */

static void arm_for(struct pots_sim_line *line, u64 next)
{
	if (next >= line->armed || line->gone)
		return;
	line->armed = next;
	hrtimer_start(&line->timer, ns_to_ktime(next), HRTIMER_MODE_ABS_SOFT);
}

/* The model is entered and left; what its far end did meanwhile comes after. */
static void enter(struct pots_sim_line *line)
{
	line->inside = true;
}

static void leave(struct pots_sim_line *line, u64 now)
{
	while (line->touched) {
		line->touched = false;
		line->ops->loop(line->model, now);
	}
	line->inside = false;
	arm_for(line, line->ops->next(line->model));
}

void pots_sim_line_run(struct pots_sim_line *line, u64 now)
{
	u64 next;

	lockdep_assert_held(&line->lock);
	if (line->inside)
		return;
	enter(line);
	next = line->ops->run(line->model, now);
	if (line->touched) {
		leave(line, now);
		return;
	}
	line->inside = false;
	arm_for(line, next);
}

void pots_sim_line_cs(struct pots_sim_line *line, bool on, u64 now)
{
	pots_sim_line_run(line, now);
	enter(line);
	line->ops->cs(line->model, on);
	leave(line, now);
}

/* Eight clocks of SPI. */
u8 pots_sim_line_byte(struct pots_sim_line *line, u8 sdi, u64 now)
{
	u8 sdo;

	lockdep_assert_held(&line->lock);
	enter(line);
	sdo = line->ops->byte(line->model, sdi, now);
	leave(line, now);
	pots_sim_line_run(line, now);
	return sdo;
}

static enum hrtimer_restart line_timer(struct hrtimer *timer)
{
	struct pots_sim_line *line = container_of(timer, struct pots_sim_line, timer);
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	line->armed = POTS_SIM_NEVER;
	if (!line->gone)
		pots_sim_line_run(line, ktime_get_ns());
	spin_unlock_irqrestore(&line->lock, flags);
	return HRTIMER_NORESTART;
}

/* ----------------------------------------------- from the board's side --- */

const struct pots_sim_kind pots_sim_fxs = {
	.modalias = "pots-si3210",
	.chain = "si3210-chain",
	.feeds = true,
	.model = &pots_sim_si3210_ops,
	.far = &pots_sim_phone_ops,
};

const struct pots_sim_kind pots_sim_fxo = {
	.modalias = "pots-si3050",
	.chain = "pots-si3050",
	.model = &pots_sim_si3050_ops,
	.far = &pots_sim_exchange_ops,
};

const struct pots_sim_kind pots_sim_wired_fxs = {
	.modalias = "pots-si3210",
	.feeds = true,
	.model = &pots_sim_si3210_ops,
	.far = &pots_sim_wire_fxs_ops,
};

const struct pots_sim_kind pots_sim_wired_fxo = {
	.modalias = "pots-si3050",
	.model = &pots_sim_si3050_ops,
	.far = &pots_sim_wire_fxo_ops,
};

/* The chips of a chip select: one, or all of their kind in a chain. */
unsigned int pots_sim_chain_length(const struct pots_sim_line *line)
{
	const struct pots_sim_board *board = line->board;
	unsigned int n = 1;

	if (!board->config.chain)
		return 1;
	while (line->index + n < board->lines &&
	       board->line[line->index + n]->kind == line->kind)
		n++;
	return n;
}

/* Which of them has the wires to the board that they share. */
static unsigned int chain_first(const struct pots_sim_line *line)
{
	return line->board->config.chain ? line->index - (line->number - 1) : line->index;
}

void pots_sim_line_loop_changed(struct pots_sim_line *line, u64 now)
{
	lockdep_assert_held(&line->lock);
	line->touched = true;
	if (line->inside)
		return;
	enter(line);
	leave(line, now);
}

void pots_sim_line_clock(struct pots_sim_line *line, bool on)
{
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&line->lock, flags);
	now = ktime_get_ns();
	pots_sim_line_run(line, now);
	enter(line);
	line->ops->clock(line->model, on, now);
	leave(line, now);
	spin_unlock_irqrestore(&line->lock, flags);
}

void pots_sim_line_reset(struct pots_sim_line *line, bool held)
{
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&line->lock, flags);
	now = ktime_get_ns();
	pots_sim_line_run(line, now);
	enter(line);
	line->ops->reset(line->model, held, now);
	leave(line, now);
	spin_unlock_irqrestore(&line->lock, flags);
}

static void line_release(struct device *dev)
{
	struct pots_sim_line *line = container_of(dev, struct pots_sim_line, dev);

	pots_sim_far_free(line);
	line->ops->free(line->model);
	kfree(line);
	/*
	 * The end of the module may see 0 at once, but its memory goes a grace
	 * period later. What is left to run then is the way back from here: the
	 * race that every release in a module has.
	 */
	rcu_read_lock();
	if (atomic_dec_and_test(&lines_left))
		wake_up(&none_left);
	rcu_read_unlock();
}

/* For the module's end: whoever drops the last reference, release may be later. */
void pots_sim_lines_wait(void)
{
	wait_event(none_left, !atomic_read(&lines_left));
}

/* Returns a line with one reference, its device initialised and not added. */
struct pots_sim_line *pots_sim_line_alloc(struct pots_sim_board *board,
					  const struct pots_sim_kind *kind,
					  unsigned int index, unsigned int number)
{
	struct pots_sim_line *line = kzalloc(sizeof(*line), GFP_KERNEL);

	if (!line)
		return NULL;
	atomic_inc(&lines_left);
	device_initialize(&line->dev);
	line->dev.release = line_release;
	spin_lock_init(&line->lock);
	init_waitqueue_head(&line->wait);
	line->board = board;
	line->bus = &board->bus;
	line->index = index;
	line->number = number;
	line->kind = kind;
	line->mosfet = board->config.mosfet;
	line->armed = POTS_SIM_NEVER;
	hrtimer_setup(&line->timer, line_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	pots_sim_faults_clear(&line->fault);
	line->ops = kind->model;
	if (!pots_sim_far_init(line, kind->far))
		line->model = line->ops->alloc(line);
	if (!line->model) {
		put_device(&line->dev);
		return NULL;
	}
	return line;
}

/* The board goes: nothing of the line moves any more. The reference stays. */
void pots_sim_line_retire(struct pots_sim_line *line)
{
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	line->gone = true;
	spin_unlock_irqrestore(&line->lock, flags);
	hrtimer_cancel(&line->timer);
	pots_sim_steps_stop(line);
	line->far.ops->stop(line);
	wake_up_all(&line->wait);
}

/* ----------------------------------------------- from the model's side --- */

void pots_sim_line_set_irq(struct pots_sim_line *line, bool low)
{
	if (atomic_xchg(&line->irq, low) == low || !low)
		return;
	if (pots_sim_fault_strikes(&line->fault, POTS_SIM_FAULT_IRQ_LOST))
		return;
	pots_sim_irq_fell(line->board, chain_first(line));
}

void pots_sim_line_feed(struct pots_sim_line *line,
			const struct pots_sim_feed *feed, u64 now)
{
	struct pots_sim_state *out = &line->phone.out;
	u32 was = out->state, state = was;

	state &= ~(POTS_SIM_STATE_FED | POTS_SIM_STATE_REVERSED | POTS_SIM_STATE_LAMP);
	state |= feed->fed ? POTS_SIM_STATE_FED : 0;
	state |= feed->fed && feed->reversed ? POTS_SIM_STATE_REVERSED : 0;
	state |= pots_sim_lamp(out, feed->line_mv, now) ? POTS_SIM_STATE_LAMP : 0;
	if (~was & state & POTS_SIM_STATE_FED)
		out->fed_ns = now;
	if (was & ~state & POTS_SIM_STATE_FED)
		out->open_ns = now;
	if ((was ^ state) & POTS_SIM_STATE_REVERSED) {
		out->reversals += !!(was & state & POTS_SIM_STATE_FED);
		out->turned_us = div_u64(now - out->polarity_ns, NSEC_PER_USEC);
		out->polarity_ns = now;
	}
	out->state = state;
	out->line_mv = feed->reversed ? -feed->line_mv : feed->line_mv;
	out->loop_ua = feed->loop_ua;
	if (line->wire)
		pots_sim_wire_feed(line->wire, feed);
	if (state != was)
		pots_sim_far_changed(line);
}
