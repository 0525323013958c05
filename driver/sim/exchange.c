// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: an exchange: what its line does to the chip, and what it makes of
 * what the chip does. Everything here is guarded by the line's lock.
 */
#include <linux/bug.h>
#include <linux/fixp-arith.h>
#include <linux/ktime.h>
#include <linux/math64.h>

#include "../compat.h"
#include "board.h"
#include "line.h"

#define SEIZE_UA	6000	/* less does not pull the relay */
#define BATTERY_MV	48000

static void set_state(struct pots_sim_line *line, u32 bit, bool on)
{
	u32 *state = &line->exchange.out.state;

	if (!!(*state & bit) == on)
		return;
	*state ^= bit;
	pots_sim_far_changed(line);
}

/* ------------------------------------------------------------- the loop --- */

/**
 * struct solution - voltages and currents of the loop
 * @line_mv:	between TIP and RING
 * @chip_ua:	through the chip
 * @loop_ua:	through the feed
 */
struct solution {
	u32 line_mv;
	u32 chip_ua;
	u32 loop_ua;
};

/* A source of @mv behind the feed, with the telephone in parallel, if it is. */
static void solve(const struct pots_sim_exchange_line *x, u32 mv, struct solution *s)
{
	u64 ohm = x->param.feed_ohm, open_mv = mv, ua = 0;

	if (x->parallel) {
		u32 both = x->param.feed_ohm + x->param.parallel_ohm;

		open_mv = div_u64((u64)mv * x->param.parallel_ohm, both);
		ohm = div_u64(ohm * x->param.parallel_ohm, both);
	}
	if (x->load.closed && open_mv > x->load.mv)
		ua = min_t(u64, x->load.max_ua,
			   div64_u64((open_mv - x->load.mv) * 1000, ohm + x->load.ohm));
	s->chip_ua = ua;
	s->line_mv = open_mv - min(open_mv, div_u64(ua * ohm, 1000));
	s->loop_ua = div_u64((u64)(mv - min(mv, s->line_mv)) * 1000, x->param.feed_ohm);
}

static u32 source_mv(const struct pots_sim_exchange_line *x)
{
	if (!x->battery || x->open)
		return 0;
	if (x->pulse_mv && !(x->out.state & POTS_SIM_X_METERING))
		return x->pulse_mv;
	return x->ringing ? x->param.ring_dc_mv : x->param.battery_mv;
}

/* Whether the relay would pull if nothing but the battery were on the line. */
static bool is_closed(const struct pots_sim_exchange_line *x)
{
	struct solution s;

	solve(x, x->param.battery_mv, &s);
	return s.loop_ua >= SEIZE_UA;
}

static void publish(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	struct solution s;

	solve(x, source_mv(x), &s);
	x->out.loop_ua = s.loop_ua;
	x->out.line_mv = x->reversed ? -(s32)s.line_mv : s.line_mv;
	if (!!(x->out.state & POTS_SIM_X_REVERSED) != x->reversed)
		x->out.polarity_ns = now;
	set_state(line, POTS_SIM_X_BATTERY, source_mv(x));
	set_state(line, POTS_SIM_X_REVERSED, x->reversed);
	set_state(line, POTS_SIM_X_PARALLEL, x->parallel);
}

/* ------------------------------------------------------------ the caller --- */

static void watch(struct pots_sim_exchange_line *x)
{
	u64 due = min(pots_sim_digits_due(&x->digits), x->dial_due);

	if (due != POTS_SIM_NEVER)
		hrtimer_start(&x->watch, ns_to_ktime(due), HRTIMER_MODE_ABS_SOFT);
}

/* Who seizes a line that rings has answered; another wants to dial. */
static void seized(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	bool answered = pots_sim_exchange_calls(line);

	x->out.seizures++;
	x->out.seize_ns = now;
	set_state(line, POTS_SIM_X_SEIZED, true);
	set_state(line, POTS_SIM_X_ANSWERED, answered);
	if (answered) {
		x->out.answers++;
		pots_sim_steps_flush(line, now);
	} else if (!(x->param.flags & POTS_SIM_EXCHANGE_F_QUIET) && !x->play.tone) {
		x->dial_due = now + pots_sim_us(x->param.dial_us);
	}
}

static void released(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	x->out.release_ns = now;
	x->dial_due = POTS_SIM_NEVER;
	x->reversed = false;
	pots_sim_exchange_play(line, POTS_SIM_TONE_NONE);
	set_state(line, POTS_SIM_X_SEIZED, false);
	set_state(line, POTS_SIM_X_ANSWERED, false);
	pots_sim_exchange_changed(line, now);
}

