// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Si3210 as its users meet it: what the telephone sees, hears and says
 * when the chip's registers are as they should be. Each test names what would
 * be wrong at the telephone; tests/chips/mutants spoils one register after the
 * other and wants one of these to fail.
 *
 * The first port of a simulated board, 1 MHz SPI; times hold in virtual time.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "board.h"
#include "sound.h"

#define STORE		6400

/* ------------------------------------------------------------- helpers --- */

static int reg_of(const char *name)
{
	return port_reg(line.id, name);
}

/* What the ear hears, from half a second on. */
static bool hear(int16_t *samples)
{
	uint32_t ear = POTS_SIM_LISTEN_EAR;
	static int16_t skip[STORE];

	return !err_of(line.phone, POTS_SIM_LISTEN, &ear) &&
	       take(line.phone, skip, RATE / 4) && take(line.phone, samples, HEAR);
}

static bool start_speech(void)
{
	struct pots_audio audio = {
		.read_frames = 20, .write_low_frames = 20, .queue_frames = 400,
	};
	int err = err_of(line.claim, POTS_AUDIO_START, &audio);

	CHECK(!err, "audio: %s", strerror(err));
	return !err;
}

static bool has_edge(bool closed, struct pots_event *edge, unsigned int ms)
{
	while (event_wait(line.observer, POTS_EVENT_HOOK_EDGE, edge, ms))
		if (edge->value == closed)
			return true;
	return false;
}

/* ---------------------------------------------------------------- feed --- */

static void idle_line_has_48_volts(void)
{
	struct pots_sim_state state = phone();

	CHECK(state.state & POTS_SIM_STATE_FED, "no battery");
	CHECK(!(state.state & POTS_SIM_STATE_REVERSED), "reversed");
	CHECK(near(state.line_mv, 48000, 800), "%d mV", state.line_mv);
	CHECK(near(reg_of("VTIP") * 0.376, 3, 0.5), "tip at -%.1f V", reg_of("VTIP") * 0.376);
}

/* 75 V until it has rung; then what the ringing needed. */
static void idle_battery_is_75_volts(void)
{
	double volts = reg_of("VBATS1") * 0.376;

	CHECK(near(volts, 75, 1) || near(volts, 94.5, 1), "%.1f V", volts);
	CHECK(reg_of("VBATH") == 0x3f || near(volts, 75, 1), "%.1f V", volts);
}

static void feed_is_what_is_asked_for(void)
{
	set_feed(POTS_FEED_REVERSE);
	sleep_ms(20);
	CHECK(phone().state & POTS_SIM_STATE_REVERSED, "not reversed");
	set_feed(POTS_FEED_OPEN);
	sleep_ms(20);
	CHECK(!(phone().state & POTS_SIM_STATE_FED), "not open");
	set_feed(POTS_FEED_OHT_FORWARD);
	sleep_ms(20);
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
	set_feed(POTS_FEED_FORWARD);
	sleep_ms(SETTLED_MS);
}

static void loop_current_is_23_mA(void)
{
	if (!lift())
		return;
	sleep_ms(100);
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
}

/* The converter gives what line and overhead need; the rest would be heat. */
static void battery_follows_the_loop(void)
{
	double volts;

	set_phone(300, 1000);
	if (!lift())
		return;
	sleep_ms(500);
	volts = reg_of("VBATS1") * 0.376;
	CHECK(near(volts, 24, 1), "battery %.1f V at 300 ohm", volts);
	set_phone(1200, 1000);
	sleep_ms(500);
	volts = reg_of("VBATS1") * 0.376;
	CHECK(near(volts, 0.023 * 1200 + 3 + 9, 1.5), "battery %.1f V at 1200 ohm", volts);
	set_phone(300, 1000);
	CHECK(!event_wait(line.observer, POTS_EVENT_ALARM, NULL, 3000), "power alarm");
}

static void a_long_loop_raises_no_alarm(void)
{
	set_phone(1500, 1000);
	if (!lift())
		return;
	CHECK(!event_wait(line.observer, POTS_EVENT_ALARM, NULL, 4000), "power alarm");
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
}

/* ---------------------------------------------------------------- hook --- */

