// SPDX-License-Identifier: GPL-2.0-or-later
/* A port that faces an exchange goes away, whatever goes on, under its user. */
#include "facing.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define COME_BACK_MS	10000	/* the chip's link, and the board's other chips */

FIXTURE(exchange_unplug) {
	struct facing facing;
	bool gone;
};

FIXTURE_SETUP(exchange_unplug)
{
	int err = facing_open(&self->facing);

	if (err == ENODEV || self->facing.far < 0)
		SKIP(return, "no port that faces a simulated exchange");
	ASSERT_EQ(0, err);
}

FIXTURE_TEARDOWN(exchange_unplug)
{
	facing_close(&self->facing);
	if (self->gone) {
		EXPECT_EQ(0, port_plug());
		EXPECT_TRUE(port_wait(self->facing.id, COME_BACK_MS));
	}
}

#define CLAIM	(self->facing.claim)
#define FAR	(self->facing.far)

static void nothing(struct facing *facing)
{
}

static void hear_callers(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_ALWAYS;
}

static void hearing_callers(struct facing *facing)
{
	facing_set(facing, hear_callers);
	far_wait(facing->far, POTS_SIM_X_TICKING, POTS_SIM_X_TICKING, 500);
}

static void ringing(struct facing *facing)
{
	far_do(facing->far, POTS_SIM_STEP_RING, 1, 0, 0);
	event_wait(facing->observer, POTS_EVENT_RING_BURST, NULL, 3000);
}

static void seized(struct facing *facing)
{
	facing_seize(facing);
}

static void just_seized(struct facing *facing)
{
	ioctl(facing->claim, POTS_SEIZE, &(struct pots_seize){});
}

static void speaking(struct facing *facing)
{
	struct pots_audio audio = { .read_frames = 10, .queue_frames = 100 };

	facing_seize(facing);
	ioctl(facing->claim, POTS_AUDIO_START, &audio);
}

static void waiting_for_dial_tone(struct facing *facing)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_WAIT_TONE, .count = 1, .digit = { 5 }, .on_ms = 100,
		.off_ms = 100, .level_cdb = -900, .wait_ms = 10000,
	};

	ioctl(facing->claim, POTS_SEIZE, &(struct pots_seize){});
	ioctl(facing->claim, POTS_DIAL, &dial);
	sleep_ms(100);
}

static void dialling(struct facing *facing)
{
	struct pots_dial dial = {
		.count = 2, .digit = { 5, 5 }, .on_ms = 500, .off_ms = 500, .level_cdb = -900,
	};

	facing_seize(facing);
	ioctl(facing->claim, POTS_DIAL, &dial);
	sleep_ms(100);
}

static void pulsing(struct facing *facing)
{
	struct pots_dial dial = {
		.flags = POTS_DIAL_F_PULSE, .count = 1, .digit = { 0 },
		.break_ms = 60, .make_ms = 40, .interdigit_ms = 700,
	};

	facing_seize(facing);
	ioctl(facing->claim, POTS_DIAL, &dial);
	sleep_ms(130);	/* in the second break */
}

static void flashing(struct facing *facing)
{
	struct pots_flash flash = { .ms = 1000 };

	facing_seize(facing);
	ioctl(facing->claim, POTS_FLASH, &flash);
}

static void losing_battery(struct facing *facing)
{
	facing_seize(facing);
	far_do(facing->far, POTS_SIM_STEP_BATTERY, 0, 0, 0);
}

static void without_battery(struct facing *facing)
{
	losing_battery(facing);
	event_wait(facing->observer, POTS_EVENT_BATTERY, NULL, 1000);
}

static void open_slowly(struct pots_exchange *exchange)
{
	exchange->on_hook_us = 26000;
}

static void releasing(struct facing *facing)
{
	facing_set(facing, open_slowly);
	facing_seize(facing);
	facing_release(facing);
}

/* The port's state then, and what must be of the exchange's. */
FIXTURE_VARIANT(exchange_unplug) {
	void (*enter)(struct facing *facing);
	uint32_t state;
	uint32_t far;
};

#define VARIANT(name, port_state, far_state) \
	FIXTURE_VARIANT_ADD(exchange_unplug, name) { \
		.enter = (name), .state = POTS_STATE_CLAIMED | (port_state), .far = (far_state), \
	}
