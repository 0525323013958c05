// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults of the Si3050, its isolation link, the bus and the line, as the
 * simulated board injects them: the driver recovers or says that it cannot,
 * nothing hangs, and no line is held that nobody holds.
 */
#include "exchange.h"
#include "sound.h"

#define CHECK_MS	12000	/* the driver's slow check has been, twice */
#define BRING_UP_MS	1000	/* how long it takes, with a link that comes up */

/* The loop changes, where a fault waits for it. */
static void stir(void)
{
	now_does(POTS_SIM_STEP_POLARITY, 2);
	sleep_ms(20);
	now_does(POTS_SIM_STEP_POLARITY, 2);
}

static void expect_a_working_line(void)
{
	sleep_ms(SETTLED_MS);
	release();
	sleep_ms(SETTLED_MS);
	CHECK(settle(), "no rest");
	if (!seize())
		return;
	sleep_ms(100);
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the loop is open");
	release();
	sleep_ms(100);
	CHECK(!(seen().state & POTS_SIM_X_CLOSED), "the loop is closed");
}

/* ------------------------------------------------------------------ link --- */

static void a_link_that_never_comes_up_does_not_bind(void)
{
	uint64_t at_ns;
	double ms;

	CHECK(!port_unplug(trunk.id), "unbind");
	trunk_close();
	at_ns = now_ns();
	inject("always link-lost");
	CHECK(port_plug(), "binds");
	ms = (double)(now_ns() - at_ns) / NS_PER_MS;
	CHECK(ms > 1900 && ms < 2500, "gives up after %.0f ms", ms);
	inject("clear");
	CHECK(!port_plug(), "bind");
	if (trunk_open(0))
		expect_a_working_line();
}

static void a_lost_link_is_set_up_again(void)
{
	inject("once link-lost");
	stir();
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, BRING_UP_MS), "nobody notices");
	expect_a_working_line();
}

static void a_link_lost_off_hook_is_set_up_again(void)
{
	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	inject("once link-lost");
	stir();
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, BRING_UP_MS), "nobody notices");
	sleep_ms(100);
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the line is not held again");
	expect_a_working_line();
}

static void a_link_that_stays_away_is_told_and_comes_back(void)
{
	inject("always link-lost");
	stir();
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_FAILED, 3000), "nobody notices");
	inject("clear");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "does not come back");
	expect_a_working_line();
}

/* ------------------------------------------------------------------ chip --- */

static void a_chip_that_was_reset_is_set_up_again(void)
{
	inject("once chip-reset");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "nobody notices");
	expect_a_working_line();
}

static void a_chip_reset_off_hook_is_found_at_once(void)
{
	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	inject("once chip-reset");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, BRING_UP_MS), "nobody notices");
	sleep_ms(100);
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the line is not held again");
	expect_a_working_line();
}

static void a_dead_chip_is_told_and_comes_back(void)
{
	inject("always dead");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_FAILED, CHECK_MS), "nobody notices");
	inject("clear");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "does not come back");
	expect_a_working_line();
}

/* Half of the number may have gone. */
static bool dialled_halfway(void)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE, .count = 2, .digit = { 0, 0 },
		.break_ms = 60, .make_ms = 40, .interdigit_ms = 2000,
	};

	if (!seize())
		return false;
	sleep_ms(SETTLED_MS);
	CHECK(!err_of(trunk.claim, POTS_DIAL, &dial), "dial");
	sleep_ms(1500);
	return true;
}

static void a_number_on_its_way_is_lost_with_the_registers(void)
{
	struct pots_event event;

	if (!dialled_halfway())
		return;
	inject("once chip-reset");
	CHECK(event_wait(trunk.observer, POTS_EVENT_DIAL_DONE, &event, BRING_UP_MS), "goes on");
	CHECK(event.value == POTS_DONE_FAILED, "%u", event.value);
	sleep_ms(200);
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the line is not held again");
	expect_a_working_line();
}

static void a_chip_that_listened_does_so_again(void)
{
	struct pots_exchange set = settings();

	set.flags |= POTS_EXCHANGE_F_CID_ALWAYS;
	set_settings(set);
	sleep_ms(100);
	inject("once chip-reset");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "nobody notices");
	sleep_ms(100);
	CHECK((port_reg(trunk.id, "DAA1") & 0x09) == 0x08, "DAA1 %#x",
	      port_reg(trunk.id, "DAA1"));
}

