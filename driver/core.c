// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots: plain old telephone service. Ports come and go here; the work that an
 * interrupt, a timer or a frame has left for a thread is done here.
 */
#include "compat.h"
#include "pots_core.h"
#include "netlink.h"

#include <linux/module.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#define POTS_MINORS	256

static dev_t first_devt;

/* Not part of this module: its last reference may outlive us. */
static struct class *pots_class;

/* Ids in use; the entry is there only while the port is registered. */
static DEFINE_XARRAY_ALLOC(ports);
static struct workqueue_struct *pots_wq;
/* Ports whose memory is not yet free: their release is this module's code. */
static atomic_t ports_left = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_left);

struct pots_port *pots_port_get(struct pots_port *port)
{
	get_device(&port->dev);
	return port;
}

/**
 * pots_port_put - give back a reference
 * @port:	the port, or NULL
 */
void pots_port_put(struct pots_port *port)
{
	if (port)
		put_device(&port->dev);
}
EXPORT_SYMBOL_GPL(pots_port_put);

struct pots_port *pots_port_get_next(u32 id)
{
	unsigned long index = id;
	struct pots_port *port;

	xa_lock(&ports);
	port = xa_find(&ports, &index, ULONG_MAX, XA_PRESENT);
	if (port)
		pots_port_get(port);
	xa_unlock(&ports);
	return port;
}

struct pots_port *pots_port_get_by_id(u32 id)
{
	struct pots_port *port;

	xa_lock(&ports);
	port = xa_load(&ports, id);
	if (port)
		pots_port_get(port);
	xa_unlock(&ports);
	return port;
}
EXPORT_SYMBOL_POTS_TEST(pots_port_get_by_id);

/**
 * pots_port_chip - what the chip driver gave at allocation
 * @port:	the port
 */
void *pots_port_chip(const struct pots_port *port)
{
	return port->chip;
}
EXPORT_SYMBOL_GPL(pots_port_chip);

/**
 * pots_port_dev - the port's device, for messages
 * @port:	the port
 */
struct device *pots_port_dev(struct pots_port *port)
{
	return &port->dev;
}
EXPORT_SYMBOL_GPL(pots_port_dev);

/* ----------------------------------------------------- what it is --- */

u32 pots_port_caps(const struct pots_port *port)
{
	u32 caps = port->exchange ? 0 : POTS_CAP_OPEN;

	if (READ_ONCE(port->highway)) {
		caps |= POTS_CAP_SPEECH | POTS_CAP_DTMF;
		if (port->exchange)
			caps |= POTS_CAP_CALLER_ID | POTS_CAP_PROGRESS;
	}
	if (port->desc.can_bill)
		caps |= POTS_CAP_BILLING;
	if (port->has_meter)
		caps |= POTS_CAP_METER;
	if (port->has_lamp)
		caps |= POTS_CAP_LAMP;
	if (port->has_chip_tone)
		caps |= POTS_CAP_CHIP_TONE;
	if (port->desc.ring_max_mhz)
		caps |= POTS_CAP_RING;
	if (port->desc.can_reverse)
		caps |= POTS_CAP_REVERSE;
	return caps;
}

void pots_port_info_fill(struct pots_port *port, struct pots_info *info)
{
	*info = (struct pots_info) {
		.id = port->id,
		.type = port->exchange ? POTS_PORT_TYPE_FXO : POTS_PORT_TYPE_FXS,
		.caps = pots_port_caps(port),
		.highway_depth = READ_ONCE(port->depth),
		.tone_steps_max = POTS_TONE_STEPS_MAX,
		.ring_pairs_max = POTS_RING_PAIRS_MAX,
		.ring_min_mhz = port->desc.ring_min_mhz,
		.ring_max_mhz = port->desc.ring_max_mhz,
		.tone_max_ms = POTS_TONE_MAX_MS,
		.ring_max_ms = POTS_RING_MAX_MS,
		.ring_dc_max_mv = port->desc.ring_dc_max_mv,
	};
	strscpy(info->name, dev_name(&port->dev), sizeof(info->name));
	strscpy(info->chip, port->chip_name, sizeof(info->chip));
	strscpy(info->label, port->label, sizeof(info->label));
}
EXPORT_SYMBOL_POTS_TEST(pots_port_info_fill);

