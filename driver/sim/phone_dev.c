// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: what a telephone's node understands.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "board.h"
#include "line.h"

static long get_state(struct pots_sim_far_file *ff, void __user *arg)
{
	struct pots_sim_line *line = ff->line;
	struct pots_sim_state state = {};
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->gone) {
		u64 now = ktime_get_ns();

		pots_sim_line_run(line, now);
		pots_sim_phone_get(line, &state, now);
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

static long get_phone(struct pots_sim_line *line, void __user *arg)
{
	struct pots_sim_phone param;
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	param = line->phone.param;
	spin_unlock_irqrestore(&line->lock, flags);
	return copy_to_user(arg, &param, sizeof(param)) ? -EFAULT : 0;
}

static long set_phone(struct pots_sim_line *line, void __user *arg)
{
	struct pots_sim_phone param;
	unsigned long flags;
	long err = 0;
	u64 now;

	if (copy_from_user(&param, arg, sizeof(param)))
		return -EFAULT;
	if (param.ren_milli > 10000 || !param.loop_ohm || param.loop_ohm > 100000 ||
	    param.bounce_us > 100000 || param.impedance > 7 ||
	    memchr_inv(param.reserved, 0, sizeof(param.reserved)))
		return -EINVAL;
	spin_lock_irqsave(&line->lock, flags);
	if (line->gone) {
		err = -ENODEV;
	} else {
		now = ktime_get_ns();
		pots_sim_line_run(line, now);
		line->phone.param = param;
		pots_sim_line_loop_changed(line, now);
	}
	spin_unlock_irqrestore(&line->lock, flags);
	return err;
}

long pots_sim_phone_ioctl(struct pots_sim_far_file *ff, unsigned int cmd,
			  void __user *arg)
{
	switch (cmd) {
	case POTS_SIM_GET_STATE:
		return get_state(ff, arg);
	case POTS_SIM_GET_PHONE:
		return get_phone(ff->line, arg);
	case POTS_SIM_SET_PHONE:
		return set_phone(ff->line, arg);
	default:
		return -ENOTTY;
	}
}
