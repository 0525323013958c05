// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine sleeps and wakes with a line seized: on-hook meanwhile, and as it
 * was afterwards.
 */
#include "exchange.h"
#include "sleep.h"

static void test_the_line_sleeps_and_wakes(void)
{
	struct pots_sim_exchange_state state;
	uint64_t begin_ns;

	if (!trunk_open(0) || !seize())
		return;
	sleep_ms(SETTLED_MS);
	begin_ns = now_ns();
	CHECK(sleep_a_second(), "the machine does not sleep");

	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, 2000), "nobody is told");
	CHECK(seen_wait(POTS_SIM_X_CLOSED, POTS_SIM_X_CLOSED, 500), "the line is not held again");
	state = seen();
	CHECK(state.open_ns > begin_ns && state.closed_ns - state.open_ns > 900 * NS_PER_MS,
	      "held while asleep: open for %lld ms",
	      (long long)(state.closed_ns - state.open_ns) / NS_PER_MS);
	release();
	CHECK(settle() && seen_wait(POTS_SIM_X_SEIZED, 0, 3000), "no rest");
	event_drain(trunk.observer);
	now_rings(1000);
	CHECK(has_event(POTS_EVENT_RING_BURST, 1, 500), "ringing is not heard");
	CHECK(has_event(POTS_EVENT_RING_BURST, 0, 1500), "it rings on");
}

KTAP_MAIN(TEST(test_the_line_sleeps_and_wakes))
