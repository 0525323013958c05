/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots: what the core's own files know of a port. Chip drivers, highway
 * providers and the simulator never see this.
 *
 * Locks, outermost first
 *
 *   cmd_lock	mutex, one a port. Commands and the port's work: everything
 *		that calls ops, and the part of the state that only such code
 *		changes. Held while the chip is spoken to. Every function below
 *		that asserts it takes a struct pots_port first and may sleep.
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
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/pots.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cadence.h"
#include "callerid.h"
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

/* How long our own linefeed changes may disturb the loop. */
#define POTS_SETTLE_OPEN_MS	150	/* after an open interval */
#define POTS_SETTLE_POLARITY_MS	80	/* after any other change */
#define POTS_SETTLE_BURST_MS	30	/* after a ringing burst */

#define POTS_LIFTING_RETRY_MS	10	/* a burst that would meet a lifted handset */

/**
 * struct pots_stats - counters of a port, never reset
 * @frames:		frames exchanged with the highway
 * @late_frames:	frames that came in one call with others, beyond the
 *			highway's period
 * @underruns:		frames of silence for want of speech
 * @overruns:		frames from the line that nobody read
 * @hook_edges:		edges that the chip reported, masked ones too
 * @seizures:		off-hook, answers included; FXO: our own
 * @flashes:		hook flashes; FXO: our own
 * @pulse_digits:	digits dialled by pulses
 * @dtmf_digits:	digits dialled by tones
 * @tones:		tones played
 * @rings:		ringings begun; FXO: by the exchange
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
	u32 head;			/* oldest */
	u32 count;
	struct pots_event *event;
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

/* Numbers of the bits in pots_port.todo. */
enum pots_todo {
	POTS_TODO_FAILED,		/* the chip is gone, or the line stays down */
	POTS_TODO_RESTORE,		/* the chip forgot, or came back */
	POTS_TODO_ANSWERED,		/* off-hook: ringing ends */
	POTS_TODO_WATCHDOG,
	POTS_TODO_HANGUP,		/* the open interval is over */
	POTS_TODO_MEASURE,		/* what is the exchange's line now? */
	POTS_TODO_RECEIVE,		/* to be answered, its message, or its timer */
	POTS_TODO_DIAL,			/* its timer, its sound's end, or a dial tone */
	POTS_TODO_RELEASED,		/* on-hook: tones end */
	POTS_TODO_ANNOUNCE,		/* its timer, its sound's end, or a seizure */
	POTS_TODO_RING,			/* the cadence's timer */
	POTS_TODO_TONE,			/* the chip tone's timer */
	POTS_TODO_METER,		/* a pulse begins or ends */
	POTS_TODO_LAMP,			/* the same */
	POTS_TODO_REVIEW,		/* highway wanted? state to announce? */
	POTS_TODO_COUNT,
};

/* A timer whose end is a thing to do. Starting it again moves the end. */
struct pots_timer {
	struct hrtimer hrtimer;
	struct pots_port *port;
	enum pots_todo todo;
};

static inline void pots_timer_at(struct pots_timer *timer, u64 end_ns)
{
	hrtimer_start(&timer->hrtimer, ns_to_ktime(end_ns), HRTIMER_MODE_ABS);
}

static inline void pots_timer_in(struct pots_timer *timer, u32 ms)
{
	hrtimer_start(&timer->hrtimer, ms_to_ktime(ms), HRTIMER_MODE_REL);
}

static inline void pots_timer_cancel(struct pots_timer *timer)
{
	hrtimer_cancel(&timer->hrtimer);
}

/*
 * Whether an end is still to come. Not hrtimer_active(): the callback that queued
 * the work that asks may not have returned yet.
 */
static inline bool pots_timer_is_set(struct pots_timer *timer)
{
	return hrtimer_is_queued(&timer->hrtimer);
}

struct pots_tone {
	struct pots_program *plan[POTS_TONE_COUNT]; /* cmd_lock; NULL = built-in */
	struct pots_voice now;		/* audio_lock */
	struct pots_voice fading;	/* audio_lock; its off ramp only */
	bool mix;			/* audio_lock */
	bool by_chip;			/* cmd_lock: the chip plays @chip */
	struct pots_chip_tone chip;	/* cmd_lock */
	u8 chip_end;			/* cmd_lock: POTS_DONE_* when @timer ends */
	struct pots_timer timer;	/* end of what the chip plays */
	u32 cookie;			/* lock; 0 = nothing plays */
};