static void an_edge_takes_5_ms(void)
{
	double most_ms = (getenv("POTS_POLLED") ? 6.6 + 5.6 : 6.6) + slack();
	double least_ms = 3.7 - slack();
	struct pots_event edge;
	double up_ms, down_ms;

	set_phone(300, 1000);
	CHECK(phone_lift(line.phone), "lift");
	CHECK(has_edge(true, &edge, 500), "no edge");
	up_ms = (double)(edge.timestamp_ns - phone().hook_ns) / NS_PER_MS;
	sleep_ms(200);
	CHECK(phone_hang(line.phone), "hang");
	CHECK(has_edge(false, &edge, 500), "no edge");
	down_ms = (double)(edge.timestamp_ns - phone().hook_ns) / NS_PER_MS;
	CHECK(up_ms >= least_ms && up_ms <= most_ms, "lifting %.2f ms", up_ms);
	CHECK(down_ms >= least_ms && down_ms <= most_ms, "putting down %.2f ms", down_ms);
}

/* Closes above 10 mA, opens below 5 mA: 48 V through the chip's 160 ohm. */
static void the_loop_has_hysteresis(void)
{
	struct pots_event edge;

	set_phone(48 / 0.0085 - 160, 1000);
	CHECK(phone_lift(line.phone), "lift");
	CHECK(!has_edge(true, &edge, 100), "closed at 8.5 mA");
	set_phone(48 / 0.0115 - 160, 1000);
	CHECK(has_edge(true, &edge, 100), "still open at 11.5 mA");
	set_phone(48 / 0.0065 - 160, 1000);
	CHECK(!has_edge(false, &edge, 100), "opened at 6.5 mA");
	set_phone(48 / 0.0035 - 160, 1000);
	CHECK(has_edge(false, &edge, 100), "still closed at 3.5 mA");
}

/* --------------------------------------------------------------- meter --- */

static void metering_pulses_are_counted(void)
{
	static const unsigned int hz[] = { 12000, 16000 };
	struct pots_sim_state before, after;
	unsigned int i;

	if (!lift())
		return;
	for (i = 0; i < 2; i++) {
		struct pots_meter meter = {
			.signal = POTS_METER_12KHZ + i, .count = 2, .on_ms = 150, .off_ms = 50,
		};
		double ms;

		before = phone();
		CHECK(!err_of(line.claim, POTS_METER, &meter), "refused");
		sleep_ms(2 * 200);
		after = phone();
		ms = (double)(after.meter_end_ns - after.meter_start_ns) / NS_PER_MS;
		CHECK(after.meters - before.meters == 2, "%u of 2",
		      after.meters - before.meters);
		CHECK(near(after.meter_hz, hz[i], 20), "%u Hz", after.meter_hz);
		CHECK(near(after.meter_mv, 850, 10), "%u mV", after.meter_mv);
		CHECK(near(after.meter_rise_us, 5000, 200), "%u us", after.meter_rise_us);
		CHECK(near(ms, 150, 0.2), "%.2f ms", ms);
	}
}

/* ---------------------------------------------------------------- lamp --- */

static void the_lamp_glows_at_90_volts(void)
{
	struct pots_lamp lamp = { .on_ms = 300, .off_ms = 200 };
	int vbath = reg_of("VBATH");
	unsigned int i;

	CHECK(!err_of(line.claim, POTS_SET_LAMP, &lamp), "refused");
	for (i = 0; i < 3; i++) {
		struct pots_sim_state state;
		double ms;

		CHECK(phone_wait(line.phone, POTS_SIM_STATE_LAMP, POTS_SIM_STATE_LAMP, 300),
		      "dark");
		sleep_ms(50);
		CHECK(near(phone().line_mv, 90000, 500), "%d mV", phone().line_mv);
		CHECK(reg_of("VBATS1") * 0.376 < 95, "battery of %.1f V",
		      reg_of("VBATS1") * 0.376);
		CHECK(phone_wait(line.phone, POTS_SIM_STATE_LAMP, 0, 400), "glows on");
		sleep_ms(50);
		state = phone();
		ms = (double)(state.lamp_end_ns - state.lamp_start_ns) / NS_PER_MS;
		/* the battery takes some ms to rise by 20 V */
		CHECK(near(ms, 295, 8 + slack()), "%.1f ms", ms);
		CHECK(near(state.line_mv, 48000, 800), "%d mV between", state.line_mv);
		CHECK(reg_of("VBATH") == vbath, "VBATH %#x", reg_of("VBATH"));
	}
	lamp = (struct pots_lamp){};
	CHECK(!err_of(line.claim, POTS_SET_LAMP, &lamp), "refused");
	CHECK(!(state_of(line.observer) & POTS_STATE_OFF_HOOK), "off-hook by itself");
	CHECK(!phone_wait(line.phone, POTS_SIM_STATE_LAMP, POTS_SIM_STATE_LAMP, 600), "glows");
}

