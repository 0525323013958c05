// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: a telephone: what the subscriber does with the hook switch and the
 * dial, timed by the kernel, and what bell, earpiece and microphone do.
 *
 * Everything here is guarded by the line's lock.
 */
#include <linux/bug.h>
#include <linux/fixp-arith.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/random.h>

#include "../compat.h"
#include "board.h"
#include "line.h"

#define BELL_MV			25000	/* less does not move the clapper */
#define LAMP_STRIKES_MV		80000
#define LAMP_ENDS_MV		60000
#define METER_MIN_MV		200
#define METER_MIN_HZ		11800
#define METER_MAX_HZ		16200
#define FLICKER_MIN_NS		200000
#define FLICKER_NS		1300000
#define PULSES_MAX		40

static void set_state(struct pots_sim_line *line, u32 bit, bool on)
{
	u32 *state = &line->phone.out.state;

	if (!!(*state & bit) == on)
		return;
	*state ^= bit;
	pots_sim_far_changed(line);
}

/* ---------------------------------------------------------- hook switch --- */

static void set_contact(struct pots_sim_line *line, bool closed, u64 now)
{
	if (line->phone.closed == closed)
		return;
	pots_sim_line_run(line, now);
	line->phone.closed = closed;
	set_state(line, POTS_SIM_STATE_CLOSED, closed);
	if (closed)
		set_state(line, POTS_SIM_STATE_RINGING, false);
	pots_sim_line_loop_changed(line, now);
}

static void flicker(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;
	u64 next = now + FLICKER_MIN_NS + get_random_u32() % FLICKER_NS;

	if (now >= phone->bounce_end) {
		set_contact(line, phone->want, now);
		return;
	}
	set_contact(line, !phone->closed, now);
	hrtimer_start(&phone->bounce_timer, ns_to_ktime(min(next, phone->bounce_end)),
		      HRTIMER_MODE_ABS_SOFT);
}

static enum hrtimer_restart bounce_timer(struct hrtimer *timer)
{
	struct pots_sim_line *line = container_of(timer, struct pots_sim_line,
						  phone.bounce_timer);
	unsigned long flags;

	spin_lock_irqsave(&line->lock, flags);
	if (!line->gone)
		flicker(line, ktime_get_ns());
	spin_unlock_irqrestore(&line->lock, flags);
	return HRTIMER_NORESTART;
}

/* The switch is moved: it gets there at once or after some bouncing. */
static void move_switch(struct pots_sim_line *line, bool closed, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;
	u32 bounce_us = phone->param.bounce_us;

	if (pots_sim_fault_strikes(&line->fault, POTS_SIM_FAULT_BOUNCE))
		bounce_us = line->fault.fault[POTS_SIM_FAULT_BOUNCE].value;
	phone->want = closed;
	phone->bounce_end = now + bounce_us * (u64)NSEC_PER_USEC;
	if (!bounce_us)
		set_contact(line, closed, now);
	else
		flicker(line, now);
}

static void move_handset(struct pots_sim_line *line, bool lift, u64 now)
{
	if (line->phone.lifted == lift)
		return;
	line->phone.lifted = lift;
	line->phone.out.hook_ns = now;
	set_state(line, POTS_SIM_STATE_OFF_HOOK, lift);
	move_switch(line, lift, now);
}

/* ---------------------------------------------------------------- steps --- */

static void begin_tones(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;
	u64 on_ns = pots_sim_us(line->steps.step.on_us);

	phone->phase[0] = 0;
	phone->phase[1] = 0;
	phone->tone_begin = div_u64(now, POTS_SIM_SAMPLE_NS);
	phone->tone_end = div_u64(now + on_ns, POTS_SIM_SAMPLE_NS);
	pots_sim_far_speaking(line);
	line->steps.due += on_ns + pots_sim_us(line->steps.step.off_us);
}

/* Break and make take turns; @pulses counts the breaks to come. */
static bool next_pulse(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;

	if (phone->want) {
		if (!phone->pulses)
			return false;
		phone->pulses--;
		line->steps.due += pots_sim_us(line->steps.step.on_us);
		move_switch(line, false, now);
	} else {
		line->steps.due += pots_sim_us(phone->pulses ? line->steps.step.off_us :
							       line->steps.step.gap_us);
		move_switch(line, true, now);
	}
	return true;
}

