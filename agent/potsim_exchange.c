// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsim: plays exchange.
 */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/pots.h>

#include "potsim.h"
#include "potsim_cid.h"
#include "potsim_tone.h"
#include "tones.h"

#define MS		1000	/* us */
#define TONE_CDB	-1300	/* of a frequency without a level of its own */
#define CID_AFTER_RING_MS 600
#define CID_REVERSED_MS	250
#define CID_PULSE_MS	250
#define CID_TO_RING_MS	300
#define NTT_PULSES	5
#define NTT_PULSE_MS	500
#define NTT_DATA_MS	500
#define NTT_HANGUP_S	7
#define METER_MV	1000
#define LAMP_MV		100000

static void get_state(int fd, struct pots_sim_exchange_state *state)
{
	far_ioctl(fd, POTS_SIM_GET_EXCHANGE_STATE, state);
}

static void get_far(int fd, struct far_state *common)
{
	struct pots_sim_exchange_state state;

	get_state(fd, &state);
	common->steps = state.steps;
	common->mic_waiting = state.mic_waiting;
	common->ear_lost = state.ear_lost;
}

static uint32_t get_bits(int fd)
{
	struct pots_sim_exchange_state state;

	get_state(fd, &state);
	return state.state;
}

/* ---------------------------------------------------------------- steps --- */

static void add(struct pots_sim_queue *q, struct pots_sim_step step)
{
	if (q->count == POTS_SIM_STEPS_MAX)
		fail("too many steps");
	q->step[q->count++] = step;
}

static void add_count(struct pots_sim_queue *q, unsigned int kind, unsigned int count)
{
	add(q, (struct pots_sim_step){ .kind = kind, .count = count });
}

static void add_wait(struct pots_sim_queue *q, unsigned int us)
{
	add(q, (struct pots_sim_step){ .kind = POTS_SIM_STEP_WAIT, .on_us = us });
}

static void add_burst(struct pots_sim_queue *q, unsigned int on_us, unsigned int off_us)
{
	add(q, (struct pots_sim_step){
		.kind = POTS_SIM_STEP_RING, .on_us = on_us, .off_us = off_us,
	});
}

static int do_step(int fd, struct pots_sim_step step)
{
	const struct pots_sim_queue q = { .count = 1, .step = { step } };

	far_queue(fd, &q);
	return 0;
}

static int do_count(int fd, unsigned int kind, unsigned int count)
{
	return do_step(fd, (struct pots_sim_step){ .kind = kind, .count = count });
}

static int play(int fd, unsigned int tone)
{
	return do_count(fd, POTS_SIM_STEP_TONE, tone);
}

/* ----------------------------------------------------------------- ring --- */

/* The first period, without the pause that ends it; returns that. */
static unsigned int add_first_ring(struct pots_sim_queue *q, const struct pots_sim_exchange *x)
{
	unsigned int i;

	for (i = 0; i < POTS_SIM_BURSTS_MAX; i++) {
		bool last = i + 1 == POTS_SIM_BURSTS_MAX || !x->ring_us[2 * i + 2];

		add_burst(q, x->ring_us[2 * i], last ? 0 : x->ring_us[2 * i + 1]);
		if (last)
			break;
	}
	return x->ring_us[2 * i + 1];
}

static void add_after_ring(struct pots_sim_queue *q, const struct pots_sim_exchange *x,
			   size_t samples)
{
	unsigned int pause_us = add_first_ring(q, x);
	unsigned int used_us = CID_AFTER_RING_MS * MS + samples * (1000 * MS / SAMPLES_HZ);

	add_wait(q, CID_AFTER_RING_MS * MS);
	add_count(q, POTS_SIM_STEP_SPEAK, samples);
	add_wait(q, pause_us > used_us + CID_TO_RING_MS * MS ? pause_us - used_us :
							       CID_TO_RING_MS * MS);
}

static void add_before_ring(struct pots_sim_queue *q, const struct cid_way *way,
			    size_t samples)
{
	if (way->reversal) {
		add_count(q, POTS_SIM_STEP_POLARITY, 1);
		add_wait(q, CID_REVERSED_MS * MS);
	}
	if (way->pulse) {
		add_burst(q, CID_PULSE_MS * MS, 0);
		add_wait(q, CID_AFTER_RING_MS * MS);
	}
	add_count(q, POTS_SIM_STEP_SPEAK, samples);
	add_wait(q, CID_TO_RING_MS * MS);
}