struct pots_ringer {
	struct pots_cadence cadence;	/* cmd_lock, as the rest */
	struct pots_cadence_run run;
	u32 max_ms;
	u32 bursts_left;		/* until it is announced who calls; 0 = no more */
	bool waits;			/* for the announcement that comes first */
	bool reversed;			/* polarity between the bursts */
	struct pots_ring_wave wave;
	enum pots_feed feed_after;
	bool burst;			/* the chip is in a burst */
	struct pots_ring_supply *supply; /* shared with other ports, or NULL */
	struct list_head waiting;	/* for power; its supply's lock */
	bool powered;			/* its supply's lock */
	bool starved;			/* a burst waits for power */
	struct pots_timer timer;
	u32 cookie;			/* lock; 0 = does not ring */
	bool answered;			/* lock */
};

enum pots_announce_stage {
	POTS_ANNOUNCE_NOTHING,
	POTS_ANNOUNCE_WAIT,		/* for the ringing pulse */
	POTS_ANNOUNCE_STARVED,		/* for power for it */
	POTS_ANNOUNCE_PULSE,
	POTS_ANNOUNCE_PAUSE,		/* after a pulse that the telephone may answer */
	POTS_ANNOUNCE_SOUND,
	POTS_ANNOUNCE_HANGUP,		/* it has the data, and may hang up */
};

struct pots_announcer {
	struct pots_cid cid;		/* cmd_lock; audio_lock while @player is active */
	struct pots_callerid player;	/* audio_lock */
	enum pots_announce_stage stage;	/* cmd_lock, as the rest */
	bool alone;			/* no ringing comes after it */
	u32 pulses_left;		/* that the telephone may answer */
	u32 told;			/* POTS_DONE_* of the data, while it may hang up */
	enum pots_feed feed_after;	/* if alone */
	u64 due_ns;			/* of @timer: the stage's end */
	struct pots_timer timer;
	u32 cookie;			/* lock; 0 = nothing is sent, or will be */
};

/* Pulses to the subscriber's charge meter. */
struct pots_metering {
	struct pots_meter meter;	/* cmd_lock, as the rest */
	u32 sent;			/* of its pulses, the present one too */
	bool on;
	enum pots_feed feed;		/* between pulses that are reversals */
	u64 due_ns;			/* of @timer */
	struct pots_timer timer;
	u32 cookie;			/* 0 = none is sent */
};

/* The telephone's neon lamp. */
struct pots_neon {
	struct pots_lamp set;		/* cmd_lock, as the rest; 0 = it does not blink */
	bool pulse;			/* its cadence wants it to glow */
	bool glows;
	u64 due_ns;			/* of @timer: the end of pulse or pause */
	struct pots_timer timer;
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
	bool primed;			/* something was written */
	bool lost;			/* the highway went away under it */
};

struct pots_port {
	struct device dev;
	struct cdev cdev;
	u32 id;
	struct pots_port_desc desc;
	char chip_name[16];
	char label[32];
	void *chip;
	bool has_speech;
	bool has_impedance;
	bool has_chip_tone;
	bool has_meter;
	bool has_lamp;

	const struct pots_port_ops __rcu *ops;
	struct srcu_struct srcu;	/* ops */
	int srcu_idx;			/* cmd_lock */
	struct mutex cmd_lock;		/* see above */
	spinlock_t audio_lock;		/* see above */
	spinlock_t lock;		/* see above */

	struct work_struct work;
	unsigned long todo;		/* enum pots_todo, atomic bit operations */

	/* cmd_lock */
	struct pots_settings settings;
	u32 last_cookie;
	bool announced;
	u32 announced_state;
	u32 announced_caps;

	/* lock */
	struct list_head files;
	struct pots_file *owner;	/* gets the private events, may be NULL */
	bool live;			/* registered: timers and work may start */
	struct pots_hook hook;
	bool loop_held;			/* our own doing hides the loop */
	bool loop_receives;		/* the telephone answers to be told who calls */
	u32 state;			/* POTS_STATE_* */
	enum pots_feed feed;		/* last one confirmed */
	struct hrtimer hook_timer;
	struct pots_timer hangup_timer;
	struct hrtimer watchdog_timer;
	u32 watchdog_ms;
	u64 watchdog_ns;		/* when it expires, 0 = sleeps */