static void a_lifted_handset_has_no_lamp(void)
{
	struct pots_lamp lamp = { .on_ms = 60000, .off_ms = 20 };

	CHECK(!err_of(line.claim, POTS_SET_LAMP, &lamp), "refused");
	sleep_ms(100);
	CHECK(reg_of("VOC") == 0x3c, "VOC %#x", reg_of("VOC"));
	if (!lift())
		return;
	CHECK(!(phone().state & POTS_SIM_STATE_LAMP), "glows");
	sleep_ms(10);
	CHECK(reg_of("VOC") == 0x20, "VOC %#x", reg_of("VOC"));
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
	CHECK(!event_wait(line.observer, POTS_EVENT_ALARM, NULL, 1000), "power alarm");
}

/* --------------------------------------------------------------- sound --- */

static void dial_tone_is_heard_at_its_level(void)
{
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	struct pots_set_tone set = {
		.tone = POTS_TONE_DIAL,
		.program = {
			.count = 1,
			.step[0] = {
				.freq_mhz = { 350000, 440000 },
				.level_cdb = { -1300, -1500 },
			},
		},
	};
	static int16_t ear[HEAR];

	CHECK(!err_of(line.claim, POTS_SET_TONE, &set), "tone");
	if (!lift())
		return;
	CHECK(!err_of(line.claim, POTS_PLAY_TONE, &play), "play");
	CHECK(hear(ear), "nothing comes from the ear");
	CHECK(near(level(ear, 350), -13, 0.2), "350 Hz at %.2f dBm0", level(ear, 350));
	CHECK(near(level(ear, 440), -15, 0.2), "440 Hz at %.2f dBm0", level(ear, 440));
	CHECK(level(ear, 600) < -60, "noise %.1f dBm0", level(ear, 600));
	CHECK(near(mean(ear), 0, 2), "offset %.1f", mean(ear));
}

static void the_microphone_reaches_the_highway(void)
{
	static int16_t mouth[STORE], heard[STORE];
	double got;

	if (!lift() || !start_speech())
		return;
	sine(mouth, RATE / 2 - 400, 1000, -10);
	CHECK(write(line.phone, mouth, RATE - 800) > 0, "speak");
	CHECK(take(line.claim, heard, RATE / 4 + HEAR), "no speech");
	got = level(heard + RATE / 4, 1000);
	CHECK(near(got, -10, 0.2), "%.2f dBm0", got);
	CHECK(near(mean(heard + RATE / 4), 0, 2), "offset %.1f", mean(heard + RATE / 4));
}

/* A balanced hybrid returns 12 dB less than it gets. */
static void the_hybrid_balances(void)
{
	static int16_t far[STORE], heard[STORE];
	double got;

	if (!lift() || !start_speech())
		return;
	sine(far, RATE / 2 - 800, 1000, -10);
	CHECK(write(line.claim, far, RATE - 1600) > 0, "speak");
	CHECK(take(line.claim, heard, RATE / 8 + HEAR), "no speech");
	got = level(heard + RATE / 8, 1000);
	CHECK(near(got, -22, 0.5), "echo at %.2f dBm0", got);
}

static void an_idle_chip_is_off_the_bus(void)
{
	int mode = reg_of("PCM_MODE"), gain = reg_of("AUDIO_GAIN");

	CHECK(mode >= 0 && !(mode & 0x20), "PCM mode %#x", mode);
	CHECK((gain & 0x30) == 0x30, "audio gain %#x", gain);
}

/* ------------------------------------------------------- chip's own tones --- */

