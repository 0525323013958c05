// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A board that calls itself: a port for a telephone, wired to one that faces an
 * exchange, with both drivers and the core between. Times hold in virtual time.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../uapi/port.h"
#include "../unit/ktap.h"

#define LINK_MS		4000	/* a chip is there within this time */
#define SETTLED_MS	12000

struct end {
	int observer;
	int claim;
};

static struct end fxs, fxo;

static bool open_end(struct end *end, unsigned int type)
{
	uint64_t limit_ns = now_ns() + LINK_MS * NS_PER_MS;
	unsigned int ids[PORTS_MAX], count, i;

	do {
		count = port_list(ids);
		for (i = 0; i < count; i++) {
			struct pots_info info = {};

			end->observer = port_open(ids[i], O_RDWR);
			if (end->observer >= 0 &&
			    !ioctl(end->observer, POTS_GET_INFO, &info) && info.type == type) {
				end->claim = port_claim(end->observer, 0);
				return end->claim >= 0;
			}
			close(end->observer);
		}
		sleep_ms(20);
	} while (now_ns() < limit_ns);
	return false;
}

static int command(const struct end *end, unsigned long command, void *argument)
{
	int err = err_of(end->claim, command, argument);

	CHECK(!err, "command %#lx: %s", command, strerror(err));
	return err;
}

static bool told(const struct end *end, unsigned int type, unsigned int value,
		 unsigned int ms, struct pots_event *event)
{
	uint64_t limit_ns = now_ns() + ms * NS_PER_MS;

	while (now_ns() < limit_ns && event_wait(end->observer, type, event, ms))
		if (event->value == value)
			return true;
	return false;
}

/* Both ends at rest, and nothing of before to be read. */
static void rest(void)
{
	struct pots_hangup hangup = {};
	struct pots_stop stop = {};

	if (state_of(fxs.observer) & POTS_STATE_RINGING)
		command(&fxs, POTS_STOP_RING, &stop);
	if (state_of(fxo.observer) & POTS_STATE_OFF_HOOK)
		command(&fxo, POTS_HANGUP, &hangup);
	CHECK(state_wait(fxs.observer, POTS_STATE_OFF_HOOK | POTS_STATE_RINGING, 0, SETTLED_MS),
	      "the telephone's line is %#x", state_of(fxs.observer));
	CHECK(state_wait(fxo.observer, POTS_STATE_RINGING | POTS_STATE_NO_BATTERY |
			 POTS_STATE_IN_USE | POTS_STATE_OFF_HOOK, 0, SETTLED_MS),
	      "the exchange's is %#x", state_of(fxo.observer));
	event_drain(fxs.observer);
	event_drain(fxo.observer);
}

static void ring(void)
{
	struct pots_ring program = {
		.freq_mhz = 25000, .count = 1, .on_ms = { 1000 }, .off_ms = { 2000 },
	};

	command(&fxs, POTS_RING, &program);
}

static bool seize(void)
{
	struct pots_seize seize = {};
	struct pots_event event;

	if (command(&fxo, POTS_SEIZE, &seize))
		return false;
	if (!told(&fxs, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_SEIZED, 500, &event)) {
		CHECK(false, "seizing is not seen");
		return false;
	}
	sleep_ms(500);
	return true;
}

static void ringing_gets_across(void)
{
	struct pots_event event = {};

	rest();
	ring();
	CHECK(told(&fxo, POTS_EVENT_RING_BURST, 1, 800, &event), "nothing rings");
	CHECK(told(&fxo, POTS_EVENT_RING_BURST, 0, 1500, &event), "it does not end");
}

static void to_seize_is_to_answer(void)
{
	struct pots_seize seize = {};
	struct pots_event event;

	rest();
	ring();
	CHECK(told(&fxo, POTS_EVENT_RING_BURST, 1, 800, &event), "nothing rings");
	sleep_ms(1200);
	command(&fxo, POTS_SEIZE, &seize);
	CHECK(told(&fxs, POTS_EVENT_OFF_HOOK, POTS_OFF_HOOK_ANSWERED, 500, &event),
	      "not answered: %#x", state_of(fxs.observer));
	rest();
}