void pots_port_state_fill(struct pots_port *port, struct pots_state *state)
{
	memset(state, 0, sizeof(*state));
	spin_lock_irq(&port->lock);
	state->timestamp_ns = ktime_get_ns();
	state->state = port->state;
	state->feed = port->feed;
	state->tone_cookie = port->tone.cookie;
	state->ring_cookie = port->ring.cookie;
	spin_unlock_irq(&port->lock);
}
EXPORT_SYMBOL_POTS_TEST(pots_port_state_fill);

/* Counters of frames are under one lock, those of events under the other. */
void pots_port_stats_fill(struct pots_port *port, struct pots_stats *stats)
{
	spin_lock_bh(&port->audio_lock);
	spin_lock_irq(&port->lock);
	*stats = port->stats;
	spin_unlock_irq(&port->lock);
	spin_unlock_bh(&port->audio_lock);
}
EXPORT_SYMBOL_POTS_TEST(pots_port_stats_fill);

/* --------------------------------------------- its state and work --- */

void pots_port_set_state_locked(struct pots_port *port, u32 clear, u32 set)
{
	u32 state = (port->state & ~clear) | set;

	lockdep_assert_held(&port->lock);

	if (state == port->state)
		return;
	port->state = state;
	pots_watchdog_update_locked(port);
	pots_port_todo(port, POTS_TODO_REVIEW);
}
EXPORT_SYMBOL_GPL(pots_port_set_state_locked);

u32 pots_port_new_cookie(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);

	if (!++port->last_cookie)
		++port->last_cookie;
	return port->last_cookie;
}
EXPORT_SYMBOL_GPL(pots_port_new_cookie);

void pots_port_todo(struct pots_port *port, enum pots_todo todo)
{
	if (!READ_ONCE(port->live))
		return;
	set_bit(todo, &port->todo);
	queue_work(pots_wq, &port->work);
}
EXPORT_SYMBOL_GPL(pots_port_todo);

static void exchange_measure(struct pots_port *port)
{
	port->exchange->measure(port);
}

static void exchange_receive_step(struct pots_port *port)
{
	port->exchange->receive_step(port);
}

static void exchange_dial_step(struct pots_port *port)
{
	port->exchange->dial_step(port);
}

/* The state has changed. */
static void review(struct pots_port *port)
{
	pots_highway_review(port);
	pots_lamp_step(port);
}

/* In this order: what the chip lost, then what the user did, then the timers. */
static void (*const todo_list[POTS_TODO_COUNT])(struct pots_port *port) = {
	[POTS_TODO_FAILED]	= pots_line_failed,
	[POTS_TODO_RESTORE]	= pots_line_restore,
	[POTS_TODO_ANSWERED]	= pots_ring_answered,
	[POTS_TODO_WATCHDOG]	= pots_watchdog_expired,
	[POTS_TODO_HANGUP]	= pots_line_hangup_over,
	[POTS_TODO_MEASURE]	= exchange_measure,
	[POTS_TODO_RECEIVE]	= exchange_receive_step,
	[POTS_TODO_DIAL]	= exchange_dial_step,
	[POTS_TODO_RELEASED]	= pots_tone_released,
	[POTS_TODO_ANNOUNCE]	= pots_announce_step,
	[POTS_TODO_RING]	= pots_ring_step,
	[POTS_TODO_TONE]	= pots_tone_timer_over,
	[POTS_TODO_METER]	= pots_meter_step,
	[POTS_TODO_LAMP]	= pots_lamp_step,
	[POTS_TODO_REVIEW]	= review,
};

/* Tells of a change only when it lasted until now. */
static bool has_changed(struct pots_port *port)
{
	u32 state = READ_ONCE(port->state), caps = pots_port_caps(port);
	bool changed = state != port->announced_state || caps != port->announced_caps;

	lockdep_assert_held(&port->cmd_lock);
	if (!port->announced)
		return false;
	port->announced_state = state;
	port->announced_caps = caps;
	return changed;
}

