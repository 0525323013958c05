// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ops: the only way from the core into a chip driver. A port whose chip is gone
 * answers -ENODEV, an op that the driver does not have -EOPNOTSUPP.
 */
#include "pots_core.h"

/* The index may lie in the port: cmd_lock lets one call in at a time. */
static const struct pots_port_ops *enter(struct pots_port *port)
	__acquires(&port->srcu)
{
	might_sleep();
	lockdep_assert_held(&port->cmd_lock);
	port->srcu_idx = srcu_read_lock(&port->srcu);
	return srcu_dereference(port->ops, &port->srcu);
}

static int leave(struct pots_port *port, int ret)
	__releases(&port->srcu)
{
	srcu_read_unlock(&port->srcu, port->srcu_idx);
	return ret;
}

/* What a call without the op returns. */
static int without(const struct pots_port_ops *ops)
{
	return ops ? -EOPNOTSUPP : -ENODEV;
}

int pots_op_set_feed(struct pots_port *port, enum pots_feed feed)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops ? ops->set_feed(port, feed) : -ENODEV);
}

int pots_op_read_loop(struct pots_port *port)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops ? ops->read_loop(port) : -ENODEV);
}

int pots_op_ring_setup(struct pots_port *port, const struct pots_ring_wave *wave)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->ring_setup ? ops->ring_setup(port, wave) :
						    without(ops));
}

int pots_op_ring_burst(struct pots_port *port, bool on)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->ring_burst ? ops->ring_burst(port, on) :
						    without(ops));
}

int pots_op_speech(struct pots_port *port, bool on)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->speech ? ops->speech(port, on) : without(ops));
}

int pots_op_set_impedance(struct pots_port *port, u32 impedance)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->set_impedance ?
		     ops->set_impedance(port, impedance) : without(ops));
}

int pots_op_chip_tone(struct pots_port *port, const struct pots_chip_tone *tone)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->chip_tone ? ops->chip_tone(port, tone) :
						   without(ops));
}

int pots_op_meter(struct pots_port *port, u32 hz, u32 on_ms)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->meter ? ops->meter(port, hz, on_ms) : without(ops));
}

int pots_op_lamp(struct pots_port *port, bool on)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->lamp ? ops->lamp(port, on) : without(ops));
}

int pots_op_set_hook(struct pots_port *port, bool off_hook)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops ? ops->set_hook(port, off_hook) : -ENODEV);
}
EXPORT_SYMBOL_GPL(pots_op_set_hook);

int pots_op_sense(struct pots_port *port, struct pots_line_sense *sense)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops ? ops->sense(port, sense) : -ENODEV);
}
EXPORT_SYMBOL_GPL(pots_op_sense);

int pots_op_set_daa(struct pots_port *port, const struct pots_daa *daa)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops ? ops->set_daa(port, daa) : -ENODEV);
}
EXPORT_SYMBOL_GPL(pots_op_set_daa);

int pots_op_listen(struct pots_port *port, bool on)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->listen ? ops->listen(port, on) : without(ops));
}
EXPORT_SYMBOL_GPL(pots_op_listen);

ssize_t pots_op_regs_show(struct pots_port *port, char *buf, size_t len)
{
	const struct pots_port_ops *ops = enter(port);

	return leave(port, ops && ops->regs_show ? ops->regs_show(port, buf, len) :
						   without(ops));
}
