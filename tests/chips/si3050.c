// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Si3050 as its users meet it: what the exchange sees and hears, and what is
 * told of the exchange, when the chip's registers are as they should be. Each
 * test names what would be wrong; tests/chips/mutants_si3050 spoils one register
 * after the other and wants one of these to fail.
 */
#include "exchange.h"
#include "hook_bit.h"
#include "sound.h"

#define STORE		6400
#define PULSES		14	/* of the digits 3, 1 and 0 */
#define VOLTMETER	0.075	/* it is as wrong as that */

static int reg_of(const char *name)
{
	return port_reg(trunk.id, name);
}

static double volts_now(void)
{
	return (int8_t)reg_of("LVS");
}

/* ------------------------------------------------------------- the line --- */

static void the_line_is_measured(void)
{
	CHECK(near(volts_now(), 48, 48 * VOLTMETER + 1), "%.0f V", volts_now());
	CHECK(!(state_of(trunk.observer) & POTS_STATE_NO_BATTERY), "no battery");
}

static void small_voltages_are_measured(void)
{
	struct pots_sim_exchange param = exchange_param();

	param.battery_mv = 2500;
	set_exchange_param(param);
	CHECK(near(volts_now(), 2, 0.6), "%.0f V", volts_now());
}

static void a_seized_line_draws_current(void)
{
	if (!seize())
		return;
	sleep_ms(100);
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the exchange does not see it");
	CHECK(seen().loop_ua > 40000, "%d uA", seen().loop_ua);
	CHECK(near(reg_of("LCS2") * 1.1, seen().loop_ua / 1000.0, 1.2), "%.1f mA, not %.1f",
	      reg_of("LCS2") * 1.1, seen().loop_ua / 1000.0);
	release();
	sleep_ms(100);
	CHECK(!(seen().state & POTS_SIM_X_CLOSED), "the loop is closed");
}

/* 20 mA, and a bit less with more voltage. */
static void the_voltage_off_hook_is_as_set(void)
{
	static const unsigned int mv[] = { 3100, 3200, 3350, 3500 };
	struct pots_sim_exchange param = exchange_param();
	unsigned int i;

	param.feed_ohm = 2245;
	set_exchange_param(param);
	for (i = 0; i < 4; i++) {
		struct pots_exchange set = settings();

		set.dc_mv = mv[i];
		set_settings(set);
		if (!seize())
			return;
		sleep_ms(50);
		CHECK(near(seen().line_mv, mv[i], 30), "%d mV, not %u", seen().line_mv, mv[i]);
		release();
		sleep_ms(50);
	}
}

static void the_current_is_limited_on_request(void)
{
	struct pots_sim_exchange param = exchange_param();
	struct pots_exchange set = settings();

	param.feed_ohm = 400;
	set_exchange_param(param);
	if (!seize())
		return;
	sleep_ms(50);
	CHECK(seen().loop_ua > 90000, "%d uA", seen().loop_ua);
	release();
	sleep_ms(50);
	set.flags |= POTS_EXCHANGE_F_CURRENT_LIMIT;
	set_settings(set);
	if (!seize())
		return;
	sleep_ms(50);
	CHECK(near(seen().loop_ua, 60000, 500), "%d uA", seen().loop_ua);
}

/* The exchange finds the loop open halfway. */
static void on_hook_is_as_fast_as_set(void)
{
	static const unsigned int us[] = { 500, 3000, 26000 };
	struct pots_exchange set = settings();
	unsigned int i;

	for (i = 0; i < 3; i++) {
		double took_us;
		uint64_t at_ns;

		set.on_hook_us = us[i];
		set_settings(set);
		if (!seize())
			return;
		sleep_ms(100);
		at_ns = now_ns();
		release();
		sleep_ms(50);
		took_us = (seen().open_ns - at_ns) / 1000.0;
		CHECK(near(took_us, us[i] / 2 + 200, 350), "%u us: %.0f", us[i], took_us);
	}
}

