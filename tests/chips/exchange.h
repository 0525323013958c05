/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the Si3050's driver share: a port that faces an exchange,
 * and the exchange of the simulated board. Times hold in virtual time.
 */
#ifndef POTS_TESTS_CHIPS_EXCHANGE_H
#define POTS_TESTS_CHIPS_EXCHANGE_H

#include <fcntl.h>
#include <glob.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../uapi/port.h"
#include "../unit/ktap.h"

#define LINK_MS		4000	/* a chip is there within this time */
#define SETTLED_MS	500	/* after a change of the hook all is believed again */

struct trunk {
	int id;
	int observer;
	int claim;
	int exchange;
	struct pots_info info;
};

static struct trunk trunk;

static inline bool near(double got, double want, double off)
{
	return fabs(got - want) <= off;
}

static inline bool is_polled(void)
{
	return getenv("POTS_POLLED");
}

/* ------------------------------------------------------------ exchange --- */

static inline struct pots_sim_exchange_state seen(void)
{
	struct pots_sim_exchange_state state = {};

	CHECK(!err_of(trunk.exchange, POTS_SIM_GET_EXCHANGE_STATE, &state), "no exchange");
	return state;
}

static inline bool seen_wait(uint32_t mask, uint32_t value, unsigned int ms)
{
	uint64_t end_ns = now_ns() + ms * NS_PER_MS;

	while ((seen().state & mask) != value) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(1);
	}
	return true;
}

static inline void queue_steps(const struct pots_sim_step *steps, unsigned int count)
{
	struct pots_sim_queue queue = { .count = count, .flags = POTS_SIM_QUEUE_F_FLUSH };

	memcpy(queue.step, steps, count * sizeof(*steps));
	CHECK(!err_of(trunk.exchange, POTS_SIM_QUEUE, &queue), "the exchange does not do it");
}

/* The exchange does @kind, with @count. */
static inline void now_does(unsigned int kind, unsigned int count)
{
	const struct pots_sim_step step = { .kind = kind, .count = count };

	queue_steps(&step, 1);
}

static inline void now_rings(unsigned int on_ms)
{
	const struct pots_sim_step step = {
		.kind = POTS_SIM_STEP_RING,
		.count = 1,
		.on_us = on_ms * 1000,
		.off_us = 1000,
	};

	queue_steps(&step, 1);
}

static inline struct pots_sim_exchange exchange_param(void)
{
	struct pots_sim_exchange param = {};

	CHECK(!err_of(trunk.exchange, POTS_SIM_GET_EXCHANGE, &param), "get");
	return param;
}

static inline void set_exchange_param(struct pots_sim_exchange param)
{
	CHECK(!err_of(trunk.exchange, POTS_SIM_SET_EXCHANGE, &param), "set");
}

/* ---------------------------------------------------------------- port --- */

static inline struct pots_exchange settings(void)
{
	struct pots_exchange settings = {};

	CHECK(!err_of(trunk.claim, POTS_GET_EXCHANGE, &settings), "get");
	return settings;
}

static inline int try_settings(struct pots_exchange settings)
{
	return err_of(trunk.claim, POTS_SET_EXCHANGE, &settings);
}

static inline void set_settings(struct pots_exchange settings)
{
	int err = try_settings(settings);

	CHECK(!err, "settings: %s", strerror(err));
}

static inline bool seize(void)
{
	struct pots_seize command = {};
	int err = err_of(trunk.claim, POTS_SEIZE, &command);

	CHECK(!err, "seize: %s", strerror(err));
	return !err;
}

static inline void release(void)
{
	struct pots_hangup command = {};
	int err = err_of(trunk.claim, POTS_HANGUP, &command);

	CHECK(!err, "release: %s", strerror(err));
}

static inline bool has_event(unsigned int type, unsigned int value, unsigned int ms)
{
	return event_wait_value(trunk.observer, type, value, ms);
}

static inline bool settle(void)
{
	return state_wait(trunk.observer,
			  POTS_STATE_RINGING | POTS_STATE_NO_BATTERY | POTS_STATE_IN_USE |
			  POTS_STATE_OFF_HOOK, 0, 12000);
}

/* A command to the simulated line's fault injection. */
static inline void inject(const char *command)
{
	char path[80], board[32];
	unsigned int k;
	FILE *file;

	CHECK(sscanf(trunk.info.label, "%31[^-]-x%u", board, &k) == 2, "%s", trunk.info.label);
	snprintf(path, sizeof(path), "/sys/kernel/debug/pots-sim/%s/x%u", board, k);
	file = fopen(path, "w");
	CHECK(file && fputs(command, file) >= 0 && !fclose(file), "%s: %s", path, command);
}