static bool play(unsigned int hz1, int cdb1, unsigned int hz2, int cdb2,
		 unsigned int on_ms, unsigned int off_ms)
{
	struct pots_set_tone set = {
		.tone = POTS_TONE_USER,
		.program = {
			.count = off_ms ? 2 : 1,
			.step[0] = {
				.freq_mhz = { hz1 * 1000, hz2 * 1000 },
				.level_cdb = { cdb1, cdb2 },
				.samples = on_ms * RATE / 1000,
			},
			.step[1].samples = off_ms * RATE / 1000,
		},
	};
	struct pots_play command = { .tone = POTS_TONE_USER };
	int err;

	err = err_of(line.claim, POTS_SET_TONE, &set);
	CHECK(!err, "set: %s", strerror(err));
	err = err_of(line.claim, POTS_PLAY_TONE, &command);
	CHECK(!err, "play: %s", strerror(err));
	return !err;
}

/* Frequency of what is near @hz, by how its phase moves in 0.1 s. */
static double frequency(const int16_t *samples, double hz)
{
	double phase[2];
	int half, i;

	for (half = 0; half < 2; half++) {
		double re = 0, im = 0;

		for (i = half * HEAR / 2; i < (half + 1) * HEAR / 2; i++) {
			re += samples[i] * cos(2 * M_PI * hz * i / RATE);
			im -= samples[i] * sin(2 * M_PI * hz * i / RATE);
		}
		phase[half] = atan2(im, re);
	}
	return hz + remainder(phase[1] - phase[0], 2 * M_PI) / (2 * M_PI * HEAR / 2 / RATE);
}

static void a_chip_tone_has_its_level(void)
{
	static int16_t ear[HEAR];
	struct pots_stop stop = {};

	if (!lift() || !play(350, -1300, 440, -1600, 0, 0))
		return;
	CHECK(hear(ear), "nothing comes from the ear");
	CHECK(near(level(ear, 350), -13, 0.15), "350 Hz at %.2f dBm0", level(ear, 350));
	CHECK(near(level(ear, 440), -16, 0.15), "440 Hz at %.2f dBm0", level(ear, 440));
	CHECK(level(ear, 600) < -60, "noise %.1f dBm0", level(ear, 600));
	CHECK(!err_of(line.claim, POTS_STOP_TONE, &stop), "stop");
	sleep_ms(30);	/* 20 ms of silence are silence */
	CHECK(!(phone().state & POTS_SIM_STATE_SOUND), "sounds on");
}

static void a_chip_tone_has_its_frequency(void)
{
	static const unsigned int hz[] = { 350, 425, 950, 1400, 1800, 2100 };
	static int16_t ear[HEAR];
	unsigned int i;

	if (!lift())
		return;
	for (i = 0; i < sizeof(hz) / sizeof(hz[0]); i++) {
		if (!play(hz[i], -1300, 0, 0, 0, 0))
			return;
		CHECK(hear(ear), "nothing comes from the ear");
		CHECK(near(frequency(ear, hz[i]), hz[i], 0.1), "%u Hz is %.3f Hz", hz[i],
		      frequency(ear, hz[i]));
	}
}

/* Lengths of the first burst and pause that are heard whole, ms. */
static void measure_cadence(const int16_t *ear, int count, double *on_ms, double *off_ms)
{
	int edge[3] = { 0 }, edges = 0, last = 0, i;
	bool sounds = false;

	for (i = 0; i < count && edges < 3; i++) {
		if (abs(ear[i]) > 200) {
			if (!sounds)
				edge[edges++] = i;
			sounds = true;
			last = i;
		} else if (sounds && i - last > RATE / 100) {
			edge[edges++] = last + 1;
			sounds = false;
		}
	}
	*on_ms = edges == 3 ? (edge[1] - edge[0]) * 1000.0 / RATE : 0;
	*off_ms = edges == 3 ? (edge[2] - edge[1]) * 1000.0 / RATE : 0;
}

static void a_chip_tone_has_its_cadence(void)
{
	static int16_t ear[STORE];
	uint32_t listen = POTS_SIM_LISTEN_EAR;
	double on_ms, off_ms;

	if (!lift())
		return;
	CHECK(!err_of(line.phone, POTS_SIM_LISTEN, &listen), "listen");
	if (!play(480, -2000, 620, -2000, 250, 240))
		return;
	CHECK(take(line.phone, ear, STORE), "nothing comes from the ear");
	measure_cadence(ear, STORE, &on_ms, &off_ms);
	CHECK(near(on_ms, 250, 3 + slack()), "burst of %.1f ms", on_ms);
	CHECK(near(off_ms, 240, 3 + slack()), "pause of %.1f ms", off_ms);
}

