// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes one fault in the kernel, on purpose, when it is loaded: fault=NAME. Whatever
 * watches over a suite must see it.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static char *fault = "nothing";
module_param(fault, charp, 0444);

static void nothing(void)
{
}

/* Several: what a register or the stack still holds is no leak. */
static void leak(void)
{
	for (unsigned int i = 0; i < 10; i++) {
		void *lost = kmalloc(500, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(lost);
	}
}

/* Never at the same time, and so without a hang; but they could. */
static void inversion(void)
{
	static DEFINE_MUTEX(first);
	static DEFINE_MUTEX(second);

	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void warning(void)
{
	WARN(1, "planted\n");
}

static void taint(void)
{
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}

static const struct {
	const char *name;
	void (*make)(void);
} faults[] = {
	{ "nothing", nothing },
	{ "leak", leak },
	{ "inversion", inversion },
	{ "warning", warning },
	{ "taint", taint },
};

static int __init planted_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(fault, faults[i].name)) {
			faults[i].make();
			return 0;
		}
	}
	return -EINVAL;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);
MODULE_DESCRIPTION("A fault on purpose, to test the tests");
MODULE_LICENSE("GPL");
