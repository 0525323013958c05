/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots: what the core's own files know of a port. Chip drivers, highway
 * providers and the simulator never see this.
 *
 * Locks, outermost first
 *
 *   cmd_lock	mutex, one a port. Commands and the port's work: everything
 *		that calls ops, and the part of the state that only such code
 *		changes. Held while the chip is spoken to.
 *   pots_highway_lock
 *		mutex, one for all. The list of highways; start and stop.
 *   audio_lock	spinlock, bottom halves off, one a port. What
 *		pots_port_frames() works with: players, queues, the detector.
 *   lock	spinlock, interrupts off, one a port. The hook, the public
 *		state, event queues. Reports take it in hard interrupt context.
 *
 * The SRCU domain srcu protects the ops pointer, and only that: whoever calls
 * an op holds cmd_lock and is inside it. Nothing waits for an event inside it.
 * After pots_port_unregister() ops is NULL for ever, and everyone who might
 * sleep on the port has been woken.
 *
 * What an interrupt, a timer or a frame finds to do and that needs the chip is
 * a bit in todo and a queued work: one work item a port, so it never runs
 * beside itself.
 */
#ifndef _POTS_CORE_H
#define _POTS_CORE_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pots.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cadence.h"
#include "dtmf.h"
#include "hook.h"
#include "pots.h"
#include "tone.h"

#define POTS_TONE_MAX_MS	(10 * 60 * 1000)
#define POTS_RING_MAX_MS	(5 * 60 * 1000)
#define POTS_GAIN_MIN_CDB	(-4000)
#define POTS_GAIN_MAX_CDB	1000
#define POTS_EVENTS_QUEUED	128	/* of one open, a power of two */
#define POTS_DEPTH_MAX		64	/* frames, of a highway */

/**
 * struct pots_stats - counters of a port, never reset
 * @frames:		frames exchanged with the highway
 * @late_frames:	frames that came in one call with others, beyond the
 *			highway's period
 * @underruns:		frames of silence for want of speech
 * @overruns:		frames from the line that nobody read
 * @hook_edges:		edges that the chip reported, masked ones too
 * @seizures:		off-hook, answers included
 * @flashes:		hook flashes
 * @pulse_digits:	digits dialled by pulses
 * @dtmf_digits:	digits dialled by tones
 * @tones:		tones played
 * @rings:		ringings begun
 * @hangups:		hang-ups by command
 * @alarms:		power alarms raised
 * @chip_resets:	times the chip lost its registers
 * @events_dropped:	event records that a slow reader lost
 */
struct pots_stats {
	u64 frames;
	u32 late_frames;
	u32 underruns;
	u32 overruns;
	u32 hook_edges;
	u32 seizures;
	u32 flashes;
	u32 pulse_digits;
	u32 dtmf_digits;
	u32 tones;
	u32 rings;
	u32 hangups;
	u32 alarms;
	u32 chip_resets;
	u32 events_dropped;
};

/* One open of /dev/potsN: an observer and its events. */
struct pots_file {
	struct pots_port *port;
	struct list_head node;		/* in port->files, under port->lock */
	wait_queue_head_t wait;
	u32 seqno;			/* from here on under port->lock */
	u32 head;
	u32 count;
	struct pots_event event[POTS_EVENTS_QUEUED];
};

/* A tone program given by the owner; the built-in ones need no reference. */
struct pots_program {
	struct kref kref;
	struct pots_tone_program program;	/* allocated as far as its count */
};

/* A player and what keeps its program alive, NULL for a built-in one. */
struct pots_voice {
	struct pots_tone_player player;
	struct pots_program *held;
};

struct pots_tone {
	struct pots_program *plan[POTS_TONE_COUNT]; /* cmd_lock; NULL = built-in */
	struct pots_voice now;		/* audio_lock */
	struct pots_voice fading;	/* audio_lock; its off ramp only */
	bool mix;			/* audio_lock */
	bool by_chip;			/* cmd_lock: the chip plays @chip */
	struct pots_chip_tone chip;	/* cmd_lock */
	u8 chip_reason;			/* cmd_lock: POTS_DONE_* when @timer ends */
	struct hrtimer timer;		/* end of what the chip plays */
	u32 cookie;			/* lock; 0 = nothing plays */
};

struct pots_ringer {
	struct pots_cadence cadence;	/* cmd_lock, as the rest */
	struct pots_cadence_run run;
	struct pots_ring_wave wave;
	enum pots_feed feed_after;
	bool burst;			/* the chip is in a burst */
	struct hrtimer timer;
	u32 cookie;			/* lock; 0 = does not ring */
	bool answered;			/* lock */
};

/* A queue of whole frames; the owner's lock protects it. */
struct pots_fifo {
	s16 *samples;
	u32 size;			/* frames */
	u32 head;			/* oldest */
	u32 count;
};

