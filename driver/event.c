// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what happens on a line, queued for every open that may know of it.
 */
#include "pots_core.h"

#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

/* Digits and raw edges are the owner's; see the UAPI. */
#define PRIVATE_EVENTS	(BIT(POTS_EVENT_FLASH) | BIT(POTS_EVENT_PULSE_DIGIT) | \
			 BIT(POTS_EVENT_DTMF_START) | BIT(POTS_EVENT_DTMF_END) | \
			 BIT(POTS_EVENT_HOOK_EDGE) | BIT(POTS_EVENT_PROGRESS) | \
			 BIT(POTS_EVENT_CALLER_ID) | BIT(POTS_EVENT_DIAL_DONE))

static struct pots_event *slot(struct pots_file *pf, u32 nth)
{
	return &pf->event[(pf->head + nth) % POTS_EVENTS_QUEUED];
}

static void queue_locked(struct pots_file *pf, const struct pots_event *event)
{
	lockdep_assert_held(&pf->port->lock);

	if (pf->count == POTS_EVENTS_QUEUED) {
		pf->head++;
		pf->count--;
		slot(pf, 0)->flags |= POTS_EVENT_F_DROPPED;
		pf->port->stats.events_dropped++;
	}
	*slot(pf, pf->count) = *event;
	slot(pf, pf->count)->seqno = pf->seqno++;
	pf->count++;
	wake_up_poll(&pf->wait, EPOLLIN | EPOLLRDNORM);
}

void pots_event_post_locked(struct pots_port *port, u64 at_ns, u16 type,
			    u32 value, u32 cookie, u32 extra)
{
	struct pots_event event = {
		.timestamp_ns = at_ns, .type = type, .value = value,
		.cookie = cookie, .extra = extra,
	};
	struct pots_file *pf;

	lockdep_assert_held(&port->lock);

	if (BIT(type) & PRIVATE_EVENTS) {
		if (port->owner)
			queue_locked(port->owner, &event);
		return;
	}
	list_for_each_entry(pf, &port->files, node)
		queue_locked(pf, &event);
}
EXPORT_SYMBOL_GPL(pots_event_post_locked);

/* The first record is the state, so that a reader need not ask and cannot race. */
int pots_file_init(struct pots_file *pf, struct pots_port *port)
{
	struct pots_event first = {
		.type = POTS_EVENT_STATE, .flags = POTS_EVENT_F_INITIAL,
	};

	pf->event = kmalloc_array(POTS_EVENTS_QUEUED, sizeof(*pf->event), GFP_KERNEL);
	if (!pf->event)
		return -ENOMEM;

	pf->port = port;
	init_waitqueue_head(&pf->wait);

	spin_lock_irq(&port->lock);
	first.timestamp_ns = ktime_get_ns();
	first.value = port->state;
	queue_locked(pf, &first);
	list_add_tail(&pf->node, &port->files);
	spin_unlock_irq(&port->lock);
	return 0;
}
EXPORT_SYMBOL_POTS_TEST(pots_file_init);

void pots_file_exit(struct pots_file *pf)
{
	struct pots_port *port = pf->port;

	spin_lock_irq(&port->lock);
	list_del(&pf->node);
	if (port->owner == pf)
		port->owner = NULL;
	spin_unlock_irq(&port->lock);
	kfree(pf->event);
}
EXPORT_SYMBOL_POTS_TEST(pots_file_exit);

bool pots_event_take(struct pots_file *pf, struct pots_event *event)
{
	bool taken;

	spin_lock_irq(&pf->port->lock);
	taken = pf->count;
	if (taken) {
		*event = *slot(pf, 0);
		pf->head++;
		pf->count--;
	}
	spin_unlock_irq(&pf->port->lock);
	return taken;
}
EXPORT_SYMBOL_POTS_TEST(pots_event_take);

/* Looked at without the lock: a stale answer is only a reason to look again. */
static bool has_events(const struct pots_file *pf)
{
	return READ_ONCE(pf->count);
}

ssize_t pots_event_read(struct pots_file *pf, char __user *buf, size_t len,
			bool nonblock)
{
	struct pots_event event;
	ssize_t done = 0;
	int ret;

	if (len < sizeof(event))
		return -EINVAL;

	while (len - done >= sizeof(event)) {
		if (pots_event_take(pf, &event)) {
			if (copy_to_user(buf + done, &event, sizeof(event)))
				return done ?: -EFAULT;
			done += sizeof(event);
			continue;
		}
		if (done)
			break;
		if (pots_port_gone(pf->port))
			return -ENODEV;
		if (nonblock)
			return -EAGAIN;
		ret = wait_event_interruptible(pf->wait, has_events(pf) ||
					       pots_port_gone(pf->port));
		if (ret)
			return ret;
	}
	return done;
}

__poll_t pots_event_poll(struct pots_file *pf, struct file *file,
			 poll_table *wait)
{
	__poll_t mask = 0;

	poll_wait(file, &pf->wait, wait);
	if (has_events(pf))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (pots_port_gone(pf->port))
		mask |= EPOLLHUP | EPOLLERR;
	return mask;
}

void pots_event_wake_all(struct pots_port *port)
{
	struct pots_file *pf;

	spin_lock_irq(&port->lock);
	list_for_each_entry(pf, &port->files, node)
		wake_up_poll(&pf->wait, EPOLLHUP | EPOLLERR);
	spin_unlock_irq(&port->lock);
}
