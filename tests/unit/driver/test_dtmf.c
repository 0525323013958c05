// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dtmf.c: the limits of ITU-T Q.24 and ETSI ES 201 235-3, by all sixteen
 * digits each; and spandsp as an independent sender and receiver.
 */
#include "../ktap.h"
#include "dtmf.h"
#include "signal.h"
#include "tone.h"

#include <math.h>
#include <spandsp.h>
#include <stdlib.h>

#define MS		8
#define DIGITS		32	/* of one trial: each twice */
#define LENGTH		(DIGITS * 400 * MS)

static const char keys[] = "0123456789*#ABCD";
static const double rows[] = { 697, 770, 852, 941 };
static const double columns[] = { 1209, 1336, 1477, 1633 };
static const char pad[] = "123A456B789C*0#D";

static int16_t line[LENGTH], sent[LENGTH];

/**
 * struct trial - how the digits of one trial are
 * @row_dbm0:	level of the low group
 * @column_dbm0: level of the high group
 * @off_percent: how far both frequencies are off
 * @row_off_percent: the lower one besides
 * @on_ms:	length
 * @gap_ms:	pause
 * @noise_dbm0:	0 = none
 * @echo_db:	echo of dial tone that is sent at -13 dBm0 each; 0 = none
 */
struct trial {
	double row_dbm0, column_dbm0;
	double off_percent, row_off_percent;
	double on_ms, gap_ms;
	double noise_dbm0;
	double echo_db;
};

static size_t make_digits(const struct trial *trial)
{
	size_t at = 100 * MS, i;

	for (i = 0; i < DIGITS; i++) {
		size_t key = strchr(pad, keys[i % 16]) - pad;
		double factor = 1 + trial->off_percent / 100;
		size_t length = trial->on_ms * MS;

		add_sine(line + at, length,
			 rows[key / 4] * (factor + trial->row_off_percent / 100),
			 trial->row_dbm0, rand() % 628 / 100.0);
		add_sine(line + at, length, columns[key % 4] * factor,
			 trial->column_dbm0, rand() % 628 / 100.0);
		/* every place within the detector's blocks */
		at += length + (size_t)(trial->gap_ms * MS) + rand() % 97;
	}
	return at + 100 * MS;
}

static void add_surroundings(const struct trial *trial, size_t count)
{
	unsigned int seed = 1;
	size_t i;

	if (trial->noise_dbm0)
		add_noise(line, count, trial->noise_dbm0, &seed);
	if (!trial->echo_db)
		return;
	add_sine(sent, count, 350, -13, 0);
	add_sine(sent, count, 440, -13, 0);
	for (i = 3; i < count; i++)
		line[i] = clip(line[i] + sent[i - 3] * pow(10, -trial->echo_db / 20));
}

/* Plays the samples to the detector; the digits that began, as text. */
static size_t detect(size_t count, size_t chunk, bool with_sent, char *found,
		     struct pots_dtmf_event *events)
{
	struct pots_dtmf_event out[POTS_DTMF_EVENTS_MAX];
	struct pots_dtmf dtmf;
	size_t i, length = 0, total = 0;
	unsigned int j, n;

	pots_dtmf_init(&dtmf);
	for (i = 0; i + chunk <= count; i += chunk) {
		n = pots_dtmf_feed(&dtmf, line + i, with_sent ? sent + i : NULL, chunk,
				   out);
		for (j = 0; j < n; j++) {
			out[j].offset += i;
			if (events && total < 4 * DIGITS)
				events[total++] = out[j];
			if (out[j].start && length < 4 * DIGITS)
				found[length++] = keys[out[j].digit];
		}
	}
	found[length] = 0;
	return total;
}

static const struct trial nominal = {
	.row_dbm0 = -10, .column_dbm0 = -10, .on_ms = 40, .gap_ms = 40,
};

/* How many of the digits were found, in order, and nothing else; else -1. */
static int run(const struct trial *trial)
{
	char found[4 * DIGITS + 1], all[DIGITS + 1];
	size_t count;

	memset(line, 0, sizeof(line));
	memset(sent, 0, sizeof(sent));
	count = make_digits(trial);
	add_surroundings(trial, count);
	detect(count, 8, trial->echo_db != 0, found, NULL);
	snprintf(all, sizeof(all), "%s%s", keys, keys);
	if (!*found)
		return 0;
	return strcmp(found, all) ? -1 : DIGITS;
}

