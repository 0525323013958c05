// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A country at the ear: plays every tone of a port's plan, listens at the
 * simulated telephone, and judges what is heard by tones-expected.txt.
 *
 *	country PORT PHONE EXPECTED CODE [LIMIT-MS]
 *
 * PORT has the plan already: potsd, which loaded it, has gone. Of a tone that
 * is longer than LIMIT-MS only that much is listened to; and little more than its
 * beginning, if the same stands before it in EXPECTED (with LIMIT-MS: for CODE). "de busy:
 * what is wrong" for every tone that is not as it should be.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pots.h>
#include <linux/pots_sim.h>

#include "expected.h"
#include "recognise.h"
#include "treatment.h"

#define TONES_MAX	32	/* of a country */
#define ALL_MAX		4000
#define KNOWN_MS	400	/* heard of a tone that another country has, too */
#define BEFORE_MS	60	/* of silence heard before a tone, */
#define DELAY_MS	60	/* and this for the way to the ear */
#define SAMPLES_A_MS	8
#define HOOK_TRIES	200

static const char *code;
static size_t limit;	/* samples, 0 = none */
static struct expected *all;
static unsigned int all_count;
static struct expected tones[TONES_MAX];
static bool known[TONES_MAX];
static unsigned int tone_count;

__attribute__((format(printf, 1, 2), noreturn))
static void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(errno));
	exit(2);
}

static bool same_tone(const struct expected *a, const struct expected *b)
{
	return a->steps == b->steps && a->loop_start == b->loop_start &&
	       a->repeat == b->repeat && !memcmp(a->step, b->step, a->steps * sizeof(a->step[0]));
}

static void keep(void *ctx, const struct expected *tone)
{
	(void)ctx;
	if (!strcmp(tone->country, code) && tone_count < TONES_MAX) {
		for (unsigned int i = 0; i < all_count && !known[tone_count]; i++)
			known[tone_count] = same_tone(&all[i], tone) &&
					    (!limit || !strcmp(all[i].country, code));
		tones[tone_count++] = *tone;
	}
	if (all_count < ALL_MAX)
		all[all_count++] = *tone;
}

static int open_node(const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		die("%s", path);
	return fd;
}

static int claim_port(const char *name)
{
	struct pots_claim claim = { 0 };
	int fd = open_node(name, O_RDWR);

	if (ioctl(fd, POTS_CLAIM, &claim))
		die("%s: claim", name);
	return claim.fd;
}

static int lift(const char *name)
{
	struct pots_sim_queue queue = { .count = 1, .step[0].kind = POTS_SIM_STEP_OFFHOOK };
	int fd = open_node(name, O_RDWR);

	if (ioctl(fd, POTS_SIM_QUEUE, &queue))
		die("%s: lift", name);
	return fd;
}

static void put_down(int phone)
{
	struct pots_sim_queue queue = { .count = 1, .step[0].kind = POTS_SIM_STEP_ONHOOK };

	ioctl(phone, POTS_SIM_QUEUE, &queue);
}

/* Until the line takes a tone. */
static void wait_for_line(int claim)
{
	struct pots_play play = { .tone = POTS_TONE_DIAL };
	struct pots_stop stop = { 0 };

	for (int i = 0; i < HOOK_TRIES; i++) {
		if (!ioctl(claim, POTS_PLAY_TONE, &play)) {
			ioctl(claim, POTS_STOP_TONE, &stop);
			return;
		}
		usleep(10000);
	}
	die("the handset is lifted, and no tone can be played");
}

static void hear(int phone, int16_t *pcm, size_t count)
{
	while (count) {
		ssize_t got = read(phone, pcm, (count < 800 ? count : 800) * sizeof(*pcm));

		if (got <= 0)
			die("the ear");
		pcm += (size_t)got / sizeof(*pcm);
		count -= (size_t)got / sizeof(*pcm);
	}
}

/* Silence from before it, then @count samples that the tone is in; nothing older. */
static void hear_tone(int claim, int phone, const char *name, int16_t *pcm, size_t count)
{
	struct pots_play play = { .tone = (__u32)treatment_tone(name) };
	struct pots_stop stop = { 0 };
	__u32 how = POTS_SIM_LISTEN_EAR;

	if (ioctl(phone, POTS_SIM_LISTEN, &how))
		die("listen");
	hear(phone, pcm, BEFORE_MS * SAMPLES_A_MS);
	if (ioctl(claim, POTS_PLAY_TONE, &play))
		die("%s %s: play", code, name);
	hear(phone, pcm, count);
	ioctl(claim, POTS_STOP_TONE, &stop);
}

static bool judge(struct recogniser *recogniser, unsigned int index, const int16_t *pcm,
		  size_t count)
{
	const struct expected *tone = &tones[index];
	size_t needed = recogniser_samples(recogniser, index);
	char why[EXPECTED_WHY_MAX], names[200];
	size_t silence = 0;

	while (silence < count && !pcm[silence])
		silence++;
	if (silence > DELAY_MS * SAMPLES_A_MS) {
		printf("%s %s: begins after %zu ms\n", code, tone->tone, silence / SAMPLES_A_MS);
		return false;
	}
	if (expected_check(tone, pcm, count, why)) {
		printf("%s %s: %s\n", code, tone->tone, why);
		return false;
	}
	if (!needed || needed > count || recogniser_hears(recogniser, index, pcm, count, names))
		return true;
	printf("%s %s: spandsp takes it for %s\n", code, tone->tone, names);
	return false;
}

static bool try_tone(int claim, int phone, struct recogniser *recogniser, unsigned int index)
{
	size_t count = expected_samples(&tones[index]);
	size_t wanted = recogniser_samples(recogniser, index);
	int16_t *pcm;
	bool good;

	if (wanted > count)
		count = wanted;
	if (limit && count > limit)
		count = limit;
	if (known[index] && count > KNOWN_MS * SAMPLES_A_MS)
		count = KNOWN_MS * SAMPLES_A_MS;
	count += DELAY_MS * SAMPLES_A_MS;
	pcm = calloc(count, sizeof(*pcm));
	if (!pcm)
		die("memory");
	hear_tone(claim, phone, tones[index].tone, pcm, count);
	good = judge(recogniser, index, pcm, count);
	free(pcm);
	return good;
}

int main(int argc, char **argv)
{
	struct recogniser *recogniser;
	int claim, phone, status = 0;

	if (argc < 5) {
		fprintf(stderr, "usage: country PORT PHONE EXPECTED CODE [LIMIT-MS]\n");
		return 2;
	}
	code = argv[4];
	all = calloc(ALL_MAX, sizeof(*all));
	if (!all)
		die("memory");
	limit = argc > 5 ? strtoul(argv[5], NULL, 10) * SAMPLES_A_MS : 0;
	if (expected_read(argv[3], keep, NULL) < 0 || !tone_count)
		die("%s: nothing for %s", argv[3], code);
	claim = claim_port(argv[1]);
	phone = lift(argv[2]);
	wait_for_line(claim);
	recogniser = recogniser_new(tones, tone_count);
	for (unsigned int i = 0; i < tone_count; i++) {
		if (!try_tone(claim, phone, recogniser, i))
			status = 1;
	}
	recogniser_free(recogniser);
	free(all);
	put_down(phone);
	printf("%s: %u tones\n", code, tone_count);
	return status;
}