static void a_chip_that_dies_in_a_call_ends_it(void)
{
	struct pots_event event;

	if (!dialled_halfway())
		return;
	inject("always dead");
	CHECK(event_wait(trunk.observer, POTS_EVENT_DIAL_DONE, &event, CHECK_MS) &&
	      event.value == POTS_DONE_FAILED, "dials on");
	CHECK(event_wait(trunk.observer, POTS_EVENT_ON_HOOK, NULL, CHECK_MS), "a call goes on");
	CHECK(!(state_of(trunk.observer) & (POTS_STATE_OFF_HOOK | POTS_STATE_DIALLING)),
	      "state %#x", state_of(trunk.observer));
	inject("clear");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "does not come back");
	sleep_ms(100);
	CHECK(!(seen().state & POTS_SIM_X_CLOSED), "the line is held");
	expect_a_working_line();
}

static void settings_outlive_a_reset(void)
{
	struct pots_exchange set = settings();
	struct pots_sim_exchange param = exchange_param();

	set.flags |= POTS_EXCHANGE_F_CURRENT_LIMIT;
	set_settings(set);
	inject("once chip-reset");
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, CHECK_MS), "nobody notices");
	param.feed_ohm = 400;
	set_exchange_param(param);
	sleep_ms(SETTLED_MS);
	if (!seize())
		return;
	sleep_ms(100);
	CHECK(near(seen().loop_ua, 60000, 500), "%d uA", seen().loop_ua);
}

/* ------------------------------------------------------------------- bus --- */

static void a_failed_transfer_is_tried_again(void)
{
	unsigned int i;

	inject("always spi-fail 2");
	for (i = 0; i < 8; i++) {
		seize();
		release();
	}
	inject("clear");
	CHECK(event_absent(trunk.observer, POTS_EVENT_CHIP, 1000), "trouble");
	expect_a_working_line();
}

/* The line is left up for as long as the fault lasts, and not longer. */
static void release_fails_by(const char *fault)
{
	struct pots_hangup command = {};
	struct pots_event event;

	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	event_drain(trunk.observer);
	inject(fault);
	CHECK(err_of(trunk.claim, POTS_HANGUP, &command) == EIO, "no error");
	CHECK(event_wait(trunk.observer, POTS_EVENT_ON_HOOK, &event, 20), "not told");
	CHECK(seen().state & POTS_SIM_X_CLOSED, "released by nobody");
	inject("clear");
	CHECK(seen_wait(POTS_SIM_X_CLOSED, 0, 150), "left up");
}

static void a_release_that_the_bus_fails_is_tried_again(void)
{
	release_fails_by("always spi-fail 1");
	expect_a_working_line();
}

/* As far as the chip's driver can see all is well: nobody else tries it. */
static void a_release_that_the_chip_ignores_is_tried_again(void)
{
	release_fails_by("override direct 5 0x01");
	CHECK(event_absent(trunk.observer, POTS_EVENT_CHIP, 1000), "set up again");
	expect_a_working_line();
}

static void a_stuck_register_is_an_error(void)
{
	struct pots_exchange set = settings();

	set.dc_mv = 3350;
	inject("stuck 26 0xc0 0x00");
	CHECK(try_settings(set) == EIO, "no error");
	inject("clear");
	CHECK(!try_settings(set), "not as before");
	expect_a_working_line();
}

static void a_stuck_hook_is_an_error(void)
{
	struct pots_seize command = {};

	inject("stuck 5 0x01 0x00");
	CHECK(err_of(trunk.claim, POTS_SEIZE, &command) == EIO, "no error");
	CHECK(seen_wait(POTS_SIM_X_CLOSED, 0, 50), "held by nobody");
	inject("clear");
	expect_a_working_line();
}

static void a_stuck_register_does_not_bind(void)
{
	CHECK(!port_unplug(trunk.id), "unbind");
	trunk_close();
	inject("stuck 35 0x03 0x02");
	CHECK(port_plug(), "binds");
	inject("clear");
	CHECK(!port_plug(), "bind");
	if (trunk_open(0))
		expect_a_working_line();
}

/* A driver of before that was interrupted, on a board without a reset line. */
static void chips_out_of_step_are_found(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		CHECK(!port_unplug(trunk.id), "unbind");
		trunk_close();
		CHECK(!port_plug(), "bind");
		if (!trunk_open(0))
			return;
	}
	expect_a_working_line();
}

/*
 * The check does not wake a processor: it is awake now and then. After it the line is
 * at rest, and the next interrupt comes.
 */
