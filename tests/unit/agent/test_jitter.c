// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The jitter buffer between a scripted network and a simulated line, in
 * simulated time: the line takes a frame of 8 samples every millisecond of its
 * own clock and asks for more when one frame or none is left.
 */
#include "../ktap.h"
#include "jitter.h"

#include <math.h>
#include <stdlib.h>

#define MS		1000
#define PACKET_US	20000
#define LOW_FRAMES	1
#define IN_FLIGHT	64

static struct jitter jitter;

static struct {
	double frame_us;		/* length of a frame on the line's clock */
	double next_frame;
	unsigned int frames;		/* queued */
	unsigned int dry, dry_run, dry_longest;	/* frames of silence while playing */
	unsigned int most, least;	/* queued, after the first seconds */
} line;

/* From being sent to being heard, beyond the network's shortest way. */
static struct {
	double shortest_us, sum_us, worst_us;
	unsigned int packets;
} waits;

static struct {
	double arrival;
	unsigned int number;
} flight[IN_FLIGHT];
static unsigned int flying;

/* A voice of 125 Hz, by packet: what is heard must go on like that. */
static uint8_t payload_of(unsigned int sample)
{
	int16_t value = 8000 * sin(2 * M_PI * 125 * sample / 8000.0);
	uint8_t code;

	g711_alaw.encode(&code, &value, 1);
	return code;
}

static int ahead_us(double now)
{
	return line.frames * line.frame_us - (now - (line.next_frame - line.frame_us));
}

static void serve(double now, bool urgent)
{
	int16_t out[JITTER_OUT_MAX + 8];
	size_t count;

	do {
		int ahead = ahead_us(now) > 0 ? ahead_us(now) : 0;
		bool low = urgent && line.frames <= LOW_FRAMES;

		count = jitter_get(&jitter, out, ahead, low);
		CHECK(count % 8 == 0 && count <= JITTER_OUT_MAX, "%zu samples", count);
		line.frames += count / 8;
	} while (count);
}

static void tick_line(void)
{
	double now = line.next_frame;

	if (line.frames) {
		line.frames--;
		line.dry_run = 0;
	} else if (jitter_is_playing(&jitter)) {
		line.dry++;
		if (++line.dry_run > line.dry_longest)
			line.dry_longest = line.dry_run;
	}
	line.next_frame += line.frame_us;
	if (jitter_is_playing(&jitter) && line.frames <= LOW_FRAMES)
		serve(now, true);
}

static void receive(unsigned int number, double now)
{
	uint8_t payload[160];
	const struct jitter_packet packet = {
		.seq = number + 65000, .timestamp = number * 160 + 0xffff0000u,
		.codec = &g711_alaw, .payload = payload, .len = 160,
	};
	int ahead = ahead_us(now);
	unsigned int i;

	if (number >= 500 && jitter_is_playing(&jitter)) {
		int32_t distance = packet.timestamp - jitter.next - jitter.waited;
		double wait = ahead + distance * 125.0 +
			      now - number * (double)PACKET_US - waits.shortest_us;

		waits.sum_us += wait;
		waits.packets++;
		waits.worst_us = wait > waits.worst_us ? wait : waits.worst_us;
	}
	for (i = 0; i < 160; i++)
		payload[i] = payload_of(number * 160 + i);
	jitter_put(&jitter, &packet, ahead > 0 ? ahead : 0);
	serve(now, false);
}

/* Everything that happens up to @until, in order. */
static void run_until(double until)
{
	for (;;) {
		unsigned int first = 0, i;

		for (i = 1; i < flying; i++)
			if (flight[i].arrival < flight[first].arrival)
				first = i;
		if (flying && flight[first].arrival <= line.next_frame) {
			if (flight[first].arrival > until)
				return;
			receive(flight[first].number, flight[first].arrival);
			flight[first] = flight[--flying];
		} else {
			if (line.next_frame > until)
				return;
			tick_line();
		}
	}
}

static void restart(double ppm, double shortest_us)
{
	memset(&waits, 0, sizeof(waits));
	waits.shortest_us = shortest_us;
	memset(&line, 0, sizeof(line));
	line.frame_us = 1000 * (1 + ppm / 1e6);
	line.next_frame = 300;
	line.least = 10000;
	flying = 0;
	srand(1);
	jitter_init(&jitter, 0, 200);
}

/* A packet that is sent at its time and under way for @delay_us; < 0 = lost. */
static void send(unsigned int number, double delay_us)
{
	run_until(number * (double)PACKET_US);
	if (delay_us < 0)
		return;
	flight[flying].arrival = number * (double)PACKET_US + delay_us;
	flight[flying++].number = number;
	if (number > 500) {
		unsigned int frames = line.frames;

		line.most = frames > line.most ? frames : line.most;
		line.least = frames < line.least ? frames : line.least;
	}
}

static double uniform(void)
{
	return rand() / (double)RAND_MAX;
}

static double added_ms(void)
{
	return waits.sum_us / waits.packets / 1000;
}

static void test_no_jitter(void)
{
	unsigned int i;

	restart(0, 700);
	for (i = 0; i < 3000; i++)
		send(i, 700);
	CHECK(!jitter.stats.late && !jitter.stats.concealed && !line.dry,
	      "late %llu, concealed %llu, dry %u", (unsigned long long)jitter.stats.late,
	      (unsigned long long)jitter.stats.concealed, line.dry);
	CHECK(added_ms() <= 5, "%f ms", added_ms());
	NOTE("delay %.1f ms", added_ms());
}