static void a_tone_beyond_the_chip_is_refused(void)
{
	struct pots_play play = { .tone = POTS_TONE_SIT };

	if (lift())
		CHECK(err_of(line.claim, POTS_PLAY_TONE, &play) == EOPNOTSUPP, "SIT");
}

static void a_new_chip_tone_replaces_the_old(void)
{
	static int16_t ear[HEAR];

	if (!lift() || !play(350, -1300, 440, -1300, 0, 0) ||
	    !play(480, -2000, 0, 0, 0, 0))
		return;
	CHECK(hear(ear), "nothing comes from the ear");
	CHECK(near(level(ear, 480), -20, 0.15), "480 Hz at %.2f dBm0", level(ear, 480));
	CHECK(level(ear, 440) < -60, "440 Hz still at %.1f dBm0", level(ear, 440));
}

/* ------------------------------------------------------------- ringing --- */

static void check_burst(unsigned int freq_mhz, bool trapezoid, unsigned int dc_mv,
			double volts)
{
	struct pots_stop stop = {};
	struct pots_sim_state state;

	CHECK(ring_over(freq_mhz, trapezoid, 600, dc_mv), "no ringing");
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 1000), "no pause");
	state = phone();
	CHECK(near(state.ring_mhz, freq_mhz, freq_mhz / 50), "%u mHz", state.ring_mhz);
	CHECK(near(state.ring_mv, volts * 1000, 2000), "%u mV", state.ring_mv);
	CHECK(near(state.ring_dc_mv, dc_mv, 500), "%d mV of DC", state.ring_dc_mv);
	CHECK(!(state_of(line.observer) & POTS_STATE_OFF_HOOK), "tripped by itself");
	err_of(line.claim, POTS_STOP_RING, &stop);
}

/* A board whose supply gives little says so by its ring-power budget. */
static double ring_volts(double full)
{
	const char *volts = getenv("POTS_RING_VOLTS");

	return volts ? atof(volts) : full;
}

static void ringing_is_61_volts_at_20_hz(void)
{
	check_burst(20000, false, 0, ring_volts(61.5));
}

static void ringing_follows_frequency_and_shape(void)
{
	check_burst(25000, false, 0, ring_volts(61.5));
	check_burst(50000, false, 0, ring_volts(61.5));
	check_burst(16667, false, 0, ring_volts(61.5));
	check_burst(20000, true, 0, ring_volts(65));
	check_burst(16667, true, 0, ring_volts(65));
}

/* 87 V is the highest peak: what DC takes, the ringing gives. */
static void ringing_has_its_offset(void)
{
	check_burst(20000, false, 20000, fmin(ring_volts(61.5), 67 / 1.414));
	check_burst(20000, true, 20000, fmin(ring_volts(65), 67 / 1.3));
	check_burst(25000, false, 30000, fmin(ring_volts(61.5), 57 / 1.414));
	check_burst(25000, false, 0, ring_volts(61.5));
	CHECK(ring_over(20000, false, 1000, 30000), "no ringing");
	CHECK(reg_of("VBATH") * 1.5 <= 94.5, "battery of %.1f V", reg_of("VBATH") * 1.5);
}

static void an_answer_trips_within_150_ms(void)
{
	int64_t look_ns = getenv("POTS_POLLED") ? NS_PER_MS / 10 : 0;
	struct pots_event event;

	if (!ring(20000, false, 3000))
		return;
	sleep_ms(300);
	CHECK(phone_lift(line.phone), "lift");
	CHECK(event_wait(line.observer, POTS_EVENT_OFF_HOOK, &event, 1000), "no answer");
	CHECK(event.timestamp_ns - phone().hook_ns <= 150 * NS_PER_MS, "%.1f ms",
	      (double)(event.timestamp_ns - phone().hook_ns) / NS_PER_MS);
	/* The chip stops by itself, before anybody is told. A poll's time is that before its look. */
	CHECK(phone().ring_end_ns >= phone().ring_start_ns &&
	      phone().ring_end_ns <= event.timestamp_ns + look_ns, "rings on for %.2f ms",
	      (double)(int64_t)(phone().ring_end_ns - event.timestamp_ns) / NS_PER_MS);
}