static void a_lost_interrupt_is_found_by_the_check(void)
{
	unsigned long before;
	bool found = false;
	unsigned int i;

	inject("once irq-lost");
	now_does(POTS_SIM_STEP_POLARITY, 1);
	for (i = 0; !found && i < CHECK_MS / 100; i++)
		found = has_event(POTS_EVENT_POLARITY, 1, 100);
	CHECK(found, "not found");
	sleep_ms(1000);
	before = messages();
	sleep_ms(2000);
	CHECK(is_polled() || messages() - before <= 10, "looked at %lu times", messages() - before);
	now_does(POTS_SIM_STEP_POLARITY, 0);
	CHECK(has_event(POTS_EVENT_POLARITY, 0, 200), "the next is not told at once");
}

/* -------------------------------------------------------------- drop-out --- */

/* Without a line to live on its measure of the current is worth nothing. */
static void a_drop_out_is_told(void)
{
	struct pots_event event;
	uint64_t at_ns;
	double ms;

	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	inject("stuck 28 0xff 0x20");	/* LCS2: 35 mA */
	CHECK(event_absent(trunk.observer, POTS_EVENT_BATTERY, 300), "told before");
	at_ns = now_ns();
	now_does(POTS_SIM_STEP_BATTERY, 0);
	CHECK(event_wait(trunk.observer, POTS_EVENT_BATTERY, &event, 400), "not told");
	ms = (double)(now_ns() - at_ns) / NS_PER_MS;
	CHECK(!event.value && ms > 60 && ms < (is_polled() ? 94 : 71), "%u after %.1f ms",
	      event.value, ms);
	now_does(POTS_SIM_STEP_BATTERY, 1);
	CHECK(has_event(POTS_EVENT_BATTERY, 1, 400), "not told that it is back");
	inject("clear");
	expect_a_working_line();
}

/* -------------------------------------------------------------- overload --- */

/* The codec is on the bus for the exchange's tones, but not while the loop is open. */
static bool is_listened_to(void)
{
	return port_reg(trunk.id, "PCM_MODE") & 0x20;
}

static void an_overload_is_recovered_from(void)
{
	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	inject("once overload");
	stir();
	CHECK(has_event(POTS_EVENT_ALARM, 1, 200), "no alarm");
	CHECK(!(seen().state & POTS_SIM_X_CLOSED), "the loop is closed");
	sleep_ms(50);
	CHECK(!is_listened_to(), "an open loop is listened to");
	CHECK(has_event(POTS_EVENT_ALARM, 0, 1000), "no recovery");
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the loop is open");
	sleep_ms(50);
	CHECK(is_listened_to(), "not listened to any more");
	expect_a_working_line();
}

static void a_standing_overload_is_given_up(void)
{
	struct pots_sim_exchange plain = exchange_param(), strong = plain;

	strong.feed_ohm = 200;	/* 180 mA */
	set_exchange_param(strong);
	if (!seize())
		return;
	CHECK(has_event(POTS_EVENT_ALARM, 2, 3000), "tries for ever");
	CHECK(!(seen().state & POTS_SIM_X_CLOSED), "the loop is closed");
	CHECK(seen_wait(POTS_SIM_X_TICKING, 0, 1000), "somebody listens to it");
	release();
	set_exchange_param(plain);
	sleep_ms(2000);
	event_drain(trunk.observer);
	CHECK(seize(), "not as before");
	CHECK(!(state_of(trunk.observer) & POTS_STATE_ALARM), "the alarm stays");
	CHECK(event_absent(trunk.observer, POTS_EVENT_CHIP, 500), "trouble");
	expect_a_working_line();
}

static const struct ktap_test tests[] = {
	TEST(a_link_that_never_comes_up_does_not_bind),
	TEST(a_lost_link_is_set_up_again),
	TEST(a_link_lost_off_hook_is_set_up_again),
	TEST(a_link_that_stays_away_is_told_and_comes_back),
	TEST(a_chip_that_was_reset_is_set_up_again),
	TEST(a_chip_reset_off_hook_is_found_at_once),
	TEST(a_dead_chip_is_told_and_comes_back),
	TEST(a_number_on_its_way_is_lost_with_the_registers),
	TEST(a_chip_that_listened_does_so_again),
	TEST(a_chip_that_dies_in_a_call_ends_it),
	TEST(settings_outlive_a_reset),
	TEST(a_failed_transfer_is_tried_again),
	TEST(a_release_that_the_bus_fails_is_tried_again),
	TEST(a_release_that_the_chip_ignores_is_tried_again),
	TEST(a_stuck_register_is_an_error),
	TEST(a_stuck_hook_is_an_error),
	TEST(a_stuck_register_does_not_bind),
	TEST(chips_out_of_step_are_found),
	TEST(a_lost_interrupt_is_found_by_the_check),
	TEST(a_drop_out_is_told),
	TEST(an_overload_is_recovered_from),
	TEST(a_standing_overload_is_given_up),
};

int main(int argc, char **argv)
{
	return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
