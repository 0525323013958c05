/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: an exchange: battery, ringing, tones, digit receiver, and what else
 * a line from one can do to who hangs on it.
 */
#ifndef _POTS_SIM_EXCHANGE_H
#define _POTS_SIM_EXCHANGE_H

#include <linux/hrtimer.h>
#include <linux/pots_sim.h>
#include <linux/types.h>

#include "exchange_digits.h"

struct pots_sim_far_file;
struct pots_sim_far_ops;
struct pots_sim_line;

#define POTS_SIM_EXCHANGE_MIC	32768	/* samples, four seconds, a power of two */

/**
 * struct pots_sim_load - what a chip has across TIP and RING
 * @closed:	it draws a direct current
 * @mv:		voltage at which it begins to
 * @ohm:	by which it rises
 * @max_ua:	where the current stops to
 */
struct pots_sim_load {
	bool closed;
	u32 mv;
	u32 ohm;
	u32 max_ua;
};

/**
 * struct pots_sim_sense - what a chip may measure
 * @line_mv:	TIP less RING
 * @loop_ua:	through the chip
 */
struct pots_sim_sense {
	s32 line_mv;
	u32 loop_ua;
};

/**
 * struct pots_sim_play - a tone that is sent
 * @tone:	which, 0 = none
 * @part:	of it
 * @left:	samples of the part, 0 = for ever
 * @phase:	of its frequencies
 */
struct pots_sim_play {
	u32 tone;
	u32 part;
	u64 left;
	u32 phase[4];
};

/**
 * struct pots_sim_exchange_line - an exchange's end, guarded by its line's lock
 * @param:	what kind it is
 * @tone:	tones by POTS_SIM_TONE_*
 * @battery:	there is one
 * @reversed:	polarity
 * @open:	the feed is interrupted
 * @parallel:	the telephone in parallel is off-hook
 * @ringing:	a burst is on the line
 * @ring_from:	when it began
 * @burst:	which of the period
 * @left:	periods, pulses, or samples to come of the running step
 * @pulse_mv:	voltage of a pulse that is on the line
 * @load:	the chip
 * @digits:	the receiver
 * @watch:	fires when the receiver, or a dial tone, is due
 * @dial_due:	when the dial tone is
 * @play:	the tone that is sent
 * @out:	what POTS_SIM_GET_EXCHANGE_STATE returns
 */
struct pots_sim_exchange_line {
	struct pots_sim_exchange param;
	struct pots_sim_tone tone[POTS_SIM_TONES];
	bool battery;
	bool reversed;
	bool open;
	bool parallel;
	bool ringing;
	u64 ring_from;
	unsigned int burst;
	unsigned int left;
	u32 pulse_mv;
	struct pots_sim_load load;
	struct pots_sim_digits digits;
	struct hrtimer watch;
	u64 dial_due;
	struct pots_sim_play play;
	struct pots_sim_exchange_state out;
};

extern const struct pots_sim_far_ops pots_sim_exchange_ops;
void pots_sim_exchange_changed(struct pots_sim_line *line, u64 now);
void pots_sim_exchange_get(struct pots_sim_line *line,
			   struct pots_sim_exchange_state *state, u64 now);

/* exchange.c, for the model */
void pots_sim_line_load(struct pots_sim_line *line, const struct pots_sim_load *load,
			u64 now);
void pots_sim_line_sense(const struct pots_sim_line *line, struct pots_sim_sense *sense);
bool pots_sim_line_rings(const struct pots_sim_line *line);
s32 pots_sim_line_ring_mv(const struct pots_sim_line *line, u64 at);
u32 pots_sim_line_meter_mv(const struct pots_sim_line *line);

/* exchange_steps.c */
bool pots_sim_exchange_sane(const struct pots_sim_step *step);
bool pots_sim_exchange_begin(struct pots_sim_line *line, u64 now);
bool pots_sim_exchange_next(struct pots_sim_line *line, u64 now);
bool pots_sim_exchange_at_once(struct pots_sim_line *line,
			       const struct pots_sim_step *step, u64 now);
void pots_sim_exchange_flushed(struct pots_sim_line *line, bool running, u64 now);
bool pots_sim_exchange_calls(const struct pots_sim_line *line);

/* exchange_tone.c */
void pots_sim_exchange_tones(struct pots_sim_exchange_line *x);
void pots_sim_exchange_play(struct pots_sim_line *line, u32 tone);
void pots_sim_exchange_add_tone(struct pots_sim_exchange_line *x, s16 *out, unsigned int n);

/* exchange_dev.c */
long pots_sim_exchange_ioctl(struct pots_sim_far_file *ff, unsigned int cmd,
			     void __user *arg);

#endif /* _POTS_SIM_EXCHANGE_H */