static void port_work(struct work_struct *work)
{
	struct pots_port *port = container_of(work, struct pots_port, work);
	unsigned long todo = xchg(&port->todo, 0);
	bool changed = false;
	unsigned long bit;

	mutex_lock(&port->cmd_lock);
	if (!pots_port_gone(port)) {
		for_each_set_bit(bit, &todo, POTS_TODO_COUNT)
			todo_list[bit](port);
		changed = has_changed(port);
	}
	mutex_unlock(&port->cmd_lock);

	if (changed)
		pots_nl_port_notify(port, POTS_NL_CHANGED);
}

/* -------------------------------------------------- coming, going --- */

static void port_release(struct device *dev)
{
	struct pots_port *port = to_pots_port(dev);

	pots_tone_exit(port);
	pots_ring_power_detach(port);
	fwnode_handle_put(port->highway_node);
	cleanup_srcu_struct(&port->srcu);
	if (port->exchange)
		module_put(port->exchange->owner);
	kfree(port->fxo);
	kfree(port);
	/*
	 * The end of the module may see 0 at once, but its memory goes a grace
	 * period later. What is left to run then is the way back from here: the
	 * race that every release in a module has.
	 */
	rcu_read_lock();
	if (atomic_dec_and_test(&ports_left))
		wake_up(&none_left);
	rcu_read_unlock();
}

static void fill_desc(struct pots_port *port, const struct pots_port_desc *desc)
{
	port->desc = *desc;
	strscpy(port->chip_name, desc->chip, sizeof(port->chip_name));
	if (desc->label)
		strscpy(port->label, desc->label, sizeof(port->label));
	port->desc.chip = port->chip_name;
	port->desc.label = port->label;
	port->desc.fwnode = NULL;
}

static void find_highway_node(struct pots_port *port, struct fwnode_handle *fwnode)
{
	struct fwnode_handle *node = NULL;

	if (fwnode)
		node = fwnode_find_reference(fwnode, "pcm-highway", 0);
	if (IS_ERR_OR_NULL(node))
		return;
	port->highway_node = node;
	fwnode_property_read_u32(fwnode, "pcm-slot", &port->highway_slot);
}

static bool is_ok(const struct pots_port_ops *ops, const struct pots_port_desc *desc)
{
	return desc->chip && ops->set_feed && ops->read_loop &&
	       !desc->can_bill && !desc->impedances &&
	       (!desc->ring_max_mhz || (ops->ring_setup && ops->ring_burst));
}

static void init_port_timers(struct pots_port *port)
{
	pots_timer_init(&port->hangup_timer, port, POTS_TODO_HANGUP);
	pots_timer_init(&port->ring.timer, port, POTS_TODO_RING);
	pots_timer_init(&port->announce.timer, port, POTS_TODO_ANNOUNCE);
	pots_timer_init(&port->tone.timer, port, POTS_TODO_TONE);
	pots_timer_init(&port->metering.timer, port, POTS_TODO_METER);
	pots_timer_init(&port->lamp.timer, port, POTS_TODO_LAMP);
}

static void init_parts(struct pots_port *port)
{
	mutex_init(&port->cmd_lock);
	spin_lock_init(&port->audio_lock);
	spin_lock_init(&port->lock);
	INIT_LIST_HEAD(&port->files);
	INIT_WORK(&port->work, port_work);
	init_port_timers(port);
	pots_loop_init(port);
	pots_speech_init(port);
	pots_watchdog_init(port);
	pots_settings_default(port);
}

static struct pots_port *alloc(void)
{
	struct pots_port *port;
	int ret;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return ERR_PTR(-ENOMEM);
	ret = init_srcu_struct(&port->srcu);
	if (ret) {
		kfree(port);
		return ERR_PTR(ret);
	}
	atomic_inc(&ports_left);
	return port;
}

struct pots_port *pots_port_new(struct device *parent, const struct pots_port_ops *ops,
				const struct pots_port_desc *desc, void *chip,
				const struct pots_exchange_ops *exchange,
				struct pots_fxo *fxo)
{
	struct pots_port *port = alloc();
	int ret;

