// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: the sound clock of a board, and the PCM highway between its bus
 * and the core. The only file here that knows the core.
 *
 * A tick at time T brings the core what the chips sent in the frames before T,
 * and writes what they shall receive from a quarter of a period later on: that
 * lead is the serialiser's FIFO, and the time in which a tick must be done lest
 * the bus have a gap. A tick that is done later is counted; all its frames are
 * exchanged none the less, and keep the places that they should have had.
 *
 * The clock runs while a port is started, an ear listens or a mouth speaks.
 */
#include <linux/ktime.h>

#include "../compat.h"
#include "../pots.h"
#include "board.h"

#define SAMPLES_MAX	(POTS_FRAMES_MAX * POTS_FRAME_LEN)
#define LEAD_PER_FRAME	2	/* samples */
#define GIVE_UP_MS	500	/* a suspended machine does not catch up */
#define SLOT_BYTES	2

static u64 period_ns(const struct pots_sim_board *board)
{
	return board->config.frames * (u64)NSEC_PER_MSEC;
}

static unsigned int lead_samples(const struct pots_sim_board *board)
{
	return board->config.frames * LEAD_PER_FRAME;
}

/* A line whose sound goes nowhere finds out what time it is when it is asked. */
static void run_lines(struct pots_sim_board *board, u64 now)
{
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < board->config.fxs; i++) {
		struct pots_sim_line *line = board->line[i];

		if (!READ_ONCE(line->sounds) && !READ_ONCE(line->phone.speaking))
			continue;
		spin_lock_irqsave(&line->lock, flags);
		if (!line->gone)
			pots_sim_line_run(line, now);
		spin_unlock_irqrestore(&line->lock, flags);
	}
}

/* One port: take its bits of the frames before @sample, bring those after. */
static void exchange_port(struct pots_sim_board *board, unsigned int slot, u64 sample)
{
	unsigned int i, at = slot * SLOT_BYTES, n = board->config.frames * POTS_FRAME_LEN;
	u64 ahead = sample + lead_samples(board);
	struct pots_sim_bus *bus = &board->bus;
	s16 from[SAMPLES_MAX], to[SAMPLES_MAX];

	for (i = 0; i < n; i++)
		from[i] = pots_sim_get_word(pots_sim_bus_tx(bus, sample - n + i) + at);
	pots_port_frames(board->ports[slot], from, to, board->config.frames);
	for (i = 0; i < n; i++)
		pots_sim_put_word(pots_sim_bus_rx(bus, ahead + i) + at, to[i]);
}

static void clear_frames(struct pots_sim_board *board, u64 sample)
{
	unsigned int i, n = board->config.frames * POTS_FRAME_LEN;
	u64 ahead = sample + lead_samples(board);

	for (i = 0; i < n; i++) {
		memset(pots_sim_bus_rx(&board->bus, ahead + i), 0, POTS_SIM_FRAME_BYTES);
		memset(pots_sim_bus_tx(&board->bus, ahead + i), 0, POTS_SIM_FRAME_BYTES);
	}
}

/* Everything that the tick of time @at has to do. */
static void exchange(struct pots_sim_board *board, u64 at)
{
	struct pots_sim_window window = pots_sim_bus_window(&board->bus);
	u64 sample = div_u64(at, POTS_SIM_SAMPLE_NS);
	unsigned int slot;

	run_lines(board, at);
	clear_frames(board, sample);
	spin_lock(&board->ports_lock);
	for (slot = 0; slot < POTS_SIM_LINES_MAX; slot++)
		if (board->ports[slot])
			exchange_port(board, slot, sample);
	spin_unlock(&board->ports_lock);

	window.horizon = sample + lead_samples(board) +
			 board->config.frames * POTS_FRAME_LEN;
	pots_sim_bus_set_window(&board->bus, &window);
}

/* ----------------------------------------------------------------- tick --- */

static void wipe_bus(struct pots_sim_bus *bus)
{
	memset(bus->rx, 0, sizeof(bus->rx));
	memset(bus->tx, 0, sizeof(bus->tx));
}

/* With the tick's lock held. Ears hear zeros until the first tick has been. */
static void start_tick(struct pots_sim_board *board, u64 now)
{
	struct pots_sim_tick *tick = &board->tick;
	u64 sample = div_u64(now, POTS_SIM_SAMPLE_NS) + 1;
	struct pots_sim_window window = {
		.running = true,
		.first = sample,
		.horizon = sample + lead_samples(board),
	};

	wipe_bus(&board->bus);
	pots_sim_bus_set_window(&board->bus, &window);
	tick->on = true;
	tick->next_ns = sample * POTS_SIM_SAMPLE_NS;
	hrtimer_start(&tick->timer, ns_to_ktime(tick->next_ns), HRTIMER_MODE_ABS_SOFT);
}