static void take(struct pots_sim_line *line, u32 happened, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	if (happened & POTS_SIM_DIGITS_SEIZED)
		seized(line, now);
	if (happened & POTS_SIM_DIGITS_RELEASED)
		released(line, now);
	if (happened & POTS_SIM_DIGITS_BEGUN) {
		x->dial_due = POTS_SIM_NEVER;
		if (x->play.tone == POTS_SIM_TONE_DIAL)
			pots_sim_exchange_play(line, POTS_SIM_TONE_NONE);
	}
	if (happened)
		pots_sim_far_changed(line);
	watch(x);
}

static void look_at_loop(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	bool closed = is_closed(x);

	if (closed == x->digits.closed)
		return;
	if (closed)
		x->out.closed_ns = now;
	else
		x->out.open_ns = now;
	set_state(line, POTS_SIM_X_CLOSED, closed);
	take(line, pots_sim_digits_loop(&x->digits, closed, now), now);
}

static enum hrtimer_restart watch_timer(struct hrtimer *timer)
{
	struct pots_sim_line *line = container_of(timer, struct pots_sim_line,
						  exchange.watch);
	struct pots_sim_exchange_line *x = &line->exchange;
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&line->lock, flags);
	now = ktime_get_ns();
	if (!line->gone) {
		pots_sim_line_run(line, now);
		if (x->dial_due <= now) {
			x->dial_due = POTS_SIM_NEVER;
			pots_sim_exchange_play(line, POTS_SIM_TONE_DIAL);
		}
		take(line, pots_sim_digits_run(&x->digits, now), now);
	}
	spin_unlock_irqrestore(&line->lock, flags);
	return HRTIMER_NORESTART;
}

/* Something of the exchange's is different on the line from now on. */
void pots_sim_exchange_changed(struct pots_sim_line *line, u64 now)
{
	publish(line, now);
	look_at_loop(line, now);
	pots_sim_line_loop_changed(line, now);
}

/* ------------------------------------------------------------- the model --- */

void pots_sim_line_load(struct pots_sim_line *line, const struct pots_sim_load *load,
			u64 now)
{
	if (line->wire) {
		pots_sim_wire_load(line->wire, load);
		return;
	}
	line->exchange.load = *load;
	publish(line, now);
	look_at_loop(line, now);
}

void pots_sim_line_sense(const struct pots_sim_line *line, struct pots_sim_sense *sense)
{
	const struct pots_sim_exchange_line *x = &line->exchange;
	struct solution s;

	if (line->wire) {
		pots_sim_wire_sense(line->wire, sense);
		return;
	}
	solve(x, source_mv(x), &s);
	sense->line_mv = x->reversed ? -(s32)s.line_mv : s.line_mv;
	sense->loop_ua = s.chip_ua;
}

bool pots_sim_line_rings(const struct pots_sim_line *line)
{
	return line->wire ? pots_sim_wire_rings(line->wire) : line->exchange.ringing;
}

/* What alternates of ringing, at any time in the present burst. */
s32 pots_sim_line_ring_mv(const struct pots_sim_line *line, u64 at)
{
	const struct pots_sim_exchange_line *x = &line->exchange;
	u64 us = at > x->ring_from ? div_u64(at - x->ring_from, NSEC_PER_USEC) : 0;
	u32 turn;	/* thousand millionths: us by mHz */

	if (line->wire)
		return pots_sim_wire_ring_mv(line->wire);
	if (!x->ringing)
		return 0;
	div_u64_rem(us * x->param.ring_mhz, 1000000000, &turn);
	turn = div_u64((u64)turn << 17, 1000000000);
	return div_s64((s64)fixp_sin32_rad(turn, 1 << 17) * x->param.ring_mv * 707, 500) >> 31;
}

u32 pots_sim_line_meter_mv(const struct pots_sim_line *line)
{
	const struct pots_sim_exchange_line *x = &line->exchange;

	return x->out.state & POTS_SIM_X_METERING ? x->pulse_mv : 0;
}

/* ---------------------------------------------------------------- sound --- */

/* What is written waits while the step that says it does. */
static bool is_held(const struct pots_sim_line *line)
{
	return pots_sim_steps_wait_for(line, POTS_SIM_STEP_SPEAK);
}

static bool is_speaking(const struct pots_sim_line *line)
{
	return line->steps.running && line->steps.step.kind == POTS_SIM_STEP_SPEAK;
}

static bool exchange_talks(struct pots_sim_line *line)
{
	return line->exchange.play.tone || is_speaking(line) ||
	       (!kfifo_is_empty(&line->far.mic) && !is_held(line));
}

