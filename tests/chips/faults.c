// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults of chip, bus and line, as the simulated board injects them: the
 * driver recovers or says that it cannot, nothing hangs, and no ringing voltage
 * is left on a line that nobody rings.
 */
#include "board.h"

#define CHECK_MS	12000	/* the driver's slow check has been, twice */

/* -------------------------------------------------------- what is there --- */

static void a_power_alarm_is_recovered_from(void)
{
	if (!lift())
		return;
	inject("once power-alarm 6");
	CHECK(has_event(POTS_EVENT_ALARM, 1, 3000), "no alarm");
	CHECK(has_event(POTS_EVENT_ALARM, 0, 1000), "no recovery");
	sleep_ms(50);
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
}

static void a_standing_alarm_is_given_up(void)
{
	if (!lift())
		return;
	inject("always power-alarm 6");
	CHECK(has_event(POTS_EVENT_ALARM, 2, 30000), "tries for ever");
	sleep_ms(200);
	CHECK(!(phone().state & POTS_SIM_STATE_FED), "the line is not open");
	inject("clear");
	sleep_ms(10000);	/* one try is forgiven */
	set_feed(POTS_FEED_FORWARD);
	CHECK(has_event(POTS_EVENT_ALARM, 0, 100), "the alarm stays");
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
	CHECK(!event_wait(line.observer, POTS_EVENT_ALARM, NULL, 10000), "alarm");
}

static void a_chip_that_was_reset_is_set_up_again(void)
{
	if (!lift())
		return;
	inject("once chip-reset");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, 12000), "nobody notices");
	sleep_ms(500);
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
}

static void a_dead_chip_is_told_of_and_comes_back(void)
{
	inject("always dead");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_FAILED, 12000), "nobody notices");
	inject("clear");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, 12000), "does not come back");
	sleep_ms(SETTLED_MS);
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
	lift();
}

static void a_failed_transfer_is_tried_again(void)
{
	unsigned int i;

	inject("always spi-fail 2");
	if (lift())
		for (i = 0; i < 8; i++)
			set_feed(i % 2 ? POTS_FEED_FORWARD : POTS_FEED_REVERSE);
	CHECK(line_hang(&line), "putting down is not seen");
	inject("clear");
}

static void a_lost_interrupt_is_found_by_the_check(void)
{
	inject("once irq-lost");
	CHECK(phone_lift(line.phone), "lift");
	CHECK(event_wait(line.observer, POTS_EVENT_OFF_HOOK, NULL, 12000), "not found");
	inject("clear");
}

/* --------------------------------------------------------------- battery --- */

/* Nothing is left on the wire, and when the supply is back so is the line. */
static void a_missing_battery_leaves_a_line_that_comes_back(void)
{
	if (!lift())
		return;
	inject("always no-battery");
	sleep_ms(2000);
	CHECK(!(phone().state & POTS_SIM_STATE_FED), "fed by what?");
	inject("clear");
	sleep_ms(500);
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
}

static void a_driver_without_battery_does_not_bind(void)
{
	CHECK(!port_unplug(line.id), "unbind");
	inject("always no-battery");
	CHECK(port_plug(), "binds");
	CHECK(!(phone().state & POTS_SIM_STATE_FED), "fed by what?");
	inject("clear");
	CHECK(!port_plug(), "bind");
	line_close(&line);
	CHECK(!line_open(&line, 0) && phone().state & POTS_SIM_STATE_FED, "no line");
}

/* -------------------------------------------------------------- registers --- */

static void a_stuck_linefeed_is_an_error(void)
{
	struct pots_linefeed set = { .feed = POTS_FEED_REVERSE };

	inject("stuck 64 0x77 0x11");
	CHECK(err_of(line.claim, POTS_SET_LINEFEED, &set) == EIO, "no error");
	inject("clear");
	CHECK(!err_of(line.claim, POTS_SET_LINEFEED, &set), "not as before");
	CHECK(phone().state & POTS_SIM_STATE_REVERSED, "not reversed");
}

/* ------------------------------------------------------------------ hook --- */

static unsigned int count_events(unsigned int type, unsigned int ms)
{
	struct pots_event event;
	unsigned int count = 0;

	while (event_wait(line.observer, type, &event, ms))
		count++;
	return count;
}

static void a_bouncing_hook_is_one_answer(void)
{
	unsigned int edges, off_hooks, on_hooks;

	sleep_ms(200);	/* the test before may have left the loop masked */
	inject("always hook-bounce 4000");
	CHECK(phone_lift(line.phone), "lift");
	edges = count_events(POTS_EVENT_HOOK_EDGE, 500);
	CHECK(edges == 1, "%u edges", edges);
	CHECK(phone_hang(line.phone), "hang");
	sleep_ms(2500);
	event_drain(line.observer);
	CHECK(phone_lift(line.phone), "lift");
	off_hooks = count_events(POTS_EVENT_OFF_HOOK, 1000);
	CHECK(phone_hang(line.phone), "hang");
	on_hooks = count_events(POTS_EVENT_ON_HOOK, 1500);
	inject("clear");
	CHECK(off_hooks == 1, "%u times off-hook", off_hooks);
	CHECK(on_hooks == 1, "%u times on-hook", on_hooks);
}

