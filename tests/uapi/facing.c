// SPDX-License-Identifier: GPL-2.0-or-later
#include "facing.h"

#include <fcntl.h>
#include <unistd.h>

#define REST	(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK | POTS_STATE_RINGING | \
		 POTS_STATE_NO_BATTERY | POTS_STATE_IN_USE | POTS_STATE_ALARM | \
		 POTS_STATE_DIALLING)
#define RING_END_MS	20000

int port_of_type(unsigned int type)
{
	unsigned int ids[PORTS_MAX], count = port_list(ids), i;
	struct pots_info info = {};
	int fd;

	for (i = 0; i < count; i++) {
		fd = port_open(ids[i], O_RDONLY);
		if (fd < 0)
			continue;
		ioctl(fd, POTS_GET_INFO, &info);
		close(fd);
		if (info.type == type)
			return ids[i];
	}
	return -1;
}

/* ---------------------------------------------------------------- the port --- */

/* Whatever the last test did to the line; polarity is against what it was first. */
bool far_rest(int far)
{
	const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_TONE, .count = POTS_SIM_TONE_NONE },
		{ .kind = POTS_SIM_STEP_PARALLEL },
		{ .kind = POTS_SIM_STEP_BATTERY, .count = 1 },
		{ .kind = POTS_SIM_STEP_POLARITY },
	};

	return far_steps(far, steps, sizeof(steps) / sizeof(steps[0]));
}

int facing_open(struct facing *facing)
{
	int id = port_of_type(POTS_PORT_TYPE_FXO);

	*facing = (struct facing){ .id = id, .observer = -1, .claim = -1, .far = -1 };
	if (id < 0)
		return ENODEV;
	facing->far = phone_open(id);
	facing->observer = port_open(id, O_RDWR);
	if (facing->observer < 0 || ioctl(facing->observer, POTS_GET_INFO, &facing->info))
		return errno;
	if (facing->far >= 0 && (!far_rest(facing->far) ||
				 !state_wait(facing->observer, REST, 0, RING_END_MS) ||
				 !far_wait(facing->far, POTS_SIM_X_SEIZED, 0, SETTLE_MS)))
		return ETIME;
	facing->claim = port_claim(facing->observer, 0);
	if (facing->claim < 0 ||
	    ioctl(facing->claim, POTS_GET_EXCHANGE, &facing->exchange))
		return errno;
	event_drain(facing->observer);
	return 0;
}

void facing_close(struct facing *facing)
{
	struct pots_settings settings = {};

	if (facing->claim >= 0) {
		facing_release(facing);
		ioctl(facing->claim, POTS_SET_EXCHANGE, &facing->exchange);
		ioctl(facing->claim, POTS_SET_SETTINGS, &settings);
		close(facing->claim);
	}
	if (facing->far >= 0) {
		far_rest(facing->far);
		close(facing->far);
	}
	if (facing->observer >= 0)
		close(facing->observer);
}

int facing_seize(struct facing *facing)
{
	struct pots_seize seize = {};
	int err = err_of(facing->claim, POTS_SEIZE, &seize);

	if (!err)
		sleep_ms(HOOK_SETTLE_MS);
	return err;
}

int facing_release(struct facing *facing)
{
	struct pots_hangup hangup = {};

	return err_of(facing->claim, POTS_HANGUP, &hangup);
}

int facing_set(struct facing *facing, void (*change)(struct pots_exchange *exchange))
{
	struct pots_exchange exchange = facing->exchange;

	change(&exchange);
	return err_of(facing->claim, POTS_SET_EXCHANGE, &exchange);
}

/* ------------------------------------------------------------ the exchange --- */

bool far_steps(int far, const struct pots_sim_step *steps, unsigned int count)
{
	struct pots_sim_queue queue = { .count = count, .flags = POTS_SIM_QUEUE_F_FLUSH };

	memcpy(queue.step, steps, count * sizeof(*steps));
	return !ioctl(far, POTS_SIM_QUEUE, &queue);
}

bool far_do(int far, unsigned int kind, unsigned int count, unsigned int on_ms,
	    unsigned int off_ms)
{
	const struct pots_sim_step step = {
		.kind = kind, .count = count, .on_us = on_ms * 1000, .off_us = off_ms * 1000,
		.mv = kind == POTS_SIM_STEP_METER ? 2000 : 0,
	};

	return far_steps(far, &step, 1);
}

bool far_state(int far, struct pots_sim_exchange_state *state)
{
	return !ioctl(far, POTS_SIM_GET_EXCHANGE_STATE, state);
}

bool far_wait(int far, uint32_t mask, uint32_t value, unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	struct pots_sim_exchange_state state;

	while (far_state(far, &state) && (state.state & mask) != value) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(1);
	}
	return (state.state & mask) == value;
}

bool far_digits(int far, unsigned int count, unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	struct pots_sim_exchange_state state;

	while (far_state(far, &state) && state.digits < count) {
		if (now_ns() > end_ns)
			return false;
		sleep_ms(5);
	}
	return state.digits == count;
}