struct pots_speech {
	wait_queue_head_t poll_wait;	/* pollers: thresholds */
	wait_queue_head_t io_wait;	/* blocked read() and write(): one frame */
	struct pots_audio config;	/* audio_lock, as the rest */
	struct pots_fifo to_line;
	struct pots_fifo from_line;
	u64 frames_ns;
	u64 frames;
	u32 underruns;
	u32 overruns;
	bool started;
	bool lost;			/* the highway went away under it */
};

/* Numbers of the bits in pots_port.todo. */
enum pots_todo {
	POTS_TODO_REVIEW,		/* highway wanted? state to announce? */
	POTS_TODO_RELEASED,		/* on-hook: tones end */
	POTS_TODO_ANSWERED,		/* off-hook: ringing ends */
	POTS_TODO_RING,			/* the cadence's timer */
	POTS_TODO_TONE,			/* the chip tone's timer */
	POTS_TODO_HANGUP,		/* the open interval is over */
	POTS_TODO_WATCHDOG,
	POTS_TODO_RESTORE,		/* the chip forgot, or came back */
	POTS_TODO_FAILED,		/* the chip is gone, or the line stays down */
};

struct pots_port {
	struct device dev;
	struct cdev cdev;
	u32 id;
	struct pots_port_desc desc;
	char chip_name[16];
	char label[32];
	void *chip;

	const struct pots_port_ops __rcu *ops;
	struct srcu_struct srcu;	/* ops */
	struct mutex cmd_lock;		/* see above */
	spinlock_t audio_lock;		/* see above */
	spinlock_t lock;		/* see above */

	struct work_struct work;
	unsigned long todo;		/* enum pots_todo, atomic bit operations */

	/* cmd_lock */
	struct pots_settings settings;
	u32 last_cookie;
	u32 announced_state;
	u32 announced_caps;

	/* lock */
	struct list_head files;
	struct pots_file *owner;	/* gets the private events, may be NULL */
	struct pots_hook hook;
	u32 state;			/* POTS_STATE_* */
	enum pots_feed feed;		/* last one confirmed */
	struct hrtimer hook_timer;
	struct hrtimer hangup_timer;
	struct hrtimer watchdog_timer;
	u32 watchdog_ms;
	u64 watchdog_ns;		/* when it expires, 0 = sleeps */

	struct pots_tone tone;
	struct pots_ringer ring;
	struct pots_speech speech;

	/* the highway: cmd_lock, and audio_lock to change what frames see */
	struct fwnode_handle *highway_node;
	struct pots_highway *highway;
	u32 highway_slot;
	bool highway_runs;
	bool detecting;			/* audio_lock */
	struct pots_dtmf dtmf;		/* audio_lock */
	s16 sent[POTS_DEPTH_MAX * POTS_FRAME_LEN]; /* audio_lock: echo reference */
	u32 sent_at;			/* audio_lock */
	u32 depth;			/* frames; written while no frames run */
	u32 period;			/* audio_lock: fewest frames in a call */
	s32 to_line_cdb;		/* audio_lock */
	s32 from_line_cdb;		/* audio_lock */

	struct pots_stats stats;	/* by the lock of what is counted */
	struct dentry *debugfs;
};

#define to_pots_port(d) container_of(d, struct pots_port, dev)

/* core.c */
extern struct class pots_class;
struct pots_port *pots_port_get(struct pots_port *port);
/* The port of this id with a reference for the caller, or NULL. */
struct pots_port *pots_port_get_by_id(u32 id);
/* The port of the lowest id >= @id with a reference for the caller, or NULL. */
struct pots_port *pots_port_get_next(u32 id);
/* True once the port is unregistered. */
bool pots_port_gone(const struct pots_port *port);
/* May run any time, without locks held: what netlink and the ioctls tell. */
void pots_port_info_fill(struct pots_port *port, struct pots_info *info);
void pots_port_state_fill(struct pots_port *port, struct pots_state *state);
void pots_port_stats_fill(struct pots_port *port, struct pots_stats *stats);
/* Any context. */
void pots_port_todo(struct pots_port *port, enum pots_todo todo);
u32 pots_port_caps(struct pots_port *port);
u32 pots_port_new_cookie_locked(struct pots_port *port);

/*
 * Calls an op and yields its result; -ENODEV when the port is gone, -EOPNOTSUPP
 * when the driver has none. Under cmd_lock.
 */
#define pots_port_call(port, op, ...)					\
({									\
	struct pots_port *__port = (port);				\
	const struct pots_port_ops *__ops;				\
	int __idx, __ret;						\
									\
	lockdep_assert_held(&__port->cmd_lock);				\
	__idx = srcu_read_lock(&__port->srcu);				\
	__ops = srcu_dereference(__port->ops, &__port->srcu);		\
	if (!__ops)							\
		__ret = -ENODEV;					\
	else if (!__ops->op)						\
		__ret = -EOPNOTSUPP;					\
	else								\
		__ret = __ops->op(__port, ##__VA_ARGS__);		\
	srcu_read_unlock(&__port->srcu, __idx);				\
	__ret;								\
})

#endif /* _POTS_CORE_H */