/* --------------------------------------------------------------- ringing --- */

static void no_voltage_is_left(void)
{
	struct pots_stop stop = {};

	err_of(line.claim, POTS_STOP_RING, &stop);
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 500), "rings on");
	CHECK(event_absent(line.observer, POTS_EVENT_OFF_HOOK, 500), "an answer");
	CHECK(phone().state & POTS_SIM_STATE_FED, "no battery");
	CHECK(!(phone().state & POTS_SIM_STATE_RINGING), "rings again");
}

/* One sample is filtered and debounced. */
static void a_spike_is_no_answer(void)
{
	if (!ring(20000, false, 2000))
		return;
	inject("once ring-trip");
	CHECK(event_absent(line.observer, POTS_EVENT_OFF_HOOK, 1000), "tripped");
	CHECK(phone().state & POTS_SIM_STATE_RINGING, "silent");
	inject("clear");
	no_voltage_is_left();
}

/* A chip that insists is believed until the loop can be seen: it is open. */
static void a_false_trip_ends_on_hook(void)
{
	struct pots_stop stop = {};

	if (!ring(20000, false, 3000))
		return;
	inject("always ring-trip");
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 500), "rings on");
	inject("clear");
	sleep_ms(2000);
	CHECK(!(state_of(line.observer) & POTS_STATE_OFF_HOOK), "off-hook for ever");
	err_of(line.claim, POTS_STOP_RING, &stop);
	sleep_ms(500);
	CHECK(!(phone().state & POTS_SIM_STATE_RINGING), "rings again");
}

static void an_alarm_ends_no_ringing_for_good(void)
{
	if (!ring(20000, false, 3000))
		return;
	inject("once power-alarm 6");
	CHECK(has_event(POTS_EVENT_ALARM, 1, 3000), "no alarm");
	CHECK(has_event(POTS_EVENT_ALARM, 0, 3000), "no recovery");
	no_voltage_is_left();
}

static void a_reset_while_ringing_is_noticed(void)
{
	if (!ring(20000, false, 3000))
		return;
	inject("once chip-reset");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "nobody notices");
	sleep_ms(500);
	no_voltage_is_left();
}

/* The command to stop is lost with the bus; it is made up for. */
static void lose_the_stop(unsigned int dead_ms)
{
	struct pots_stop stop = {};

	if (!ring(20000, false, 3000))
		return;
	inject("always spi-fail 1");
	err_of(line.claim, POTS_STOP_RING, &stop);
	sleep_ms(dead_ms);
	inject("clear");
	sleep_ms(CHECK_MS);
	CHECK(!(phone().state & POTS_SIM_STATE_RINGING), "rings for ever");
	event_drain(line.observer);
	no_voltage_is_left();
}

static void a_bus_that_fails_while_ringing_comes_back_silent(void)
{
	lose_the_stop(1000);
}

/* For so short a time that the chip is not thought dead. */
static void a_bus_that_fails_for_the_stop_only_comes_back_silent(void)
{
	lose_the_stop(50);
}

static const struct ktap_test tests[] = {
	TEST(a_power_alarm_is_recovered_from),
	TEST(a_standing_alarm_is_given_up),
	TEST(a_chip_that_was_reset_is_set_up_again),
	TEST(a_dead_chip_is_told_of_and_comes_back),
	TEST(a_failed_transfer_is_tried_again),
	TEST(a_lost_interrupt_is_found_by_the_check),
	TEST(a_missing_battery_leaves_a_line_that_comes_back),
	TEST(a_driver_without_battery_does_not_bind),
	TEST(a_stuck_linefeed_is_an_error),
	TEST(a_bouncing_hook_is_one_answer),
	TEST(a_spike_is_no_answer),
	TEST(a_false_trip_ends_on_hook),
	TEST(an_alarm_ends_no_ringing_for_good),
	TEST(a_reset_while_ringing_is_noticed),
	TEST(a_bus_that_fails_while_ringing_comes_back_silent),
	TEST(a_bus_that_fails_for_the_stop_only_comes_back_silent),
};

#define COUNT	(sizeof(tests) / sizeof(tests[0]))

/* Each test has a line without faults to itself. */
static bool run_one(unsigned int i, unsigned int number)
{
	ktap_failed = false;
	if (open_line()) {
		inject("clear");
		tests[i].run();
		inject("clear");
	}
	line_close(&line);
	printf("%sok %u %s\n", ktap_failed ? "not " : "", number, tests[i].name);
	return !ktap_failed;
}

int main(int argc, char **argv)
{
	unsigned int i, number = 0, failed = 0, planned = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < COUNT; i++)
		planned += ktap_wanted(tests[i].name, argc, argv);
	printf("KTAP version 1\n1..%u\n", planned);
	for (i = 0; i < COUNT; i++)
		if (ktap_wanted(tests[i].name, argc, argv))
			failed += !run_one(i, ++number);
	return failed || !number;
}
