// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps virtual time from leaping while the guest waits for the host's files.
 *
 * In virtual time QEMU skips to the next timer whenever the processor is idle,
 * and a guest that waits for a 9p reply is idle: loading one interpreter made
 * the clock jump by 8 s. As long as a request is under way, this makes the
 * idle loop spin instead of halting, so that time goes on by instructions.
 *
 * cpu_idle_poll_ctrl() is not exported; a kprobe knows where it is. A probe that
 * is hit while another one's handler runs is not called, only counted as missed,
 * so what is under way is worked out from both counts, and again by a timer: a
 * reply that was missed must not leave the machine spinning for ever. For the
 * test machine, with its one processor, only.
 */
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/timer.h>

#define CHECK_MS	20

static void (*idle_poll_ctrl)(bool enable);
static long hits;		/* requests less replies, of the handlers */
static bool polling;

static struct timer_list check_timer;

/* A probe's handler may be in the middle of anything, timers included. */
static void start_timer(struct irq_work *work)
{
	mod_timer(&check_timer, jiffies + msecs_to_jiffies(CHECK_MS));
}

static struct irq_work timer_starter = IRQ_WORK_INIT_HARD(start_timer);

static int sent(struct kprobe *probe, struct pt_regs *regs);
static int ended(struct kprobe *probe, struct pt_regs *regs);

static struct kprobe on_request = {
	.symbol_name = "p9_virtio_request",
	.pre_handler = sent,
};

static struct kprobe on_zero_copy_request = {
	.symbol_name = "p9_virtio_zc_request",
	.pre_handler = sent,
};

static struct kprobe on_reply = {
	.symbol_name = "p9_client_cb",
	.pre_handler = ended,
};

/* A request whose caller was killed gets no reply. */
static struct kprobe on_cancelled = {
	.symbol_name = "p9_virtio_cancelled",
	.pre_handler = ended,
};

static struct kprobe *const probes[] = {
	&on_request, &on_zero_copy_request, &on_reply, &on_cancelled,
};

static long under_way(void)
{
	return hits + on_request.nmissed + on_zero_copy_request.nmissed -
	       on_reply.nmissed - on_cancelled.nmissed;
}

static void review(void)
{
	unsigned long flags;
	bool wanted;

	local_irq_save(flags);
	wanted = under_way() > 0;
	if (wanted != polling)
		idle_poll_ctrl(wanted);
	polling = wanted;
	local_irq_restore(flags);
}

static void count(long change)
{
	unsigned long flags;

	local_irq_save(flags);
	/* Requests sent before the probes were there end here as well. */
	if (change > 0 || under_way() > 0)
		hits += change;
	local_irq_restore(flags);
	review();
}

static int sent(struct kprobe *probe, struct pt_regs *regs)
{
	count(1);
	if (!timer_pending(&check_timer))
		irq_work_queue(&timer_starter);
	return 0;
}

static int ended(struct kprobe *probe, struct pt_regs *regs)
{
	count(-1);
	return 0;
}

static void check(struct timer_list *timer)
{
	review();
	if (polling)
		mod_timer(timer, jiffies + msecs_to_jiffies(CHECK_MS));
}

static int find_idle_poll_ctrl(void)
{
	struct kprobe probe = { .symbol_name = "cpu_idle_poll_ctrl" };
	int err = register_kprobe(&probe);

	if (err)
		return err;
	idle_poll_ctrl = (void *)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

static int __init hostwait_init(void)
{
	int err = find_idle_poll_ctrl();

	timer_setup(&check_timer, check, 0);
	return err ?: register_kprobes((struct kprobe **)probes, ARRAY_SIZE(probes));
}

static void __exit hostwait_exit(void)
{
	unregister_kprobes((struct kprobe **)probes, ARRAY_SIZE(probes));
	irq_work_sync(&timer_starter);
	del_timer_sync(&check_timer);
	if (polling)
		idle_poll_ctrl(false);
}

module_init(hostwait_init);
module_exit(hostwait_exit);

MODULE_DESCRIPTION("Virtual time that does not leap while the host reads files");
MODULE_AUTHOR("The pots authors");
MODULE_LICENSE("GPL");
