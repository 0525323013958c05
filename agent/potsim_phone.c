// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsim: plays telephone.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "potsim.h"
#include "potsim_tone.h"

static void get_state(int fd, struct pots_sim_state *state)
{
	far_ioctl(fd, POTS_SIM_GET_STATE, state);
}

static void get_far(int fd, struct far_state *common)
{
	struct pots_sim_state state;

	get_state(fd, &state);
	common->steps = state.steps;
	common->mic_waiting = state.mic_waiting;
	common->ear_lost = state.ear_lost;
}

static uint32_t get_bits(int fd)
{
	struct pots_sim_state state;

	get_state(fd, &state);
	return state.state;
}

static int hook(int fd, unsigned int kind)
{
	const struct pots_sim_queue q = { .count = 1, .step = { { .kind = kind } } };

	far_queue(fd, &q);
	far_wait_until_idle(fd);
	return 0;
}

static int flash(int fd, unsigned int ms)
{
	const struct pots_sim_queue q = {
		.count = 3,
		.step = {
			{ .kind = POTS_SIM_STEP_ONHOOK },
			{ .kind = POTS_SIM_STEP_WAIT, .on_us = ms * 1000 },
			{ .kind = POTS_SIM_STEP_OFFHOOK },
		},
	};

	far_queue(fd, &q);
	far_wait_until_idle(fd);
	return 0;
}

static struct pots_sim_step dtmf_step(char digit, const struct dialling *how)
{
	static const char keys[] = "123A456B789C*0#D";
	static const unsigned int row[] = { 697, 770, 852, 941 };
	static const unsigned int column[] = { 1209, 1336, 1477, 1633 };
	const char *key = strchr(keys, digit);
	struct pots_sim_step step = {
		.kind = POTS_SIM_STEP_TONES,
		.on_us = lround(how->on_ms * 1000),
		.off_us = lround(how->off_ms * 1000),
	};

	if (!digit || !key)
		wrong("\"%c\" is no key of a telephone", digit);
	step.mhz[0] = row[(key - keys) / 4] * 1000;
	step.mhz[1] = column[(key - keys) % 4] * 1000;
	step.peak[0] = tone_peak(how->level);
	step.peak[1] = tone_peak(how->level + 2);
	return step;
}

static struct pots_sim_step pulse_step(char digit, const struct dialling *how)
{
	double period_us = 1e6 / how->pps;
	struct pots_sim_step step = {
		.kind = POTS_SIM_STEP_PULSES,
		.on_us = lround(period_us * (100 - how->make) / 100),
		.off_us = lround(period_us * how->make / 100),
		.gap_us = lround(how->gap_ms * 1000),
	};

	if (digit < '0' || digit > '9')
		wrong("\"%c\" cannot be dialled by pulses", digit);
	step.count = digit == '0' ? 10 : digit - '0';
	return step;
}

static int dial(int fd, const char *digits, const struct dialling *how)
{
	struct pots_sim_queue q = {};
	size_t i;

	if (!*digits)
		wrong("no digits to dial");
	for (i = 0; digits[i]; i++)
		how->pulse ? pulse_step(digits[i], how) : dtmf_step(digits[i], how);
	for (; *digits; digits++) {
		q.step[q.count++] = how->pulse ? pulse_step(*digits, how) :
						 dtmf_step(*digits, how);
		if (q.count < POTS_SIM_STEPS_MAX && digits[1])
			continue;
		far_queue(fd, &q);
		q.count = 0;
	}
	far_wait_until_idle(fd);
	return 0;
}

/* ---------------------------------------------------------------- state --- */

static const struct far_bit state_bits[] = {
	{ POTS_SIM_STATE_OFF_HOOK, "off_hook" },
	{ POTS_SIM_STATE_CLOSED, "closed" },
	{ POTS_SIM_STATE_FED, "fed" },
	{ POTS_SIM_STATE_REVERSED, "reversed" },
	{ POTS_SIM_STATE_RINGING, "ringing" },
	{ POTS_SIM_STATE_SOUND, "sound" },
	{ POTS_SIM_STATE_BUSY, "busy" },
	{ POTS_SIM_STATE_TICKING, "ticking" },
	{ POTS_SIM_STATE_METERING, "metering" },
	{ POTS_SIM_STATE_LAMP, "lamp" },
	{ 0, NULL },
};

#define MEMBER(name, kind) \
	{ #name, offsetof(struct pots_sim_state, name), \
	  sizeof(((struct pots_sim_state *)0)->name), kind }
#define FIELD(name) MEMBER(name, FAR_UNSIGNED)