struct wanted {
	const char *reg;
	int value;
};

static void check_regs(const struct wanted *wanted, unsigned int count)
{
	for (; count; count--, wanted++)
		CHECK(reg_of(wanted->reg) == wanted->value, "%s: %#x", wanted->reg,
		      reg_of(wanted->reg));
}

#define CHECK_REGS(wanted) check_regs(wanted, sizeof(wanted) / sizeof((wanted)[0]))

/* What cannot be seen at the line: minimal current, quenching, impedance. */
static void registers_are_as_the_country_wants(void)
{
	static const struct wanted plain[] = {
		{ "DAA2", 0 }, { "INTL1", 0 }, { "INTL3", 0 },
		{ "RING2", 0x09 }, { "AC_TERM", 0 }, { "DAA5", 0xa3 }, { "SPARK", 0 },
		{ "MUTE", 0 }, { "TX_GAIN", 0 }, { "RX_GAIN", 0 }, { "HYBRID1", 0 },
		{ "HYBRID8", 0 },
	}, australia[] = {
		{ "INTL1", 0x40 }, { "DC_TERM", 0x30 }, { "AC_TERM", 0x03 }, { "DAA5", 0xa3 },
		{ "SPARK", 0x50 },
	};
	struct pots_exchange set = settings();

	CHECK_REGS(plain);
	CHECK(reg_of("CONTROL2") == (is_polled() ? 0x03 : 0x87), "CONTROL2: %#x",
	      reg_of("CONTROL2"));
	CHECK(reg_of("IRQ_MASK") == (is_polled() ? 0 : 0xa9), "IRQ_MASK: %#x",
	      reg_of("IRQ_MASK"));
	set.dc_mv = 3100;
	set.loop_min_ua = 16000;
	set.on_hook_us = 26000;
	set.impedance = POTS_IMPEDANCE_AU_NZ;
	set.flags |= POTS_EXCHANGE_F_RINGER;
	set_settings(set);
	CHECK(reg_of("INTL1") == 0x42, "INTL1: %#x with the impedance of a bell",
	      reg_of("INTL1"));
	set.flags &= ~POTS_EXCHANGE_F_RINGER;
	set_settings(set);
	CHECK_REGS(australia);
}

static void nothing_reserved_is_written(void)
{
	CHECK(!seen().bad_writes, "%u writes", seen().bad_writes);
	CHECK(!seen().bad_access, "%u bytes of no access", seen().bad_access);
}

/* --------------------------------------------------------------- ringing --- */

/* A look takes so long to come, where it is not by interrupt. */
static double late_ms(void)
{
	return is_polled() ? 24 : 1;
}

static void ringing_is_told_soon(void)
{
	struct pots_event begin, end;
	double begin_ms, end_ms;

	now_rings(2000);
	CHECK(event_wait(trunk.observer, POTS_EVENT_RING_BURST, &begin, 1000), "not told");
	CHECK(event_wait(trunk.observer, POTS_EVENT_RING_BURST, &end, 3000), "no end");
	CHECK(begin.value == 1 && end.value == 0, "%u, %u", begin.value, end.value);
	begin_ms = (double)(begin.timestamp_ns - seen().ring_start_ns) / NS_PER_MS;
	end_ms = (double)(end.timestamp_ns - seen().ring_end_ns) / NS_PER_MS;
	CHECK(begin_ms > 145 && begin_ms < 185 + late_ms(), "begin %.1f ms", begin_ms);
	CHECK(end_ms > 90 && end_ms < 132 + late_ms(), "end %.1f ms", end_ms);
	CHECK(!begin.extra && near(end.extra, 20000, 400), "%u and %u mHz", begin.extra,
	      end.extra);
	CHECK(event_absent(trunk.observer, POTS_EVENT_RING_BURST, 1000), "rings on");
}