	if (IS_ERR(port)) {
		kfree(fxo);
		return port;
	}
	if (exchange)
		__module_get(exchange->owner);
	port->exchange = exchange;
	port->fxo = fxo;
	port->chip = chip;
	fill_desc(port, desc);
	init_parts(port);
	device_initialize(&port->dev);
	port->dev.parent = parent;
	port->dev.class = pots_class;
	port->dev.release = port_release;
	port->has_speech = ops->speech;
	port->has_impedance = ops->set_impedance;
	port->has_chip_tone = ops->chip_tone;
	port->has_meter = ops->meter;
	port->has_lamp = ops->lamp;
	rcu_assign_pointer(port->ops, ops);
	find_highway_node(port, desc->fwnode ?: dev_fwnode(parent));
	ret = pots_ring_power_attach(port, desc->fwnode ?: dev_fwnode(parent));
	if (ret) {
		pots_port_put(port);
		return ERR_PTR(ret);
	}
	return port;
}
EXPORT_SYMBOL_GPL(pots_port_new);

/**
 * pots_port_alloc - make a port that feeds a telephone, not yet registered
 * @parent:	the chip's device
 * @ops:	what the chip can do
 * @desc:	what the port is
 * @chip:	for pots_port_chip()
 *
 * Return: the port with one reference, for pots_port_put(), or an ERR_PTR().
 */
struct pots_port *pots_port_alloc(struct device *parent,
				  const struct pots_port_ops *ops,
				  const struct pots_port_desc *desc, void *chip)
{
	if (!is_ok(ops, desc))
		return ERR_PTR(-EINVAL);
	return pots_port_new(parent, ops, desc, chip, NULL, NULL);
}
EXPORT_SYMBOL_GPL(pots_port_alloc);

/* The line goes to rest; a handset that is lifted already is parked. */
static int wake_line(struct pots_port *port)
{
	int closed;

	lockdep_assert_held(&port->cmd_lock);

	if (port->exchange)
		return port->exchange->wake(port);
	closed = pots_op_read_loop(port);
	if (closed < 0)
		return closed;
	spin_lock_irq(&port->lock);
	port->live = true;
	pots_loop_begin_locked(port, closed);
	spin_unlock_irq(&port->lock);
	return pots_line_set_feed(port, POTS_LINE_FORWARD, POTS_SETTLE_OPEN_MS, true);
}

static void stop_timers(struct pots_port *port)
{
	spin_lock_irq(&port->lock);
	port->live = false;
	spin_unlock_irq(&port->lock);

	hrtimer_cancel(&port->hook_timer);
	pots_timer_cancel(&port->hangup_timer);
	hrtimer_cancel(&port->watchdog_timer);
	pots_timer_cancel(&port->ring.timer);
	pots_timer_cancel(&port->announce.timer);
	pots_timer_cancel(&port->tone.timer);
	pots_timer_cancel(&port->metering.timer);
	pots_timer_cancel(&port->lamp.timer);
	if (port->exchange)
		port->exchange->sleep(port);
}

/*
 * No op runs after the first step; timers before the work, because they queue
 * it; the highway before the id, because its provider finds ports by that.
 */
static void put_to_sleep(struct pots_port *port)
{
	rcu_assign_pointer(port->ops, NULL);
	synchronize_srcu(&port->srcu);

	mutex_lock(&port->cmd_lock);
	pots_tone_end(port, POTS_DONE_FAILED);
	pots_meter_end(port, POTS_DONE_FAILED);
	pots_ring_end(port, POTS_DONE_FAILED);
	pots_announce_end(port, POTS_DONE_FAILED);
	pots_speech_stop(port, true);
	pots_highway_detach(port);
	/* The next board's node may have this name, whoever keeps this port open. */
	fwnode_handle_put(port->highway_node);
	port->highway_node = NULL;
	stop_timers(port);
	mutex_unlock(&port->cmd_lock);

	cancel_work_sync(&port->work);
	pots_event_wake_all(port);
	pots_speech_wake_all(port);
}

