// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A country at the ear: plays every tone of a port's plan and its sixteen digits,
 * listens at the simulated telephone, and judges what is heard by EXPECTED, a file
 * as tones-expected.txt; and rings the telephone for a whole period, if EXPECTED says
 * how.
 *
 *	country PORT PHONE EXPECTED CODE [LIMIT-MS]
 *
 * PORT has the plan already: potsd, which loaded it, has gone. Of a tone that
 * is longer than LIMIT-MS only that much is listened to, and little more than its
 * beginning, if it is the same as one before it. "de busy: what is wrong" for every tone
 * that is not as it should be; and at last how many there were, and of how many spandsp
 * was asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <spandsp.h>

#include <linux/pots.h>
#include <linux/pots_sim.h>

#include "expected.h"
#include "recognise.h"
#include "treatment.h"

#define TONES_MAX	32	/* of a country */
#define KNOWN_MS	400	/* heard of a tone that is one before, too */
#define BEFORE_MS	60	/* of silence heard before a tone, */
#define DELAY_MS	60	/* and this for the way to the ear */
#define SAMPLES_A_MS	8
#define HOOK_TRIES	200
#define LOOK_US		5000	/* at the bell */
#define BURST_TRIES	4000
#define NEAR_PERCENT	0.5	/* of the frequency of ringing */
#define NEAR_BURST_MS	3	/* a burst begins and ends when the chip is told to */
#define NS_A_MS		1000000

static const char *code;
static size_t limit;	/* samples, 0 = none */
static struct expected tones[TONES_MAX];
static bool known[TONES_MAX];
static unsigned int tone_count, asked;

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
	if (strcmp(tone->country, code) || tone_count == TONES_MAX)
		return;
	for (unsigned int i = 0; i < tone_count; i++)
		known[tone_count] = known[tone_count] || same_tone(&tones[i], tone);
	tones[tone_count++] = *tone;
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
static int16_t *hear_tone(int claim, int phone, unsigned int tone, size_t count)
{
	struct pots_play play = { .tone = tone };
	struct pots_stop stop = { 0 };
	__u32 how = POTS_SIM_LISTEN_EAR;
	int16_t before[BEFORE_MS * SAMPLES_A_MS], *pcm = calloc(count, sizeof(*pcm));

	if (!pcm)
		die("memory");
	if (ioctl(phone, POTS_SIM_LISTEN, &how))
		die("listen");
	hear(phone, before, BEFORE_MS * SAMPLES_A_MS);
	if (ioctl(claim, POTS_PLAY_TONE, &play))
		die("%s: play %u", code, tone);
	hear(phone, pcm, count);
	ioctl(claim, POTS_STOP_TONE, &stop);
	return pcm;
}

static bool measure(const struct expected *tone, const int16_t *pcm, size_t count)
{
	char why[EXPECTED_WHY_MAX];
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
	return true;
}

/* True when it cannot tell, or has not heard enough. */
static bool is_recognised(struct recogniser *recogniser, unsigned int index, const int16_t *pcm,
			  size_t count)
{
	size_t needed = recogniser_samples(recogniser, index);
	char names[200];

	if (!needed || needed > count)
		return true;
	asked++;
	if (recogniser_hears(recogniser, index, pcm, count, names))
		return true;
	printf("%s %s: spandsp takes it for %s\n", code, tones[index].tone, names);
	return false;
}

static bool try_tone(int claim, int phone, struct recogniser *recogniser, unsigned int index)
{
	const struct expected *tone = &tones[index];
	size_t count = expected_samples(tone), wanted = recogniser_samples(recogniser, index);
	int16_t *pcm;
	bool good;

	if (wanted > count)
		count = wanted;
	if (limit && count > limit)
		count = limit;
	if (limit && known[index] && count > KNOWN_MS * SAMPLES_A_MS)
		count = KNOWN_MS * SAMPLES_A_MS;
	count += DELAY_MS * SAMPLES_A_MS;
	pcm = hear_tone(claim, phone, (unsigned int)treatment_tone(tone->tone), count);
	good = measure(tone, pcm, count) && is_recognised(recogniser, index, pcm, count);
	free(pcm);
	return good;
}

