// SPDX-License-Identifier: GPL-2.0-or-later
/* The telephone at the far end of a simulated line. */
#include "port.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int phone_open(unsigned int id)
{
	struct pots_info info = {};
	char path[64];
	int port;

	port = port_open(id, O_RDONLY);
	if (port < 0)
		return -1;
	ioctl(port, POTS_GET_INFO, &info);
	close(port);

	/* A simulated board labels its ports "BOARD-K". */
	snprintf(path, sizeof(path), "/dev/potsim-%.32s", info.label);
	return info.label[0] ? open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
}

static bool queue(int phone, const struct pots_sim_step *steps, unsigned int count)
{
	struct pots_sim_queue queue = {
		.count = count,
		.flags = POTS_SIM_QUEUE_F_FLUSH,
	};

	memcpy(queue.step, steps, count * sizeof(*steps));
	return !ioctl(phone, POTS_SIM_QUEUE, &queue);
}

bool phone_lift(int phone)
{
	const struct pots_sim_step lift = { .kind = POTS_SIM_STEP_OFFHOOK };

	return queue(phone, &lift, 1);
}

bool phone_hang(int phone)
{
	const struct pots_sim_step hang = { .kind = POTS_SIM_STEP_ONHOOK };

	return queue(phone, &hang, 1);
}

bool phone_flash(int phone, unsigned int open_us)
{
	const struct pots_sim_step flash[] = {
		{ .kind = POTS_SIM_STEP_ONHOOK },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = open_us },
		{ .kind = POTS_SIM_STEP_OFFHOOK },
	};

	return queue(phone, flash, 3);
}

bool phone_dial(int phone, unsigned int pulses, unsigned int break_us,
		unsigned int make_us)
{
	const struct pots_sim_step dial = {
		.kind = POTS_SIM_STEP_PULSES,
		.count = pulses,
		.on_us = break_us,
		.off_us = make_us,
		.gap_us = 800000,
	};

	return queue(phone, &dial, 1);
}

bool phone_state(int phone, struct pots_sim_state *state)
{
	return !ioctl(phone, POTS_SIM_GET_STATE, state);
}

bool phone_wait(int phone, uint32_t mask, uint32_t value, unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	struct pollfd fd = { .fd = phone, .events = POLLPRI };
	struct pots_sim_state state;

	while (phone_state(phone, &state) && (state.state & mask) != value) {
		if (now_ns() > end_ns)
			return false;
		poll(&fd, 1, 10);
	}
	return (state.state & mask) == value;
}

bool phone_hear(int phone, int16_t *samples, unsigned int count)
{
	struct pollfd fd = { .fd = phone, .events = POLLIN };
	size_t left = count * sizeof(*samples);

	while (left) {
		ssize_t got;

		if (poll(&fd, 1, SETTLE_MS) != 1)
			return false;
		got = read(phone, samples, left);
		if (got < 0 && errno != EAGAIN)
			return false;
		if (got > 0) {
			samples += got / sizeof(*samples);
			left -= got;
		}
	}
	return true;
}

size_t phone_record(int phone, int16_t *samples, size_t max, unsigned int ms)
{
	uint64_t end_ns = now_ns() + ms * NS_PER_MS;
	struct pollfd fd = { .fd = phone, .events = POLLIN };
	size_t count = 0;

	while (now_ns() < end_ns && count < max) {
		ssize_t got;

		poll(&fd, 1, 20);
		got = read(phone, samples + count, (max - count) * sizeof(*samples));
		if (got > 0)
			count += got / sizeof(*samples);
	}
	return count;
}