static void a_long_loop_trips_too(void)
{
	struct pots_event event;

	set_phone(800, 1000);
	if (!ring(20000, false, 3000))
		return;
	sleep_ms(300);
	CHECK(phone_lift(line.phone), "lift");
	CHECK(event_wait(line.observer, POTS_EVENT_OFF_HOOK, &event, 1000), "no answer");
	CHECK(event.timestamp_ns - phone().hook_ns <= 150 * NS_PER_MS, "%.1f ms",
	      (double)(event.timestamp_ns - phone().hook_ns) / NS_PER_MS);
}

static void five_bells_do_not_trip(void)
{
	struct pots_stop stop = {};

	set_phone(300, 5000);
	CHECK(ring(20000, false, 2000), "no ringing");
	CHECK(event_absent(line.observer, POTS_EVENT_OFF_HOOK, 2400), "tripped by itself");
	err_of(line.claim, POTS_STOP_RING, &stop);
	CHECK(ring_over(25000, true, 2000, 30000), "no ringing");
	CHECK(event_absent(line.observer, POTS_EVENT_OFF_HOOK, 2400), "tripped by itself");
	err_of(line.claim, POTS_STOP_RING, &stop);
	CHECK(ring(16667, false, 2000), "no ringing");
	CHECK(event_absent(line.observer, POTS_EVENT_OFF_HOOK, 2400), "tripped by itself");
	err_of(line.claim, POTS_STOP_RING, &stop);
}

static void an_answer_in_the_pause_is_seen_at_once(void)
{
	struct pots_event event;

	if (!ring(20000, false, 100))
		return;
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 500), "no pause");
	sleep_ms(60);
	CHECK(phone_lift(line.phone), "lift");
	CHECK(event_wait(line.observer, POTS_EVENT_OFF_HOOK, &event, 300), "no answer");
	sleep_ms(50);
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
}

/* ----------------------------------------------------------- registers --- */

/*
 * What no telephone shows, as the data sheet and long use recommend it: a copy
 * of its own, not of the driver's tables.
 */
static const struct {
	const char *name;
	unsigned int mask;
	unsigned int value;
} wanted[] = {
	{ "LOOPBACK", 0xff, 0x00 }, { "POWER1", 0xff, 0x00 },
	{ "POWER2", 0xff, 0x00 }, { "IRQ1_EN", 0xff, 0x00 },
	{ "IRQ2_EN", 0xff, 0xff }, { "IRQ3_EN", 0xff, 0x00 },
	{ "OSC1", 0xff, 0x00 }, { "OSC2", 0xff, 0x00 },
	{ "RING_OSC", 0x1b, 0x00 }, { "PULSE", 0xff, 0x00 },
	{ "LCD", 0xff, 0x54 }, { "BIPOLAR", 0xff, 0x61 },
	{ "BATTERY", 0xff, 0x01 }, { "AUTO", 0xff, 0x17 },
	{ "DCDELAY", 0x9f, 0x19 },
	{ "ROW0", 0xffff, 0x55c2 }, { "ROW1", 0xffff, 0x51e6 },
	{ "ROW2", 0xffff, 0x4b85 }, { "ROW3", 0xffff, 0x4937 },
	{ "COL", 0xffff, 0x3333 }, { "FWDTW", 0xffff, 0x0202 },
	{ "REVTW", 0xffff, 0x0202 }, { "ROWREL", 0xffff, 0x0198 },
	{ "COLREL", 0xffff, 0x0198 }, { "ROW2H", 0xffff, 0x0611 },
	{ "COL2H", 0xffff, 0x0202 }, { "PWRMIN", 0xffff, 0x00e5 },
	{ "HOTL", 0xffff, 0x0a1c }, { "CML", 0x1f80, 0x1000 },
	{ "CMH", 0x1f80, 0x0200 }, { "NQ12", 0xfff8, 0x0088 },
	{ "NQ34", 0xfff8, 0x0100 }, { "NQ56", 0xfff8, 0x0010 },
	{ "DCDC_XTRA", 0xffff, 0x1000 }, { "SCRATCH", 0xffff, 0x0000 },
};

static void registers_are_as_recommended(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		int value = reg_of(wanted[i].name);

		CHECK((value & wanted[i].mask) == wanted[i].value, "%s is %#x, not %#x",
		      wanted[i].name, value, wanted[i].value);
	}
}

static void the_calibration_took_place(void)
{
	CHECK(!reg_of("CAL1"), "CAL1 %#x", reg_of("CAL1"));
	CHECK(!reg_of("CAL2"), "CAL2 %#x", reg_of("CAL2"));
}