/* Returns true when the step takes time. */
static bool phone_begin(struct pots_sim_line *line, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;

	switch (line->steps.step.kind) {
	case POTS_SIM_STEP_ONHOOK:
	case POTS_SIM_STEP_OFFHOOK:
		move_handset(line, line->steps.step.kind == POTS_SIM_STEP_OFFHOOK, now);
		return false;
	case POTS_SIM_STEP_WAIT:
		line->steps.due += pots_sim_us(line->steps.step.on_us);
		return true;
	case POTS_SIM_STEP_TONES:
		begin_tones(line, now);
		return true;
	case POTS_SIM_STEP_PULSES:
		/* the dial is in series with the switch below the handset */
		if (!phone->lifted)
			return false;
		phone->pulses = line->steps.step.count;
		phone->want = true;
		return next_pulse(line, now);
	default:
		return false;
	}
}

static bool phone_next(struct pots_sim_line *line, u64 now)
{
	return line->steps.step.kind == POTS_SIM_STEP_PULSES && next_pulse(line, now);
}

static void phone_flushed(struct pots_sim_line *line, bool running, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;

	if (running && line->steps.step.kind == POTS_SIM_STEP_PULSES)
		move_switch(line, phone->lifted, now);
	phone->tone_end = 0;
}

static void phone_busy(struct pots_sim_line *line, bool busy)
{
	set_state(line, POTS_SIM_STATE_BUSY, busy);
}

static bool phone_sane(const struct pots_sim_step *step)
{
	if (step->kind < POTS_SIM_STEP_ONHOOK || step->kind > POTS_SIM_STEP_PULSES)
		return false;
	return step->kind != POTS_SIM_STEP_PULSES ||
	       (step->count && step->count <= PULSES_MAX);
}

/* ----------------------------------------------------------- microphone --- */

static bool phone_talks(struct pots_sim_line *line)
{
	return line->phone.tone_end || !kfifo_is_empty(&line->far.mic);
}

static s32 tone_sample(struct pots_sim_line *line)
{
	struct pots_sim_phone_state *phone = &line->phone;
	s32 sum = 0;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		s64 sine = fixp_sin32_rad(phone->phase[i] >> 15, 1 << 17);

		sum += (sine * line->steps.step.peak[i]) >> 31;
		phone->phase[i] += div_u64((u64)line->steps.step.mhz[i] << 32, 8000000);
	}
	return sum;
}

static void add_tones(struct pots_sim_line *line, u64 sample, s16 *out, unsigned int n)
{
	struct pots_sim_phone_state *phone = &line->phone;
	unsigned int i;

	/* A highway of long frames asks for some that were before the key was pressed. */
	i = phone->tone_begin > sample ? phone->tone_begin - sample : 0;
	for (; i < n && sample + i < phone->tone_end; i++)
		out[i] = clamp(out[i] + tone_sample(line), -32768, 32767);
	if (sample + n >= phone->tone_end)
		phone->tone_end = 0;
}

/* What the microphone gives to the line; a telephone on-hook gives nothing. */
static void phone_mouth(struct pots_sim_line *line, u64 sample, s16 *out, unsigned int n)
{
	struct pots_sim_phone_state *phone = &line->phone;

	pots_sim_far_say(line, out, n);
	if (phone->tone_end)
		add_tones(line, sample, out, n);
	if (!phone->closed)
		memset(out, 0, n * sizeof(*out));
}

/* -------------------------------------------------------------- earpiece --- */

/* @n is at most that of a model's block. */
static void phone_hear(struct pots_sim_line *line, u64 sample, const s16 *in,
		       unsigned int n)
{
	static const s16 silence[POTS_SIM_BLOCK];

	pots_sim_far_heard(line, sample, line->phone.closed ? in : silence, in, n);
}

static void phone_sound(struct pots_sim_line *line, bool on, u64 at)
{
	struct pots_sim_state *out = &line->phone.out;

	if (on) {
		out->sound_start_ns = at;
		out->ears++;
	} else {
		out->sound_end_ns = at;
	}
	set_state(line, POTS_SIM_STATE_SOUND, on);
}

/* ------------------------------------------------------------------ bell --- */

void pots_sim_line_ring(struct pots_sim_line *line, bool on, u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;

	if (on) {
		phone->out.ring_start_ns = now;
		phone->ring_first = 0;
		phone->ring_cycles = 0;
		phone->ring_sum = 0;
		phone->ring_count = 0;
		phone->ring_total = 0;
		phone->ring_since = 0;
		phone->out.ring_dc_mv = 0;
	} else {
		phone->out.ring_end_ns = now;
		set_state(line, POTS_SIM_STATE_RINGING, false);
	}
	phone->ring_last_mv = 0;
	if (line->wire)
		pots_sim_wire_ring(line->wire, on);
}