static void expect(const struct trial *trial, int wanted, const char *what)
{
	int got = run(trial);

	CHECK(got == wanted,
	      "%s: %g/%g dBm0, %g %%, %g ms on, %g ms off, noise %g, echo %g: %d",
	      what, trial->row_dbm0, trial->column_dbm0, trial->off_percent,
	      trial->on_ms, trial->gap_ms, trial->noise_dbm0, trial->echo_db, got);
}

static void test_levels(void)
{
	struct trial trial = nominal;
	double level;

	for (level = 0; level >= -35; level--) {
		trial.row_dbm0 = trial.column_dbm0 = level;
		expect(&trial, DIGITS, "accept");
	}
	for (level = -42.1; level >= -60; level -= 3) {
		trial.row_dbm0 = trial.column_dbm0 = level;
		expect(&trial, 0, "reject");
	}
}

static void test_frequencies(void)
{
	struct trial trial = nominal;
	double off;

	for (off = -1.8; off <= 1.81; off += 0.3) {
		trial.off_percent = off;
		expect(&trial, DIGITS, "accept");
	}
	for (off = 3.5; off <= 6; off += 0.5) {
		trial.off_percent = off;
		expect(&trial, 0, "reject");
		trial.off_percent = -off;
		expect(&trial, 0, "reject");
	}

	/* one of them wrong is enough, which the energy alone does not tell */
	trial.off_percent = 0;
	for (off = -3.5; off <= 3.5; off += 7) {
		trial.row_off_percent = off;
		expect(&trial, 0, "reject by the lower");
		trial.row_off_percent = -off;
		trial.off_percent = off;
		expect(&trial, 0, "reject by the upper");
		trial.off_percent = 0;
	}
}

static void test_twist(void)
{
	double twist, level, off;

	for (level = -5; level >= -25; level -= 10) {
		for (off = -1.5; off <= 1.5; off += 1.5) {
			for (twist = -8; twist <= 6; twist++) {
				struct trial trial = nominal;

				trial.row_dbm0 = level - (twist > 0 ? twist : 0);
				trial.column_dbm0 = level + (twist < 0 ? twist : 0);
				trial.off_percent = off;
				expect(&trial, DIGITS, "accept");
			}
		}
	}
}

static void test_durations(void)
{
	struct trial trial = nominal;
	double on;

	for (on = 40; on <= 100; on += 7) {
		trial.on_ms = on;
		expect(&trial, DIGITS, "accept");
	}
	for (on = 5; on <= 20; on += 2.5) {
		trial.on_ms = on;
		expect(&trial, 0, "reject");
	}
}

/* A break of 20 ms inside a digit is bridged, one of 40 ms makes two. */
static void test_gaps(void)
{
	char found[4 * DIGITS + 1];
	unsigned int gap_ms, place;

	for (gap_ms = 5; gap_ms <= 60; gap_ms += 5) {
		if (gap_ms > 20 && gap_ms < 40)
			continue;
		for (place = 0; place < 96; place += 5) {
			size_t at = 50 * MS + place, i;

			memset(line, 0, sizeof(line));
			for (i = 0; i < 2; i++) {
				add_sine(line + at, 60 * MS, 770, -10, 0);
				add_sine(line + at, 60 * MS, 1336, -10, 1);
				at += (60 + gap_ms) * MS;
			}
			detect(400 * MS, 8, false, found, NULL);
			CHECK(!strcmp(found, gap_ms <= 20 ? "5" : "55"),
			      "gap of %u ms at %u: %s", gap_ms, place, found);
		}
	}
}

static void test_noise(void)
{
	struct trial trial = nominal;

	trial.on_ms = trial.gap_ms = 50;
	/* 15 dB below the two sines together */
	trial.noise_dbm0 = -10 + 3 - 15;
	expect(&trial, DIGITS, "accept");
	trial.row_dbm0 = trial.column_dbm0 = -30;
	trial.noise_dbm0 = -30 + 3 - 15;
	expect(&trial, DIGITS, "accept");
}

