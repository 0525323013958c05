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
static unsigned int echo_frames;

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
	for (i = 3 + echo_frames * MS; i < count; i++)
		line[i] = clip(line[i] + sent[i - 3 - echo_frames * MS] *
			       pow(10, -trial->echo_db / 20));
}

/* One digit that was found. */
struct found {
	long from, to;		/* samples */
	unsigned int length;
};

/* Plays the samples to the detector; the digits that began, as text. */
static size_t detect(size_t count, char *text, struct found *found)
{
	struct pots_dtmf_event event;
	struct pots_dtmf dtmf;
	size_t i, digits = 0;

	pots_dtmf_init(&dtmf, echo_frames);
	for (i = 0; i + MS <= count; i += MS) {
		if (!pots_dtmf_take(&dtmf, line + i, sent + i) ||
		    !pots_dtmf_judge(&dtmf, &event))
			continue;
		if (event.start && digits < 4 * DIGITS) {
			if (found)
				found[digits].from = i + MS - event.ago;
			text[digits++] = keys[event.digit];
		} else if (found) {
			found[digits - 1].to = i + MS - event.ago;
			found[digits - 1].length = event.samples;
		}
	}
	text[digits] = 0;
	return digits;
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
	detect(count, found, NULL);
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
			detect(400 * MS, found, NULL);
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

		echo_frames = trial.echo_db == 12 ? 20 : 0;

		for (level = 0; level >= -35; level -= 5) {
			for (off = -1.5; off <= 1.5; off += 1.5) {
				trial.row_dbm0 = trial.column_dbm0 = level;
				trial.off_percent = off;
				expect(&trial, DIGITS, "accept");
			}
		}
	}
	echo_frames = 0;
}

/* What we send ourselves comes back, and is no digit of the subscriber's. */
static void test_own_digits(void)
{
	static const unsigned int deep[] = { 0, 1, 10, POTS_DTMF_ECHO_MAX };
	char found[4 * DIGITS + 1];
	size_t count, i, j, late;

	for (j = 0; j < ARRAY_SIZE(deep); j++) {
		echo_frames = deep[j];
		late = echo_frames * MS + 5;
		memset(line, 0, sizeof(line));
		count = make_digits(&nominal);
		memcpy(sent, line, sizeof(sent));
		for (i = 0; i < count; i++)
			line[i] = i < late ? 0 : sent[i - late] * 0.45;
		detect(count, found, NULL);
		CHECK(!*found, "%u frames deep: found %s", echo_frames, found);
	}
	echo_frames = 0;
	memset(sent, 0, sizeof(sent));
}

static void test_times(void)
{
	struct found found[4 * DIGITS];
	char text[4 * DIGITS + 1];
	size_t at, n;

	for (at = 100 * MS; at < 112 * MS; at += 7) {
		memset(line, 0, sizeof(line));
		add_sine(line + at, 80 * MS, 852, -14, 0);
		add_sine(line + at, 80 * MS, 1477, -12, 1);
		n = detect(400 * MS, text, found);
		CHECK(n == 1, "%zu digits", n);
		CHECK(labs(found[0].from - (long)at) <= 3 * MS, "begins at %ld, not %zu",
		      found[0].from, at);
		CHECK(labs(found[0].to - (long)at - 80 * MS) <= 5 * MS,
		      "ends at %ld, not %zu", found[0].to, at + 80 * MS);
		CHECK(labs((long)found[0].length - 80 * MS) <= 5 * MS,
		      "%u samples long, not %d", found[0].length, 80 * MS);
	}
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
		detect(24000, found, NULL);
		CHECK(!strcmp(found, keys), "%d dBm0: heard %s", level, found);
	}
	dtmf_tx_free(tx);
}

KTAP_MAIN(TEST(test_levels), TEST(test_frequencies), TEST(test_twist),
	  TEST(test_durations), TEST(test_gaps), TEST(test_noise),
	  TEST(test_dial_tone_with_echo), TEST(test_own_digits), TEST(test_times),
	  TEST(test_spandsp_hears_ours), TEST(test_we_hear_spandsp))