/* By the driver it is known as soon as ringing itself. */
static void ringing_is_judged_by_the_driver(void)
{
	static const unsigned int hz[] = { 17, 20, 25, 50 };
	struct pots_sim_exchange param = exchange_param();
	struct pots_event begin, end;
	double begin_ms, end_ms;
	unsigned int i;

	CHECK(!(reg_of("RING3") & 0x80), "the chip judges");
	for (i = 0; i < sizeof(hz) / sizeof(hz[0]); i++) {
		param.ring_mhz = hz[i] * 1000;
		set_exchange_param(param);
		now_rings(1500);
		CHECK(event_wait(trunk.observer, POTS_EVENT_RING_BURST, &begin, 1000) &&
		      event_wait(trunk.observer, POTS_EVENT_RING_BURST, &end, 3000),
		      "%u Hz: not told", hz[i]);
		CHECK(begin.value == 1 && end.value == 0, "%u, %u", begin.value, end.value);
		begin_ms = (double)(begin.timestamp_ns - seen().ring_start_ns) / NS_PER_MS;
		end_ms = (double)(end.timestamp_ns - seen().ring_end_ns) / NS_PER_MS;
		CHECK(begin_ms > 100 && begin_ms < 100 + 2000.0 / hz[i] + 45, "begin %.1f ms",
		      begin_ms);
		CHECK(end_ms > 85 && end_ms < 180, "end %.1f ms", end_ms);
		CHECK(near(begin.extra, hz[i] * 1000, hz[i] * 30), "%u Hz: %u mHz", hz[i],
		      begin.extra);
		CHECK(near(end.extra, hz[i] * 1000, hz[i] * 20), "%u Hz: %u mHz", hz[i],
		      end.extra);
		sleep_ms(500);
	}
}

static void bursts_200_ms_apart_are_told_apart(void)
{
	struct pots_sim_exchange param = exchange_param();
	struct pots_event event;
	unsigned int begun = 0;

	param.ring_mhz = 25000;
	memcpy(param.ring_us, (uint32_t []){ 400000, 200000, 400000, 2000000, 0, 0 },
	       sizeof(param.ring_us));
	set_exchange_param(param);
	now_does(POTS_SIM_STEP_RING, 1);
	while (event_wait(trunk.observer, POTS_EVENT_RING_BURST, &event, 1500))
		begun += event.value;
	CHECK(begun == 2, "%u bursts", begun);
}

static bool rings_with(struct pots_sim_exchange param)
{
	bool told;

	set_exchange_param(param);
	event_drain(trunk.observer);
	now_rings(800);
	told = has_event(POTS_EVENT_RING_BURST, 1, 1000);
	seen_wait(POTS_SIM_X_RINGING, 0, 1000);
	sleep_ms(300);
	return told;
}

static void only_ringing_of_the_right_frequency_is_told(void)
{
	static const struct {
		unsigned int mhz;
		bool told;
	} rows[] = {
		{ 10000, false }, { 16000, true }, { 25000, true }, { 50000, true },
		{ 60000, true }, { 100000, false },
	};
	struct pots_sim_exchange param = exchange_param();
	struct pots_exchange set = settings();
	unsigned int i;

	set.ring_min_mhz = 15000;
	set.ring_max_mhz = 68000;
	set_settings(set);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		param.ring_mhz = rows[i].mhz;
		CHECK(rings_with(param) == rows[i].told, "%u mHz", rows[i].mhz);
	}
}

static void only_strong_ringing_is_told(void)
{
	static const struct {
		unsigned int threshold_mv;
		unsigned int mv;
		bool told;
	} rows[] = {
		{ 15000, 13000, false }, { 15000, 18000, true },
		{ 21500, 19000, false }, { 21500, 24000, true },
		{ 45000, 40000, false }, { 45000, 50000, true },
	};
	struct pots_sim_exchange param = exchange_param();
	struct pots_exchange set = settings();
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set.ring_threshold_mv = rows[i].threshold_mv;
		set_settings(set);
		param.ring_mv = rows[i].mv;
		CHECK(rings_with(param) == rows[i].told, "%u mV at %u", rows[i].mv,
		      rows[i].threshold_mv);
	}
}

