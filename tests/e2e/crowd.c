// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many callers of exchanges, at random: who gives up while it rings, who talks
 * and is disconnected in one way or another, who waits until the other side
 * hangs up.
 *
 *	crowd CALLS SEED NODE...
 *
 * Writes what they went through. Fails when a line stays seized for longer than
 * anything here lasts.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pots_sim.h>

#define LINES_MAX	8
#define LOOK_MS		50
#define PATIENCE_MS	20000	/* treatments, busy tone, release and guard */
#define RINGS_MS	2000	/* at most, as are those below */
#define TALKS_MS	1000
#define RESTS_MS	2000

enum doing { RESTS, RINGS, TALKS, LEAVES };

enum end { BATTERY, POLARITY, BUSY, REORDER, OTHER_SIDE, ENDS };

static const char *const end_names[ENDS] = {
	"battery", "polarity", "busy", "reorder", "other side",
};

struct line {
	const char *node;
	int fd;
	enum doing doing;
	enum end end;
	int64_t until_ms;
};

static unsigned int seed, given_up, answered, ended[ENDS];

static unsigned int chance(unsigned int below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % below;
}

static void order(const struct line *line, const struct pots_sim_step *steps, unsigned int count)
{
	struct pots_sim_queue queue = { .count = count, .flags = POTS_SIM_QUEUE_F_FLUSH };

	for (unsigned int i = 0; i < count; i++)
		queue.step[i] = steps[i];
	if (ioctl(line->fd, POTS_SIM_QUEUE, &queue)) {
		perror(line->node);
		exit(1);
	}
}

#define ORDER(line, ...) do { \
	const struct pots_sim_step steps_[] = { __VA_ARGS__ }; \
	order(line, steps_, sizeof(steps_) / sizeof(steps_[0])); \
} while (0)

#define STEP(what, ...) { .kind = POTS_SIM_STEP_##what, __VA_ARGS__ }

static void hang_up(struct line *line)
{
	switch (line->end) {
	case BATTERY:
		ORDER(line, STEP(OPEN, .on_us = 800000));
		return;
	case POLARITY:
		ORDER(line, STEP(POLARITY, .count = 1), STEP(WAIT, .on_us = 300000),
		      STEP(POLARITY, .count = 0));
		return;
	case BUSY:
		ORDER(line, STEP(TONE, .count = POTS_SIM_TONE_BUSY));
		return;
	case REORDER:
		ORDER(line, STEP(TONE, .count = POTS_SIM_TONE_REORDER));
		return;
	case OTHER_SIDE:
	case ENDS:
		return;
	}
}

static void go_on(struct line *line, enum doing doing, int64_t now_ms, unsigned int for_ms)
{
	line->doing = doing;
	line->until_ms = now_ms + for_ms;
}

/* False: it was seized for too long. */
static bool look(struct line *line, unsigned int *left)
{
	struct pots_sim_exchange_state state = { 0 };
	int64_t now_ms;
	bool seized;

	if (ioctl(line->fd, POTS_SIM_GET_EXCHANGE_STATE, &state)) {
		perror(line->node);
		return false;
	}
	now_ms = (int64_t)(state.now_ns / 1000000);
	seized = state.state & POTS_SIM_X_SEIZED;
	switch (line->doing) {
	case RESTS:
		if (now_ms < line->until_ms || !*left)
			return true;
		(*left)--;
		ORDER(line, STEP(TONE, .count = POTS_SIM_TONE_NONE),
		      STEP(POLARITY, .count = 0), STEP(RING, .count = 0));
		go_on(line, RINGS, now_ms, chance(RINGS_MS));
		return true;
	case RINGS:
		if (seized) {
			answered++;
			line->end = chance(OTHER_SIDE);
			go_on(line, TALKS, now_ms, chance(TALKS_MS));
		} else if (now_ms >= line->until_ms) {
			given_up++;
			ORDER(line, STEP(WAIT, .on_us = 1000));
			go_on(line, LEAVES, now_ms, PATIENCE_MS);
		}
		return true;
	case TALKS:
		if (seized && now_ms < line->until_ms)
			return true;
		ended[seized ? line->end : OTHER_SIDE]++;
		if (seized)
			hang_up(line);
		go_on(line, LEAVES, now_ms, PATIENCE_MS);
		return true;
	case LEAVES:
		if (!seized)
			go_on(line, RESTS, now_ms, chance(RESTS_MS));
		else if (now_ms >= line->until_ms)
			fprintf(stderr, "%s is left up after: %s\n", line->node,
				end_names[line->end]);
		return !seized || now_ms < line->until_ms;
	}
	return false;
}

static bool all_rest(const struct line *line, unsigned int count)
{
	while (count && line->doing == RESTS) {
		line++;
		count--;
	}
	return !count;
}

int main(int argc, char **argv)
{
	unsigned int left, count = argc > 3 ? (unsigned int)argc - 3 : 0;
	struct line lines[LINES_MAX] = { 0 };

	if (!count || count > LINES_MAX)
		return 2;
	left = (unsigned int)strtoul(argv[1], NULL, 10);
	seed = (unsigned int)strtoul(argv[2], NULL, 10);
	for (unsigned int i = 0; i < count; i++) {
		lines[i].node = argv[i + 3];
		lines[i].fd = open(lines[i].node, O_RDWR);
		if (lines[i].fd < 0) {
			perror(lines[i].node);
			return 1;
		}
	}
	while (left || !all_rest(lines, count)) {
		for (unsigned int i = 0; i < count; i++) {
			if (!look(&lines[i], &left))
				return 1;
		}
		usleep(LOOK_MS * 1000);
	}
	printf("%u given up, %u answered; ended by:", given_up, answered);
	for (unsigned int i = 0; i < ENDS; i++)
		printf(" %s %u", end_names[i], ended[i]);
	printf("\n");
	return 0;
}
