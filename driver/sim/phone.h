/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: a telephone: hook switch, bell, dial, microphone and earpiece.
 */
#ifndef _POTS_SIM_PHONE_H
#define _POTS_SIM_PHONE_H

#include <linux/hrtimer.h>
#include <linux/pots_sim.h>
#include <linux/types.h>

struct pots_sim_far_file;
struct pots_sim_far_ops;
struct pots_sim_line;

#define POTS_SIM_MIC_SAMPLES	4096	/* half a second, a power of two */

/**
 * struct pots_sim_phone_state - a telephone, guarded by its line's lock
 * @param:	what kind it is
 * @lifted:	the handset is off the hook
 * @closed:	the hook switch conducts
 * @want:	what the switch shall do when the bouncing is over
 * @pulses:	pulses that the running step has still to make
 * @bounce_timer: next flicker of the hook switch
 * @bounce_end:	when the hook switch comes to rest
 * @tone_begin:	first sample of the tones of the step
 * @tone_end:	first sample after the tones of the step, 0 = no tones
 * @phase:	of the tones
 * @ring_last_mv: the last sample of the ringing voltage
 * @ring_last:	its time
 * @ring_cross:	when it last crossed zero upward
 * @ring_first:	when it first did so in this burst
 * @ring_cycles: cycles between the two
 * @ring_sum:	of the squares of its samples, mV
 * @ring_count:	its samples
 * @ring_total:	of the samples since @ring_first
 * @ring_since:	how many these are
 * @out:	what POTS_SIM_GET_STATE returns
 */
struct pots_sim_phone_state {
	struct pots_sim_phone param;
	bool lifted;
	bool closed;
	bool want;
	unsigned int pulses;
	struct hrtimer bounce_timer;
	u64 bounce_end;

	u64 tone_begin;
	u64 tone_end;
	u32 phase[2];

	s32 ring_last_mv;
	u64 ring_last;
	u64 ring_cross;
	u64 ring_first;
	u32 ring_cycles;
	u64 ring_sum;
	u32 ring_count;
	s64 ring_total;
	u32 ring_since;
	struct pots_sim_state out;
};

extern const struct pots_sim_far_ops pots_sim_phone_ops;
void pots_sim_phone_get(struct pots_sim_line *line, struct pots_sim_state *state,
			u64 now);

/* phone_dev.c */
long pots_sim_phone_ioctl(struct pots_sim_far_file *ff, unsigned int cmd,
			  void __user *arg);

#endif /* _POTS_SIM_PHONE_H */