static void steps_reversals_and_lamps_are_no_ringing(void)
{
	static const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_BATTERY, .count = 0 },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 300000 },
		{ .kind = POTS_SIM_STEP_BATTERY, .count = 1 },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 300000 },
		{ .kind = POTS_SIM_STEP_POLARITY, .count = 1 },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 100000 },
		{ .kind = POTS_SIM_STEP_POLARITY, .count = 0 },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 300000 },
		{ .kind = POTS_SIM_STEP_NEON, .count = 5, .on_us = 50000, .off_us = 450000,
		  .mv = 90000 },
	};

	queue_steps(steps, sizeof(steps) / sizeof(steps[0]));
	CHECK(event_absent(trunk.observer, POTS_EVENT_RING_BURST, 5000), "it rings");
}

/* Who answers ends the ringing. */
static void ringing_is_answered(void)
{
	struct pots_event event;

	now_does(POTS_SIM_STEP_RING, 0);
	CHECK(event_wait(trunk.observer, POTS_EVENT_RING_BURST, NULL, 1000), "not told");
	if (!seize())
		return;
	CHECK(seen_wait(POTS_SIM_X_ANSWERED, POTS_SIM_X_ANSWERED, 200), "no answer");
	CHECK(event_wait(trunk.observer, POTS_EVENT_OFF_HOOK, &event, 200), "off-hook");
	CHECK(event.value == POTS_OFF_HOOK_ANSWERED, "%u", event.value);
	CHECK(!(state_of(trunk.observer) & POTS_STATE_RINGING), "rings on");
}

/* ---------------------------------------------------------- supervision --- */

static void a_reversal_is_told(void)
{
	struct pots_event event;
	double ms;

	now_does(POTS_SIM_STEP_POLARITY, 1);
	CHECK(event_wait(trunk.observer, POTS_EVENT_POLARITY, &event, 500), "not told");
	ms = (double)(now_ns() - seen().polarity_ns) / NS_PER_MS;
	CHECK(event.value == 1 && ms > 60 && ms < 66 + late_ms(), "%u after %.1f ms",
	      event.value, ms);
	now_does(POTS_SIM_STEP_POLARITY, 0);
	CHECK(has_event(POTS_EVENT_POLARITY, 0, 500), "not told");
}

static void a_reversal_off_hook_is_told(void)
{
	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	now_does(POTS_SIM_STEP_POLARITY, 1);
	CHECK(has_event(POTS_EVENT_POLARITY, 1, 200), "not told");
}

/* At rest nobody looks but the slow check. */
static void a_dead_line_is_told(void)
{
	unsigned int ms = is_polled() ? 200 : 12000;

	now_does(POTS_SIM_STEP_BATTERY, 0);
	CHECK(has_event(POTS_EVENT_BATTERY, 0, ms), "not told");
	now_does(POTS_SIM_STEP_BATTERY, 1);
	CHECK(has_event(POTS_EVENT_BATTERY, 1, ms), "not told that it is back");
}

static void an_open_loop_is_told(void)
{
	static const struct pots_sim_step open = { .kind = POTS_SIM_STEP_OPEN, .on_us = 350000 };
	struct pots_event event;
	uint64_t at_ns;
	double ms;

	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	at_ns = now_ns();
	queue_steps(&open, 1);
	CHECK(event_wait(trunk.observer, POTS_EVENT_BATTERY, &event, 400), "not told");
	ms = (double)(now_ns() - at_ns) / NS_PER_MS;
	CHECK(!event.value && ms > 60 && ms < 70 + late_ms(), "%u after %.1f ms", event.value,
	      ms);
	CHECK(has_event(POTS_EVENT_BATTERY, 1, 600), "not told that it is back");
}

