// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel spends on a line, and on the tick that all lines share. The
 * simulated board says what of its ticks was the core's and what its model's,
 * of which a real board has none.
 *
 * A line here is one in a call: off-hook, DTMF detection on, and speech both
 * ways, 20 ms at a time, as potsd would move it.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench.h"

#define COST_PATH	"/sys/kernel/debug/pots-sim/%s/cost"
#define LINES_MAX	8
#define PACKET_MS	20
#define PACKET		(PACKET_MS * POTS_RATE_HZ / 1000)
#define SPEECH		(2 * POTS_RATE_HZ)

struct call {
	int phone, port, claim;
};

struct board_cost board_cost(const char *board)
{
	unsigned long long ticks, core_ns, model_ns;
	char path[100];
	FILE *in;

	snprintf(path, sizeof(path), COST_PATH, board);
	in = fopen(path, "r");
	if (!in || fscanf(in, "ticks %llu core_ns %llu model_ns %llu", &ticks, &core_ns,
			  &model_ns) != 3)
		fail("%s cannot be read", path);
	fclose(in);
	return (struct board_cost) { ticks, core_ns, model_ns };
}

/* How long the processor has slept, by the kernel's own count. */
static uint64_t idle_ns(void)
{
	FILE *in = fopen("/proc/timer_list", "r");
	unsigned long long ns;
	char line[200];

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, " .idle_sleeptime : %llu", &ns) == 1) {
			fclose(in);
			return ns;
		}
	}
	fail("/proc/timer_list does not tell of idle time");
}

/* A voice: the harmonics of a throat, in syllables, and breath. */
static void speak(int16_t *samples)
{
	double turn = 0;

	for (unsigned int i = 0; i < SPEECH; i++) {
		double t = i / (double)POTS_RATE_HZ, sum = 0;

		turn += 2 * M_PI * (140 + 40 * sin(t * 2 * M_PI * 0.7)) / POTS_RATE_HZ;
		for (int k = 1; k < 20; k++)
			sum += sin(k * turn) / k;
		samples[i] = (0.5 + 0.5 * sin(t * 2 * M_PI * 4)) *
			     (3000 * sum + rand() % 400 - 200);
	}
}

static int find_port(const char *label)
{
	struct pots_info info;
	glob_t found;
	int fd = -1;

	glob("/dev/pots[0-9]*", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && fd < 0; i++) {
		fd = open(found.gl_pathv[i], O_RDWR | O_CLOEXEC);
		if (fd >= 0 && (ioctl(fd, POTS_GET_INFO, &info) || strcmp(info.label, label))) {
			close(fd);
			fd = -1;
		}
	}
	globfree(&found);
	if (fd < 0)
		fail("no port %s", label);
	return fd;
}

static struct call lift_line(const char *board, unsigned int line)
{
	struct pots_claim claim = { 0 };
	struct call call;
	char path[64];

	snprintf(path, sizeof(path), "/dev/potsim-%s-%u", board, line);
	call.phone = phone_open(path);
	call.port = find_port(path + strlen("/dev/potsim-"));
	if (ioctl(call.port, POTS_CLAIM, &claim))
		fail("POTS_CLAIM: %s", strerror(errno));
	call.claim = claim.fd;
	phone_hook(call.phone, true);
	return call;
}

static void start_speech(const struct call *call)
{
	struct pots_audio audio = {
		.read_frames = PACKET_MS, .write_low_frames = PACKET_MS, .queue_frames = 60,
	};

	if (ioctl(call->claim, POTS_AUDIO_START, &audio))
		fail("POTS_AUDIO_START: %s", strerror(errno));
}

static void hang_up(const struct call *call)
{
	close(call->claim);
	close(call->port);
	phone_hook(call->phone, false);
	close(call->phone);
}

/* A packet from each end; the far one is at another place in the same speech. */
static void say(const struct call *call, const int16_t *speech, unsigned int nth)
{
	const size_t packets = SPEECH / PACKET, bytes = PACKET * sizeof(*speech);
	const int16_t *here = speech + nth % packets * PACKET;
	const int16_t *far = speech + (nth + packets / 3) % packets * PACKET;

	if (write(call->phone, here, bytes) != (ssize_t)bytes ||
	    write(call->claim, far, bytes) != (ssize_t)bytes)
		fail("speech does not flow: %s", strerror(errno));
}

static void talk(const struct call *calls, unsigned int lines, const int16_t *speech,
		 unsigned int from, unsigned int packets)
{
	int16_t heard[PACKET];

	for (unsigned int nth = from; nth < from + packets; nth++) {
		for (unsigned int i = 0; i < lines; i++) {
			struct pollfd ready = { calls[i].claim, POLLIN, 0 };

			say(&calls[i], speech, nth);
			if (poll(&ready, 1, 1000) != 1 ||
			    read(ready.fd, heard, sizeof(heard)) != sizeof(heard))
				fail("nothing comes from the line");
		}
	}
}

/* Milliseconds a second in the core, all lines together. */
void measure_lines(const char *board, unsigned int lines, double *core_ms,
		   unsigned int runs)
{
	const unsigned int packets = 1000 / PACKET_MS;
	struct call calls[LINES_MAX];
	int16_t speech[SPEECH];

	speak(speech);
	for (unsigned int i = 0; i < lines; i++)
		calls[i] = lift_line(board, i + 1);
	sleep_ms(500);
	for (unsigned int i = 0; i < lines; i++) {
		start_speech(&calls[i]);
		say(&calls[i], speech, 0);
	}
	for (unsigned int run = 0; run < runs; run++) {
		struct board_cost before = board_cost(board), after;

		talk(calls, lines, speech, run * packets, packets);
		after = board_cost(board);
		core_ms[run] = (after.core_ns - before.core_ns) / 1e3 /
			       (after.ticks - before.ticks);
	}
	for (unsigned int i = 0; i < lines; i++)
		hang_up(&calls[i]);
	sleep_ms(2500);
}

/* Milliseconds of a second in which the processor was neither idle nor accounted. */
static double other_ms(const char *board)
{
	struct board_cost before = board_cost(board), after;
	uint64_t begin_ns = now_ns(), idle = idle_ns(), all_ns;

	sleep_ms(1000);
	idle = idle_ns() - idle;
	all_ns = now_ns() - begin_ns;
	after = board_cost(board);
	return (all_ns - idle - (after.core_ns - before.core_ns) -
		(after.model_ns - before.model_ns)) * 1e3 / all_ns;
}

/*
 * What it costs that a line is there at all, which only listens for digits, and
 * nobody is awake: beyond what the machine needs when no line is active.
 */
void measure_tick(const char *board, struct figure *figure, unsigned int runs)
{
	double rest_ms[runs];
	struct call call;

	for (unsigned int run = 0; run < runs; run++)
		rest_ms[run] = other_ms(board);
	call = lift_line(board, 1);
	sleep_ms(500);
	for (unsigned int run = 0; run < runs; run++)
		figure_add(figure, other_ms(board) - rest_ms[run]);
	hang_up(&call);
	sleep_ms(2500);
}
