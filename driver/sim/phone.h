/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: a telephone: hook switch, bell, dial, microphone and earpiece.
 */
#ifndef _POTS_SIM_PHONE_H
#define _POTS_SIM_PHONE_H

#include <linux/hrtimer.h>
#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/pots_sim.h>
#include <linux/types.h>

struct pots_sim_line;

#define POTS_SIM_MIC_SAMPLES	4096	/* half a second, a power of two */
#define POTS_SIM_EAR_SAMPLES	32768	/* four seconds, a power of two */
#define POTS_SIM_HUSH_SAMPLES	160	/* 20 ms of zeros are silence */

/**
 * struct pots_sim_ear - somebody who writes down what is heard
 * @node:	in the telephone's list, while @how is not OFF
 * @how:	POTS_SIM_LISTEN_*
 * @fifo:	samples to be read
 * @first_ns:	stamp of the first sample
 * @samples:	since then
 * @lost:	of them, not read in time
 */
struct pots_sim_ear {
	struct list_head node;
	u32 how;
	DECLARE_KFIFO_PTR(fifo, s16);
	u64 first_ns;
	u64 samples;
	u32 lost;
};

/**
 * struct pots_sim_phone_state - a telephone, guarded by its line's lock
 * @param:	what kind it is
 * @lifted:	the handset is off the hook
 * @closed:	the hook switch conducts
 * @want:	what the switch shall do when the bouncing is over
 * @queue:	steps that wait
 * @queued:	their number, from @head
 * @head:	the first of them
 * @step:	the one that runs
 * @running:	it does
 * @pulses:	pulses that it has still to make
 * @step_timer:	ends a part of a step
 * @bounce_timer: next flicker of the hook switch
 * @step_due:	when the running part of the step ends
 * @bounce_end:	when the hook switch comes to rest
 * @tone_end:	first sample after the tones of the step, 0 = no tones
 * @phase:	of the tones
 * @speaking:	tones or microphone samples are there to be sent
 * @mic:	what is said
 * @ears:	who listens
 * @ring_last_mv: the last sample of the ringing voltage
 * @ring_last:	its time
 * @ring_cross:	when it last crossed zero upward
 * @ring_first:	when it first did so in this burst
 * @ring_cycles: cycles between the two
 * @ring_sum:	of the squares of its samples, mV
 * @ring_count:	its samples
 * @hush:	zeros heard in a row
 * @out:	what POTS_SIM_GET_STATE returns
 * @changes:	counts what @out went through
 */
struct pots_sim_phone_state {
	struct pots_sim_phone param;
	bool lifted;
	bool closed;
	bool want;

	struct pots_sim_step queue[POTS_SIM_QUEUE_MAX];
	unsigned int queued;
	unsigned int head;
	struct pots_sim_step step;
	bool running;
	unsigned int pulses;
	struct hrtimer step_timer;
	struct hrtimer bounce_timer;
	u64 step_due;
	u64 bounce_end;

	u64 tone_end;
	u32 phase[2];
	bool speaking;
	DECLARE_KFIFO_PTR(mic, s16);
	struct list_head ears;

	s32 ring_last_mv;
	u64 ring_last;
	u64 ring_cross;
	u64 ring_first;
	u32 ring_cycles;
	u64 ring_sum;
	u32 ring_count;
	u32 hush;
	struct pots_sim_state out;
	unsigned int changes;
};

int pots_sim_phone_init(struct pots_sim_line *line);
void pots_sim_phone_stop(struct pots_sim_line *line);
void pots_sim_phone_free(struct pots_sim_line *line);
int pots_sim_phone_queue(struct pots_sim_line *line, const struct pots_sim_queue *q);
void pots_sim_phone_flush(struct pots_sim_line *line, u64 now);
void pots_sim_phone_changed(struct pots_sim_line *line);
void pots_sim_phone_get(struct pots_sim_line *line, struct pots_sim_state *state,
			u64 now);
void pots_sim_phone_listen(struct pots_sim_line *line, struct pots_sim_ear *ear,
			   u32 how);
void pots_sim_phone_speaking(struct pots_sim_line *line);

/* phone_dev.c */
int pots_sim_class_init(void);
void pots_sim_class_exit(void);
int pots_sim_node_add(struct pots_sim_line *line);
void pots_sim_node_del(struct pots_sim_line *line);

#endif /* _POTS_SIM_PHONE_H */