static void test_dial_tone_with_echo(void)
{
	struct trial trial = nominal;

	for (trial.echo_db = 6; trial.echo_db <= 18; trial.echo_db += 6) {
		double level, off;

		for (level = 0; level >= -35; level -= 5) {
			for (off = -1.5; off <= 1.5; off += 1.5) {
				trial.row_dbm0 = trial.column_dbm0 = level;
				trial.off_percent = off;
				expect(&trial, DIGITS, "accept");
			}
		}
	}
}

/* What we send ourselves comes back, and is no digit of the subscriber's. */
static void test_own_digits(void)
{
	char found[4 * DIGITS + 1];
	size_t count, i;

	memset(line, 0, sizeof(line));
	count = make_digits(&nominal);
	memcpy(sent, line, sizeof(sent));
	for (i = 0; i < count; i++)
		line[i] = i < 5 ? 0 : sent[i - 5] * 0.45;
	detect(count, 8, true, found, NULL);
	CHECK(!*found, "found %s", found);
}

static void test_times(void)
{
	struct pots_dtmf_event events[4 * DIGITS];
	char found[4 * DIGITS + 1];
	size_t at, n;

	for (at = 100 * MS; at < 112 * MS; at += 7) {
		memset(line, 0, sizeof(line));
		add_sine(line + at, 80 * MS, 852, -14, 0);
		add_sine(line + at, 80 * MS, 1477, -12, 1);
		n = detect(400 * MS, 8, false, found, events);
		CHECK(n == 2 && events[0].start && !events[1].start, "%zu events", n);
		CHECK(labs(events[0].offset - (long)at) <= 3 * MS, "begins at %d, not %zu",
		      events[0].offset, at);
		CHECK(labs((long)events[1].samples - 80 * MS) <= 5 * MS,
		      "%u samples long, not %d", events[1].samples, 80 * MS);
	}
}

static void test_chunks(void)
{
	static const size_t chunks[] = { 1, 8, 24, 80, 96, 160 };
	char found[4 * DIGITS + 1], first[4 * DIGITS + 1] = "";
	size_t i, count;

	memset(line, 0, sizeof(line));
	count = make_digits(&nominal) / 160 / 96 * 160 * 96;
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		detect(count, chunks[i], false, found, NULL);
		if (!i)
			strcpy(first, found);
		CHECK(!strcmp(found, first), "in pieces of %zu: %s", chunks[i], found);
	}
	CHECK(strlen(first) > DIGITS / 2, "too few: %s", first);
}

/* Our digits by their detector ... */
static void test_spandsp_hears_ours(void)
{
	dtmf_rx_state_t *rx = dtmf_rx_init(NULL, NULL, NULL);
	struct pots_tone_player player;
	char found[40] = "";
	int16_t block[160];
	unsigned int i, j;

	for (i = 0; i < 16; i++) {
		pots_tone_start(&player, pots_tone_builtin(POTS_TONE_DTMF + i), 0, 0);
		for (j = 0; j < 10; j++) {
			pots_tone_render(&player, block, 160, false);
			dtmf_rx(rx, block, 160);
		}
	}
	dtmf_rx_get(rx, found, sizeof(found) - 1);
	CHECK(!strcmp(found, keys), "spandsp heard %s", found);
	dtmf_rx_free(rx);
}

/* ... and theirs by ours. */
static void test_we_hear_spandsp(void)
{
	dtmf_tx_state_t *tx = dtmf_tx_init(NULL);
	char found[4 * DIGITS + 1];
	int level;

	for (level = -5; level >= -30; level -= 5) {
		memset(line, 0, sizeof(line));
		dtmf_tx_set_level(tx, level, 2);
		dtmf_tx_set_timing(tx, 50, 55);
		dtmf_tx_put(tx, keys, -1);
		dtmf_tx(tx, line + 100, 20000);
		detect(24000, 8, false, found, NULL);
		CHECK(!strcmp(found, keys), "%d dBm0: heard %s", level, found);
	}
	dtmf_tx_free(tx);
}

KTAP_MAIN(TEST(test_levels), TEST(test_frequencies), TEST(test_twist),
	  TEST(test_durations), TEST(test_gaps), TEST(test_noise),
	  TEST(test_dial_tone_with_echo), TEST(test_own_digits), TEST(test_times),
	  TEST(test_chunks), TEST(test_spandsp_hears_ours), TEST(test_we_hear_spandsp))