/* As many samples as the step says, or all that there are. */
static void look_at_speech(struct pots_sim_line *line, unsigned int said, u64 at)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	x->left -= min(x->left, said);
	if (line->steps.step.count ? !x->left : kfifo_is_empty(&line->far.mic))
		pots_sim_steps_end(line, at);
}

static void exchange_mouth(struct pots_sim_line *line, u64 sample, s16 *out,
			   unsigned int n)
{
	struct pots_sim_exchange_line *x = &line->exchange;
	unsigned int said = kfifo_len(&line->far.mic);

	if (is_held(line))
		memset(out, 0, n * sizeof(*out));
	else
		pots_sim_far_say(line, out, n);
	said -= kfifo_len(&line->far.mic);
	if (x->play.tone)
		pots_sim_exchange_add_tone(x, out, n);
	set_state(line, POTS_SIM_X_TONE, x->play.tone);
	if (is_speaking(line))
		look_at_speech(line, said, (sample + n) * POTS_SIM_SAMPLE_NS);
}

static void exchange_hear(struct pots_sim_line *line, u64 sample, const s16 *in,
			  unsigned int n)
{
	u64 at = sample * POTS_SIM_SAMPLE_NS;
	u32 happened;

	pots_sim_far_heard(line, sample, in, in, n);
	happened = pots_sim_digits_hear(&line->exchange.digits, at, in, n);
	if (happened)
		take(line, happened, at);
}

static void exchange_sound(struct pots_sim_line *line, bool on, u64 at)
{
	struct pots_sim_exchange_state *out = &line->exchange.out;

	if (on)
		out->sound_start_ns = at;
	else
		out->sound_end_ns = at;
	set_state(line, POTS_SIM_X_SOUND, on);
}

/* ---------------------------------------------------------------- state --- */

static void exchange_busy(struct pots_sim_line *line, bool busy)
{
	set_state(line, POTS_SIM_X_BUSY, busy);
	set_state(line, POTS_SIM_X_CALLING, pots_sim_exchange_calls(line));
	pots_sim_far_speaking(line);
}

void pots_sim_exchange_get(struct pots_sim_line *line,
			   struct pots_sim_exchange_state *state, u64 now)
{
	struct pots_sim_counts counts = {};

	*state = line->exchange.out;
	state->now_ns = now;
	state->steps = line->steps.queued + line->steps.running;
	state->mic_waiting = kfifo_len(&line->far.mic);
	state->late_frames = READ_ONCE(line->board->tick.late_frames);
	if (READ_ONCE(line->board->tick.on))
		state->state |= POTS_SIM_X_TICKING;
	line->ops->counts(line->model, &counts);
	state->bad_writes = counts.bad_writes;
	state->bad_access = counts.bad_access;
}

static const struct pots_sim_exchange default_exchange = {
	.battery_mv = BATTERY_MV,
	.feed_ohm = 1000,
	.parallel_ohm = 300,
	.ring_mhz = 20000,
	.ring_mv = 75000,
	.ring_dc_mv = BATTERY_MV,
	.ring_us = { 2000000, 4000000 },
	.dial_us = 200000,
	.break_us = 120000,
	.gap_us = 250000,
	.release_us = 1000000,
};

static void exchange_init(struct pots_sim_line *line)
{
	struct pots_sim_exchange_line *x = &line->exchange;

	x->param = default_exchange;
	x->battery = true;
	x->dial_due = POTS_SIM_NEVER;
	x->digits.out = &x->out;
	x->digits.limits.break_ns = pots_sim_us(x->param.break_us);
	x->digits.limits.gap_ns = pots_sim_us(x->param.gap_us);
	x->digits.limits.release_ns = pots_sim_us(x->param.release_us);
	pots_sim_exchange_tones(x);
	hrtimer_setup(&x->watch, watch_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	publish(line, 0);
}

static void exchange_stop(struct pots_sim_line *line)
{
	hrtimer_cancel(&line->exchange.watch);
}

const struct pots_sim_far_ops pots_sim_exchange_ops = {
	.prefix = "x",
	.mic_samples = POTS_SIM_EXCHANGE_MIC,
	.init = exchange_init,
	.stop = exchange_stop,
	.sane = pots_sim_exchange_sane,
	.begin = pots_sim_exchange_begin,
	.at_once = pots_sim_exchange_at_once,
	.next = pots_sim_exchange_next,
	.flushed = pots_sim_exchange_flushed,
	.busy = exchange_busy,
	.talks = exchange_talks,
	.mouth = exchange_mouth,
	.hear = exchange_hear,
	.sound = exchange_sound,
	.ioctl = pots_sim_exchange_ioctl,
};
