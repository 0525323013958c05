/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of a chip's driver share: the first port of a simulated board
 * and the telephone behind it. Times hold in virtual time.
 */
#ifndef POTS_TESTS_CHIPS_BOARD_H
#define POTS_TESTS_CHIPS_BOARD_H

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../uapi/port.h"
#include "../unit/ktap.h"

#define SETTLED_MS	200	/* after a change of feed edges are not believed */

static struct line line;

static inline struct pots_sim_state phone(void)
{
	struct pots_sim_state state = {};

	CHECK(phone_state(line.phone, &state), "no telephone");
	return state;
}

static inline void set_phone(unsigned int loop_ohm, unsigned int ren_milli)
{
	struct pots_sim_phone param;

	CHECK(!err_of(line.phone, POTS_SIM_GET_PHONE, &param), "get");
	param.loop_ohm = loop_ohm;
	param.ren_milli = ren_milli;
	CHECK(!err_of(line.phone, POTS_SIM_SET_PHONE, &param), "set");
}

static inline void set_feed(unsigned int feed)
{
	struct pots_linefeed set = { .feed = feed };

	CHECK(!err_of(line.claim, POTS_SET_LINEFEED, &set), "feed %u", feed);
}

static inline bool open_line(void)
{
	int err = line_open(&line, 0);

	CHECK(!err, "%s", strerror(err));
	CHECK(line.phone >= 0, "no telephone");
	if (!err)
		set_phone(300, 1000);
	return !err && line.phone >= 0;
}

/* What a time may be off beyond its bounds, ms: on the debug kernel only. */
static inline double slack(void)
{
	return slack_ms(0) / 50.0;
}

static inline bool near(double got, double want, double off)
{
	return fabs(got - want) <= off;
}

static inline bool lift(void)
{
	bool lifted = line_lift(&line);

	CHECK(lifted, "lifting is not seen");
	return lifted;
}

static inline bool ring_over(unsigned int freq_mhz, bool trapezoid, unsigned int on_ms,
			     unsigned int dc_mv)
{
	struct pots_ring program = {
		.flags = trapezoid ? POTS_RING_F_TRAPEZOID : 0,
		.freq_mhz = freq_mhz,
		.count = 1,
		.on_ms = { on_ms },
		.off_ms = { 500 },
		.dc_mv = dc_mv,
	};
	int err = err_of(line.claim, POTS_RING, &program);

	CHECK(!err, "ring: %s", strerror(err));
	return !err && phone_wait(line.phone, POTS_SIM_STATE_RINGING,
				  POTS_SIM_STATE_RINGING, 500);
}

static inline bool ring(unsigned int freq_mhz, bool trapezoid, unsigned int on_ms)
{
	return ring_over(freq_mhz, trapezoid, on_ms, 0);
}

/* A command to the simulated line's fault injection. */
static inline void inject(const char *command)
{
	char path[80], board[32];
	unsigned int k;
	FILE *file;

	CHECK(sscanf(line.info.label, "%31[^-]-%u", board, &k) == 2, "%s", line.info.label);
	snprintf(path, sizeof(path), "/sys/kernel/debug/pots-sim/%s/%u", board, k);
	file = fopen(path, "w");
	CHECK(file && fputs(command, file) >= 0 && !fclose(file), "%s: %s", path, command);
}

static inline bool has_event(unsigned int type, unsigned int value, unsigned int ms)
{
	return event_wait_value(line.observer, type, value, ms);
}

#endif /* POTS_TESTS_CHIPS_BOARD_H */