static void a_parallel_telephone_keeps_us_off(void)
{
	struct pots_seize command = {};

	now_does(POTS_SIM_STEP_PARALLEL, 1);
	sleep_ms(100);
	CHECK(err_of(trunk.claim, POTS_SEIZE, &command) == EBUSY, "seized");
	command.flags = POTS_SEIZE_F_FORCE;
	CHECK(!err_of(trunk.claim, POTS_SEIZE, &command), "not even by force");
}

static void billing_pulses_are_counted(void)
{
	static const struct pots_sim_step meter = {
		.kind = POTS_SIM_STEP_METER, .count = 4, .on_us = 125000, .off_us = 300000,
		.mv = 500,
	};
	struct pots_exchange set = settings();
	struct pots_event event;
	unsigned int i;

	set.flags |= POTS_EXCHANGE_F_BILLING;
	set_settings(set);
	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	queue_steps(&meter, 1);
	for (i = 1; i <= 4; i++) {
		CHECK(event_wait(trunk.observer, POTS_EVENT_BILLING, &event, 500), "pulse %u", i);
		CHECK(event.value == i, "%u, not %u", event.value, i);
	}
	CHECK(event_absent(trunk.observer, POTS_EVENT_BILLING, 500), "one too many");
}

static void no_billing_is_counted_unasked(void)
{
	static const struct pots_sim_step meter = {
		.kind = POTS_SIM_STEP_METER, .count = 2, .on_us = 125000, .off_us = 300000,
		.mv = 500,
	};

	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	queue_steps(&meter, 1);
	CHECK(event_absent(trunk.observer, POTS_EVENT_BILLING, 1000), "counted");
}

/* ---------------------------------------------------------------- pulses --- */

/* By DTMF they are sound. */
static void digits_want_a_highway(void)
{
	struct pots_dial dial = {
		.count = 1, .digit = { 5 }, .on_ms = 100, .off_ms = 100, .level_cdb = -900,
	};
	int err;

	if (!seize())
		return;
	err = err_of(trunk.claim, POTS_DIAL, &dial);
	CHECK(err == (getenv("POTS_NO_HIGHWAY") ? EOPNOTSUPP : 0), "%s", strerror(err));
}

struct span {
	double min_ms;
	double max_ms;
};

static void take_span(struct span *span, double ms)
{
	span->min_ms = span->max_ms && span->min_ms < ms ? span->min_ms : ms;
	span->max_ms = fmax(span->max_ms, ms);
}

/* By turns it opens and closes; a make that is longer than 200 ms is between digits. */
static void spans_of_the_bit(struct span *breaks, struct span *makes, unsigned int pulse_ms)
{
	uint64_t us[HOOK_BIT_MAX];
	unsigned int count = hook_bit_changes(us), i;

	CHECK(count == 2 * PULSES, "%u changes of the hook bit", count);
	/* what each is late does not add up: the ten of the last digit */
	if (count == 2 * PULSES)
		CHECK(near((us[2 * PULSES - 2] - us[2 * PULSES - 20]) / 1000.0, 9 * pulse_ms, 1),
		      "ten pulses in %.2f ms", (us[2 * PULSES - 2] - us[2 * PULSES - 20]) / 1000.0);
	for (i = 1; i < count; i++) {
		double ms = (us[i] - us[i - 1]) / 1000.0;

		if (i % 2)
			take_span(breaks, ms);
		else if (ms < 200)
			take_span(makes, ms);
	}
}

/* To 1 ms. */
static void check_the_bit(const struct pots_dial *dial)
{
	struct span breaks = {}, makes = {};

	spans_of_the_bit(&breaks, &makes, dial->break_ms + dial->make_ms);
	printf("# at the hook bit: breaks of %.2f to %.2f ms, makes of %.2f to %.2f ms\n",
	       breaks.min_ms, breaks.max_ms, makes.min_ms, makes.max_ms);
	CHECK(near(breaks.min_ms, dial->break_ms, 1) && near(breaks.max_ms, dial->break_ms, 1),
	      "break at the hook bit");
	CHECK(near(makes.min_ms, dial->make_ms, 1) && near(makes.max_ms, dial->make_ms, 1),
	      "make at the hook bit");
}

