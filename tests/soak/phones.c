// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many telephones that call each other, at random: who lifts and does not dial,
 * dials nobody, dials one that is busy, gives up while it rings, is answered and
 * talks, flashes; who is rung and answers or does not; who hangs up first.
 *
 *	phones CALLS SEED NODE...
 *
 * Telephone number I, from 1, is called 10I. Writes how many calls there were and
 * what became of them. Fails when a bell rings for longer than anybody lets it, or
 * when nobody calls any more.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pots_sim.h>

#define PHONES_MAX	8
#define LOOK_MS		20
#define PATIENCE_MS	60000	/* no bell of ours rings for so long */
#define PAUSE_MS	4500	/* in its cadence; longer is silence */
#define LET_GO_MS	2000	/* by then a bell has ceased whose caller has given up */
#define PUT_DOWN_MS	1200	/* a handset stays down for as long as that ends a call */

enum doing { RESTS, CALLS, TALKS, IGNORES, HESITATES, PUTS_DOWN };

struct phone {
	const char *node;
	int fd;
	enum doing doing;
	int64_t until_ms, rang_ms;
	unsigned int calls;	/* the telephone whose number it has dialled, from 1, or 0 */
	int64_t called_ms;	/* when somebody last called it */
};

static struct phone phones[PHONES_MAX];
static unsigned int seed, count;
static unsigned int calls, unanswered, answered, undialled, wrong, flashes;

static unsigned int chance(unsigned int below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % below;
}

static void order(const struct phone *phone, const struct pots_sim_step *steps, unsigned int n)
{
	struct pots_sim_queue queue = { .count = n, .flags = POTS_SIM_QUEUE_F_FLUSH };

	memcpy(queue.step, steps, n * sizeof(*steps));
	if (ioctl(phone->fd, POTS_SIM_QUEUE, &queue)) {
		perror(phone->node);
		exit(1);
	}
}

static void go_on(struct phone *phone, enum doing doing, int64_t now_ms, unsigned int for_ms)
{
	phone->doing = doing;
	phone->until_ms = now_ms + for_ms;
}

/* The rows and columns of a telephone's keys. */
static struct pots_sim_step key(unsigned int digit)
{
	static const unsigned int row[] = { 697000, 770000, 852000, 941000 };
	static const unsigned int column[] = { 1209000, 1336000, 1477000 };
	unsigned int at = digit ? digit - 1 : 10;

	return (struct pots_sim_step) {
		.kind = POTS_SIM_STEP_TONES, .on_us = 60000, .off_us = 60000,
		.mhz = { row[at / 3], column[at % 3] }, .peak = { 8072, 10162 },	/* -9, -7 dBm0 */
	};
}

/* Lifts, and dials 10X after a while; with @digits 0 to 3 not all of it. */
static void call(struct phone *phone, unsigned int digits, int64_t now_ms)
{
	unsigned int number[] = { 1, 0, 1 + chance(count) }, n = 0;
	struct pots_sim_step steps[5];

	if (!chance(12)) {
		number[2] = 9;
		wrong++;
	}
	steps[n++] = (struct pots_sim_step){ .kind = POTS_SIM_STEP_OFFHOOK };
	steps[n++] = (struct pots_sim_step){ .kind = POTS_SIM_STEP_WAIT,
					     .on_us = (200 + chance(600)) * 1000 };
	while (n < 2 + digits) {
		steps[n] = key(number[n - 2]);
		n++;
	}
	order(phone, steps, n);
	phone->calls = digits == 3 && number[2] <= count ? number[2] : 0;
	calls++;
	undialled += digits < 3;
	go_on(phone, CALLS, now_ms, 1500 + chance(6000));
}

static void lift(struct phone *phone)
{
	order(phone, &(struct pots_sim_step){ .kind = POTS_SIM_STEP_OFFHOOK }, 1);
}

