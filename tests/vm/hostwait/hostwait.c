// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps virtual time from leaping while the guest waits for the host's files.
 *
 * In virtual time QEMU skips to the next timer whenever the processor is idle,
 * and a guest that waits for a 9p reply is idle: loading one interpreter made
 * the clock jump by 8 s. As long as a request is under way, this makes the
 * idle loop spin instead of halting, so that time goes on by instructions.
 *
 * cpu_idle_poll_ctrl() is not exported; a kprobe knows where it is. For the
 * test machine, with its one processor, only.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static void (*idle_poll_ctrl)(bool enable);
static atomic_t under_way;

static int sent(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_inc(&under_way);
	idle_poll_ctrl(true);
	return 0;
}

/* Requests sent before the probes were there end here as well. */
static int ended(struct kprobe *probe, struct pt_regs *regs)
{
	if (atomic_dec_if_positive(&under_way) >= 0)
		idle_poll_ctrl(false);
	return 0;
}

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

	return err ?: register_kprobes((struct kprobe **)probes, ARRAY_SIZE(probes));
}

static void __exit hostwait_exit(void)
{
	unregister_kprobes((struct kprobe **)probes, ARRAY_SIZE(probes));
	while (atomic_dec_if_positive(&under_way) >= 0)
		idle_poll_ctrl(false);
}

module_init(hostwait_init);
module_exit(hostwait_exit);

MODULE_DESCRIPTION("Virtual time that does not leap while the host reads files");
MODULE_AUTHOR("The pots authors");
MODULE_LICENSE("GPL");