#define CLOSED		POTS_SIM_X_CLOSED
#define DIALLING	(POTS_STATE_OFF_HOOK | POTS_STATE_DIALLING)

VARIANT(nothing, 0, 0);
VARIANT(hearing_callers, 0, POTS_SIM_X_TICKING);
VARIANT(ringing, POTS_STATE_RINGING, POTS_SIM_X_RINGING);
VARIANT(seized, POTS_STATE_OFF_HOOK, CLOSED);
VARIANT(just_seized, POTS_STATE_OFF_HOOK, CLOSED);
VARIANT(speaking, POTS_STATE_OFF_HOOK | POTS_STATE_AUDIO, CLOSED | POTS_SIM_X_TICKING);
VARIANT(waiting_for_dial_tone, DIALLING, CLOSED);
VARIANT(dialling, DIALLING, CLOSED | POTS_SIM_X_TICKING);
VARIANT(pulsing, DIALLING, 0);
VARIANT(flashing, DIALLING, 0);
VARIANT(losing_battery, POTS_STATE_OFF_HOOK, CLOSED);
VARIANT(without_battery, POTS_STATE_OFF_HOOK | POTS_STATE_NO_BATTERY, CLOSED);
VARIANT(releasing, 0, 0);

/* DEBUG_KOBJECT_RELEASE: the node's release takes 4 s at most, then the device's. */
#define LATE_RELEASE_MS	9000
#define TEST_S		120	/* with three of them, and a board that comes back */

/* Of the module that such a port's commands are in; 0 where it is built in. */
static int references(void)
{
	char text[16] = "0";
	int fd;

	if (is_debug_kernel())
		sleep_ms(LATE_RELEASE_MS);
	fd = open("/sys/module/pots_fxo/refcnt", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (read(fd, text, sizeof(text) - 1) < 0)
			text[0] = '0';
		close(fd);
	}
	return atoi(text);
}

TEST_F_TIMEOUT(exchange_unplug, goes_away, TEST_S)
{
	static const unsigned long commands[] = {
		POTS_SEIZE, POTS_HANGUP, POTS_FLASH, POTS_DIAL, POTS_STOP_DIAL,
		POTS_GET_EXCHANGE, POTS_SET_EXCHANGE, POTS_READ_CID, POTS_GET_STATE,
		POTS_PLAY_TONE, POTS_AUDIO_START,
	};
	struct pollfd fds[] = {
		{ .fd = self->facing.observer, .events = POLLIN },
		{ .fd = CLAIM, .events = POLLIN | POLLOUT },
	};
	struct pots_sim_exchange_state far;
	uint64_t argument[4096 / 8] = {};
	int held = references();

	variant->enter(&self->facing);
	ASSERT_TRUE(far_state(FAR, &far));
	EXPECT_EQ(variant->far, far.state & variant->far);
	EXPECT_EQ(variant->state, state_of(self->facing.observer));
	ASSERT_EQ(0, port_unplug(self->facing.id));
	self->gone = true;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		EXPECT_EQ(ENODEV, err_of(CLAIM, commands[i], argument)) {
			TH_LOG("command %#lx", commands[i]);
		}
	}
	event_drain(self->facing.observer);
	EXPECT_EQ(2, poll(fds, 2, 0));
	EXPECT_EQ(POLLHUP | POLLERR, fds[0].revents);
	EXPECT_EQ(POLLHUP | POLLERR, fds[1].revents & ~(POLLIN | POLLOUT));
	/* the chip's driver has left the line on-hook */
	ASSERT_TRUE(far_do(FAR, POTS_SIM_STEP_BATTERY, 1, 0, 0));
	sleep_ms(1500);
	ASSERT_TRUE(far_state(FAR, &far));
	EXPECT_EQ(0, far.state & (POTS_SIM_X_CLOSED | POTS_SIM_X_SEIZED));

	/* the code that these descriptors may still come to stays for them */
	EXPECT_EQ(held, references());
	close(CLAIM);
	close(self->facing.observer);
	CLAIM = -1;
	self->facing.observer = -1;
	if (held)
		EXPECT_EQ(held - 1, references());
}

TEST_HARNESS_MAIN