static void put_down(struct phone *phone, int64_t now_ms)
{
	order(phone, &(struct pots_sim_step){ .kind = POTS_SIM_STEP_ONHOOK }, 1);
	go_on(phone, PUTS_DOWN, now_ms, PUT_DOWN_MS);
}

static void flash(struct phone *phone)
{
	const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_ONHOOK },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = (50 + chance(700)) * 1000 },
		{ .kind = POTS_SIM_STEP_OFFHOOK },
	};

	order(phone, steps, 3);
	flashes++;
}

static void look_at_rest(struct phone *phone, bool rings, int64_t now_ms, unsigned int *left)
{
	if (rings && chance(5)) {
		go_on(phone, HESITATES, now_ms, chance(2500));
	} else if (rings) {
		go_on(phone, IGNORES, now_ms, PATIENCE_MS);
		phone->rang_ms = now_ms;
		unanswered++;
	} else if (now_ms >= phone->until_ms && *left) {
		(*left)--;
		call(phone, chance(8) ? 3 : chance(3), now_ms);
	}
}

/* The kernel's watchdog would end it, and nobody else, when the call's end did not. */
static bool rings_for_nobody(struct phone *phone, bool rings, int64_t now_ms)
{
	if (phone->doing == CALLS && phone->calls)
		phones[phone->calls - 1].called_ms = now_ms;
	return rings && now_ms - phone->called_ms > LET_GO_MS;
}

/* False: its bell did not stop. */
static bool look(struct phone *phone, unsigned int *left)
{
	struct pots_sim_state state = { 0 };
	int64_t now_ms;
	bool rings, over;

	if (ioctl(phone->fd, POTS_SIM_GET_STATE, &state)) {
		perror(phone->node);
		return false;
	}
	now_ms = (int64_t)(state.now_ns / 1000000);
	rings = state.state & POTS_SIM_STATE_RINGING;
	over = now_ms >= phone->until_ms;
	if (rings_for_nobody(phone, rings, now_ms))
		return false;
	switch (phone->doing) {
	case RESTS:
		look_at_rest(phone, rings, now_ms, left);
		return true;
	case HESITATES:
		if (over) {
			answered++;
			lift(phone);
			go_on(phone, TALKS, now_ms, 300 + chance(4000));
		}
		return true;
	case IGNORES:
		if (rings)
			phone->rang_ms = now_ms;
		else if (now_ms - phone->rang_ms > PAUSE_MS)
			go_on(phone, RESTS, now_ms, 0);
		return !over;
	case CALLS:
	case TALKS:
		if (over)
			put_down(phone, now_ms);
		else if (phone->doing == TALKS && !chance(200))
			flash(phone);
		return true;
	case PUTS_DOWN:
		if (over)
			go_on(phone, RESTS, now_ms, chance(4000));
		return true;
	}
	return false;
}

static bool all_rest(void)
{
	unsigned int i;

	for (i = 0; i < count && phones[i].doing == RESTS; i++)
		;
	return i == count;
}

int main(int argc, char **argv)
{
	unsigned int left, i;

	count = argc > 3 ? (unsigned int)argc - 3 : 0;
	if (!count || count > PHONES_MAX)
		return 2;
	left = (unsigned int)strtoul(argv[1], NULL, 10);
	seed = (unsigned int)strtoul(argv[2], NULL, 10);
	for (i = 0; i < count; i++) {
		phones[i].node = argv[i + 3];
		phones[i].fd = open(phones[i].node, O_RDWR);
		if (phones[i].fd < 0) {
			perror(phones[i].node);
			return 1;
		}
	}
	while (left || !all_rest()) {
		for (i = 0; i < count; i++) {
			if (!look(&phones[i], &left)) {
				fprintf(stderr, "%s rings on\n", phones[i].node);
				return 1;
			}
		}
		usleep(LOOK_MS * 1000);
	}
	printf("%u calls: %u answered, %u left to ring, %u not dialled to the end, "
	       "%u to nobody, %u flashes\n",
	       calls, answered, unanswered, undialled, wrong, flashes);
	return 0;
}