	const struct pots_exchange_ops *exchange; /* NULL on one that feeds a telephone */
	struct pots_fxo *fxo;		/* what those know of it */
	struct pots_tone tone;
	struct pots_ringer ring;
	struct pots_announcer announce;
	struct pots_metering metering;
	struct pots_neon lamp;
	struct pots_speech speech;

	/* the highway: cmd_lock, and audio_lock to change what frames see */
	struct fwnode_handle *highway_node;
	struct pots_highway *highway;
	u32 highway_slot;
	bool highway_runs;
	bool detecting;			/* audio_lock */
	struct pots_dtmf dtmf;		/* audio_lock, as the rest */
	s16 scaled[POTS_FRAMES_MAX * POTS_FRAME_LEN];
	u32 depth;			/* frames; written while no frames run */
	u32 period;			/* fewest frames in a call */
	s32 to_line_cdb;
	s32 from_line_cdb;

	struct pots_stats stats;	/* by the lock of what is counted */
	struct dentry *debugfs;
};

#define to_pots_port(d) container_of(d, struct pots_port, dev)

/* True once the port is unregistered. */
static inline bool pots_port_gone(const struct pots_port *port)
{
	return !rcu_access_pointer(port->ops);
}

/* ------------------------------------------------------------ core.c --- */

struct pots_port *pots_port_get(struct pots_port *port);
/* The port of this id with a reference for the caller, or NULL. */
struct pots_port *pots_port_get_by_id(u32 id);
/* The port of the lowest id >= @id with a reference for the caller, or NULL. */
struct pots_port *pots_port_get_next(u32 id);
/* Any time, without locks held: what netlink and the ioctls tell. */
u32 pots_port_caps(const struct pots_port *port);
void pots_port_info_fill(struct pots_port *port, struct pots_info *info);
void pots_port_state_fill(struct pots_port *port, struct pots_state *state);
void pots_port_stats_fill(struct pots_port *port, struct pots_stats *stats);
/* Any context. */
void pots_port_todo(struct pots_port *port, enum pots_todo todo);
void pots_timer_init(struct pots_timer *timer, struct pots_port *port, enum pots_todo todo);
void pots_port_set_state_locked(struct pots_port *port, u32 clear, u32 set);
/* Under cmd_lock. */
u32 pots_port_new_cookie(struct pots_port *port);

/* ------------------------------------------------------------- ops.c --- */

/* Under cmd_lock; as the ops, or -ENODEV, or -EOPNOTSUPP. */
int pots_op_set_feed(struct pots_port *port, enum pots_feed feed);
int pots_op_read_loop(struct pots_port *port);
int pots_op_ring_setup(struct pots_port *port, const struct pots_ring_wave *wave);
int pots_op_ring_burst(struct pots_port *port, bool on);
int pots_op_speech(struct pots_port *port, bool on);
int pots_op_set_impedance(struct pots_port *port, u32 impedance);
int pots_op_chip_tone(struct pots_port *port, const struct pots_chip_tone *tone);
int pots_op_meter(struct pots_port *port, u32 hz, u32 on_ms);
int pots_op_lamp(struct pots_port *port, bool on);
int pots_op_set_hook(struct pots_port *port, bool off_hook);
int pots_op_sense(struct pots_port *port, struct pots_line_sense *sense);
int pots_op_set_daa(struct pots_port *port, const struct pots_daa *daa);
int pots_op_listen(struct pots_port *port, bool on);
ssize_t pots_op_regs_show(struct pots_port *port, char *buf, size_t len);

/* What the tests in the kernel reach beyond the exports for chip drivers. */
#if IS_ENABLED(CONFIG_KUNIT)
#define EXPORT_SYMBOL_POTS_TEST(symbol)	EXPORT_SYMBOL_GPL(symbol)
#else
#define EXPORT_SYMBOL_POTS_TEST(symbol)
#endif

/* ----------------------------------------------- chrdev.c and claim.c --- */

extern const struct file_operations pots_file_fops;
long pots_ioctl(struct pots_port *port, bool claim, unsigned int cmd,
		void __user *arg);
