// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: what a far end does one after the other.
 *
 * Everything here is guarded by the line's lock. A part of a step begins when
 * the part before it should have ended, not when the timer got round to it:
 * pulses do not drift.
 */
#include <linux/ktime.h>

#include "../compat.h"
#include "board.h"
#include "line.h"

static bool pop_step(struct pots_sim_steps *steps)
{
	if (!steps->queued)
		return false;
	steps->step = steps->queue[steps->head];
	steps->head = (steps->head + 1) % POTS_SIM_QUEUE_MAX;
	steps->queued--;
	return true;
}

static void arm(struct pots_sim_steps *steps)
{
	if (steps->due != POTS_SIM_NEVER)
		hrtimer_start(&steps->timer, ns_to_ktime(steps->due),
			      HRTIMER_MODE_ABS_SOFT);
}

/* Go on with what is queued, until something takes time. */
static void go_on(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_steps *steps = &line->steps;

	steps->running = false;
	while (!steps->running && pop_step(steps))
		steps->running = line->far.ops->begin(line, now);
	line->far.ops->busy(line, steps->running);
	if (steps->running)
		arm(steps);
	else
		pots_sim_far_changed(line);
}

static enum hrtimer_restart step_timer(struct hrtimer *timer)
{
	struct pots_sim_line *line = container_of(timer, struct pots_sim_line,
						  steps.timer);
	struct pots_sim_steps *steps = &line->steps;
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&line->lock, flags);
	now = ktime_get_ns();
	/* A flush may have come first and a new step may run. */
	if (line->gone || !steps->running || steps->due > now)
		goto out;
	if (line->far.ops->next(line, now))
		arm(steps);
	else
		go_on(line, now);
out:
	spin_unlock_irqrestore(&line->lock, flags);
	return HRTIMER_NORESTART;
}

/* The running step, one without an end of its own, has ended at @now. */
void pots_sim_steps_end(struct pots_sim_line *line, u64 now)
{
	line->steps.due = now;
	go_on(line, now);
}

/* Forgets what waits; the far end undoes what was half done. */
void pots_sim_steps_flush(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_steps *steps = &line->steps;
	bool was = steps->running;

	steps->running = false;
	line->far.ops->flushed(line, was, now);
	steps->queued = 0;
	pots_sim_far_speaking(line);
	line->far.ops->busy(line, false);
}

/* Does a step of this kind wait for its turn? */
bool pots_sim_steps_wait_for(const struct pots_sim_line *line, u32 kind)
{
	const struct pots_sim_steps *steps = &line->steps;
	unsigned int i;

	for (i = 0; i < steps->queued; i++)
		if (steps->queue[(steps->head + i) % POTS_SIM_QUEUE_MAX].kind == kind)
			return true;
	return false;
}

static void add_step(struct pots_sim_line *line, const struct pots_sim_step *step, u64 now)
{
	struct pots_sim_steps *steps = &line->steps;

	if (line->far.ops->at_once && line->far.ops->at_once(line, step, now))
		return;
	steps->queue[(steps->head + steps->queued++) % POTS_SIM_QUEUE_MAX] = *step;
}

int pots_sim_steps_queue(struct pots_sim_line *line, const struct pots_sim_queue *q)
{
	struct pots_sim_steps *steps = &line->steps;
	u64 now = ktime_get_ns();
	unsigned int i;

	lockdep_assert_held(&line->lock);
	if (q->flags & POTS_SIM_QUEUE_F_FLUSH)
		pots_sim_steps_flush(line, now);
	if (steps->queued + q->count > POTS_SIM_QUEUE_MAX)
		return -EBUSY;
	for (i = 0; i < q->count; i++)
		add_step(line, &q->step[i], now);
	if (!steps->running) {
		steps->due = now;
		go_on(line, now);
	}
	return 0;
}

void pots_sim_steps_init(struct pots_sim_line *line)
{
	hrtimer_setup(&line->steps.timer, step_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

void pots_sim_steps_stop(struct pots_sim_line *line)
{
	hrtimer_cancel(&line->steps.timer);
}