/* To @off_ms. */
static void check_at_the_exchange(const struct pots_dial *dial, double off_ms)
{
	struct pots_sim_exchange_state state = seen();

	printf("# at the exchange: breaks of %.2f to %.2f ms, makes of %.2f to %.2f ms\n",
	       state.breaks.min_us / 1000.0, state.breaks.max_us / 1000.0,
	       state.makes.min_us / 1000.0, state.makes.max_us / 1000.0);
	CHECK(near(state.breaks.min_us / 1000.0, dial->break_ms, off_ms) &&
	      near(state.breaks.max_us / 1000.0, dial->break_ms, off_ms),
	      "break at the exchange");
	CHECK(near(state.makes.min_us / 1000.0, dial->make_ms, off_ms) &&
	      near(state.makes.max_us / 1000.0, dial->make_ms, off_ms), "make at the exchange");
}

static void pulse(unsigned int break_ms, unsigned int make_ms, double off_ms)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE, .count = 3, .digit = { 3, 1, 0 },
		.break_ms = break_ms, .make_ms = make_ms, .interdigit_ms = 800,
	};

	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	CHECK(!hook_bit_is_traced() || hook_bit_follow(), "no trace of the hook bit");
	CHECK(!err_of(trunk.claim, POTS_DIAL, &dial), "dial: %s", strerror(errno));
	CHECK(event_wait(trunk.observer, POTS_EVENT_DIAL_DONE, NULL, 6000), "no end");
	sleep_ms(400);
	CHECK(!strcmp((char *)seen().digit, "310"), "\"%.8s\"", seen().digit);
	if (hook_bit_is_traced())
		check_the_bit(&dial);
	check_at_the_exchange(&dial, off_ms);
	CHECK(seen().state & POTS_SIM_X_SEIZED, "released");
	CHECK(event_absent(trunk.observer, POTS_EVENT_ALARM, 200), "overload");
	release();
	CHECK(seen_wait(POTS_SIM_X_SEIZED, 0, 3000), "not released");
}

static void pulses_are_exact(void)
{
	pulse(60, 40, 1);
	pulse(67, 33, 1);
}

static void pulses_are_right_through_a_slow_hook(void)
{
	struct pots_exchange set = settings();

	set.on_hook_us = 3000;
	set_settings(set);
	pulse(60, 40, 3);
}

/* ---------------------------------------------------------------- sound --- */

/* Of the board's, dB: so much more goes to the line, and less comes from it. */
static double gain_db(void)
{
	return getenv("POTS_GAIN_DDB") ? atof(getenv("POTS_GAIN_DDB")) / 10 : 0;
}

static bool start_speech(void)
{
	struct pots_audio audio = {
		.read_frames = 20, .write_low_frames = 20, .queue_frames = 400,
	};
	struct pots_sim_exchange param = exchange_param();
	int err;

	param.flags |= POTS_SIM_EXCHANGE_F_QUIET;
	set_exchange_param(param);
	if (!seize())
		return false;
	sleep_ms(SETTLED_MS);
	err = err_of(trunk.claim, POTS_AUDIO_START, &audio);
	CHECK(!err, "audio: %s", strerror(err));
	return !err;
}

static void the_exchange_is_heard(void)
{
	static int16_t mouth[STORE], heard[STORE];
	double got;

	if (!start_speech())
		return;
	sine(mouth, RATE / 2 - 400, 1000, -10);
	CHECK(write(trunk.exchange, mouth, RATE - 800) > 0, "speak");
	CHECK(take(trunk.claim, heard, RATE / 8 + HEAR), "no speech");
	got = level(heard + RATE / 8, 1000);
	CHECK(near(got, -10 - gain_db(), 0.3), "%.2f dBm0", got);
	CHECK(near(mean(heard + RATE / 8), 0, 2), "offset %.1f", mean(heard + RATE / 8));
}

