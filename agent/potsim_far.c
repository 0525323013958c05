// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsim: what is done with the far end of any line.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "potsim.h"
#include "potsim_tone.h"
#include "potsim_wav.h"

struct far far;

int far_open(const char *name, const char *prefix, const char *what)
{
	const char *slash = strchr(name, '/');
	int fd;

	if (!slash || slash == name)
		wrong("%s is NAME/K, not \"%s\"", what, name);
	number(slash + 1, 1, LINES_MAX, "K of NAME/K");
	snprintf(far.path, sizeof(far.path), "/dev/potsim-%.*s-%s%s",
		 (int)(slash - name), name, prefix, slash + 1);
	fd = open(far.path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fail("%s is not there: potsim board create %.*s --fx%c %s, "
		     "or modprobe pots-sim fx%c=%s", far.path, (int)(slash - name), name,
		     *prefix ? 'o' : 's', slash + 1, *prefix ? 'o' : 's', slash + 1);
	if (fd < 0)
		fail("%s: %s", far.path, strerror(errno));
	return fd;
}

void far_ioctl(int fd, unsigned long command, void *argument)
{
	if (ioctl(fd, command, argument))
		fail("%s: %s", far.path, strerror(errno));
}

void far_queue(int fd, const struct pots_sim_queue *q)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	struct far_state state;

	while (ioctl(fd, POTS_SIM_QUEUE, q)) {
		if (errno != EBUSY)
			fail("%s: %s", far.path, strerror(errno));
		far.get(fd, &state);
		poll(&pfd, 1, 100);
	}
}

void far_wait_until_idle(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	struct far_state state;

	for (;;) {
		far.get(fd, &state);
		if (!state.steps && !state.mic_waiting)
			return;
		poll(&pfd, 1, state.steps ? 1000 : 20);
	}
}

int far_say(int fd, const char *path)
{
	int16_t samples[800];
	struct wav wav;
	size_t n;

	if (wav_open(&wav, path))
		fail("%s: %s", path, wav.error);
	while ((n = wav_read(&wav, samples, 800)))
		if (write(fd, samples, n * sizeof(*samples)) < 0)
			fail("%s: %s", far.path, strerror(errno));
	wav_close(&wav);
	far_wait_until_idle(fd);
	return 0;
}

static void listen_to(int fd, __u32 how)
{
	if (ioctl(fd, POTS_SIM_LISTEN, &how))
		fail("%s: %s", far.path, strerror(errno));
}

static size_t listen_some(int fd, int16_t *samples, size_t n)
{
	ssize_t got = read(fd, samples, n * sizeof(*samples));

	if (got < 0)
		fail("%s: %s", far.path, strerror(errno));
	return got / sizeof(*samples);
}

int far_hear(int fd, const char *path, double seconds, bool line)
{
	size_t left = lround(seconds * 8000), n;
	struct far_state state;
	int16_t samples[800];
	struct wav wav;

	if (wav_create(&wav, path))
		fail("%s: %s", path, wav.error);
	listen_to(fd, line ? POTS_SIM_LISTEN_LINE : POTS_SIM_LISTEN_EAR);
	for (; left; left -= n) {
		n = listen_some(fd, samples, left < 800 ? left : 800);
		if (wav_write(&wav, samples, n))
			fail("%s: %s", path, wav.error);
	}
	far.get(fd, &state);
	if (wav_close(&wav))
		fail("%s: %s", path, wav.error);
	if (state.ear_lost)
		fail("%s: %u samples were lost: this program was too slow", path,
		     state.ear_lost);
	return 0;
}

/* ----------------------------------------------------------------- wait --- */

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int far_wait_state(int fd, uint32_t mask, uint32_t value, uint32_t (*bits)(int fd),
		   double timeout)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	double end = now_s() + timeout, left;

	for (;;) {
		if ((bits(fd) & mask) == value)
			return 0;
		left = end - now_s();
		if (left <= 0)
			return EXIT_LATE;
		poll(&pfd, 1, left * 1000 + 1);
	}
}

int far_wait_sound(int fd, const char *name, double timeout)
{
	struct tone_watch watch;
	size_t left = lround(timeout * 8000), n;
	int16_t samples[80];

	if (!tone_watch_init(&watch, name))
		wrong("there is no tone \"%s\"", name);
	listen_to(fd, POTS_SIM_LISTEN_EAR);
	for (; left; left -= n) {
		n = listen_some(fd, samples, left < 80 ? left : 80);
		if (tone_watch_heard(&watch, samples, n))
			return 0;
	}
	return EXIT_LATE;
}

/* ---------------------------------------------------------------- words --- */

size_t far_key(const char *word, const char *const *names, const char *what)
{
	size_t i, len = strcspn(word, "=");

	for (i = 0; names[i]; i++)
		if (strlen(names[i]) == len && !strncmp(word, names[i], len))
			break;
	if (!names[i] || !word[len])
		wrong("\"%s\" is no setting of %s", word, what);
	return i;
}

static void print_field(const void *state, const struct far_field *field, bool json)
{
	const char *at = (const char *)state + field->at;

	if (field->kind == FAR_TEXT)
		printf(json ? "\"%.*s\"" : "%.*s", (int)field->size, at);
	else if (field->size == 8)
		printf("%" PRIu64, (uint64_t)*(const __u64 *)at);
	else if (field->size == 2)
		printf("%u", *(const __u16 *)at);
	else if (field->kind == FAR_SIGNED)
		printf("%" PRId32, *(const __s32 *)at);
	else
		printf("%" PRIu32, *(const __u32 *)at);
}

void far_print(const void *state, unsigned int bits, const struct far_bit *bit,
	       const struct far_field *field, bool json)
{
	size_t i;

	if (json)
		putchar('{');
	for (i = 0; bit[i].name; i++) {
		bool on = bits & bit[i].bit;

		if (json)
			printf("%s\"%s\":%s", i ? "," : "", bit[i].name, on ? "true" : "false");
		else if (on)
			printf("%s ", bit[i].name);
	}
	if (!json)
		putchar('\n');
	for (; field->name; field++) {
		printf(json ? ",\"%s\":" : "%s: ", field->name);
		print_field(state, field, json);
		if (!json)
			putchar('\n');
	}
	if (json)
		puts("}");
}
