// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: what an exchange's node understands.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "board.h"
#include "line.h"

#define MV_MAX		150000
#define OHM_MAX		100000
#define US_MAX		60000000
#define RING_MHZ_MIN	5000
#define RING_MHZ_MAX	100000
#define TONE_MHZ_MAX	4000000
#define IMPEDANCES	16

static long get_state(struct pots_sim_far_file *ff, void __user *arg)
{
	struct pots_sim_line *line = ff->line;
	struct pots_sim_exchange_state state = {};
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->gone) {
		u64 now = ktime_get_ns();

		pots_sim_line_run(line, now);
		pots_sim_exchange_get(line, &state, now);
		state.ear_first_ns = ff->ear.first_ns;
		state.ear_samples = ff->ear.samples;
		state.ear_lost = ff->ear.lost;
		ff->seen = line->far.changes;
	}
	spin_unlock_irqrestore(&line->lock, flags);
	if (!state.now_ns)
		return -ENODEV;
	return copy_to_user(arg, &state, sizeof(state)) ? -EFAULT : 0;
}

static long get_exchange(struct pots_sim_line *line, void __user *arg)
{
	struct pots_sim_exchange param;
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	param = line->exchange.param;
	spin_unlock_irqrestore(&line->lock, flags);
	return copy_to_user(arg, &param, sizeof(param)) ? -EFAULT : 0;
}

static bool is_sane(const struct pots_sim_exchange *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(p->ring_us); i++)
		if (p->ring_us[i] > US_MAX)
			return false;
	return p->ring_us[0] && p->ring_us[1] && !(p->flags & ~POTS_SIM_EXCHANGE_F_QUIET) &&
	       p->battery_mv <= MV_MAX && p->ring_mv <= MV_MAX && p->ring_dc_mv <= MV_MAX &&
	       p->feed_ohm && p->feed_ohm <= OHM_MAX && p->parallel_ohm &&
	       p->parallel_ohm <= OHM_MAX && p->impedance < IMPEDANCES &&
	       p->ring_mhz >= RING_MHZ_MIN && p->ring_mhz <= RING_MHZ_MAX &&
	       p->dial_us <= US_MAX && p->gap_us <= US_MAX && p->break_us < p->release_us &&
	       p->release_us <= US_MAX && !memchr_inv(p->reserved, 0, sizeof(p->reserved));
}

static void apply(struct pots_sim_line *line, const struct pots_sim_exchange *param)
{
	struct pots_sim_digits_limits *limits = &line->exchange.digits.limits;
	u64 now = ktime_get_ns();

	pots_sim_line_run(line, now);
	line->exchange.param = *param;
	limits->break_ns = pots_sim_us(param->break_us);
	limits->gap_ns = pots_sim_us(param->gap_us);
	limits->release_ns = pots_sim_us(param->release_us);
	pots_sim_exchange_changed(line, now);
}

static long set_exchange(struct pots_sim_line *line, void __user *arg)
{
	struct pots_sim_exchange param;
	unsigned long flags;
	long err = 0;

	if (copy_from_user(&param, arg, sizeof(param)))
		return -EFAULT;
	if (!is_sane(&param))
		return -EINVAL;
	spin_lock_irqsave(&line->lock, flags);
	if (line->gone)
		err = -ENODEV;
	else
		apply(line, &param);
	spin_unlock_irqrestore(&line->lock, flags);
	return err;
}

/* A part without an end must be the last. */
static bool is_sane_tone(const struct pots_sim_tone *tone)
{
	unsigned int i, k;

	if (!tone->tone || tone->tone >= POTS_SIM_TONES || tone->reserved ||
	    tone->count > POTS_SIM_TONE_PARTS || tone->loop > tone->count)
		return false;
	for (i = 0; i < tone->count; i++) {
		u32 us = tone->part[i].us;

		if (us > US_MAX || (us && us < 1000) || (!us && i + 1 < tone->count))
			return false;
		for (k = 0; k < ARRAY_SIZE(tone->part[i].mhz); k++)
			if (tone->part[i].mhz[k] > TONE_MHZ_MAX)
				return false;
	}
	return true;
}

static long set_tone(struct pots_sim_line *line, void __user *arg)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	struct pots_sim_tone tone;
	unsigned long flags;
	long err = 0;

	if (copy_from_user(&tone, arg, sizeof(tone)))
		return -EFAULT;
	if (!is_sane_tone(&tone))
		return -EINVAL;
	spin_lock_irqsave(&line->lock, flags);
	if (line->gone) {
		err = -ENODEV;
	} else {
		pots_sim_line_run(line, ktime_get_ns());
		x->tone[tone.tone] = tone;
		if (x->play.tone == tone.tone)
			pots_sim_exchange_play(line, tone.tone);
	}
	spin_unlock_irqrestore(&line->lock, flags);
	return err;
}

long pots_sim_exchange_ioctl(struct pots_sim_far_file *ff, unsigned int cmd,
			     void __user *arg)
{
	switch (cmd) {
	case POTS_SIM_GET_EXCHANGE_STATE:
		return get_state(ff, arg);
	case POTS_SIM_GET_EXCHANGE:
		return get_exchange(ff->line, arg);
	case POTS_SIM_SET_EXCHANGE:
		return set_exchange(ff->line, arg);
	case POTS_SIM_SET_TONE:
		return set_tone(ff->line, arg);
	default:
		return -ENOTTY;
	}
}