void pots_sim_tick_get(struct pots_sim_board *board, u64 now)
{
	unsigned long flags;

	spin_lock_irqsave(&board->tick.lock, flags);
	if (!board->tick.users++ && !board->tick.on)
		start_tick(board, now);
	spin_unlock_irqrestore(&board->tick.lock, flags);
}

/* The next tick finds that nobody is left, and is the last. */
void pots_sim_tick_put(struct pots_sim_board *board)
{
	unsigned long flags;

	spin_lock_irqsave(&board->tick.lock, flags);
	board->tick.users--;
	spin_unlock_irqrestore(&board->tick.lock, flags);
}

/* Returns false when the clock stops. */
static bool go_on(struct pots_sim_board *board, u64 at)
{
	static const struct pots_sim_window stopped;
	struct pots_sim_tick *tick = &board->tick;
	unsigned long flags;
	bool on;

	spin_lock_irqsave(&tick->lock, flags);
	on = tick->users;
	if (on) {
		tick->next_ns = at + period_ns(board);
	} else {
		tick->on = false;
		pots_sim_bus_set_window(&board->bus, &stopped);
	}
	spin_unlock_irqrestore(&tick->lock, flags);
	return on;
}

static enum hrtimer_restart tick_timer(struct hrtimer *timer)
{
	struct pots_sim_board *board = container_of(timer, struct pots_sim_board,
						    tick.timer);
	struct pots_sim_tick *tick = &board->tick;
	u64 at = tick->next_ns, now = ktime_get_ns();

	if (now > at + GIVE_UP_MS * (u64)NSEC_PER_MSEC)
		at = rounddown(now, (u64)POTS_SIM_SAMPLE_NS);
	while (at <= now) {
		exchange(board, at);
		now = ktime_get_ns();
		if (now > at + lead_samples(board) * (u64)POTS_SIM_SAMPLE_NS)
			tick->late_frames += board->config.frames;
		if (!go_on(board, at))
			return HRTIMER_NORESTART;
		at = tick->next_ns;
	}
	hrtimer_set_expires(timer, ns_to_ktime(at));
	return HRTIMER_RESTART;
}

void pots_sim_tick_init(struct pots_sim_board *board)
{
	spin_lock_init(&board->tick.lock);
	spin_lock_init(&board->ports_lock);
	spin_lock_init(&board->bus.lock);
	hrtimer_setup(&board->tick.timer, tick_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

/* -------------------------------------------------------------- highway --- */

static int pots_sim_highway_start(struct pots_highway *highway, struct pots_port *port,
				  unsigned int slot)
{
	struct pots_sim_board *board = pots_highway_priv(highway);
	int err = -EBUSY;

	if (slot >= POTS_SIM_LINES_MAX)
		return -EINVAL;
	spin_lock_bh(&board->ports_lock);
	if (!board->ports[slot]) {
		board->ports[slot] = port;
		err = 0;
	}
	spin_unlock_bh(&board->ports_lock);
	if (!err)
		pots_sim_tick_get(board, ktime_get_ns());
	return err;
}

static void pots_sim_highway_stop(struct pots_highway *highway, struct pots_port *port)
{
	struct pots_sim_board *board = pots_highway_priv(highway);
	bool found = false;
	unsigned int slot;

	spin_lock_bh(&board->ports_lock);
	for (slot = 0; slot < POTS_SIM_LINES_MAX; slot++) {
		if (board->ports[slot] != port)
			continue;
		board->ports[slot] = NULL;
		found = true;
	}
	spin_unlock_bh(&board->ports_lock);
	if (found)
		pots_sim_tick_put(board);
}

static const struct pots_highway_ops pots_sim_highway_ops = {
	.start = pots_sim_highway_start,
	.stop = pots_sim_highway_stop,
};

int pots_sim_highway_add(struct pots_sim_board *board)
{
	struct pots_highway *highway;

	if (!board->config.highway)
		return 0;
	highway = pots_highway_register(&board->pdev->dev, &pots_sim_highway_ops,
					board->config.frames, board);
	if (IS_ERR(highway))
		return PTR_ERR(highway);
	board->highway = highway;
	return 0;
}

void pots_sim_highway_del(struct pots_sim_board *board)
{
	if (board->highway)
		pots_highway_unregister(board->highway);
	board->highway = NULL;
}
