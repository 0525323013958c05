// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-fxo.ko: ports that face an exchange. This file is where the core and that
 * side meet: how such a port is made, and what is called when.
 */
#include "pots_fxo.h"

#include <linux/module.h>
#include <linux/slab.h>

static const struct {
	unsigned int cmd;
	int (*run)(struct pots_port *port, void *arg);
} commands[] = {
	{ POTS_SEIZE, pots_exchange_seize },
	{ POTS_FLASH, pots_dial_flash },
	{ POTS_DIAL, pots_dial_start },
	{ POTS_STOP_DIAL, pots_dial_stop },
	{ POTS_GET_EXCHANGE, pots_daa_get_ioctl },
	{ POTS_SET_EXCHANGE, pots_daa_set_ioctl },
	{ POTS_READ_CID, pots_listen_read },
};

static int command(struct pots_port *port, unsigned int cmd, void *arg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].cmd == cmd)
			return commands[i].run(port, arg);
	return -ENOTTY;
}

static void sleep(struct pots_port *port)
{
	pots_dial_end(port, POTS_DONE_FAILED);
	hrtimer_cancel(&port->fxo->timer);
	pots_timer_cancel(&port->fxo->dialler.timer);
	pots_timer_cancel(&port->fxo->listener.timer);
	pots_timer_cancel(&port->fxo->receiver.timer);
}

static bool needs_highway(struct pots_port *port)
{
	return pots_dial_sounds(port) || pots_listen_hears(port);
}

static const struct pots_exchange_ops exchange_ops = {
	.owner = THIS_MODULE,
	.wake = pots_exchange_wake,
	.sleep = sleep,
	.command = command,
	.hangup = pots_exchange_hangup,
	.hangup_over = pots_exchange_release_again,
	.rest = pots_exchange_rest,
	.restore = pots_exchange_restore,
	.failed = pots_exchange_failed,
	.hold_locked = pots_exchange_hold_locked,
	.measure = pots_exchange_measure,
	.receive_step = pots_receive_step,
	.dial_step = pots_dial_step,
	.plan_changed = pots_listen_tone,
	.review = pots_listen_review,
	.highway_reviewed = pots_listen_chip,
	.highway_lost = pots_dial_lost,
	.needs_highway = needs_highway,
	.render = pots_dial_render,
	.hear = pots_listen_run,
};

/* Settings begin with 600 ohm. */
static bool is_ok(const struct pots_port_ops *ops, const struct pots_port_desc *desc)
{
	return desc->chip && ops->set_hook && ops->sense && ops->set_daa &&
	       (!ops->speech || ops->listen) && !desc->ring_max_mhz && !desc->can_reverse &&
	       desc->impedances & BIT(POTS_IMPEDANCE_600);
}

/**
 * pots_fxo_alloc - make a port that faces an exchange, not yet registered
 * @parent:	the chip's device
 * @ops:	what the chip can do
 * @desc:	what the port is
 * @chip:	for pots_port_chip()
 *
 * Return: the port with one reference, for pots_port_put(), or an ERR_PTR(). From
 * then on all is as with pots_port_alloc().
 */
struct pots_port *pots_fxo_alloc(struct device *parent, const struct pots_port_ops *ops,
				 const struct pots_port_desc *desc, void *chip)
{
	struct pots_port *port;
	struct pots_fxo *fxo;

	if (!is_ok(ops, desc))
		return ERR_PTR(-EINVAL);
	fxo = kzalloc(sizeof(*fxo), GFP_KERNEL);
	if (!fxo)
		return ERR_PTR(-ENOMEM);
	port = pots_port_new(parent, ops, desc, chip, &exchange_ops, fxo);
	if (IS_ERR(port))
		return port;
	fxo->port = port;
	pots_daa_default(port);
	pots_exchange_report_init(port);
	pots_dial_init(port);
	pots_listen_init(port);
	pots_timer_init(&port->fxo->receiver.timer, port, POTS_TODO_RECEIVE);
	return port;
}
EXPORT_SYMBOL_GPL(pots_fxo_alloc);

MODULE_AUTHOR("The pots authors");
MODULE_DESCRIPTION("Plain telephones on Linux: lines to an exchange");
MODULE_LICENSE("GPL");