static void the_exchange_hears(void)
{
	static int16_t mouth[STORE], heard[STORE];
	uint32_t ear = POTS_SIM_LISTEN_EAR;
	double got;

	if (!start_speech())
		return;
	CHECK(!err_of(trunk.exchange, POTS_SIM_LISTEN, &ear), "listen");
	sine(mouth, RATE / 2 - 800, 1000, -10);
	CHECK(write(trunk.claim, mouth, RATE - 1600) > 0, "speak");
	CHECK(take(trunk.exchange, heard, RATE / 8 + HEAR), "nothing comes");
	ear = POTS_SIM_LISTEN_OFF;
	CHECK(!err_of(trunk.exchange, POTS_SIM_LISTEN, &ear), "listen no more");
	got = level(heard + RATE / 8, 1000);
	CHECK(near(got, -10 + gain_db(), 0.3), "%.2f dBm0", got);
}

/* The board's properties: more to the line, less from it, and the hybrid's balance. */
static void the_board_says_more(void)
{
	static const struct wanted regs[] = {
		{ "TX_GAIN", 0x03 }, { "TX_GAIN_FINE", 0x07 }, { "RX_GAIN", 0x13 },
		{ "RX_GAIN_FINE", 0x17 }, { "HYBRID1", 1 }, { "HYBRID2", 2 }, { "HYBRID3", 3 },
		{ "HYBRID4", 4 }, { "HYBRID5", 5 }, { "HYBRID6", 6 }, { "HYBRID7", 7 },
		{ "HYBRID8", 8 },
	};

	CHECK_REGS(regs);
}

/* A balanced hybrid returns 12 dB less than it gets. */
static double echo_of(unsigned int impedance, unsigned int exchange)
{
	static int16_t far[STORE], heard[STORE];
	struct pots_sim_exchange param = exchange_param();
	struct pots_exchange set = settings();
	double got;

	set.impedance = impedance;
	set_settings(set);
	param.impedance = exchange;
	set_exchange_param(param);
	if (!start_speech())
		return 0;
	sine(far, RATE / 2 - 800, 1000, -10);
	CHECK(write(trunk.claim, far, RATE - 1600) > 0, "speak");
	CHECK(take(trunk.claim, heard, RATE / 8 + HEAR), "no speech");
	got = level(heard + RATE / 8, 1000);
	release();
	sleep_ms(SETTLED_MS);
	return got;
}

static void the_hybrid_balances(void)
{
	double got = echo_of(POTS_IMPEDANCE_600, 0);

	CHECK(near(got, -22, 0.6), "echo at %.2f dBm0", got);
	got = echo_of(POTS_IMPEDANCE_GB, 5);
	CHECK(near(got, -22, 0.6), "echo at %.2f dBm0", got);
	got = echo_of(POTS_IMPEDANCE_600, 5);
	CHECK(got > -20.5, "echo at %.2f dBm0 of a wrong impedance", got);
}

static void the_line_is_listened_to_on_request(void)
{
	struct pots_exchange set = settings();

	CHECK(!(reg_of("DAA1") & 0x08), "unasked");
	set.flags |= POTS_EXCHANGE_F_CID_ALWAYS;
	set_settings(set);
	sleep_ms(100);
	CHECK((reg_of("DAA1") & 0x09) == 0x08, "DAA1 %#x", reg_of("DAA1"));
	if (!seize())
		return;
	CHECK((reg_of("DAA1") & 0x09) == 0x01, "DAA1 %#x off-hook", reg_of("DAA1"));
	release();
	sleep_ms(1000);
	CHECK((reg_of("DAA1") & 0x09) == 0x08, "DAA1 %#x afterwards", reg_of("DAA1"));
	set.flags &= ~POTS_EXCHANGE_F_CID_ALWAYS;
	set_settings(set);
	sleep_ms(100);
	CHECK(!(reg_of("DAA1") & 0x09), "DAA1 %#x when it is over", reg_of("DAA1"));
	CHECK(event_absent(trunk.observer, POTS_EVENT_CHIP, 6000), "trouble");
}