/* Whoever answers one of the short rings is told, and called when he has hung up. */
static int tell_who_answers(int fd, const struct pots_sim_queue *ringing,
			    const int16_t *samples, size_t count)
{
	struct pots_sim_queue q = { .flags = POTS_SIM_QUEUE_F_FLUSH };
	double pulses_s = (CID_REVERSED_MS + NTT_PULSES * 2. * NTT_PULSE_MS) / 1000;
	unsigned int i;

	add_count(&q, POTS_SIM_STEP_POLARITY, 1);
	add_wait(&q, CID_REVERSED_MS * MS);
	for (i = 0; i < NTT_PULSES; i++)
		add_burst(&q, NTT_PULSE_MS * MS, NTT_PULSE_MS * MS);
	far_queue(fd, &q);
	if (!far_wait_state(fd, POTS_SIM_X_SEIZED, POTS_SIM_X_SEIZED, get_bits, pulses_s)) {
		q.count = 0;
		add_wait(&q, NTT_DATA_MS * MS);
		add_count(&q, POTS_SIM_STEP_SPEAK, count);
		far_queue(fd, &q);
		if (write(fd, samples, count * sizeof(*samples)) < 0)
			fail("%s: cannot speak", far.path);
		far_wait_until_idle(fd);
		if (far_wait_state(fd, POTS_SIM_X_SEIZED, 0, get_bits, NTT_HANGUP_S))
			return 0;	/* somebody has answered the call */
	}
	far_queue(fd, ringing);
	return 0;
}

/* Returns how many samples are to be written: they wait for their step. */
static size_t add_caller(struct pots_sim_queue *q, const struct pots_sim_exchange *x,
			 const struct options *o, int16_t *samples)
{
	const struct cid_way *way = cid_way(o->way);
	const char *why;
	size_t count;

	if (!way)
		wrong("there is no way \"%s\" to send who calls", o->way);
	count = cid_render(way, o->caller, samples, &why);
	if (!count)
		wrong("--cid %s: %s", o->caller, why);
	if (way->after)
		add_after_ring(q, x, count);
	else if (!way->answered)
		add_before_ring(q, way, count);
	return count;
}

static int ring(int fd, const struct options *o)
{
	static int16_t samples[CID_SAMPLES_MAX];
	struct pots_sim_queue q = { .flags = POTS_SIM_QUEUE_F_FLUSH };
	struct pots_sim_exchange exchange;
	unsigned int left = o->rings;
	size_t count = 0;

	far_ioctl(fd, POTS_SIM_GET_EXCHANGE, &exchange);
	if (o->caller) {
		count = add_caller(&q, &exchange, o, samples);
		left -= left && cid_way(o->way)->after;
	}
	if (left || !o->rings)
		add_count(&q, POTS_SIM_STEP_RING, left);
	if (o->rings)
		add_count(&q, POTS_SIM_STEP_POLARITY, 0);
	if (count && cid_way(o->way)->answered)
		return tell_who_answers(fd, &q, samples, count);
	far_queue(fd, &q);
	if (count && write(fd, samples, count * sizeof(*samples)) < 0)
		fail("%s: cannot speak", far.path);
	return 0;
}

static int stop(int fd)
{
	struct pots_sim_queue q = { .flags = POTS_SIM_QUEUE_F_FLUSH };

	add_count(&q, POTS_SIM_STEP_TONE, POTS_SIM_TONE_NONE);
	add_count(&q, POTS_SIM_STEP_POLARITY, 0);
	far_queue(fd, &q);
	return 0;
}

static int answer(int fd, bool reversal)
{
	play(fd, POTS_SIM_TONE_NONE);
	return reversal ? do_count(fd, POTS_SIM_STEP_POLARITY, 1) : 0;
}

static int pulses(int fd, unsigned int kind, unsigned int count, unsigned int mv)
{
	do_step(fd, (struct pots_sim_step){
		.kind = kind, .count = count, .on_us = 150 * MS, .off_us = 850 * MS, .mv = mv,
	});
	far_wait_until_idle(fd);
	return 0;
}