static const struct far_field state_fields[] = {
	FIELD(now_ns), FIELD(steps), MEMBER(line_mv, FAR_SIGNED),
	MEMBER(loop_ua, FAR_SIGNED), FIELD(ring_mhz), FIELD(ring_mv), FIELD(rings),
	FIELD(ears), FIELD(hook_ns), FIELD(ring_start_ns), FIELD(ring_end_ns),
	FIELD(fed_ns), FIELD(open_ns), FIELD(polarity_ns), FIELD(meter_start_ns),
	FIELD(meter_end_ns), FIELD(sound_start_ns),
	FIELD(sound_end_ns), FIELD(mic_waiting), FIELD(late_frames), FIELD(bad_writes),
	FIELD(bad_access), FIELD(osc_conflicts), FIELD(meters), FIELD(meter_hz), FIELD(meter_mv),
	FIELD(meter_rise_us), FIELD(reversals), FIELD(turned_us),
	FIELD(lamp_start_ns), FIELD(lamp_end_ns), FIELD(lamps),
	MEMBER(ring_dc_mv, FAR_SIGNED),
	{ NULL, 0, 0, FAR_UNSIGNED },
};

static int print_state(int fd, bool json)
{
	struct pots_sim_state state;

	get_state(fd, &state);
	far_print(&state, state.state, state_bits, state_fields, json);
	return 0;
}

static int set_phone(int fd, char *const *words)
{
	static const char *const names[] = {
		"ren_milli", "loop_ohm", "bounce_us", "impedance", NULL,
	};
	struct pots_sim_phone phone;
	__u32 *const values[] = {
		&phone.ren_milli, &phone.loop_ohm, &phone.bounce_us, &phone.impedance,
	};

	far_ioctl(fd, POTS_SIM_GET_PHONE, &phone);
	for (; *words; words++) {
		size_t i = far_key(*words, names, "a telephone");

		*values[i] = number(strchr(*words, '=') + 1, 0, 1e6, names[i]);
	}
	far_ioctl(fd, POTS_SIM_SET_PHONE, &phone);
	return 0;
}

static int wait_ring(int fd, bool ringing, double timeout)
{
	return far_wait_state(fd, POTS_SIM_STATE_RINGING,
			      ringing ? POTS_SIM_STATE_RINGING : 0, get_bits, timeout);
}

static int wait_for(int fd, int argc, char **argv, double timeout)
{
	const char *what = argc > 0 ? argv[0] : "";
	int status;

	if (!strcmp(what, "tone") && argc == 2)
		status = far_wait_sound(fd, argv[1], timeout);
	else if (!strcmp(what, "silence") && argc == 1)
		status = far_wait_sound(fd, "silence", timeout);
	else if (!strcmp(what, "ringing") && argc == 1)
		status = wait_ring(fd, true, timeout);
	else if (!strcmp(what, "onring") && argc == 1)
		status = wait_ring(fd, false, timeout);
	else
		wrong("wait ringing|onring|silence|tone NAME");
	if (status)
		fprintf(stderr, "potsim: %s: no %s in %g s\n", far.path,
			argv[argc - 1], timeout);
	return status;
}

int do_phone(int argc, char **argv, struct options *o)
{
	const char *verb = argc > 1 ? argv[1] : "";
	int fd;

	if (argc < 2)
		wrong("phone NAME/K VERB");
	fd = far_open(argv[0], "", "a telephone");
	far.get = get_far;
	argc -= 2;
	argv += 2;
	if (!strcmp(verb, "offhook") && !argc)
		return hook(fd, POTS_SIM_STEP_OFFHOOK);
	if (!strcmp(verb, "onhook") && !argc)
		return hook(fd, POTS_SIM_STEP_ONHOOK);
	if (!strcmp(verb, "flash") && argc <= 1)
		return flash(fd, argc ? number(argv[0], 1, 60000, "MS") : 100);
	if (!strcmp(verb, "dial") && argc == 1)
		return dial(fd, argv[0], &o->dialling);
	if (!strcmp(verb, "say") && argc == 1)
		return far_say(fd, argv[0]);
	if (!strcmp(verb, "hear") && argc == 1 && o->seconds > 0)
		return far_hear(fd, argv[0], o->seconds, o->line);
	if (!strcmp(verb, "state") && !argc)
		return print_state(fd, o->json);
	if (!strcmp(verb, "set") && argc)
		return set_phone(fd, argv);
	if (!strcmp(verb, "wait"))
		return wait_for(fd, argc, argv, o->timeout);
	wrong("\"%s\" so is nothing that a telephone does", verb);
}
