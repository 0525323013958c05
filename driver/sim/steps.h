/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: what a far end does one after the other, timed by the kernel.
 */
#ifndef _POTS_SIM_STEPS_H
#define _POTS_SIM_STEPS_H

#include <linux/hrtimer.h>
#include <linux/math64.h>
#include <linux/pots_sim.h>
#include <linux/types.h>

struct pots_sim_line;

/**
 * struct pots_sim_steps - steps of a far end, guarded by its line's lock
 * @queue:	steps that wait
 * @queued:	their number, from @head
 * @head:	the first of them
 * @step:	the one that runs
 * @running:	it does
 * @timer:	ends a part of a step
 * @due:	when the running part of the step ends
 */
struct pots_sim_steps {
	struct pots_sim_step queue[POTS_SIM_QUEUE_MAX];
	unsigned int queued;
	unsigned int head;
	struct pots_sim_step step;
	bool running;
	struct hrtimer timer;
	u64 due;
};

static inline u64 pots_sim_us(u32 n)
{
	return n * (u64)NSEC_PER_USEC;
}

/* rounddown() of 64 bits wants a function that 32-bit kernels do not have. */
static inline u64 pots_sim_rounddown_ns(u64 ns, u32 step_ns)
{
	u32 rest;

	div_u64_rem(ns, step_ns, &rest);
	return ns - rest;
}

void pots_sim_steps_init(struct pots_sim_line *line);
void pots_sim_steps_stop(struct pots_sim_line *line);
bool pots_sim_steps_wait_for(const struct pots_sim_line *line, u32 kind);
void pots_sim_steps_flush(struct pots_sim_line *line, u64 now);
void pots_sim_steps_end(struct pots_sim_line *line, u64 now);
int pots_sim_steps_queue(struct pots_sim_line *line, const struct pots_sim_queue *q);

#endif /* _POTS_SIM_STEPS_H */