/* How many the bus has carried: who looks at a line at rest is seen by that. */
static inline unsigned long messages(void)
{
	unsigned long count = 0;
	glob_t found;
	FILE *file;

	if (glob("/sys/class/spi_master/spi*/statistics/spi_sync", 0, NULL, &found))
		return 0;
	file = fopen(found.gl_pathv[0], "r");
	if (file && fscanf(file, "%lu", &count) != 1)
		count = 0;
	if (file)
		fclose(file);
	globfree(&found);
	return count;
}

static inline bool find_trunk(unsigned int nth)
{
	unsigned int ids[PORTS_MAX], count = port_list(ids), i;

	for (i = 0; i < count; i++) {
		trunk.id = ids[i];
		trunk.observer = port_open(ids[i], O_RDWR);
		if (trunk.observer >= 0 && !ioctl(trunk.observer, POTS_GET_INFO, &trunk.info) &&
		    trunk.info.type == POTS_PORT_TYPE_FXO && !nth--)
			return true;
		if (trunk.observer >= 0)
			close(trunk.observer);
	}
	trunk.observer = -1;
	return false;
}

/* Port number @nth of those that face an exchange, as the exchange leaves it. */
static inline bool trunk_open(unsigned int nth)
{
	uint64_t end_ns = now_ns() + LINK_MS * NS_PER_MS;
	char path[64];

	trunk = (struct trunk){ .observer = -1, .claim = -1, .exchange = -1 };
	while (!find_trunk(nth)) {
		CHECK(now_ns() < end_ns, "no port");
		if (now_ns() >= end_ns)
			return false;
		sleep_ms(10);
	}
	snprintf(path, sizeof(path), "/dev/potsim-%.32s", trunk.info.label);
	trunk.exchange = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	trunk.claim = port_claim(trunk.observer, 0);
	CHECK(trunk.exchange >= 0 && trunk.claim >= 0, "%s: %s", path, strerror(errno));
	return trunk.exchange >= 0 && trunk.claim >= 0;
}

static inline void trunk_close(void)
{
	if (trunk.claim >= 0)
		close(trunk.claim);
	if (trunk.observer >= 0)
		close(trunk.observer);
	if (trunk.exchange >= 0)
		close(trunk.exchange);
}

/* ---------------------------------------------------------------- tests --- */

/* The line as it is at first, for each test. */
static inline bool begin_test(const struct pots_exchange *plain,
			      const struct pots_sim_exchange *exchange)
{
	now_does(POTS_SIM_STEP_POLARITY, 0);
	now_does(POTS_SIM_STEP_PARALLEL, 0);
	now_does(POTS_SIM_STEP_BATTERY, 1);
	set_exchange_param(*exchange);
	release();
	set_settings(*plain);
	sleep_ms(SETTLED_MS);
	CHECK(settle() && seen_wait(POTS_SIM_X_SEIZED, 0, 3000), "no rest");
	event_drain(trunk.observer);
	return !ktap_failed;
}

static inline bool run_test(const struct ktap_test *test, unsigned int number,
			    const struct pots_exchange *plain,
			    const struct pots_sim_exchange *exchange)
{
	ktap_failed = false;
	if (begin_test(plain, exchange))
		test->run();
	inject("clear");
	printf("%sok %u %s\n", ktap_failed ? "not " : "", number, test->name);
	return !ktap_failed;
}

/* All tests, or those that are named, with the first port; the exit status. */
static inline int run_tests(const struct ktap_test *tests, unsigned int count, int argc,
			    char **argv)
{
	unsigned int i, number = 0, failed = 0, planned = 0;
	struct pots_sim_exchange exchange;
	struct pots_exchange plain;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < count; i++)
		planned += ktap_wanted(tests[i].name, argc, argv);
	printf("KTAP version 1\n1..%u\n", planned);
	if (!trunk_open(0))
		return 1;
	plain = settings();
	exchange = exchange_param();
	for (i = 0; i < count; i++)
		if (ktap_wanted(tests[i].name, argc, argv))
			failed += !run_test(&tests[i], ++number, &plain, &exchange);
	trunk_close();
	return failed || !number;
}

#endif /* POTS_TESTS_CHIPS_EXCHANGE_H */