static int disconnect(int fd, unsigned int ms)
{
	do_step(fd, (struct pots_sim_step){ .kind = POTS_SIM_STEP_OPEN, .on_us = ms * MS });
	far_wait_until_idle(fd);
	return 0;
}

/* ------------------------------------------------------------- settings --- */

static uint16_t peak(int level_cdb)
{
	return tone_peak(level_cdb / 100.0);
}

/* A modulated frequency is itself and one on either side. */
static void convert_part(struct pots_sim_tone_part *part, const struct pots_tone_step *step)
{
	unsigned int i;

	part->us = step->samples * (1000 * MS / SAMPLES_HZ);
	for (i = 0; i < POTS_TONE_FREQS_MAX && !(step->flags & POTS_STEP_F_AM); i++) {
		part->mhz[i] = step->freq_mhz[i];
		part->peak[i] = part->mhz[i] ? peak(step->level_cdb[i]) : 0;
	}
	if (!(step->flags & POTS_STEP_F_AM))
		return;
	for (i = 0; i < 3; i++) {
		part->mhz[i] = step->freq_mhz[0] + (i - 1) * step->freq_mhz[1];
		part->peak[i] = peak(step->level_cdb[0]) * (i == 1 ? 200 : step->am_depth) / 200;
	}
}

static void set_tone(int fd, unsigned int number, const char *text)
{
	struct pots_tone_program program;
	struct pots_sim_tone tone = { .tone = number };
	const char *why;
	size_t at;

	if (tones_parse(&program, text, TONE_CDB, &why, &at))
		wrong("%s: %s at \"%s\"", text, why, text + at);
	if (program.count > POTS_SIM_TONE_PARTS || program.repeat > 1)
		wrong("%s: an exchange has tones of %u parts, once or for ever", text,
		      POTS_SIM_TONE_PARTS);
	tone.count = program.count;
	tone.loop = program.repeat ? program.count : program.loop_start;
	for (number = 0; number < program.count; number++)
		convert_part(&tone.part[number], &program.step[number]);
	far_ioctl(fd, POTS_SIM_SET_TONE, &tone);
}

static void set_cadence(struct pots_sim_exchange *exchange, const char *text)
{
	unsigned int i = 0, on, off;
	int used;

	memset(exchange->ring_us, 0, sizeof(exchange->ring_us));
	while (i < POTS_SIM_BURSTS_MAX && sscanf(text, "%u/%u%n", &on, &off, &used) == 2) {
		if (!on || !off || on > 60000 || off > 60000)
			break;
		exchange->ring_us[2 * i] = on * MS;
		exchange->ring_us[2 * i + 1] = off * MS;
		i++;
		text += used;
		if (!*text)
			return;
		text += *text == ',';
	}
	wrong("ring=ON/OFF[,ON/OFF]..., %u at most, 1 to 60000 ms", POTS_SIM_BURSTS_MAX);
}

static int set_exchange(int fd, char *const *words)
{
	static const char *const names[] = {
		"dial-tone", "busy", "reorder", "ringback", "ring", "quiet",
		"battery_mv", "feed_ohm", "parallel_ohm", "impedance", "ring_mhz", "ring_mv",
		"ring_dc_mv", "dial_us", "break_us", "gap_us", "release_us", NULL,
	};
	static const unsigned int tones[] = {
		POTS_SIM_TONE_DIAL, POTS_SIM_TONE_BUSY, POTS_SIM_TONE_REORDER,
		POTS_SIM_TONE_RINGBACK,
	};
	struct pots_sim_exchange x;
	__u32 *const values[] = {
		&x.battery_mv, &x.feed_ohm, &x.parallel_ohm, &x.impedance, &x.ring_mhz,
		&x.ring_mv, &x.ring_dc_mv, &x.dial_us, &x.break_us, &x.gap_us, &x.release_us,
	};

	far_ioctl(fd, POTS_SIM_GET_EXCHANGE, &x);
	for (; *words; words++) {
		size_t i = far_key(*words, names, "an exchange");
		const char *value = strchr(*words, '=') + 1;

		if (i < 4)
			set_tone(fd, tones[i], value);
		else if (i == 4)
			set_cadence(&x, value);
		else if (i == 5)
			x.flags = number(value, 0, 1, "quiet") ? POTS_SIM_EXCHANGE_F_QUIET : 0;
		else
			*values[i - 6] = number(value, 0, 6e7, names[i]);
	}
	far_ioctl(fd, POTS_SIM_SET_EXCHANGE, &x);
	return 0;
}

