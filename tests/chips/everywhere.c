// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every fault in every state of a line:
 *
 *		 idle  off-hook  burst  pause  tone  speech  hang-up
 *	fault x	  .	  .	   .	  .	.      .	.
 *
 * While it lasts no command takes long; when it is over and the bell was told to
 * stop no ringing voltage is left at the telephone; and after that the port does
 * all that it did before: the handset is seen, the bell rings and stops.
 */
#include "board.h"

#define FAULT_MS	1500	/* how long one stays */
#define NOTICED_MS	12000	/* the driver's slow check has been, twice */
#define COMMAND_MS	1000	/* the longest that a command may take */
#define TRIES		3	/* a line that gave up wants to be fed again */

/* ---------------------------------------------------------------- states --- */

static bool at_rest(void)
{
	return true;
}

static bool off_hook(void)
{
	return lift();
}

static bool in_a_burst(void)
{
	return ring(20000, false, 4000);
}

static bool in_a_pause(void)
{
	struct pots_ring program = {
		.count = 1, .on_ms = { 300 }, .off_ms = { 6000 },
	};

	return !err_of(line.claim, POTS_RING, &program) &&
	       phone_wait(line.phone, POTS_SIM_STATE_RINGING, POTS_SIM_STATE_RINGING, 500) &&
	       phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 1000);
}

static bool with_a_tone(void)
{
	struct pots_play play = { .tone = POTS_TONE_DIAL, .max_ms = 60000 };

	return lift() && !err_of(line.claim, POTS_PLAY_TONE, &play);
}

static bool in_speech(void)
{
	struct pots_audio audio = { .read_frames = 20, .write_low_frames = 20,
				    .queue_frames = 100 };

	return lift() && !err_of(line.claim, POTS_AUDIO_START, &audio);
}

static bool hanging_up(void)
{
	struct pots_hangup hangup = { .flags = POTS_HANGUP_F_OPEN_MS, .open_ms = 2000 };

	return lift() && !err_of(line.claim, POTS_HANGUP, &hangup) &&
	       phone_wait(line.phone, POTS_SIM_STATE_FED, 0, 500);
}

static const struct {
	const char *name;
	bool (*enter)(void);
} states[] = {
	{ "at rest", at_rest }, { "off-hook", off_hook }, { "in a burst", in_a_burst },
	{ "in a pause", in_a_pause }, { "with a tone", with_a_tone },
	{ "in speech", in_speech }, { "hanging up", hanging_up },
};

/* ---------------------------------------------------------------- faults --- */

static const struct {
	const char *name, *command;
} faults[] = {
	{ "a reset of the chip", "once chip-reset" },
	{ "every transfer fails", "always spi-fail 1" },
	{ "every third transfer fails", "always spi-fail 3" },
	{ "the chip is dead", "always dead" },
	{ "interrupts get lost", "always irq-lost" },
	{ "the linefeed register is stuck", "stuck 64 0x77 0x11" },
	{ "the hook register is stuck open", "stuck 68 0x01 0x00" },
	{ "the hook register is stuck closed", "stuck 68 0x01 0x01" },
	{ "pending interrupts stay", "stuck 19 0xff 0xff" },
	{ "a false power alarm", "once power-alarm 6" },
	{ "a standing power alarm", "always power-alarm 6" },
	{ "a false ring trip", "always ring-trip" },
	{ "no battery", "always no-battery" },
};

/* ------------------------------------------------------------- one cell --- */

/* Whatever it answers, it answers soon. */
static void quickly(unsigned long command, void *argument, const char *what)
{
	uint64_t begin_ns = now_ns();
	double took_ms;

	err_of(line.claim, command, argument);
	took_ms = (now_ns() - begin_ns) / (double)NS_PER_MS;
	CHECK(took_ms < COMMAND_MS + slack() * 50, "%s took %.0f ms", what, took_ms);
}

static void use_while_it_lasts(void)
{
	struct pots_linefeed reverse = { .feed = POTS_FEED_REVERSE },
		forward = { .feed = POTS_FEED_FORWARD };
	struct pots_play play = { .tone = POTS_TONE_BUSY, .max_ms = 100 };
	struct pots_stop stop = {};

	quickly(POTS_SET_LINEFEED, &reverse, "reversing");
	quickly(POTS_SET_LINEFEED, &forward, "feeding");
	quickly(POTS_PLAY_TONE, &play, "a tone");
	quickly(POTS_STOP_TONE, &stop, "its end");
}

static void no_ringing_is_left(void)
{
	struct pots_stop stop = {};
	unsigned int ms;

	quickly(POTS_STOP_RING, &stop, "stopping the bell");
	if (!phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, NOTICED_MS))
		CHECK(false, "rings for ever");
	for (ms = 0; ms < 500; ms += 50) {
		CHECK(!(phone().state & POTS_SIM_STATE_RINGING), "rings again");
		sleep_ms(50);
	}
}

static bool is_fed(void)
{
	struct pots_linefeed forward = { .feed = POTS_FEED_FORWARD };
	unsigned int tries;

	for (tries = 0; tries < TRIES; tries++) {
		err_of(line.claim, POTS_SET_LINEFEED, &forward);
		if (phone_wait(line.phone, POTS_SIM_STATE_FED, POTS_SIM_STATE_FED, NOTICED_MS))
			return true;
	}
	return false;
}

static void works_as_before(void)
{
	struct pots_stop stop = {};

	phone_hang(line.phone);
	CHECK(is_fed(), "no battery");
	CHECK(state_wait(line.observer, POTS_STATE_OFF_HOOK | POTS_STATE_PARKED |
			 POTS_STATE_HANGUP, 0, NOTICED_MS),
	      "not on-hook: state %#x", state_of(line.observer));
	sleep_ms(SETTLED_MS);
	event_drain(line.observer);
	if (!lift() || !line_hang(&line)) {
		CHECK(false, "the handset is not seen");
		return;
	}
	if (!ring(20000, false, 400))
		return;
	err_of(line.claim, POTS_STOP_RING, &stop);
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 500), "rings on");
}

static void try_cell(unsigned int state, unsigned int fault)
{
	if (!open_line())
		return;
	inject("clear");
	if (states[state].enter()) {
		inject(faults[fault].command);
		use_while_it_lasts();
		sleep_ms(FAULT_MS);
	} else {
		CHECK(false, "the state is not reached");
	}
	inject("clear");
	sleep_ms(NOTICED_MS);
	no_ringing_is_left();
	works_as_before();
	line_close(&line);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int main(int argc, char **argv)
{
	unsigned int state, fault, number = 0, failed = 0, planned = 0;
	char name[80];

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (fault = 0; fault < COUNT(faults); fault++)
		planned += ktap_wanted(faults[fault].name, argc, argv) * COUNT(states);
	printf("KTAP version 1\n1..%u\n", planned);
	for (fault = 0; fault < COUNT(faults); fault++) {
		if (!ktap_wanted(faults[fault].name, argc, argv))
			continue;
		for (state = 0; state < COUNT(states); state++) {
			snprintf(name, sizeof(name), "%s, %s", faults[fault].name,
				 states[state].name);
			ktap_failed = false;
			try_cell(state, fault);
			printf("%sok %u %s\n", ktap_failed ? "not " : "", ++number, name);
			failed += ktap_failed;
		}
	}
	return failed || !number;
}