/* Uniform +-15 ms: packets overtake each other. */
static void test_jitter_trace(void)
{
	double late, mean;
	unsigned int i;

	restart(0, 1000);
	for (i = 0; i < 6000; i++)
		send(i, 1000 + 30000 * uniform());
	late = 100.0 * jitter.stats.late / 6000;
	mean = added_ms();
	NOTE("late %.2f %%, added delay %.1f ms, at most %.1f, concealed %llu ms, inserted %llu, removed %llu",
	     late, mean, waits.worst_us / 1000, (unsigned long long)jitter.stats.concealed / 8,
	     (unsigned long long)jitter.stats.inserted / 8,
	     (unsigned long long)jitter.stats.removed / 8);
	CHECK(late <= 1, "late %f %%", late);
	CHECK(mean <= 35, "added delay %f ms", mean);
	CHECK(!jitter.stats.lost && !jitter.stats.duplicate, "lost %llu, twice %llu",
	      (unsigned long long)jitter.stats.lost,
	      (unsigned long long)jitter.stats.duplicate);
	CHECK(!line.dry, "dry for %u ms", line.dry);
}

static void skew(double ppm)
{
	unsigned int i;

	restart(ppm, 1000);
	for (i = 0; i < 3600 * 50; i++)
		send(i, 1000);
	NOTE("%+g ppm: inserted %llu ms, removed %llu ms, queue %u..%u ms", ppm,
	     (unsigned long long)jitter.stats.inserted / 8,
	     (unsigned long long)jitter.stats.removed / 8, line.least, line.most);
	CHECK(line.dry_longest + jitter.stats.concealed / 8 <= 10,
	      "%+g ppm: dry %u ms, concealed %llu", ppm, line.dry_longest,
	      (unsigned long long)jitter.stats.concealed);
	CHECK(line.most <= 35, "%+g ppm: delay of %u ms", ppm, line.most);
}

static void test_skew_for_an_hour(void)
{
	skew(100);
	skew(-100);
}

static void test_random_loss(void)
{
	unsigned int i, lost = 0;

	restart(0, 1000);
	for (i = 0; i < 6000; i++) {
		bool lose = i > 10 && i < 5990 && uniform() < 0.03;

		lost += lose;
		send(i, lose ? -1 : 1000);
	}
	CHECK(jitter.stats.lost == lost, "%llu lost, not %u",
	      (unsigned long long)jitter.stats.lost, lost);
	CHECK(llabs((long long)jitter.stats.concealed - lost * 160LL) <= lost * 80LL,
	      "%u lost, %llu samples concealed", lost,
	      (unsigned long long)jitter.stats.concealed);
	CHECK(!line.dry, "dry for %u ms", line.dry);
	CHECK(line.most <= 50, "%u ms queued", line.most);
	NOTE("%u lost, %llu ms concealed, %u..%u ms queued", lost,
	     (unsigned long long)jitter.stats.concealed / 8, line.least, line.most);
}

/* The network stands for 150 ms, then all comes at once. */
static void test_stall(void)
{
	unsigned int i;

	restart(0, 1000);
	for (i = 0; i < 4000; i++)
		send(i, 1000 + (i >= 500 && i < 508 ? (508 - i) * PACKET_US : 0));
	CHECK(!line.dry, "dry for %u ms", line.dry);
	CHECK(line.most <= 260, "%u ms queued", line.most);
	CHECK(line.frames <= 28, "%u ms stay queued", line.frames);
}

/* The far end is silent for a second (or sends digits), then goes on. */
static void test_pause(void)
{
	unsigned int i;

	restart(0, 1000);
	for (i = 0; i < 800; i++)
		if (i < 600 || i >= 650)
			send(i, 1000);
	CHECK(jitter.stats.concealed <= 1100, "%llu concealed",
	      (unsigned long long)jitter.stats.concealed);
	CHECK(!line.dry, "dry for %u ms", line.dry);
	CHECK(added_ms() <= 8, "%f ms", added_ms());
}

static void test_duplicates_and_rubbish(void)
{
	unsigned int i;

	restart(0, 1000);
	for (i = 0; i < 1000; i++) {
		send(i, 1000);
		if (i % 10 == 5)
			send(i, 1500);
	}
	CHECK(jitter.stats.duplicate == 100, "%llu",
	      (unsigned long long)jitter.stats.duplicate);
	CHECK(!jitter.stats.concealed && !line.dry, "disturbed");

	for (i = 0; i < 100000; i++) {
		uint8_t bytes[JITTER_PAYLOAD_MAX + 10] = {};
		struct jitter_packet packet = {
			.seq = rand(), .codec = &g711_ulaw, .payload = bytes,
			.timestamp = rand() % 8 ? (unsigned int)rand() % 40000 : rand(),
			.len = rand() % sizeof(bytes),
		};

		jitter_put(&jitter, &packet, rand() % 300000);
		serve(i, rand() & 1);
		line.frames = rand() % 300;
	}
}

KTAP_MAIN(TEST(test_no_jitter), TEST(test_jitter_trace), TEST(test_skew_for_an_hour),
	  TEST(test_random_loss), TEST(test_stall), TEST(test_pause),
	  TEST(test_duplicates_and_rubbish))
