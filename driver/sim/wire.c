// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: a wire between two lines of a board.
 *
 * Each line has its own lock, and neither is taken inside the other's: what one
 * does is written down here, and a timer brings it to the other, at once. Sound
 * is delayed by a tick and 8 ms, so that it is there whichever line is first.
 */
#include <linux/ktime.h>
#include <linux/slab.h>

#include "../compat.h"
#include "board.h"
#include "line.h"
#include "wire.h"

#define SAMPLES		1024	/* a power of two, more than the delay and a tick */
#define DELAY		64	/* samples beside a tick's */
#define HUSH		800	/* zeros are silence */
#define WIRE_OHM	200	/* the wire and an off-hook chip */
#define FRAME		8	/* samples in a ms */

/**
 * struct pots_sim_way - one direction
 * @line:	who hears
 * @kick:	tells it that something is different
 * @sample:	what is said
 * @end:	first sample that has not been said yet
 * @loud:	something is said
 * @hush:	zeros in a row
 */
struct pots_sim_way {
	struct pots_sim_line *line;
	struct hrtimer kick;
	s16 sample[SAMPLES];
	u64 end;
	bool loud;
	u32 hush;
};

/**
 * struct pots_sim_wire - a wire
 * @lock:	guards the rest; taken inside a line's lock
 * @to_fxo:	from the chip that feeds
 * @to_fxs:	from the one that is fed
 * @feed:	what the one gives
 * @rings:	it rings
 * @ring_mv:	last sample of that
 * @closed:	the other draws current
 */
struct pots_sim_wire {
	spinlock_t lock; /* see above */
	struct pots_sim_way to_fxo;
	struct pots_sim_way to_fxs;
	struct pots_sim_feed feed;
	bool rings;
	s32 ring_mv;
	bool closed;
};

/* ------------------------------------------------------------- the loop --- */

static void kick(struct pots_sim_way *way)
{
	hrtimer_start(&way->kick, ktime_get(), HRTIMER_MODE_ABS_SOFT);
}

/* Something of the other line's is different: look at all of it. */
static enum hrtimer_restart kicked(struct hrtimer *timer)
{
	struct pots_sim_way *way = container_of(timer, struct pots_sim_way, kick);
	struct pots_sim_line *line = way->line;
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->gone) {
		now = ktime_get_ns();
		pots_sim_line_run(line, now);
		if (way == &line->wire->to_fxs)
			line->phone.closed = READ_ONCE(line->wire->closed);
		pots_sim_far_speaking(line);
		pots_sim_line_loop_changed(line, now);
	}
	spin_unlock_irqrestore(&line->lock, flags);
	return HRTIMER_NORESTART;
}

void pots_sim_wire_feed(struct pots_sim_wire *wire, const struct pots_sim_feed *feed)
{
	bool same;

	spin_lock(&wire->lock);
	same = wire->feed.line_mv == feed->line_mv && wire->feed.loop_ua == feed->loop_ua &&
	       wire->feed.fed == feed->fed && wire->feed.reversed == feed->reversed;
	wire->feed = *feed;
	spin_unlock(&wire->lock);
	if (!same)
		kick(&wire->to_fxo);
}

void pots_sim_wire_ring(struct pots_sim_wire *wire, bool on)
{
	WRITE_ONCE(wire->ring_mv, 0);
	WRITE_ONCE(wire->rings, on);
	kick(&wire->to_fxo);
}

void pots_sim_wire_ring_sample(struct pots_sim_wire *wire, s32 mv)
{
	WRITE_ONCE(wire->ring_mv, mv);
}

void pots_sim_wire_load(struct pots_sim_wire *wire, const struct pots_sim_load *load)
{
	if (READ_ONCE(wire->closed) == load->closed)
		return;
	WRITE_ONCE(wire->closed, load->closed);
	kick(&wire->to_fxs);
}

void pots_sim_wire_sense(struct pots_sim_wire *wire, struct pots_sim_sense *sense)
{
	spin_lock(&wire->lock);
	sense->line_mv = wire->feed.reversed ? -wire->feed.line_mv : wire->feed.line_mv;
	sense->loop_ua = wire->closed ? wire->feed.loop_ua : 0;
	spin_unlock(&wire->lock);
}

bool pots_sim_wire_rings(const struct pots_sim_wire *wire)
{
	return READ_ONCE(wire->rings);
}

s32 pots_sim_wire_ring_mv(const struct pots_sim_wire *wire)
{
	return READ_ONCE(wire->ring_mv);
}

