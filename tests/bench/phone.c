// SPDX-License-Identifier: GPL-2.0-or-later
/* The subscriber: hook, digits, ear and mouth of a simulated telephone. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench.h"

#define DIGIT_US	80000
#define CLICK_PEAK	20000
#define CLICK_HEARD	3000

int phone_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail("%s: no such telephone (is pots-sim loaded?)", path);
	return fd;
}

void phone_state(int fd, struct pots_sim_state *state)
{
	if (ioctl(fd, POTS_SIM_GET_STATE, state))
		fail("POTS_SIM_GET_STATE");
}

void phone_steps(int fd, const struct pots_sim_step *step, unsigned int count)
{
	struct pots_sim_queue queue = { .count = count };

	memcpy(queue.step, step, count * sizeof(*step));
	if (ioctl(fd, POTS_SIM_QUEUE, &queue))
		fail("POTS_SIM_QUEUE");
}

void phone_hook(int fd, bool off_hook)
{
	struct pots_sim_step step = {
		.kind = off_hook ? POTS_SIM_STEP_OFFHOOK : POTS_SIM_STEP_ONHOOK,
	};

	phone_steps(fd, &step, 1);
}

static struct pots_sim_step digit_step(char digit)
{
	static const unsigned int low_hz[] = { 697, 770, 852, 941 };
	static const unsigned int high_hz[] = { 1209, 1336, 1477, 1633 };
	static const char keys[] = "123A456B789C*0#D";
	const char *key = strchr(keys, digit);
	int at;

	if (!key || !digit)
		fail("no such digit: %c", digit);
	at = key - keys;
	return (struct pots_sim_step) {
		.kind = POTS_SIM_STEP_TONES, .on_us = DIGIT_US, .off_us = DIGIT_US,
		.mhz = { low_hz[at / 4] * 1000, high_hz[at % 4] * 1000 },
		.peak = { 6000, 7500 },
	};
}

void phone_dial(int fd, const char *digits)
{
	struct pots_sim_step step[POTS_SIM_STEPS_MAX];
	struct pots_sim_state state;
	unsigned int count = 0;

	while (*digits && count < POTS_SIM_STEPS_MAX)
		step[count++] = digit_step(*digits++);
	phone_steps(fd, step, count);
	do {
		sleep_ms(5);
		phone_state(fd, &state);
	} while (state.state & POTS_SIM_STATE_BUSY);
}

static uint64_t stamp_after(int fd, size_t offset, uint64_t since_ns,
			    unsigned int timeout_ms)
{
	struct pots_sim_state state;
	uint64_t stamp;

	for (;;) {
		phone_state(fd, &state);
		memcpy(&stamp, (char *)&state + offset, sizeof(stamp));
		if (stamp > since_ns)
			return stamp;
		if (!timeout_ms--)
			return 0;
		sleep_ms(1);
	}
}

uint64_t phone_sound_after(int fd, uint64_t since_ns, unsigned int timeout_ms)
{
	return stamp_after(fd, offsetof(struct pots_sim_state, sound_start_ns), since_ns,
			   timeout_ms);
}

uint64_t phone_open_after(int fd, uint64_t since_ns, unsigned int timeout_ms)
{
	return stamp_after(fd, offsetof(struct pots_sim_state, open_ns), since_ns,
			   timeout_ms);
}

static void listen_to(int fd, uint32_t what)
{
	if (ioctl(fd, POTS_SIM_LISTEN, &what))
		fail("POTS_SIM_LISTEN");
}

/* Index of the first loud sample within half a second, or -1. */
static long find_click(int fd)
{
	static int16_t heard[4000];
	size_t have = 0;
	size_t i = 0;

	while (have < sizeof(heard)) {
		ssize_t got = read(fd, (char *)heard + have, sizeof(heard) - have);

		if (got <= 0)
			fail("the ear cannot be read");
		have += got;
		for (; i < have / sizeof(heard[0]); i++)
			if (abs(heard[i]) > CLICK_HEARD)
				return i;
	}
	return -1;
}

uint64_t phone_click(int from, int to)
{
	int16_t click[32];
	struct pots_sim_state state;
	uint64_t said_ns;
	size_t i;
	long at;

	for (i = 0; i < 32; i++)
		click[i] = i % 4 < 2 ? CLICK_PEAK : -CLICK_PEAK;
	listen_to(to, POTS_SIM_LISTEN_EAR);
	said_ns = now_ns();
	if (write(from, click, sizeof(click)) != sizeof(click))
		fail("the mouth cannot be written");
	at = find_click(to);
	phone_state(to, &state);
	listen_to(to, POTS_SIM_LISTEN_OFF);
	return at < 0 ? 0 : state.ear_first_ns + at * 125000ULL - said_ns;
}