static void an_idle_chip_is_off_the_bus(void)
{
	int mode = reg_of("PCM_MODE");

	CHECK(mode == 0x18, "PCM mode %#x", mode);
	CHECK(!(seen().state & POTS_SIM_X_TICKING), "the sound clock runs");
}

/* ------------------------------------------------------------------ rest --- */

/* With an interrupt only the check looks, two messages every 5 s. */
static void a_line_at_rest_is_left_alone(void)
{
	unsigned long before;

	sleep_ms(1000);
	before = messages();
	CHECK(before, "nothing is counted");
	sleep_ms(20000);
	if (is_polled())
		CHECK(messages() - before > 800, "%lu messages", messages() - before);
	else
		CHECK(messages() - before <= 10, "%lu messages", messages() - before);
}

static const struct ktap_test tests[] = {
	TEST(the_line_is_measured),
	TEST(small_voltages_are_measured),
	TEST(a_seized_line_draws_current),
	TEST(the_voltage_off_hook_is_as_set),
	TEST(the_current_is_limited_on_request),
	TEST(on_hook_is_as_fast_as_set),
	TEST(registers_are_as_the_country_wants),
	TEST(nothing_reserved_is_written),
	TEST(ringing_is_told_soon),
	TEST(bursts_200_ms_apart_are_told_apart),
	TEST(only_ringing_of_the_right_frequency_is_told),
	TEST(only_strong_ringing_is_told),
	TEST(steps_reversals_and_lamps_are_no_ringing),
	TEST(ringing_is_answered),
	TEST(a_reversal_is_told),
	TEST(a_reversal_off_hook_is_told),
	TEST(a_dead_line_is_told),
	TEST(an_open_loop_is_told),
	TEST(a_parallel_telephone_keeps_us_off),
	TEST(billing_pulses_are_counted),
	TEST(no_billing_is_counted_unasked),
	TEST(digits_want_a_highway),
	TEST(pulses_are_exact),
	TEST(pulses_are_right_through_a_slow_hook),
	TEST(a_line_at_rest_is_left_alone),
	/* with a highway only */
	TEST(the_exchange_is_heard),
	TEST(the_exchange_hears),
	TEST(the_hybrid_balances),
	TEST(the_line_is_listened_to_on_request),
	TEST(an_idle_chip_is_off_the_bus),
};

#define OF_SOUND	5

/* Where the chip tells all that it sees. */
static const struct ktap_test judging[] = {
	TEST(ringing_is_judged_by_the_driver),
	TEST(bursts_200_ms_apart_are_told_apart),
	TEST(only_ringing_of_the_right_frequency_is_told),
	TEST(only_strong_ringing_is_told),
	TEST(steps_reversals_and_lamps_are_no_ringing),
	TEST(ringing_is_answered),
	TEST(a_dead_line_is_told),
};

/* Where the board's properties ask for gains. */
static const struct ktap_test gains[] = {
	TEST(the_board_says_more),
	TEST(the_exchange_is_heard),
	TEST(the_exchange_hears),
	TEST(the_line_is_measured),
};

int main(int argc, char **argv)
{
	unsigned int count = sizeof(tests) / sizeof(tests[0]);

	if (getenv("POTS_JUDGING"))
		return run_tests(judging, sizeof(judging) / sizeof(judging[0]), argc, argv);
	if (getenv("POTS_GAIN_DDB"))
		return run_tests(gains, sizeof(gains) / sizeof(gains[0]), argc, argv);
	if (getenv("POTS_NO_HIGHWAY"))
		count -= OF_SOUND;
	return run_tests(tests, count, argc, argv);
}