/* A command of the claim or of any fd, its argument checked by nobody yet. */
int pots_command(struct pots_port *port, unsigned int cmd, void *arg);
int pots_claim(struct pots_file *pf, fmode_t mode, void __user *arg);
int pots_claim_take(struct pots_port *port, struct pots_file *pf, u32 watchdog_ms);
void pots_claim_give_back(struct pots_port *port);

/* -------------------------------------------------------- watchdog.c --- */

int pots_watchdog_feed(struct pots_port *port, void *arg);
void pots_watchdog_init(struct pots_port *port);
/* The state has changed: the watchdog wakes, or may sleep. */
void pots_watchdog_update_locked(struct pots_port *port);
void pots_watchdog_expired(struct pots_port *port);

/* ----------------------------------------------------------- event.c --- */

int pots_file_init(struct pots_file *pf, struct pots_port *port);
void pots_file_exit(struct pots_file *pf);
bool pots_event_take(struct pots_file *pf, struct pots_event *event);
ssize_t pots_event_read(struct pots_file *pf, char __user *buf, size_t len,
			bool nonblock);
__poll_t pots_event_poll(struct pots_file *pf, struct file *file,
			 poll_table *wait);
void pots_event_post_locked(struct pots_port *port, u64 at_ns, u16 type,
			    u32 value, u32 cookie, u32 extra);
void pots_event_wake_all(struct pots_port *port);

static inline void pots_event_locked(struct pots_port *port, u64 at_ns,
				     u16 type, u32 value)
{
	pots_event_post_locked(port, at_ns, type, value, 0, 0);
}

/* ------------------------------------------------------------ loop.c --- */

void pots_loop_init(struct pots_port *port);
void pots_loop_begin_locked(struct pots_port *port, bool closed);
void pots_loop_windows_locked(struct pots_port *port);
/*
 * From here until pots_loop_release_locked() edges are noted but not believed;
 * with @park a handset that is off-hook now will be parked after it.
 */
void pots_loop_hold_locked(struct pots_port *port, bool park);
void pots_loop_release_locked(struct pots_port *port, u32 settle_ms);
/* Off-hook becomes parked. */
void pots_loop_park_locked(struct pots_port *port);
void pots_loop_ringing_locked(struct pots_port *port, bool ringing);
bool pots_loop_closed_locked(struct pots_port *port);
/*
 * From here on the hook is nobody's but the announcer's, who is called at its every
 * turn, until that ends; a handset that is off-hook then is parked, or answers.
 */
void pots_loop_receive_locked(struct pots_port *port);
void pots_loop_received_locked(struct pots_port *port, bool answers);

/* ------------------------------------------------------------ line.c --- */

bool pots_line_is_reversed(const struct pots_port *port);
int pots_line_set_feed(struct pots_port *port, enum pots_feed feed,
		       u32 settle_ms, bool park);
int pots_line_hangup(struct pots_port *port, void *arg);
void pots_line_hangup_over(struct pots_port *port);
int pots_line_linefeed(struct pots_port *port, void *arg);
/* Tones, ringing and speech off, idle feed; an off-hook handset is parked. */
void pots_line_rest(struct pots_port *port);
void pots_line_restore(struct pots_port *port);
void pots_line_failed(struct pots_port *port);

/* ------------------------------------------------------------ ring.c --- */

int pots_ring_start(struct pots_port *port, void *arg);
int pots_ring_stop(struct pots_port *port, void *arg);
void pots_ring_step(struct pots_port *port);
void pots_ring_answered(struct pots_port *port);
/* Does nothing when it does not ring. */
void pots_ring_end(struct pots_port *port, u32 reason);
int pots_ring_restore(struct pots_port *port);
int pots_ring_cid(struct pots_port *port, void *arg);
/* What came before the ringing, or was in its pause, is over. */
void pots_ring_announced(struct pots_port *port);
/* 0 when a telephone that is on-hook, and at rest, is on the line. */
int pots_ring_check_line(struct pots_port *port);
/* The handset is lifted, but not yet for the seize window: no voltage into an ear. */
bool pots_ring_is_lifting(struct pots_port *port);
int pots_ring_setup_default(struct pots_port *port);
int pots_ring_burst(struct pots_port *port, bool on);

/* ------------------------------------------------------ ring_power.c --- */

