// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a board's supply can give for ringing, where several lines hang on it: a
 * burst that would be too much waits for others to end. Who waits longest comes
 * first, so no line is rung less than another.
 *
 * The supply is whatever firmware node the ports' "pots,ring-source" names. Its
 * "pots,ring-power-milliwatt" is shared by those ports, of whatever drivers.
 */
#include "pots_core.h"

#include <linux/property.h>
#include <linux/slab.h>

struct pots_ring_supply {
	struct list_head node;
	struct fwnode_handle *fwnode;
	unsigned int ports;
	u32 budget_mw;
	u32 used_mw;
	struct list_head waiting;	/* ports, who came first is first */
};

/* Guards all of every supply, and what a port keeps of its own. */
static DEFINE_SPINLOCK(lock);
static LIST_HEAD(supplies);

static struct pots_ring_supply *find_locked(const struct fwnode_handle *fwnode)
{
	struct pots_ring_supply *supply;

	list_for_each_entry(supply, &supplies, node)
		if (supply->fwnode == fwnode)
			return supply;
	return NULL;
}

int pots_ring_power_attach(struct pots_port *port, struct fwnode_handle *fwnode)
{
	struct pots_ring_supply *supply, *fresh;
	struct fwnode_handle *named = NULL;
	u32 budget_mw;

	INIT_LIST_HEAD(&port->ring.waiting);
	if (fwnode && port->desc.ring_mw)
		named = fwnode_find_reference(fwnode, "pots,ring-source", 0);
	if (IS_ERR_OR_NULL(named))
		return 0;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	if (!fresh || fwnode_property_read_u32(named, "pots,ring-power-milliwatt", &budget_mw)) {
		fwnode_handle_put(named);
		kfree(fresh);
		return fresh ? -EINVAL : -ENOMEM;
	}

	spin_lock_irq(&lock);
	supply = find_locked(named);
	if (!supply) {
		supply = fresh;
		supply->fwnode = named;
		supply->budget_mw = budget_mw;
		INIT_LIST_HEAD(&supply->waiting);
		list_add(&supply->node, &supplies);
		fresh = NULL;
		named = NULL;
	}
	supply->ports++;
	port->ring.supply = supply;
	spin_unlock_irq(&lock);
	fwnode_handle_put(named);
	kfree(fresh);
	return 0;
}

void pots_ring_power_detach(struct pots_port *port)
{
	struct pots_ring_supply *supply = port->ring.supply;

	if (!supply)
		return;
	spin_lock_irq(&lock);
	if (--supply->ports)
		supply = NULL;
	else
		list_del(&supply->node);
	spin_unlock_irq(&lock);
	if (supply)
		fwnode_handle_put(supply->fwnode);
	kfree(supply);
}

static void wake_first_locked(struct pots_ring_supply *supply)
{
	struct pots_port *first = list_first_entry_or_null(&supply->waiting, struct pots_port,
							   ring.waiting);

	if (first) {
		pots_port_todo(first, POTS_TODO_ANNOUNCE);
		pots_port_todo(first, POTS_TODO_RING);
	}
}

/* One alone may always ring, or it never would. */
static bool fits_locked(const struct pots_ring_supply *supply, const struct pots_port *port)
{
	return !supply->used_mw || supply->used_mw + port->desc.ring_mw <= supply->budget_mw;
}

bool pots_ring_power_take(struct pots_port *port)
{
	struct pots_ring_supply *supply = port->ring.supply;
	bool taken;

	lockdep_assert_held(&port->cmd_lock);
	if (!supply || port->ring.powered)
		return true;
	spin_lock_irq(&lock);
	if (list_empty(&port->ring.waiting))
		list_add_tail(&port->ring.waiting, &supply->waiting);
	taken = list_is_first(&port->ring.waiting, &supply->waiting) &&
		fits_locked(supply, port);
	if (taken) {
		list_del_init(&port->ring.waiting);
		supply->used_mw += port->desc.ring_mw;
		port->ring.powered = true;
		wake_first_locked(supply);
	}
	spin_unlock_irq(&lock);
	return taken;
}

void pots_ring_power_give(struct pots_port *port)
{
	struct pots_ring_supply *supply = port->ring.supply;

	if (!supply)
		return;
	spin_lock_irq(&lock);
	list_del_init(&port->ring.waiting);
	if (port->ring.powered)
		supply->used_mw -= port->desc.ring_mw;
	port->ring.powered = false;
	wake_first_locked(supply);
	spin_unlock_irq(&lock);
}