/* ---------------------------------------------------------------- sound --- */

static bool is_fxs(const struct pots_sim_line *line)
{
	return line == line->wire->to_fxs.line;
}

/* A gap in what was said was silence. */
static void say(struct pots_sim_way *way, u64 sample, const s16 *in, unsigned int n)
{
	unsigned int i;

	if (sample > way->end + SAMPLES)
		way->end = sample - SAMPLES;
	for (; way->end < sample; way->end++)
		way->sample[way->end % SAMPLES] = 0;
	for (i = 0; i < n; i++, way->end++) {
		way->sample[way->end % SAMPLES] = in[i];
		way->hush = in[i] ? 0 : way->hush + 1;
	}
}

static bool is_loud(const struct pots_sim_way *way)
{
	return way->hush < HUSH;
}

static void wire_hear(struct pots_sim_line *line, u64 sample, const s16 *in, unsigned int n)
{
	struct pots_sim_wire *wire = line->wire;
	struct pots_sim_way *way = is_fxs(line) ? &wire->to_fxo : &wire->to_fxs;
	bool changed;

	spin_lock(&wire->lock);
	say(way, sample, in, n);
	changed = way->loud != is_loud(way);
	way->loud = is_loud(way);
	spin_unlock(&wire->lock);
	if (changed)
		kick(way);
}

static void wire_mouth(struct pots_sim_line *line, u64 sample, s16 *out, unsigned int n)
{
	struct pots_sim_wire *wire = line->wire;
	struct pots_sim_way *way = is_fxs(line) ? &wire->to_fxs : &wire->to_fxo;
	u64 at = sample - DELAY - line->board->config.frames * FRAME;
	unsigned int i;

	spin_lock(&wire->lock);
	for (i = 0; i < n; i++, at++)
		out[i] = at < way->end && at + SAMPLES >= way->end ?
			 way->sample[at % SAMPLES] : 0;
	spin_unlock(&wire->lock);
}

static bool wire_talks(struct pots_sim_line *line)
{
	struct pots_sim_wire *wire = line->wire;

	return READ_ONCE((is_fxs(line) ? &wire->to_fxs : &wire->to_fxo)->loud);
}

static void wire_sound(struct pots_sim_line *line, bool on, u64 at)
{
}

static void wire_init_fxs(struct pots_sim_line *line)
{
	line->phone.param.loop_ohm = WIRE_OHM;
	line->phone.param.ren_milli = 1000;
}

/* What the model sees until the wire is there: a dead line. */
static void wire_init_fxo(struct pots_sim_line *line)
{
	line->exchange.param.feed_ohm = WIRE_OHM;
}

static void wire_stop(struct pots_sim_line *line)
{
}

/* Without a node nobody queues a step or writes a word. */
const struct pots_sim_far_ops pots_sim_wire_fxs_ops = {
	.prefix = "",
	.mic_samples = 2,
	.init = wire_init_fxs,
	.stop = wire_stop,
	.talks = wire_talks,
	.mouth = wire_mouth,
	.hear = wire_hear,
	.sound = wire_sound,
};

const struct pots_sim_far_ops pots_sim_wire_fxo_ops = {
	.prefix = "x",
	.mic_samples = 2,
	.init = wire_init_fxo,
	.stop = wire_stop,
	.talks = wire_talks,
	.mouth = wire_mouth,
	.hear = wire_hear,
	.sound = wire_sound,
};

/* -------------------------------------------------------------- to life --- */

static void init_way(struct pots_sim_way *way, struct pots_sim_line *line)
{
	way->line = line;
	way->hush = HUSH;
	hrtimer_setup(&way->kick, kicked, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
}

int pots_sim_wire_add(struct pots_sim_line *fxs, struct pots_sim_line *fxo)
{
	struct pots_sim_wire *wire = kzalloc(sizeof(*wire), GFP_KERNEL);

	if (!wire)
		return -ENOMEM;
	spin_lock_init(&wire->lock);
	init_way(&wire->to_fxs, fxs);
	init_way(&wire->to_fxo, fxo);
	fxs->wire = wire;
	fxo->wire = wire;
	return 0;
}

void pots_sim_wire_del(struct pots_sim_line *fxs, struct pots_sim_line *fxo)
{
	struct pots_sim_wire *wire = fxs->wire;

	if (!wire)
		return;
	hrtimer_cancel(&wire->to_fxs.kick);
	hrtimer_cancel(&wire->to_fxo.kick);
	fxs->wire = NULL;
	fxo->wire = NULL;
	kfree(wire);
}
