// SPDX-License-Identifier: GPL-2.0-only
/*
 * Highways: who carries the frames of which port, and when. A port names its
 * highway by the firmware property "pcm-highway"; either may come first, and
 * either may leave. It runs for a port only while something there needs it.
 */
#include "pots_core.h"

#include <linux/export.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>

struct pots_highway {
	struct list_head node;
	struct fwnode_handle *fwnode;
	const struct pots_highway_ops *ops;
	unsigned int depth_frames;
	void *priv;
};

static DEFINE_MUTEX(pots_highway_lock);	/* highways; start and stop */
static LIST_HEAD(highways);

static int start(struct pots_port *port)
{
	int ret;

	lockdep_assert_held(&port->cmd_lock);

	spin_lock_bh(&port->audio_lock);
	port->period = 0;
	spin_unlock_bh(&port->audio_lock);

	mutex_lock(&pots_highway_lock);
	ret = port->highway->ops->start(port->highway, port, port->highway_slot);
	mutex_unlock(&pots_highway_lock);
	if (ret)
		return ret;

	port->highway_runs = true;
	return 0;
}

static void stop(struct pots_port *port)
{
	mutex_lock(&pots_highway_lock);
	port->highway->ops->stop(port->highway, port);
	mutex_unlock(&pots_highway_lock);
	port->highway_runs = false;
	pots_tone_silence(port);
}

/* The chip first joins a highway that runs, and first leaves it. */
int pots_highway_need(struct pots_port *port)
{
	int ret;

	lockdep_assert_held(&port->cmd_lock);

	if (!port->highway)
		return -EOPNOTSUPP;
	if (port->highway_runs)
		return 0;

	ret = start(port);
	if (ret)
		return ret;
	ret = pots_op_speech(port, true);
	if (ret)
		stop(port);
	return ret;
}
EXPORT_SYMBOL_GPL(pots_highway_need);

static bool wants_detection(const struct pots_port *port)
{
	u32 state = READ_ONCE(port->state);

	return (port->settings.flags & POTS_SETTING_F_DTMF ||
		(pots_announcing(port) && port->announce.cid.ack_ms)) &&
	       state & POTS_STATE_CLAIMED && state & POTS_STATE_OFF_HOOK &&
	       !(state & (POTS_STATE_PARKED | POTS_STATE_HANGUP));
}

static bool wants_highway(struct pots_port *port, bool detecting)
{
	bool wanted;

	spin_lock_bh(&port->audio_lock);
	wanted = detecting || port->speech.started || pots_tone_sounds(port) ||
		 pots_announce_sounds(port) ||
		 (port->exchange && port->exchange->needs_highway(port));
	spin_unlock_bh(&port->audio_lock);
	return wanted;
}

static void set_detection(struct pots_port *port, bool detecting)
{
	spin_lock_bh(&port->audio_lock);
	if (detecting && !port->detecting)
		pots_dtmf_init(&port->dtmf, port->depth);
	port->detecting = detecting;
	spin_unlock_bh(&port->audio_lock);
}

static void run_or_stop(struct pots_port *port, bool detecting)
{
	if (wants_highway(port, detecting)) {
		if (pots_highway_need(port))
			dev_warn_ratelimited(&port->dev, "PCM highway did not start\n");
	} else if (port->highway_runs) {
		pots_op_speech(port, false);
		stop(port);
	}
}

void pots_highway_review(struct pots_port *port)
{
	bool detecting = wants_detection(port);

	lockdep_assert_held(&port->cmd_lock);

	set_detection(port, detecting);
	if (port->exchange)
		port->exchange->review(port);
	if (port->highway)
		run_or_stop(port, detecting);
	if (port->exchange)
		port->exchange->highway_reviewed(port);
}
EXPORT_SYMBOL_GPL(pots_highway_review);

int pots_highway_restore(struct pots_port *port)
{
	int ret = port->highway_runs ? pots_op_speech(port, true) : 0;

	if (port->exchange)
		pots_highway_review(port);
	return ret;
}