/* @fwnode is the port's, or NULL. */
int pots_ring_power_attach(struct pots_port *port, struct fwnode_handle *fwnode);
void pots_ring_power_detach(struct pots_port *port);
/*
 * Power for a burst. False: there is none now, POTS_TODO_RING and _ANNOUNCE come when
 * it may be asked for again; until then, or until it is given back, the port is in a queue.
 */
bool pots_ring_power_take(struct pots_port *port);
/* Does nothing when none was taken nor waited for. */
void pots_ring_power_give(struct pots_port *port);

/* -------------------------------------------------------- announce.c --- */

int pots_announce_check(const struct pots_port *port, const struct pots_cid *cid);
/* Begins, or waits for pots_announce_go() when bursts come first. */
int pots_announce_start(struct pots_port *port, struct pots_cid *cid);
/* In the pause: how many ms it takes, 0 when it failed. */
u32 pots_announce_go(struct pots_port *port);
void pots_announce_step(struct pots_port *port);
/* Does nothing when nothing is, or will be, sent. */
void pots_announce_end(struct pots_port *port, u32 reason);
int pots_announce_send(struct pots_port *port, void *arg);
/* On-hook: a call that it was told of meanwhile is over. */
void pots_announce_released(struct pots_port *port);
/* The highway goes away. */
void pots_announce_lost(struct pots_port *port);
/* This one, or (0) any; ringing goes on. */
void pots_announce_stop(struct pots_port *port, u32 cookie);
/* For frames, under audio_lock. */
bool pots_announce_sounds(struct pots_port *port);
void pots_announce_render(struct pots_port *port, s16 *to_line, unsigned int samples);
/* True when a digit from the line is none of the owner's. */
bool pots_announce_takes(struct pots_port *port, u32 digit);

static inline bool pots_announcing(const struct pots_port *port)
{
	return port->announce.stage != POTS_ANNOUNCE_NOTHING;
}

/* ------------------------------------------------------------ play.c --- */

void pots_tone_exit(struct pots_port *port);
int pots_tone_play(struct pots_port *port, void *arg);
int pots_tone_stop_ioctl(struct pots_port *port, void *arg);
int pots_tone_set(struct pots_port *port, void *arg);
void pots_tone_timer_over(struct pots_port *port);
void pots_tone_released(struct pots_port *port);
/* Whether there is an ear on the line: lifted, and fed. */
bool pots_tone_is_audible(struct pots_port *port);
/* The port's own, or the built-in one; NULL when there is none. */
const struct pots_tone_program *pots_tone_program_of(const struct pots_port *port, u32 id);
/* Does nothing when none plays. */
void pots_tone_end(struct pots_port *port, u32 reason);
int pots_tone_restore(struct pots_port *port);
/* For frames, under audio_lock. */
void pots_tone_mix(struct pots_port *port, s16 *to_line, unsigned int samples);
static inline bool pots_tone_sounds(struct pots_port *port)
{
	lockdep_assert_held(&port->audio_lock);
	return port->tone.now.player.active || port->tone.fading.player.active;
}

/* No ramp: the highway has stopped. */
void pots_tone_silence(struct pots_port *port);

/* ----------------------------------------------------------- meter.c --- */

int pots_meter_start(struct pots_port *port, void *arg);
int pots_meter_stop(struct pots_port *port, void *arg);
void pots_meter_step(struct pots_port *port);
/* Does nothing when no pulses are sent. */
void pots_meter_end(struct pots_port *port, u32 reason);

/* ------------------------------------------------------------ lamp.c --- */

int pots_lamp_set(struct pots_port *port, void *arg);
/* It is time, or the line may have left rest. */
void pots_lamp_step(struct pots_port *port);
/* Before the line does anything else; the cadence goes on. */
void pots_lamp_out(struct pots_port *port);
void pots_lamp_end(struct pots_port *port);

/* ------------------------------------------------------- pots-fxo.ko --- */