/* Each measured by itself, and all of them told by spandsp. */
static bool try_digits(int claim, int phone, const char *path)
{
	dtmf_rx_state_t *receiver = dtmf_rx_init(NULL, NULL, NULL);
	struct expected digits[EXPECTED_DIGITS];
	char wanted[EXPECTED_DIGITS + 1] = "", heard[2 * EXPECTED_DIGITS] = "";
	bool good = true;

	if (expected_digits(path, code, digits))
		die("%s: no digits for %s", path, code);
	for (unsigned int i = 0; i < EXPECTED_DIGITS; i++) {
		size_t count = expected_samples(&digits[i]) + DELAY_MS * SAMPLES_A_MS;
		int16_t *pcm = hear_tone(claim, phone, POTS_TONE_DTMF + i, count);

		good = measure(&digits[i], pcm, count) && good;
		dtmf_rx(receiver, pcm, (int)count);
		wanted[i] = digits[i].tone[0];
		free(pcm);
	}
	dtmf_rx_get(receiver, heard, sizeof(heard) - 1);
	dtmf_rx_free(receiver);
	if (strcmp(heard, wanted))
		printf("%s: spandsp takes the digits for %s\n", code, heard);
	return good && !strcmp(heard, wanted);
}

/* ------------------------------------------------------------- ringing --- */

/* As the port is set, once the handset is known to be down. */
static void ring(int claim)
{
	struct pots_ring ringing = { 0 };

	for (int i = 0; i < HOOK_TRIES; i++) {
		if (!ioctl(claim, POTS_RING, &ringing))
			return;
		usleep(10000);
	}
	die("%s: ring", code);
}

/* When the bell has rung for @bursts in all. */
static struct pots_sim_state wait_for_burst(int phone, unsigned int bursts)
{
	struct pots_sim_state state;

	for (int i = 0; i < BURST_TRIES; i++) {
		if (ioctl(phone, POTS_SIM_GET_STATE, &state))
			die("the bell");
		if (state.rings >= bursts && state.ring_end_ns > state.ring_start_ns)
			return state;
		usleep(LOOK_US);
	}
	die("%s: the bell does not ring", code);
}

/* @before: what the bell said of the burst before it. */
static bool is_burst(const struct expected_ringing *want, unsigned int burst,
		     const struct pots_sim_state *now, const struct pots_sim_state *before)
{
	unsigned int place = 2 * burst % want->count;
	unsigned int pause = (place + want->count - 1) % want->count;
	double on = (double)(now->ring_end_ns - now->ring_start_ns) / NS_A_MS;
	double off = (double)(now->ring_start_ns - before->ring_end_ns) / NS_A_MS;
	double hz = now->ring_mhz / 1000., want_hz = want->mhz / 1000.;

	if (fabs(on - want->ms[place]) < NEAR_BURST_MS &&
	    (!burst || fabs(off - want->ms[pause]) < NEAR_BURST_MS) &&
	    fabs(hz - want_hz) < want_hz * NEAR_PERCENT / 100)
		return true;
	printf("%s: burst %u: %.3f Hz for %.2f ms, %.2f ms after another, not %.3f, %u, %u\n",
	       code, burst + 1, hz, on, off, want_hz, want->ms[place], want->ms[pause]);
	return false;
}

static bool try_ringing(int claim, int phone, const char *path)
{
	struct pots_sim_state now, before;
	struct pots_stop stop = { 0 };
	struct expected_ringing want;
	unsigned int first;
	bool good = true;

	if (expected_ringing(path, code, &want))
		return true;
	if (ioctl(phone, POTS_SIM_GET_STATE, &before))
		die("the bell");
	first = before.rings + 1;
	ring(claim);
	for (unsigned int i = 0; i <= want.count / 2; i++, before = now) {
		now = wait_for_burst(phone, first + i);
		good = is_burst(&want, i, &now, &before) && good;
	}
	ioctl(claim, POTS_STOP_RING, &stop);
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
	if (!try_digits(claim, phone, argv[3]))
		status = 1;
	put_down(phone);
	if (!try_ringing(claim, phone, argv[3]))
		status = 1;
	printf("%s: %u tones, %u for spandsp\n", code, tone_count, asked);
	return status;
}
