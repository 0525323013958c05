// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Speech and music at -12 dBm0 are no digits, and no exchange's tones. Speech comes as 8 kHz mono WAV
 * or raw files from the directory $TALKOFF (the Makefile has them spoken);
 * music is made here: melodies and chords of several instruments' harmonics,
 * in several tunings.
 */
#include "../ktap.h"
#include "dtmf.h"
#include "plans.h"
#include "progress.h"
#include "signal.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>

#define SECOND		8000
#define LEVEL_DBM0	(-12)
#define FALSE_MAX	2	/* in all speech, and in 12 minutes of music */
#define PERIODS		3

static int16_t *samples;
static size_t count;

/* The level of what is not a pause. */
static double active_rms(void)
{
	double sum = 0, all = 0;
	size_t active = 0, i, j;

	for (i = 0; i < count; i++)
		all += (double)samples[i] * samples[i] / count;
	for (i = 0; i + 160 <= count; i += 160) {
		double energy = 0;

		for (j = i; j < i + 160; j++)
			energy += (double)samples[j] * samples[j] / 160;
		if (energy < all / 100)
			continue;
		sum += energy;
		active++;
	}
	return sqrt(sum / (active ? active : 1));
}

static void set_level(void)
{
	double gain = peak_of(LEVEL_DBM0) / sqrt(2) / active_rms();
	size_t i;

	for (i = 0; i < count; i++)
		samples[i] = clip(samples[i] * gain);
}

static unsigned int false_digits(const char *what)
{
	static const int16_t silence[POTS_DTMF_FRAME];
	struct pots_dtmf_event event;
	unsigned int found = 0;
	struct pots_dtmf dtmf;
	size_t i;

	set_level();
	pots_dtmf_init(&dtmf, 0);
	for (i = 0; i + 8 <= count; i += 8) {
		if (!pots_dtmf_take(&dtmf, samples + i, silence) ||
		    !pots_dtmf_judge(&dtmf, &event) || !event.start)
			continue;
		NOTE("%s: %c at %.2f s", what, "0123456789*#ABCD"[event.digit],
		     i / (double)SECOND);
		found++;
	}
	return found;
}

/* ----------------------------------------------------------------- tones --- */

/*
 * All kinds: 425 Hz, two frequencies, modulated ones, quick and slow cadences. The
 * first ones suffice where not all is wanted.
 */
static const char countries[][8] = {
	"us", "de", "gb", "tr", "fr", "jp", "cn", "it", "au", "za", "se", "nz",
};
#define COUNTRIES_FEW	4

static unsigned int listener_count;
static struct pots_progress listeners[ARRAY_SIZE(countries)];
static unsigned int false_tones[PLAN_TONES];

static bool is_full(void)
{
	const char *full = getenv("POTS_FULL");

	return full && *full;
}

static void set_listeners(void)
{
	const char *path = getenv("TONES");
	unsigned int count, c, i, k;
	struct plan *plans = plans_read(path ? path : "../agent/tones-expected.txt", &count);

	listener_count = is_full() ? ARRAY_SIZE(countries) : COUNTRIES_FEW;
	memset(false_tones, 0, sizeof(false_tones));
	CHECK(plans, "no tones to read");
	for (c = 0; plans && c < listener_count; c++) {
		pots_progress_init(&listeners[c], PERIODS);
		for (i = 0; i < count && strcmp(plans[i].country, countries[c]); i++)
			;
		CHECK(i < count, "no %s", countries[c]);
		for (k = 0; i < count && k < PLAN_TONES; k++)
			pots_progress_set(&listeners[c], plan_tones[k].tone, &plans[i].tone[k]);
	}
	free(plans);
}

static void look_for_tones(const char *what)
{
	struct pots_progress_event event;
	unsigned int c, k;
	size_t i;

	for (c = 0; c < listener_count; c++) {
		pots_progress_reset(&listeners[c]);
		for (i = 0; i + 8 <= count; i += 8) {
			if (!pots_progress_run(&listeners[c], samples + i, &event) ||
			    !event.on)
				continue;
			for (k = 0; plan_tones[k].tone != event.tone; k++)
				;
			if (k)
				NOTE("%s: %s of %s at %.2f s", what, plan_tones[k].name,
				     countries[c], i / (double)SECOND);
			false_tones[k]++;
		}
	}
}

/* Of those that would end a call there may be none; dial tone is waited for only. */
static void check_false_tones(void)
{
	NOTE("%u countries: %u times dial tone, %u ringback, %u busy, %u reorder, %u others",
	     listener_count, false_tones[0], false_tones[1], false_tones[2], false_tones[3],
	     false_tones[4] + false_tones[5]);
	CHECK(!(false_tones[2] + false_tones[3] + false_tones[4] + false_tones[5]),
	      "a call would have been released");
}

static bool read_file(const char *directory, const char *name)
{
	char path[4096];
	FILE *file;
	long size;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (!file)
		return false;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	samples = realloc(samples, size + 2);
	count = fread(samples, sizeof(*samples), size / 2, file);
	fclose(file);
	return count >= SECOND;
}

