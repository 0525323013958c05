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
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../compat.h"
#include "../pots.h"
#include "board.h"

#define LEAD_PER_FRAME	2	/* samples */
#define GIVE_UP_MS	500	/* a suspended machine does not catch up */

static u64 period_ns(const struct pots_sim_board *board)
{
	return board->config.frames * (u64)NSEC_PER_MSEC;
}

static unsigned int lead_samples(const struct pots_sim_board *board)
{
	return board->config.frames * LEAD_PER_FRAME;
}

static unsigned int samples(const struct pots_sim_board *board)
{
	return board->config.frames * POTS_FRAME_LEN;
}

/* A line whose sound goes nowhere finds out what time it is when it is asked. */
static void run_lines(struct pots_sim_board *board, u64 now)
{
	unsigned int i;

	for (i = 0; i < board->lines; i++) {
		struct pots_sim_line *line = board->line[i];

		if (!READ_ONCE(line->sounds) && !READ_ONCE(line->far.speaking))
			continue;
		spin_lock(&line->lock);
		if (!line->gone)
			pots_sim_line_run(line, now);
		spin_unlock(&line->lock);
	}
}

static bool in_one_piece(unsigned int at, unsigned int n)
{
	return at + n <= POTS_SIM_BUS_FRAMES;
}

/* Where the core finds what a port's chip sent from @at on. */
static const s16 *sent(struct pots_sim_board *board, unsigned int slot, unsigned int at)
{
	unsigned int i, n = samples(board);
	s16 *spare = board->sound.spare_from[slot];
	u16 *ring = board->bus.tx[slot].word;

	if (in_one_piece(at, n))
		return (s16 *)ring + at;
	for (i = 0; i < n; i++)
		spare[i] = ring[pots_sim_bus_at(at + i)];
	return spare;
}

/* Where it puts what the chip shall receive. */
static s16 *room(struct pots_sim_board *board, unsigned int slot, unsigned int at)
{
	pots_sim_bus_use(&board->bus.rx_used, slot);
	if (in_one_piece(at, samples(board)))
		return (s16 *)board->bus.rx[slot].word + at;
	return board->sound.spare_to[slot];
}

static void receive(struct pots_sim_board *board, unsigned int slot, unsigned int at)
{
	const s16 *spare = board->sound.spare_to[slot];
	u16 *ring = board->bus.rx[slot].word;
	unsigned int i;

	for (i = 0; i < samples(board); i++)
		ring[pots_sim_bus_at(at + i)] = spare[i];
}

/* All ports in one go: what the core needs is told apart from what we need. */
static void call_core(struct pots_sim_board *board)
{
	struct pots_sim_sound *sound = &board->sound;
	u64 begin = ktime_get_ns();
	unsigned int slot;

	for (slot = 0; slot < POTS_SIM_LINES_MAX; slot++)
		if (board->ports[slot])
			pots_port_frames(board->ports[slot], sound->from[slot],
					 sound->to[slot], board->config.frames);
	board->tick.core_ns += ktime_get_ns() - begin;
}

/* What the ports' chips sent before @sample, and what they shall receive after. */
static void exchange_ports(struct pots_sim_board *board, u64 sample)
{
	unsigned int slot, n = samples(board), at = pots_sim_bus_at(sample - n);
	unsigned int ahead = pots_sim_bus_at(sample + lead_samples(board));
	struct pots_sim_sound *sound = &board->sound;

	spin_lock(&board->ports_lock);
	for (slot = 0; slot < POTS_SIM_LINES_MAX; slot++) {
		if (!board->ports[slot])
			continue;
		sound->from[slot] = sent(board, slot, at);
		sound->to[slot] = room(board, slot, ahead);
	}
	call_core(board);
	for (slot = 0; slot < POTS_SIM_LINES_MAX; slot++)
		if (board->ports[slot] && sound->to[slot] == sound->spare_to[slot])
			receive(board, slot, ahead);
	spin_unlock(&board->ports_lock);
}

static void clear_slot(u16 *ring, unsigned int at, unsigned int n)
{
	unsigned int first = min(n, POTS_SIM_BUS_FRAMES - at);

	memset(ring + at, 0, first * sizeof(*ring));
	if (first < n)
		memset(ring, 0, (n - first) * sizeof(*ring));
}

/* Ports fill what is theirs. */
static void clear_frames(struct pots_sim_board *board, u64 sample)
{
	unsigned int ahead = pots_sim_bus_at(sample + lead_samples(board));
	struct pots_sim_bus *bus = &board->bus;
	unsigned int slot;

	for_each_set_bit(slot, &bus->tx_used, POTS_SIM_SLOTS)
		clear_slot(bus->tx[slot].word, ahead, samples(board));
	for_each_set_bit(slot, &bus->rx_used, POTS_SIM_SLOTS)
		if (!READ_ONCE(board->ports[slot]))
			clear_slot(bus->rx[slot].word, ahead, samples(board));
}

/* Everything that the tick of time @at has to do. */
static void exchange(struct pots_sim_board *board, u64 at)
{
	struct pots_sim_window window = pots_sim_bus_window(&board->bus);
	u64 sample = div_u64(at, POTS_SIM_SAMPLE_NS);

	run_lines(board, at);
	clear_frames(board, sample);
	exchange_ports(board, sample);

	window.horizon = sample + lead_samples(board) + samples(board);
	pots_sim_bus_set_window(&board->bus, &window);
}

/* ----------------------------------------------------------------- tick --- */

static void wipe_bus(struct pots_sim_bus *bus)
{
	memset(bus->rx, 0, sizeof(bus->rx));
	memset(bus->tx, 0, sizeof(bus->tx));
	bus->rx_used = 0;
	bus->tx_used = 0;
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
		at = pots_sim_rounddown_ns(now, POTS_SIM_SAMPLE_NS);
	while (at <= now) {
		u64 begin = now;

		exchange(board, at);
		now = ktime_get_ns();
		tick->count++;
		tick->spent_ns += now - begin;
		if (now > at + lead_samples(board) * (u64)POTS_SIM_SAMPLE_NS)
			tick->late_frames += board->config.frames;
		if (!go_on(board, at))
			return HRTIMER_NORESTART;
		at = tick->next_ns;
	}
	hrtimer_set_expires(timer, ns_to_ktime(at));
	return HRTIMER_RESTART;
}

/* For debugfs; unlocked, so the three need not be of the same tick. */
void pots_sim_tick_show(struct pots_sim_board *board, struct seq_file *s)
{
	struct pots_sim_tick *tick = &board->tick;
	u64 core_ns = tick->core_ns, spent_ns = tick->spent_ns;

	seq_printf(s, "ticks %llu\ncore_ns %llu\nmodel_ns %llu\n", tick->count, core_ns,
		   spent_ns - core_ns);
}

void pots_sim_tick_init(struct pots_sim_board *board)
{
	BUILD_BUG_ON(POTS_SIM_SOUND_MAX < POTS_FRAMES_MAX * POTS_FRAME_LEN);
	spin_lock_init(&board->tick.lock);
	spin_lock_init(&board->ports_lock);
	seqlock_init(&board->bus.lock);
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
