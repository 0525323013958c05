// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: what an exchange does, one after the other.
 */
#include "board.h"
#include "line.h"

#define PULSES_MAX	1000
#define SPEAK_MAX	(60 * 8000)	/* samples */
#define ALTERNATE_MV_MAX 150000

/* Each burst and each pause is a part of the step. */
static void ring(struct pots_sim_line *line, bool on, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	if (x->ringing == on)
		return;
	x->ringing = on;
	x->out.state ^= POTS_SIM_X_RINGING;
	if (on) {
		x->ring_from = now;
		x->out.ring_start_ns = now;
		x->out.rings++;
	} else {
		x->out.ring_end_ns = now;
	}
	pots_sim_far_changed(line);
	pots_sim_exchange_changed(line, now);
}

static void pulse(struct pots_sim_line *line, u32 mv, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	x->pulse_mv = mv;
	if (line->steps.step.kind == POTS_SIM_STEP_METER) {
		x->out.state ^= POTS_SIM_X_METERING;
		x->out.meters += !!mv;
		pots_sim_far_changed(line);
	}
	pots_sim_exchange_changed(line, now);
}

/* The cadence of the step, or of the exchange. */
static u32 part_us(const struct pots_sim_line *line, unsigned int part)
{
	const struct pots_sim_step *step = &line->steps.step;

	if (step->on_us)
		return part ? step->off_us : step->on_us;
	return line->exchange.param.ring_us[part];
}

static bool begin_ring(struct pots_sim_line *line, u64 now)
{
	line->exchange.burst = 0;
	line->exchange.left = line->steps.step.on_us ? 1 : line->steps.step.count;
	line->steps.due += pots_sim_us(part_us(line, 0));
	ring(line, true, now);
	return true;
}

/* Past the last burst of a period: is there another? */
static bool next_period(struct pots_sim_line *line)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	bool single = line->steps.step.on_us;

	if (!single && x->burst < POTS_SIM_BURSTS_MAX && part_us(line, 2 * x->burst))
		return true;
	x->burst = 0;
	return !x->left || --x->left;
}

static bool next_ring(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	if (x->ringing) {
		line->steps.due += pots_sim_us(part_us(line, 2 * x->burst + 1));
		ring(line, false, now);
		return true;
	}
	x->burst++;
	if (!next_period(line))
		return false;
	line->steps.due += pots_sim_us(part_us(line, 2 * x->burst));
	ring(line, true, now);
	return true;
}

static bool begin_pulses(struct pots_sim_line *line, u64 now)
{
	const struct pots_sim_step *step = &line->steps.step;

	line->exchange.left = step->count;
	line->steps.due += pots_sim_us(step->on_us);
	pulse(line, step->mv, now);
	return true;
}

static bool next_pulse(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	const struct pots_sim_step *step = &line->steps.step;

	if (x->pulse_mv) {
		line->steps.due += pots_sim_us(step->off_us);
		pulse(line, 0, now);
		return true;
	}
	if (!--x->left)
		return false;
	line->steps.due += pots_sim_us(step->on_us);
	pulse(line, step->mv, now);
	return true;
}

static bool begin_open(struct pots_sim_line *line, u64 now)
{
	line->exchange.open = true;
	line->steps.due += pots_sim_us(line->steps.step.on_us);
	pots_sim_exchange_changed(line, now);
	return true;
}

static bool next_open(struct pots_sim_line *line, u64 now)
{
	line->exchange.open = false;
	pots_sim_exchange_changed(line, now);
	return false;
}

static bool begin_wait(struct pots_sim_line *line, u64 now)
{
	line->steps.due += pots_sim_us(line->steps.step.on_us);
	return true;
}

/* It is the mouth that ends it. */
static bool begin_speak(struct pots_sim_line *line, u64 now)
{
	line->exchange.left = line->steps.step.count;
	line->steps.due = POTS_SIM_NEVER;
	return true;
}

static bool begin_tone(struct pots_sim_line *line, u64 now)
{
	line->exchange.dial_due = POTS_SIM_NEVER;
	pots_sim_exchange_play(line, line->steps.step.count);
	return false;
}

static bool begin_polarity(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	u32 to = line->steps.step.count;

	x->reversed = to == 2 ? !x->reversed : to;
	pots_sim_exchange_changed(line, now);
	return false;
}

