/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat: the one place that knows kernel versions, 6.1 and newer.
 */
#ifndef _POTS_COMPAT_H
#define _POTS_COMPAT_H

#include <linux/device/class.h>
#include <linux/hrtimer.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#undef class_create
#define class_create(name) ({					\
	static struct lock_class_key key;			\
	__class_create(THIS_MODULE, name, &key);		\
})
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif /* _POTS_COMPAT_H */