/* ------------------------------------------------------------- manners --- */

/* Unbound, the line is dead; bound again, without a reset line, it lives. */
static void a_driver_comes_and_goes(void)
{
	CHECK(!port_unplug(line.id), "unbind");
	sleep_ms(20);
	CHECK(!(phone().state & POTS_SIM_STATE_FED), "fed by nobody");
	CHECK(!port_plug(), "bind");
	close(line.claim);
	close(line.observer);
	close(line.phone);
	if (!open_line())
		return;
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
	lift();
}

static void the_chip_is_used_by_its_rules(void)
{
	struct pots_sim_state state = phone();

	CHECK(!state.bad_writes, "%u writes to reserved registers", state.bad_writes);
	CHECK(!state.bad_access, "%u indirect accesses too early", state.bad_access);
	CHECK(!state.osc_conflicts, "oscillator 2 ran while ringing");
}

/* What a test needs of the board. */
#define ANY	0
#define SPEECH	1
#define BARE	2	/* no highway: the chip's own tones */

static const struct {
	struct ktap_test test;
	int needs;
} tests[] = {
	{ TEST(idle_battery_is_75_volts), ANY },
	{ TEST(idle_line_has_48_volts), ANY },
	{ TEST(registers_are_as_recommended), ANY },
	{ TEST(the_calibration_took_place), ANY },
	{ TEST(an_idle_chip_is_off_the_bus), ANY },
	{ TEST(feed_is_what_is_asked_for), ANY },
	{ TEST(an_edge_takes_5_ms), ANY },
	{ TEST(loop_current_is_23_mA), ANY },
	{ TEST(the_loop_has_hysteresis), ANY },
	{ TEST(metering_pulses_are_counted), ANY },
	{ TEST(dial_tone_is_heard_at_its_level), ANY },
	{ TEST(the_microphone_reaches_the_highway), SPEECH },
	{ TEST(the_hybrid_balances), SPEECH },
	{ TEST(a_chip_tone_has_its_level), BARE },
	{ TEST(a_chip_tone_has_its_frequency), BARE },
	{ TEST(a_chip_tone_has_its_cadence), BARE },
	{ TEST(a_tone_beyond_the_chip_is_refused), BARE },
	{ TEST(a_new_chip_tone_replaces_the_old), BARE },
	{ TEST(ringing_is_61_volts_at_20_hz), ANY },
	{ TEST(an_answer_trips_within_150_ms), ANY },
	{ TEST(an_answer_in_the_pause_is_seen_at_once), ANY },
	{ TEST(ringing_follows_frequency_and_shape), ANY },
	{ TEST(ringing_has_its_offset), ANY },
	{ TEST(a_long_loop_trips_too), ANY },
	{ TEST(the_lamp_glows_at_90_volts), ANY },
	{ TEST(a_lifted_handset_has_no_lamp), ANY },
	{ TEST(battery_follows_the_loop), ANY },
	{ TEST(a_long_loop_raises_no_alarm), ANY },
	{ TEST(five_bells_do_not_trip), ANY },
	{ TEST(a_driver_comes_and_goes), ANY },
	{ TEST(the_chip_is_used_by_its_rules), ANY },
};

#define COUNT	(sizeof(tests) / sizeof(tests[0]))

static bool fits_board(int needs)
{
	bool speech = line.info.caps & POTS_CAP_SPEECH;

	return needs == ANY || (needs == SPEECH) == speech;
}

/* Each test has the line to itself. */
static bool run_one(unsigned int i, unsigned int number)
{
	const char *skip = "";

	ktap_failed = false;
	if (open_line()) {
		if (fits_board(tests[i].needs))
			tests[i].test.run();
		else
			skip = " # SKIP not on this board";
	}
	line_close(&line);
	printf("%sok %u %s%s\n", ktap_failed ? "not " : "", number, tests[i].test.name, skip);
	return !ktap_failed;
}

int main(int argc, char **argv)
{
	unsigned int i, number = 0, failed = 0, planned = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < COUNT; i++)
		planned += ktap_wanted(tests[i].test.name, argc, argv);
	printf("KTAP version 1\n1..%u\n", planned);
	for (i = 0; i < COUNT; i++)
		if (ktap_wanted(tests[i].test.name, argc, argv))
			failed += !run_one(i, ++number);
	return failed || !number;
}