static void test_speech(void)
{
	const char *directory = getenv("TALKOFF");
	unsigned int voices = 0, found = 0;
	double minutes = 0;
	struct dirent *entry;
	DIR *dir = directory ? opendir(directory) : NULL;

	set_listeners();
	CHECK(dir, "no directory of speech in $TALKOFF");
	while (dir && (entry = readdir(dir))) {
		if (!strstr(entry->d_name, ".raw") || !read_file(directory, entry->d_name))
			continue;
		found += false_digits(entry->d_name);
		look_for_tones(entry->d_name);
		minutes += count / 60.0 / SECOND;
		voices++;
	}
	if (dir)
		closedir(dir);
	NOTE("%.1f minutes, %u voices, %u false digits", minutes, voices, found);
	CHECK(voices >= 5 && minutes >= 10, "%u voices, %.1f minutes", voices, minutes);
	CHECK(found <= FALSE_MAX, "%u false digits", found);
	check_false_tones();
}

struct instrument {
	double partials[8];
	double attack_s, decay_s, vibrato;
};

static const struct instrument instruments[] = {
	{ { 1 }, 0.05, 9, 0.003 },				/* flute, near a sine */
	{ { 1, .5, .33, .25, .2, .16, .14, .12 }, 0.03, 9, 0.004 }, /* strings */
	{ { 1, .3, .1, .05, .02 }, 0.005, 0.6, 0 },		/* piano */
	{ { 1, 0, .5, 0, .3, 0, .15, 0 }, 0.02, 9, 0 },	/* clarinet */
	{ { 1, 1, .5, 0, .3 }, 0.01, 9, 0.001 },		/* organ */
	{ { 1, 0, 0, .3 }, 0.002, 0.4, 0 },			/* vibraphone */
};

static void add_note(const struct instrument *instrument, size_t from, size_t length,
		     double hz, double peak)
{
	size_t i, partial;

	for (i = 0; i < length && from + i < count; i++) {
		double t = i / (double)SECOND, value = 0;
		double envelope = fmin(1, t / instrument->attack_s) *
			exp(-t / instrument->decay_s) * fmin(1, (length - i) / 160.0);
		double turn = 2 * M_PI * hz *
			(t + instrument->vibrato * sin(2 * M_PI * 5.5 * t) / 35);

		for (partial = 0; partial < 8; partial++)
			if (instrument->partials[partial] && hz * (partial + 1) < 3600)
				value += instrument->partials[partial] *
					 sin(turn * (partial + 1));
		samples[from + i] = clip(samples[from + i] + peak * envelope * value);
	}
}

/* A walk over the keyboard in chords of one to four notes, with rests or without. */
static void compose(const struct instrument *instrument, double a4_hz,
		    unsigned int voices, bool staccato)
{
	static const int intervals[] = { 0, 4, 7, 12, 3, 9, 5, 16 };
	size_t at = 0;
	int key = 60;

	while (at < count) {
		size_t length = SECOND / 8 * (1 + rand() % 6);
		unsigned int i;

		for (i = 0; i < voices; i++) {
			int note = key + (i ? intervals[rand() % 8] : 0);

			add_note(instrument, at, staccato ? length / 2 : length,
				 a4_hz * pow(2, (note - 69) / 12.0), 3000);
		}
		at += length;
		/* what is repeated is nearest to a cadence */
		if (staccato && rand() % 4)
			continue;
		key += rand() % 9 - 4;
		if (key < 48 || key > 90)
			key = 69;
	}
}

static unsigned int play_piece(unsigned int instrument, unsigned int voices, double a4_hz,
			       bool staccato)
{
	unsigned int found;
	char name[60];

	memset(samples, 0, count * sizeof(*samples));
	compose(&instruments[instrument], a4_hz, voices, staccato);
	snprintf(name, sizeof(name), "instrument %u, %u notes%s", instrument, voices,
		 staccato ? ", staccato" : "");
	found = false_digits(name);
	look_for_tones(name);
	return found;
}

static void test_music(void)
{
	static const double tunings[] = { 440, 436, 444, 415 };
	unsigned int found = 0, piece = 0, i, voices;
	double minutes;

	set_listeners();
	srand(4);
	count = (is_full() ? 90 : 30) * SECOND;
	samples = realloc(samples, count * sizeof(*samples));
	for (i = 0; i < ARRAY_SIZE(instruments); i++)
		for (voices = 1; voices <= 4; voices++) {
			found += play_piece(i, voices, tunings[piece++ % 4], false);
			if (is_full() || voices == 1)
				found += play_piece(i, voices, tunings[piece++ % 4], true);
		}
	minutes = piece * count / 60. / SECOND;
	NOTE("%u pieces, %.0f minutes, %u false digits", piece, minutes, found);
	CHECK(found <= FALSE_MAX * minutes / 12, "%u false digits", found);
	check_false_tones();
}

/* That the material is heard at all: a digit inside the music is found. */
static void test_digit_in_it(void)
{
	count = 10 * SECOND;
	samples = realloc(samples, count * sizeof(*samples));
	memset(samples, 0, count * sizeof(*samples));
	compose(&instruments[2], 440, 2, false);
	memset(samples + 5 * SECOND, 0, SECOND);
	add_sine(samples + 5 * SECOND + 800, 800, 770, -12, 0);
	add_sine(samples + 5 * SECOND + 800, 800, 1477, -12, 0);
	CHECK(false_digits("a true one") == 1, "not found");
}

KTAP_MAIN(TEST(test_speech), TEST(test_music), TEST(test_digit_in_it))