/* A software node may stand behind one of the firmware's own. */
static bool is_named(const struct pots_highway *highway,
		     const struct fwnode_handle *fwnode)
{
	return highway->fwnode == fwnode || highway->fwnode->secondary == fwnode;
}

static struct pots_highway *find(const struct fwnode_handle *fwnode)
{
	struct pots_highway *highway;

	lockdep_assert_held(&pots_highway_lock);
	list_for_each_entry(highway, &highways, node)
		if (is_named(highway, fwnode))
			return highway;
	return NULL;
}

void pots_highway_attach(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);

	if (!port->highway_node || port->highway || !port->has_speech ||
	    pots_port_gone(port))
		return;
	mutex_lock(&pots_highway_lock);
	port->highway = find(port->highway_node);
	if (port->highway)
		port->depth = clamp(port->highway->depth_frames, 1u,
				    (unsigned int)POTS_DEPTH_MAX);
	mutex_unlock(&pots_highway_lock);
	pots_port_todo(port, POTS_TODO_REVIEW);
}

/* A tone that it carried has failed; speech is over until it is started anew. */
void pots_highway_detach(struct pots_port *port)
{
	lockdep_assert_held(&port->cmd_lock);

	if (!port->highway)
		return;
	if (!port->tone.by_chip)
		pots_tone_end(port, POTS_DONE_FAILED);
	pots_announce_lost(port);
	if (port->exchange)
		port->exchange->highway_lost(port);
	pots_speech_stop(port, true);
	if (port->highway_runs) {
		pots_op_speech(port, false);
		stop(port);
	}
	port->highway = NULL;
	port->depth = 0;
	pots_port_todo(port, POTS_TODO_REVIEW);
}

/* Lets every port look whether @highway is its own, now that it has come or gone. */
static void visit_ports(struct pots_highway *highway, bool here)
{
	struct pots_port *port;
	u32 id = 0;

	while ((port = pots_port_get_next(id))) {
		id = port->id + 1;
		mutex_lock(&port->cmd_lock);
		if (here)
			pots_highway_attach(port);
		else if (port->highway == highway)
			pots_highway_detach(port);
		mutex_unlock(&port->cmd_lock);
		pots_port_put(port);
	}
}

/**
 * pots_highway_register - offer a PCM highway to the ports that name it
 * @dev:		the provider; its firmware node is what ports refer to
 * @ops:		how to start and stop it
 * @depth_frames:	frames between pots_port_frames() and the wire
 * @priv:		for pots_highway_priv()
 *
 * Return: the highway, or an ERR_PTR().
 */
struct pots_highway *pots_highway_register(struct device *dev,
					   const struct pots_highway_ops *ops,
					   unsigned int depth_frames, void *priv)
{
	struct pots_highway *highway;

	if (!dev_fwnode(dev))
		return ERR_PTR(-EINVAL);
	highway = kzalloc(sizeof(*highway), GFP_KERNEL);
	if (!highway)
		return ERR_PTR(-ENOMEM);

	highway->fwnode = fwnode_handle_get(dev_fwnode(dev));
	highway->ops = ops;
	highway->depth_frames = depth_frames;
	highway->priv = priv;

	mutex_lock(&pots_highway_lock);
	list_add_tail(&highway->node, &highways);
	mutex_unlock(&pots_highway_lock);
	visit_ports(highway, true);
	return highway;
}
EXPORT_SYMBOL_GPL(pots_highway_register);

/**
 * pots_highway_unregister - take a highway away
 * @highway:	the highway
 *
 * Its ports go on without speech. None of its ops runs after this.
 */
void pots_highway_unregister(struct pots_highway *highway)
{
	mutex_lock(&pots_highway_lock);
	list_del(&highway->node);
	mutex_unlock(&pots_highway_lock);
	visit_ports(highway, false);
	fwnode_handle_put(highway->fwnode);
	kfree(highway);
}
EXPORT_SYMBOL_GPL(pots_highway_unregister);

/**
 * pots_highway_priv - what the provider gave at registration
 * @highway:	the highway
 */
void *pots_highway_priv(const struct pots_highway *highway)
{
	return highway->priv;
}
EXPORT_SYMBOL_GPL(pots_highway_priv);