/**
 * struct pots_exchange_ops - what the core asks of the exchange side, pots-fxo
 *
 * That is a module of its own, so that a box with telephones only has none of it.
 * A port that faces an exchange holds a reference on it until its own release.
 * Unless told otherwise all are called under cmd_lock and may sleep.
 *
 * @owner:		the module
 * @wake:		on-hook, and set up as by default: the first thing a port does
 * @sleep:		the port is not live any more: nothing is dialled, no timer runs
 * @command:		an ioctl that is for such ports only; without cmd_lock
 *			those that do not wait for the chip
 * @hangup:		POTS_HANGUP
 * @hangup_over:	the port's hangup_timer has ended
 * @rest:		everything off and on-hook
 * @restore:		the chip was set up anew
 * @failed:		the chip took the line down for good, or is gone
 * @hold_locked:	under lock, any context: what the line does is not to be
 *			believed
 * @measure:		POTS_TODO_MEASURE
 * @receive_step:	POTS_TODO_RECEIVE
 * @dial_step:		POTS_TODO_DIAL
 * @plan_changed:	this tone of the port's plan is another one
 * @review:		what is listened to, as it is now; before the highway is
 *			started or stopped
 * @highway_reviewed:	and after that
 * @highway_lost:	it goes away
 * @needs_highway:	under audio_lock
 * @render:		under audio_lock, for frames: what is dialled
 * @hear:		under audio_lock, for frames
 */
struct pots_exchange_ops {
	struct module *owner;
	int (*wake)(struct pots_port *port);
	void (*sleep)(struct pots_port *port);
	int (*command)(struct pots_port *port, unsigned int cmd, void *arg);
	int (*hangup)(struct pots_port *port, void *arg);
	void (*hangup_over)(struct pots_port *port);
	void (*rest)(struct pots_port *port);
	int (*restore)(struct pots_port *port);
	void (*failed)(struct pots_port *port);
	void (*hold_locked)(struct pots_port *port);
	void (*measure)(struct pots_port *port);
	void (*receive_step)(struct pots_port *port);
	void (*dial_step)(struct pots_port *port);
	void (*plan_changed)(struct pots_port *port, u32 tone);
	void (*review)(struct pots_port *port);
	void (*highway_reviewed)(struct pots_port *port);
	void (*highway_lost)(struct pots_port *port);
	bool (*needs_highway)(struct pots_port *port);
	void (*render)(struct pots_port *port, s16 *to_line, unsigned int frames);
	void (*hear)(struct pots_port *port, const s16 *from_line, unsigned int frames,
		     u64 now_ns);
};

/*
 * As pots_port_alloc(), which it is but for the checks; @exchange NULL = it feeds
 * a telephone. Takes over @fxo, which may be used at once, also when it fails.
 */
struct pots_port *pots_port_new(struct device *parent, const struct pots_port_ops *ops,
				const struct pots_port_desc *desc, void *chip,
				const struct pots_exchange_ops *exchange,
				struct pots_fxo *fxo);

/* -------------------------------------------------------- settings.c --- */

void pots_settings_default(struct pots_port *port);
int pots_settings_get(struct pots_port *port, void *arg);
int pots_settings_set(struct pots_port *port, void *arg);
int pots_settings_restore(struct pots_port *port);

/* ---------------------------------------------- audio.c and speech.c --- */

void pots_speech_init(struct pots_port *port);
int pots_speech_start(struct pots_port *port, void *arg);
int pots_speech_stop_ioctl(struct pots_port *port, void *arg);
int pots_speech_queue(struct pots_port *port, void *arg);
void pots_speech_stop(struct pots_port *port, bool lost);
ssize_t pots_speech_read(struct pots_port *port, char __user *buf, size_t len,
			 bool nonblock);
ssize_t pots_speech_write(struct pots_port *port, const char __user *buf,
			  size_t len, bool nonblock);
__poll_t pots_speech_poll(struct pots_port *port, struct file *file,
			  poll_table *wait);
void pots_speech_wake_all(struct pots_port *port);
void pots_fifo_pop(struct pots_fifo *fifo, s16 *samples, u32 frames);
void pots_fifo_drop(struct pots_fifo *fifo, u32 frames);
void pots_fifo_push(struct pots_fifo *fifo, const s16 *samples, u32 frames);

/* --------------------------------------------------------- highway.c --- */

void pots_highway_attach(struct pots_port *port);
void pots_highway_detach(struct pots_port *port);
/* Starts or stops it, as what goes on at the port needs. */
void pots_highway_review(struct pots_port *port);
int pots_highway_need(struct pots_port *port);
int pots_highway_restore(struct pots_port *port);

/* --------------------------------------------------------- debugfs.c --- */

void pots_debugfs_init(void);
void pots_debugfs_exit(void);
void pots_debugfs_add(struct pots_port *port);
void pots_debugfs_remove(struct pots_port *port);

#endif /* _POTS_CORE_H */
