// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Three Si3050 in a daisy chain on one chip select: each line is its own, and a
 * line side that does not answer costs that line only.
 */
#include "exchange.h"
#include "sound.h"

#define CHIPS		3
#define STORE		4000

static struct trunk trunks[CHIPS];

static void use(unsigned int k)
{
	trunk = trunks[k];
}

static bool open_all(void)
{
	unsigned int k;

	for (k = 0; k < CHIPS; k++) {
		if (!trunk_open(k))
			return false;
		trunks[k] = trunk;
		CHECK(trunk.info.label[strlen(trunk.info.label) - 1] == '1' + (char)k,
		      "port %u is %s", k, trunk.info.label);
	}
	return true;
}

static void close_all(void)
{
	unsigned int k;

	for (k = 0; k < CHIPS; k++) {
		use(k);
		trunk_close();
	}
}

static void drain_all(void)
{
	unsigned int k;

	sleep_ms(SETTLED_MS);
	for (k = 0; k < CHIPS; k++)
		event_drain(trunks[k].observer);
}

static void each_line_rings_for_itself(void)
{
	unsigned int k, other;

	for (k = 0; k < CHIPS; k++) {
		drain_all();
		use(k);
		now_rings(600);
		CHECK(has_event(POTS_EVENT_RING_BURST, 1, 500), "line %u does not ring", k + 1);
		CHECK(has_event(POTS_EVENT_RING_BURST, 0, 1000), "line %u rings on", k + 1);
		for (other = 0; other < CHIPS; other++) {
			use(other);
			CHECK(other == k || event_absent(trunk.observer, POTS_EVENT_RING_BURST, 1),
			      "line %u rings with %u", other + 1, k + 1);
		}
	}
}

static void all_ring_at_once(void)
{
	unsigned int k;

	drain_all();
	for (k = 0; k < CHIPS; k++) {
		use(k);
		now_rings(1000);
	}
	for (k = 0; k < CHIPS; k++) {
		use(k);
		CHECK(has_event(POTS_EVENT_RING_BURST, 1, 500), "line %u does not ring", k + 1);
	}
	for (k = 0; k < CHIPS; k++) {
		use(k);
		CHECK(has_event(POTS_EVENT_RING_BURST, 0, 1500), "line %u rings on", k + 1);
	}
}

static void each_line_is_seized_alone(void)
{
	unsigned int k, other;

	for (k = 0; k < CHIPS; k++) {
		use(k);
		if (!seize())
			return;
		sleep_ms(100);
		for (other = 0; other < CHIPS; other++) {
			use(other);
			CHECK(!!(seen().state & POTS_SIM_X_CLOSED) == (other == k),
			      "line %u with %u", other + 1, k + 1);
		}
		use(k);
		release();
	}
}

/* Each has its slot: a tone of its own comes from each line. */
static void each_line_is_heard_alone(void)
{
	struct pots_audio audio = {
		.read_frames = 20, .write_low_frames = 20, .queue_frames = 400,
	};
	static int16_t mouth[CHIPS][STORE], heard[CHIPS][RATE / 8 + HEAR];
	unsigned int k;

	for (k = 0; k < CHIPS; k++) {
		struct pots_sim_exchange param;

		use(k);
		param = exchange_param();
		param.flags |= POTS_SIM_EXCHANGE_F_QUIET;
		set_exchange_param(param);
		if (!seize())
			return;
		sine(mouth[k], STORE, 600 + 200 * k, -10);
	}
	sleep_ms(SETTLED_MS);
	for (k = 0; k < CHIPS; k++) {
		use(k);
		CHECK(!err_of(trunk.claim, POTS_AUDIO_START, &audio), "audio");
		CHECK(write(trunk.exchange, mouth[k], sizeof(*mouth)) > 0, "speak");
	}
	/* Who computes while three lines sound takes the time that their ticks need. */
	for (k = 0; k < CHIPS; k++) {
		use(k);
		CHECK(take(trunk.claim, heard[k], RATE / 8 + HEAR), "no speech");
	}
	for (k = 0; k < CHIPS; k++) {
		unsigned int other;

		use(k);
		for (other = 0; other < CHIPS; other++) {
			double got = level(heard[k] + RATE / 8, 600 + 200 * other);

			CHECK(other == k ? near(got, -10, 0.3) : got < -50,
			      "line %u on %u: %.1f dBm0", other + 1, k + 1, got);
		}
		release();
	}
}

static void nothing_is_out_of_step(void)
{
	unsigned int k;

	for (k = 0; k < CHIPS; k++) {
		use(k);
		CHECK(!seen().bad_writes && !seen().bad_access, "line %u: %u, %u", k + 1,
		      seen().bad_writes, seen().bad_access);
	}
}

static void one_lost_chip_is_set_up_alone(void)
{
	drain_all();
	use(0);
	if (!seize())
		return;
	sleep_ms(SETTLED_MS);
	use(1);
	inject("once link-lost");
	now_does(POTS_SIM_STEP_POLARITY, 1);
	CHECK(has_event(POTS_EVENT_CHIP, POTS_CHIP_RESET, 1500), "nobody notices");
	now_does(POTS_SIM_STEP_POLARITY, 0);
	use(0);
	CHECK(seen().state & POTS_SIM_X_CLOSED, "the other's call is cut off");
	CHECK(event_absent(trunk.observer, POTS_EVENT_CHIP, 1), "the other is reset, too");
	release();
}

/* The last test: there are two lines afterwards. */
static void a_dead_line_side_costs_its_line(void)
{
	unsigned int ids[PORTS_MAX];

	use(1);
	inject("always link-lost");
	CHECK(!port_unplug(trunk.id), "unbind");
	close_all();
	CHECK(!port_plug(), "bind");
	sleep_ms(100);
	CHECK(port_list(ids) == CHIPS - 1, "%u ports", port_list(ids));
	CHECK(trunk_open(1), "no line");
	CHECK(trunk.info.label[strlen(trunk.info.label) - 1] == '3', "%s", trunk.info.label);
	if (seize())
		release();
	trunk_close();
}

static const struct ktap_test tests[] = {
	TEST(each_line_rings_for_itself),
	TEST(all_ring_at_once),
	TEST(each_line_is_seized_alone),
	TEST(each_line_is_heard_alone),
	TEST(nothing_is_out_of_step),
	TEST(one_lost_chip_is_set_up_alone),
	TEST(a_dead_line_side_costs_its_line),
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!open_all()) {
		printf("KTAP version 1\n1..1\nnot ok 1 three lines\n");
		return 1;
	}
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