/* ---------------------------------------------------------------- state --- */

static const struct far_bit state_bits[] = {
	{ POTS_SIM_X_BATTERY, "battery" },
	{ POTS_SIM_X_REVERSED, "reversed" },
	{ POTS_SIM_X_CLOSED, "closed" },
	{ POTS_SIM_X_SEIZED, "seized" },
	{ POTS_SIM_X_RINGING, "ringing" },
	{ POTS_SIM_X_CALLING, "calling" },
	{ POTS_SIM_X_ANSWERED, "answered" },
	{ POTS_SIM_X_TONE, "tone" },
	{ POTS_SIM_X_METERING, "metering" },
	{ POTS_SIM_X_PARALLEL, "parallel" },
	{ POTS_SIM_X_SOUND, "sound" },
	{ POTS_SIM_X_BUSY, "busy" },
	{ POTS_SIM_X_TICKING, "ticking" },
	{ 0, NULL },
};

#define MEMBER(name, member, kind) \
	{ name, offsetof(struct pots_sim_exchange_state, member), \
	  sizeof(((struct pots_sim_exchange_state *)0)->member), kind }
#define FIELD(name) MEMBER(#name, name, FAR_UNSIGNED)
#define SPAN(name) \
	MEMBER(#name "_last_us", name.last_us, FAR_UNSIGNED), \
	MEMBER(#name "_min_us", name.min_us, FAR_UNSIGNED), \
	MEMBER(#name "_max_us", name.max_us, FAR_UNSIGNED)

static const struct far_field state_fields[] = {
	FIELD(now_ns), FIELD(steps), MEMBER("line_mv", line_mv, FAR_SIGNED),
	MEMBER("loop_ua", loop_ua, FAR_SIGNED), FIELD(seizures), FIELD(answers),
	FIELD(flashes), FIELD(pulsed), FIELD(digits), MEMBER("dialled", digit, FAR_TEXT),
	SPAN(breaks), SPAN(makes), SPAN(gaps), SPAN(flash), SPAN(tones), SPAN(pauses),
	MEMBER("tone_peak_low", tone_peak[0], FAR_UNSIGNED),
	MEMBER("tone_peak_high", tone_peak[1], FAR_UNSIGNED),
	FIELD(rings), FIELD(meters), FIELD(seize_ns), FIELD(open_ns), FIELD(closed_ns),
	FIELD(release_ns), FIELD(digit_ns), FIELD(ring_start_ns), FIELD(ring_end_ns),
	FIELD(polarity_ns), FIELD(sound_start_ns), FIELD(sound_end_ns), FIELD(mic_waiting),
	FIELD(late_frames), FIELD(bad_writes), FIELD(bad_access),
	{ NULL, 0, 0, FAR_UNSIGNED },
};

static int print_state(int fd, bool json)
{
	struct pots_sim_exchange_state state;

	get_state(fd, &state);
	far_print(&state, state.state, state_bits, state_fields, json);
	return 0;
}

/* ----------------------------------------------------------------- wait --- */

/* All of these digits have been dialled, and no others before. */
static const char *wanted_digits;

static uint32_t get_digits(int fd)
{
	struct pots_sim_exchange_state state;
	size_t count = strlen(wanted_digits);

	get_state(fd, &state);
	return state.digits >= count && !memcmp(state.digit, wanted_digits, count);
}

static int wait_state(int fd, const char *what, double timeout)
{
	static const struct {
		const char *name;
		uint32_t mask;
		uint32_t value;
	} states[] = {
		{ "seized", POTS_SIM_X_SEIZED, POTS_SIM_X_SEIZED },
		{ "released", POTS_SIM_X_SEIZED, 0 },
		{ "answered", POTS_SIM_X_ANSWERED, POTS_SIM_X_ANSWERED },
	};
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(states[i].name, what))
			return far_wait_state(fd, states[i].mask, states[i].value, get_bits,
					      timeout);
	wrong("wait seized|released|answered|digits N|silence|tone NAME");
}

static int wait_for(int fd, int argc, char **argv, double timeout)
{
	const char *what = argc > 0 ? argv[0] : "";
	int status;

	if (!strcmp(what, "tone") && argc == 2) {
		status = far_wait_sound(fd, argv[1], timeout);
	} else if (!strcmp(what, "silence") && argc == 1) {
		status = far_wait_sound(fd, "silence", timeout);
	} else if (!strcmp(what, "digits") && argc == 2 && *argv[1] &&
		   strlen(argv[1]) <= POTS_SIM_DIGITS_MAX) {
		wanted_digits = argv[1];
		status = far_wait_state(fd, 1, 1, get_digits, timeout);
	} else {
		status = wait_state(fd, argc == 1 ? what : "", timeout);
	}
	if (status)
		fprintf(stderr, "potsim: %s: no %s in %g s\n", far.path, argv[argc - 1], timeout);
	return status;
}

/* ---------------------------------------------------------------- verbs --- */

static unsigned int on_off(const char *word)
{
	if (strcmp(word, "on") && strcmp(word, "off"))
		wrong("on or off, not \"%s\"", word);
	return !strcmp(word, "on");
}

static int plain_verb(int fd, const char *verb, const struct options *o)
{
	if (!strcmp(verb, "ring"))
		return ring(fd, o);
	if (!strcmp(verb, "answer"))
		return answer(fd, o->reversal);
	if (!strcmp(verb, "stop"))
		return stop(fd);
	if (!strcmp(verb, "busy"))
		return play(fd, POTS_SIM_TONE_BUSY);
	if (!strcmp(verb, "reorder"))
		return play(fd, POTS_SIM_TONE_REORDER);
	if (!strcmp(verb, "ringback"))
		return play(fd, POTS_SIM_TONE_RINGBACK);
	if (!strcmp(verb, "dial-tone"))
		return play(fd, POTS_SIM_TONE_DIAL);
	if (!strcmp(verb, "disconnect"))
		return disconnect(fd, 600);
	if (!strcmp(verb, "polarity"))
		return do_count(fd, POTS_SIM_STEP_POLARITY, 2);
	if (!strcmp(verb, "meter"))
		return pulses(fd, POTS_SIM_STEP_METER, o->pulses, METER_MV);
	if (!strcmp(verb, "lamp"))
		return pulses(fd, POTS_SIM_STEP_NEON, o->pulses, LAMP_MV);
	if (!strcmp(verb, "state"))
		return print_state(fd, o->json);
	wrong("\"%s\" so is nothing that an exchange does", verb);
}

static int verb_with(int fd, const char *verb, const char *word, const struct options *o)
{
	if (!strcmp(verb, "tone")) {
		set_tone(fd, POTS_SIM_TONE_OTHER, word);
		return play(fd, POTS_SIM_TONE_OTHER);
	}
	if (!strcmp(verb, "disconnect"))
		return disconnect(fd, number(word, 1, 60000, "MS"));
	if (!strcmp(verb, "parallel"))
		return do_count(fd, POTS_SIM_STEP_PARALLEL, on_off(word));
	if (!strcmp(verb, "battery"))
		return do_count(fd, POTS_SIM_STEP_BATTERY, on_off(word));
	if (!strcmp(verb, "say"))
		return far_say(fd, word);
	if (!strcmp(verb, "hear") && o->seconds > 0)
		return far_hear(fd, word, o->seconds, o->line);
	wrong("\"%s\" so is nothing that an exchange does", verb);
}

int do_exchange(int argc, char **argv, struct options *o)
{
	const char *verb = argc > 1 ? argv[1] : "";
	int fd;

	if (argc < 2)
		wrong("exchange NAME/K VERB");
	fd = far_open(argv[0], "x", "an exchange");
	far.get = get_far;
	argc -= 2;
	argv += 2;
	if (!strcmp(verb, "set") && argc)
		return set_exchange(fd, argv);
	if (!strcmp(verb, "wait"))
		return wait_for(fd, argc, argv, o->timeout);
	if (!argc)
		return plain_verb(fd, verb, o);
	if (argc == 1)
		return verb_with(fd, verb, argv[0], o);
	wrong("\"%s\" so is nothing that an exchange does", verb);
}
