// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine sleeps and wakes: the line has no battery meanwhile, and is as it
 * was afterwards.
 */
#include "board.h"
#include "sleep.h"

static void test_the_line_sleeps_and_wakes(void)
{
	struct pots_sim_state state;
	struct pots_stop stop = {};
	struct pots_event event;
	uint64_t begin_ns;

	CHECK(!line_open(&line, 0) && line.phone >= 0, "no line");
	CHECK(ring(20000, false, 3000), "no ringing");
	begin_ns = now_ns();
	CHECK(sleep_a_second(), "the machine does not sleep");

	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, 2000), "nobody is told");
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_FED, POTS_SIM_STATE_FED, 2000),
	      "no battery");
	state = phone();
	CHECK(state.open_ns > begin_ns && state.fed_ns - state.open_ns > 900 * NS_PER_MS,
	      "battery while asleep: gone for %lld ms",
	      (long long)(state.fed_ns - state.open_ns) / NS_PER_MS);
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, POTS_SIM_STATE_RINGING, 4000),
	      "the ringing is forgotten");
	CHECK(!err_of(line.claim, POTS_STOP_RING, &stop), "stop");
	CHECK(phone_wait(line.phone, POTS_SIM_STATE_RINGING, 0, 500), "rings for ever");
	sleep_ms(SETTLED_MS);
	CHECK(phone_lift(line.phone), "lift");
	CHECK(event_wait(line.observer, POTS_EVENT_OFF_HOOK, &event, 1000),
	      "lifting is not seen");
	CHECK(near(phone().loop_ua, 23000, 1000), "%d uA", phone().loop_ua);
}

KTAP_MAIN(TEST(test_the_line_sleeps_and_wakes))