static void a_release_gets_across(void)
{
	struct pots_hangup hangup = {};
	struct pots_event event;

	rest();
	if (!seize())
		return;
	command(&fxo, POTS_HANGUP, &hangup);
	CHECK(event_wait(fxs.observer, POTS_EVENT_ON_HOOK, &event, 2500), "not seen");
}

static void a_reversal_gets_across(void)
{
	struct pots_linefeed feed = { .feed = POTS_FEED_REVERSE };
	struct pots_event event;

	rest();
	command(&fxs, POTS_SET_LINEFEED, &feed);
	CHECK(told(&fxo, POTS_EVENT_POLARITY, 1, 1000, &event), "not seen");
	feed.feed = POTS_FEED_FORWARD;
	command(&fxs, POTS_SET_LINEFEED, &feed);
	CHECK(told(&fxo, POTS_EVENT_POLARITY, 0, 1000, &event), "not seen, back");
}

/* What comes until so long after the last. */
static unsigned int digits(unsigned int type, char *text, unsigned int ms)
{
	struct pots_event event;
	unsigned int n = 0;

	while (n < 15 && event_wait(fxs.observer, type, &event, ms))
		text[n++] = '0' + event.value % 10;
	text[n] = 0;
	return n;
}

/* The dial tone goes one way, and the digits then the other. */
static void digits_get_across_after_dial_tone(void)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_WAIT_TONE, .wait_ms = 5000,
		.count = 4, .digit = { 1, 2, 3, 7 },
		.on_ms = 80, .off_ms = 80, .level_cdb = -1100, .twist_cdb = 200,
	};
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	char heard[16];

	rest();
	if (!seize())
		return;
	command(&fxs, POTS_PLAY_TONE, &play);
	command(&fxo, POTS_DIAL, &dial);
	digits(POTS_EVENT_DTMF_START, heard, 4000);
	CHECK(!strcmp(heard, "1237"), "\"%s\"", heard);
}

static void pulses_get_across(void)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE, .count = 3, .digit = { 4, 0, 2 },
		.break_ms = 60, .make_ms = 40, .interdigit_ms = 800,
	};
	char heard[16];

	rest();
	if (!seize())
		return;
	command(&fxo, POTS_DIAL, &dial);
	digits(POTS_EVENT_PULSE_DIGIT, heard, 3000);
	CHECK(!strcmp(heard, "402"), "\"%s\"", heard);
}

/* Nobody talks any more: no sound clock runs. */
static void a_wire_at_rest_costs_nothing(void)
{
	unsigned long long ticks[2];
	unsigned int i;

	rest();
	sleep_ms(500);
	for (i = 0; i < 2; i++) {
		FILE *file = fopen("/sys/kernel/debug/pots-sim/sim/cost", "r");

		CHECK(file && fscanf(file, "ticks %llu", &ticks[i]) == 1, "no cost");
		if (file)
			fclose(file);
		sleep_ms(500);
	}
	CHECK(ticks[0] == ticks[1], "%llu ticks in half a second", ticks[1] - ticks[0]);
}

static const struct ktap_test tests[] = {
	TEST(ringing_gets_across),
	TEST(to_seize_is_to_answer),
	TEST(a_release_gets_across),
	TEST(a_reversal_gets_across),
	TEST(digits_get_across_after_dial_tone),
	TEST(pulses_get_across),
	TEST(a_wire_at_rest_costs_nothing),
};

int main(int argc, char **argv)
{
	if (!open_end(&fxs, POTS_PORT_TYPE_FXS) || !open_end(&fxo, POTS_PORT_TYPE_FXO)) {
		fprintf(stderr, "wire: no ports\n");
		return 1;
	}
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