static int add_id(struct pots_port *port)
{
	int ret;

	/* Reserved without an entry: nobody finds it before it can work. */
	ret = xa_alloc(&ports, &port->id, NULL, XA_LIMIT(0, POTS_MINORS - 1), GFP_KERNEL);
	if (ret)
		return ret;
	port->dev.devt = first_devt + port->id;
	ret = dev_set_name(&port->dev, "pots%u", port->id);
	if (ret)
		xa_erase(&ports, port->id);
	return ret;
}

/* No change is told before the port itself is; what it was then comes after. */
static void announce(struct pots_port *port)
{
	mutex_lock(&port->cmd_lock);
	port->announced_state = READ_ONCE(port->state);
	port->announced_caps = pots_port_caps(port);
	mutex_unlock(&port->cmd_lock);

	pots_nl_port_notify(port, POTS_NL_ADDED);
	mutex_lock(&port->cmd_lock);
	port->announced = true;
	mutex_unlock(&port->cmd_lock);
	pots_port_todo(port, POTS_TODO_REVIEW);
}

/**
 * pots_port_register - open a port to the world
 * @port:	the port; its ops may be called from here on
 *
 * Return: 0 or a negative errno; the reference stays with the caller.
 */
int pots_port_register(struct pots_port *port)
{
	int ret;

	ret = add_id(port);
	if (ret)
		return ret;

	mutex_lock(&port->cmd_lock);
	ret = wake_line(port);
	if (!ret) {
		xa_store(&ports, port->id, port, GFP_KERNEL);
		pots_highway_attach(port);
	}
	mutex_unlock(&port->cmd_lock);
	if (ret)
		goto err_sleep;

	cdev_init(&port->cdev, &pots_file_fops);
	port->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&port->cdev, &port->dev);
	if (ret)
		goto err_sleep;
	pots_debugfs_add(port);
	announce(port);
	return 0;

err_sleep:
	put_to_sleep(port);
	xa_erase(&ports, port->id);
	return ret;
}
EXPORT_SYMBOL_GPL(pots_port_register);

/**
 * pots_port_unregister - the chip goes away
 * @port:	the port; the caller's reference stays
 *
 * May sleep. When it returns no op runs, and none will; whoever has the port
 * open learns that it is gone. Reports do nothing any more.
 */
void pots_port_unregister(struct pots_port *port)
{
	pots_debugfs_remove(port);
	cdev_device_del(&port->cdev, &port->dev);
	put_to_sleep(port);
	pots_nl_port_notify(port, POTS_NL_DELETED);
	xa_erase(&ports, port->id);
}
EXPORT_SYMBOL_GPL(pots_port_unregister);

static int __init pots_init(void)
{
	int ret;

	pots_wq = alloc_workqueue("pots", WQ_HIGHPRI, 0);
	if (!pots_wq)
		return -ENOMEM;
	ret = alloc_chrdev_region(&first_devt, 0, POTS_MINORS, "pots");
	if (ret)
		goto err_wq;
	pots_class = class_create("pots");
	if (IS_ERR(pots_class)) {
		ret = PTR_ERR(pots_class);
		goto err_chrdev;
	}
	ret = pots_nl_init();
	if (ret)
		goto err_class;
	pots_debugfs_init();
	return 0;

err_class:
	class_destroy(pots_class);
err_chrdev:
	unregister_chrdev_region(first_devt, POTS_MINORS);
err_wq:
	destroy_workqueue(pots_wq);
	return ret;
}
module_init(pots_init);

static void __exit pots_exit(void)
{
	/* Whoever gave back the last reference, the release may come later. */
	wait_event(none_left, !atomic_read(&ports_left));
	pots_debugfs_exit();
	pots_nl_exit();
	class_destroy(pots_class);
	unregister_chrdev_region(first_devt, POTS_MINORS);
	destroy_workqueue(pots_wq);
	xa_destroy(&ports);
}
module_exit(pots_exit);

MODULE_AUTHOR("The pots authors");
MODULE_DESCRIPTION("Plain telephones on Linux: ports, tones, ringing, hooks");
MODULE_LICENSE("GPL");