static bool begin_battery(struct pots_sim_line *line, u64 now)
{
	line->exchange.battery = line->steps.step.count;
	pots_sim_exchange_changed(line, now);
	return false;
}

static void lift_parallel(struct pots_sim_line *line, u32 count, u64 now)
{
	line->exchange.parallel = count;
	pots_sim_exchange_changed(line, now);
}

/**
 * struct step_kind - what can be done
 * @max:	the greatest count
 * @pulses:	it has a count of pulses, and their voltage
 * @begin:	see struct pots_sim_far_ops; NULL = it has @at_once
 * @next:	the same, NULL = there is one part only
 * @at_once:	what a subscriber does, whatever the exchange is about
 */
struct step_kind {
	u32 max;
	bool pulses;
	bool (*begin)(struct pots_sim_line *line, u64 now);
	bool (*next)(struct pots_sim_line *line, u64 now);
	void (*at_once)(struct pots_sim_line *line, u32 count, u64 now);
};

static const struct step_kind kinds[] = {
	[POTS_SIM_STEP_WAIT] = { .begin = begin_wait },
	[POTS_SIM_STEP_RING] = { .max = 1000, .begin = begin_ring, .next = next_ring },
	[POTS_SIM_STEP_SPEAK] = { .max = SPEAK_MAX, .begin = begin_speak },
	[POTS_SIM_STEP_TONE] = { .max = POTS_SIM_TONES - 1, .begin = begin_tone },
	[POTS_SIM_STEP_POLARITY] = { .max = 2, .begin = begin_polarity },
	[POTS_SIM_STEP_BATTERY] = { .max = 1, .begin = begin_battery },
	[POTS_SIM_STEP_OPEN] = { .begin = begin_open, .next = next_open },
	[POTS_SIM_STEP_METER] = {
		.max = PULSES_MAX, .pulses = true, .begin = begin_pulses, .next = next_pulse,
	},
	[POTS_SIM_STEP_NEON] = {
		.max = PULSES_MAX, .pulses = true, .begin = begin_pulses, .next = next_pulse,
	},
	[POTS_SIM_STEP_PARALLEL] = { .max = 1, .at_once = lift_parallel },
};

bool pots_sim_exchange_sane(const struct pots_sim_step *step)
{
	const struct step_kind *kind;

	if (step->kind >= ARRAY_SIZE(kinds) ||
	    (!kinds[step->kind].begin && !kinds[step->kind].at_once))
		return false;
	kind = &kinds[step->kind];
	if (step->count > kind->max)
		return false;
	return !kind->pulses ||
	       (step->count && step->mv && step->mv <= ALTERNATE_MV_MAX);
}

bool pots_sim_exchange_begin(struct pots_sim_line *line, u64 now)
{
	pots_sim_line_run(line, now);
	return kinds[line->steps.step.kind].begin(line, now);
}

bool pots_sim_exchange_at_once(struct pots_sim_line *line,
			       const struct pots_sim_step *step, u64 now)
{
	const struct step_kind *kind = &kinds[step->kind];

	if (!kind->at_once)
		return false;
	pots_sim_line_run(line, now);
	kind->at_once(line, step->count, now);
	return true;
}

bool pots_sim_exchange_next(struct pots_sim_line *line, u64 now)
{
	const struct step_kind *kind = &kinds[line->steps.step.kind];

	pots_sim_line_run(line, now);
	return kind->next && kind->next(line, now);
}

/*
 * Half a ring, a pulse or an interruption are no state to leave a line in; what
 * was to be spoken at its time is not spoken at another.
 */
void pots_sim_exchange_flushed(struct pots_sim_line *line, bool running, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	if (pots_sim_steps_wait_for(line, POTS_SIM_STEP_SPEAK) ||
	    (running && line->steps.step.kind == POTS_SIM_STEP_SPEAK))
		kfifo_reset(&line->far.mic);
	if (!running)
		return;
	pots_sim_line_run(line, now);
	ring(line, false, now);
	if (x->pulse_mv)
		pulse(line, 0, now);
	if (x->open)
		next_open(line, now);
}

/* Does it ring, or is it about to? */
bool pots_sim_exchange_calls(const struct pots_sim_line *line)
{
	return (line->steps.running && line->steps.step.kind == POTS_SIM_STEP_RING) ||
	       pots_sim_steps_wait_for(line, POTS_SIM_STEP_RING);
}