void pots_sim_line_ring_sample(struct pots_sim_line *line, s32 mv, u64 at)
{
	struct pots_sim_phone_state *phone = &line->phone;
	s32 was = phone->ring_last_mv;

	if (was < 0 && mv >= 0) {
		phone->ring_cross = at - div_s64((at - phone->ring_last) * mv, mv - was);
		if (phone->ring_first) {
			phone->ring_cycles++;
			phone->out.ring_dc_mv = div_s64(phone->ring_total, phone->ring_since);
		} else {
			phone->ring_first = phone->ring_cross;
		}
	}
	if (phone->ring_first) {
		phone->ring_total += mv;
		phone->ring_since++;
	}
	phone->ring_last = at;
	phone->ring_last_mv = mv;
	phone->ring_sum += (s64)mv * mv;
	phone->ring_count++;
	if (line->wire)
		pots_sim_wire_ring_sample(line->wire, mv);
	if (abs(mv) < BELL_MV || phone->closed || !phone->param.ren_milli)
		return;
	if (!(phone->out.state & POTS_SIM_STATE_RINGING))
		phone->out.rings++;
	set_state(line, POTS_SIM_STATE_RINGING, true);
}

/* ----------------------------------------------------------------- meter --- */

/* A charge meter counts whatever is loud enough and near its frequency. */
void pots_sim_line_meter(struct pots_sim_line *line, const struct pots_sim_meter *meter,
			 u64 now)
{
	struct pots_sim_state *out = &line->phone.out;

	set_state(line, POTS_SIM_STATE_METERING, !meter);
	if (!meter) {
		out->meter_start_ns = now;
		return;
	}
	out->meter_end_ns = now;
	out->meter_hz = meter->hz;
	out->meter_mv = meter->mv;
	out->meter_rise_us = meter->rise_us;
	if (meter->mv >= METER_MIN_MV && meter->hz >= METER_MIN_HZ && meter->hz <= METER_MAX_HZ)
		out->meters++;
}

/* ------------------------------------------------------------------ lamp --- */

/* Neon wants more volts to begin to glow than to go on. */
bool pots_sim_lamp(struct pots_sim_state *out, s32 line_mv, u64 now)
{
	bool glowed = out->state & POTS_SIM_STATE_LAMP;
	bool glows = line_mv >= (glowed ? LAMP_ENDS_MV : LAMP_STRIKES_MV);

	if (glows && !glowed) {
		out->lamp_start_ns = now;
		out->lamps++;
	} else if (glowed && !glows) {
		out->lamp_end_ns = now;
	}
	return glows;
}

/* ----------------------------------------------------------------- state --- */

void pots_sim_phone_get(struct pots_sim_line *line, struct pots_sim_state *state,
			u64 now)
{
	struct pots_sim_phone_state *phone = &line->phone;
	u64 span = phone->ring_cross - phone->ring_first;
	struct pots_sim_counts counts = {};
	u64 dc = (s64)phone->out.ring_dc_mv * phone->out.ring_dc_mv, square;

	*state = phone->out;
	state->now_ns = now;
	state->steps = line->steps.queued + line->steps.running;
	if (phone->ring_cycles && span)
		state->ring_mhz = div64_u64(phone->ring_cycles * 1000000000000ULL, span);
	if (phone->ring_count) {
		square = div_u64(phone->ring_sum, phone->ring_count);
		state->ring_mv = int_sqrt64(square - min(dc, square));
	}
	state->mic_waiting = kfifo_len(&line->far.mic);
	state->late_frames = READ_ONCE(line->board->tick.late_frames);
	if (READ_ONCE(line->board->tick.on))
		state->state |= POTS_SIM_STATE_TICKING;
	line->ops->counts(line->model, &counts);
	state->bad_writes = counts.bad_writes;
	state->bad_access = counts.bad_access;
	state->osc_conflicts = counts.osc_conflicts;
}

static void phone_init(struct pots_sim_line *line)
{
	struct pots_sim_phone_state *phone = &line->phone;

	phone->param.ren_milli = 1000;
	phone->param.loop_ohm = 300;
	hrtimer_setup(&phone->bounce_timer, bounce_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

static void phone_stop(struct pots_sim_line *line)
{
	hrtimer_cancel(&line->phone.bounce_timer);
}

const struct pots_sim_far_ops pots_sim_phone_ops = {
	.prefix = "",
	.mic_samples = POTS_SIM_MIC_SAMPLES,
	.init = phone_init,
	.stop = phone_stop,
	.sane = phone_sane,
	.begin = phone_begin,
	.next = phone_next,
	.flushed = phone_flushed,
	.busy = phone_busy,
	.talks = phone_talks,
	.mouth = phone_mouth,
	.hear = phone_hear,
	.sound = phone_sound,
	.ioctl = pots_sim_phone_ioctl,
};
