// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All files of data/countries: they compile, to what tones-expected.txt says,
 * the kernel takes it, and the driver's own tone engine makes sounds of it that
 * measure as they should and that spandsp knows.
 */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../ktap.h"
#include "country.h"
#include "expected.h"
#include "recognise.h"
#include "tone.h"
#include "treatment.h"

#define COUNTRIES_WANTED	60
#define COUNTRIES_MAX		300
#define TONES_MAX		4000
#define TOLD_LEAST		2342	/* the others have steps or sines too close to each other */
#define LOUDEST			32767
#define COUNTRIES		(TEST_DIR "/../../../data/countries")
#define EXPECTED		(TEST_DIR "/tones-expected.txt")

static struct {
	char code[16];
	struct country country;
} countries[COUNTRIES_MAX];
static unsigned int country_count;

static struct expected *tones;
static unsigned int tone_count;

static void report(void *ctx, const char *file, int line, int column, const char *text)
{
	CHECK(false, "%s:%d:%d: %s", file, line, column, text);
}

static int is_country(const struct dirent *entry)
{
	const char *dot = strchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".conf");
}

static void test_files_are_read(void)
{
	struct dirent **names;
	int count = scandir(COUNTRIES, &names, is_country, alphasort);

	CHECK(count >= COUNTRIES_WANTED && count <= COUNTRIES_MAX, "there are %d files", count);
	for (int i = 0; i < count && i < COUNTRIES_MAX; i++) {
		char path[COUNTRY_PATH_MAX];

		snprintf(countries[i].code, sizeof(countries[i].code), "%.*s",
			 (int)strcspn(names[i]->d_name, "."), names[i]->d_name);
		country_path(path, COUNTRIES, countries[i].code);
		CHECK(!country_load(&countries[i].country, path, report, NULL), "%s", path);
		country_count++;
		free(names[i]);
	}
	free(names);
	NOTE("%u countries", country_count);
}

static const struct country *find_country(const char *code)
{
	for (unsigned int i = 0; i < country_count; i++) {
		if (!strcmp(countries[i].code, code))
			return &countries[i].country;
	}
	return NULL;
}

/* A flash that we make must be one to those of the same country. */
static void check_exchange(const struct port_exchange *exchange,
			   const struct port_settings *settings, const char *code)
{
	CHECK(exchange->impedance <= POTS_IMPEDANCE_GLOBAL && exchange->dc_mv != PORT_UNSET &&
	      exchange->loop_min_ua != PORT_UNSET && exchange->current_limit <= 1 &&
	      exchange->on_hook_us != PORT_UNSET && exchange->ring_threshold_mv != PORT_UNSET,
	      "%s: exchange", code);
	CHECK(exchange->flash_ms >= settings->flash_min_ms &&
	      exchange->flash_ms <= settings->flash_max_ms, "%s: flash-time", code);
	CHECK(exchange->break_ms >= settings->pulse_break_min_ms &&
	      exchange->break_ms <= settings->pulse_break_max_ms &&
	      exchange->make_ms >= settings->pulse_make_min_ms &&
	      exchange->make_ms <= settings->pulse_make_max_ms &&
	      exchange->break_ms + exchange->make_ms == 100, "%s: pulses", code);
}

/* Everything a country has to say; and what the kernel asks of windows. */
static void test_files_are_whole(void)
{
	for (unsigned int i = 0; i < country_count; i++) {
		const struct country *country = &countries[i].country;
		const struct port_settings *settings = &country->settings;
		const char *code = countries[i].code;

		CHECK(country->name && country->source, "%s: no name or source", code);
		for (unsigned int tone = 1; tone < POTS_TONE_COUNT; tone++) {
			bool wanted = (treatment_tone_name(tone) &&
				       tone <= POTS_TONE_RINGBACK_SPECIAL) ||
				      (tone >= POTS_TONE_DTMF &&
				       tone < POTS_TONE_DTMF + POTS_DIGIT_COUNT);
			struct pots_tone_program program;

			if (!wanted)
				continue;
			CHECK(!country_tone(country, tone, &program), "%s: tone %u", code, tone);
			CHECK(!pots_tone_check(&program), "%s: the kernel refuses %u", code, tone);
		}
		CHECK(settings->flash_min_ms <= settings->flash_max_ms &&
		      settings->flash_max_ms < settings->release_ms &&
		      settings->pulse_break_min_ms <= settings->pulse_break_max_ms &&
		      settings->pulse_break_max_ms < settings->flash_min_ms &&
		      settings->pulse_make_min_ms <= settings->pulse_make_max_ms,
		      "%s: windows", code);
		CHECK(settings->impedance <= POTS_IMPEDANCE_NZ2, "%s: impedance", code);
		CHECK(settings->cadence.pairs && settings->ring_mhz >= 15000 &&
		      settings->ring_mhz <= 50000, "%s: ringing", code);
		check_exchange(&country->exchange, settings, code);
	}
}

/* -------------------------------------------- against drivers in use --- */

#define UNLIMITED	0
#define LIMITED		1

/* What the drivers of such lines that are in use have for these countries. */
static const struct {
	const char *codes;
	unsigned int impedance, dc_mv, loop_min_ua, current_limit, on_hook_us;
	unsigned int ring_threshold_mv;
	bool ringer;
} exchanges[] = {
	{ "us", POTS_IMPEDANCE_600, 3500, 10000, UNLIMITED, 500, 21500, false },
	{ "ae ar ca cl co ec gu hk hu id kr kw kz mo mx pe ro sa sg sv ye", POTS_IMPEDANCE_600, 3500,
	  10000, UNLIMITED, 500, 15000, false },
	{ "br eg jo jp my om ph pk ru sy th tw", POTS_IMPEDANCE_600, 3100, 16000, UNLIMITED, 500,
	  15000, false },
	{ "bh cy cz hr il lb lv ma mt ng", POTS_IMPEDANCE_CTR21, 3500, 10000, LIMITED, 500, 15000,
	  false },
	{ "be ch dk es fi fr gr ie is it lu nl no pt se", POTS_IMPEDANCE_CTR21, 3500, 10000,
	  LIMITED, 3000, 15000, false },
	{ "at de", POTS_IMPEDANCE_SK_SI_ZA, 3500, 10000, LIMITED, 3000, 15000, false },
	{ "gb", POTS_IMPEDANCE_GB, 3500, 10000, LIMITED, 3000, 15000, false },
	{ "bg", POTS_IMPEDANCE_AU_NZ, 3500, 10000, LIMITED, 500, 15000, false },
	{ "au", POTS_IMPEDANCE_AU_NZ, 3100, 16000, UNLIMITED, 26000, 15000, false },
	{ "cn", POTS_IMPEDANCE_CN, 3100, 16000, UNLIMITED, 500, 15000, false },
	{ "in nz", POTS_IMPEDANCE_NZ2, 3500, 10000, UNLIMITED, 500, 15000, false },
	{ "pl", POTS_IMPEDANCE_600, 3500, 10000, UNLIMITED, 500, 21500, true },
	{ "si", POTS_IMPEDANCE_CTR21, 3500, 10000, UNLIMITED, 500, 15000, false },
	{ "sk", POTS_IMPEDANCE_SK_SI_ZA, 3500, 10000, UNLIMITED, 500, 15000, false },
	{ "za", POTS_IMPEDANCE_SK_SI_ZA, 3500, 10000, UNLIMITED, 26000, 15000, true },
};

static unsigned int check_exchanges(unsigned int row)
{
	const char *at = exchanges[row].codes;
	unsigned int count = 0;
	char code[8];
	int used;

	for (; sscanf(at, " %7s%n", code, &used) == 1; at += used, count++) {
		const struct country *country = find_country(code);
		const struct port_exchange *exchange = country ? &country->exchange : NULL;

		CHECK(exchange && exchange->impedance == exchanges[row].impedance &&
		      exchange->dc_mv == exchanges[row].dc_mv &&
		      exchange->loop_min_ua == exchanges[row].loop_min_ua &&
		      exchange->current_limit == exchanges[row].current_limit &&
		      exchange->on_hook_us == exchanges[row].on_hook_us &&
		      exchange->ring_threshold_mv == exchanges[row].ring_threshold_mv &&
		      (exchange->ringer == 1) == exchanges[row].ringer, "%s: exchange", code);
	}
	return count;
}

static void test_exchanges_are_as_known(void)
{
	unsigned int count = 0;

	for (unsigned int row = 0; row < sizeof(exchanges) / sizeof(exchanges[0]); row++)
		count += check_exchanges(row);
	CHECK(count == 71, "%u countries", count);
}

/* ---------------------------------------------- against tones-expected.txt --- */

static void keep(void *ctx, const struct expected *tone)
{
	if (tone_count < TONES_MAX)
		tones[tone_count++] = *tone;
}

static bool same_step(const struct pots_tone_step *step, const struct expected_step *want)
{
	bool same = step->samples == want->ms * 8;

	for (unsigned int i = 0; i < POTS_TONE_FREQS_MAX; i++) {
		double hz = i < want->sines ? want->hz[i] : i == 1 ? want->am_hz : 0;

		same = same && fabs(step->freq_mhz[i] - hz * 1000) < 0.5;
		if (i < want->sines)
			same = same && fabs(step->level_cdb[i] - want->dbm0[i] * 100) < 0.5;
	}
	return same && step->am_depth == lrint(want->am_depth * 100) &&
	       step->flags == (want->am_hz ? POTS_STEP_F_AM : 0);
}

static bool compile(const struct expected *tone, struct pots_tone_program *program)
{
	const struct country *country = find_country(tone->country);
	int number = treatment_tone(tone->tone);

	return country && number > 0 && !country_tone(country, (unsigned int)number, program);
}

static void test_programs_are_as_expected(void)
{
	int read = expected_read(EXPECTED, keep, NULL);

	CHECK(read == (int)tone_count && read >= 14 * COUNTRIES_WANTED, "%d tones", read);
	CHECK(tone_count == 14 * country_count, "not every tone of every country is there");
	for (unsigned int i = 0; i < tone_count; i++) {
		const struct expected *tone = &tones[i];
		struct pots_tone_program program = { 0 };
		bool same = compile(tone, &program) && program.count == tone->steps &&
			    program.loop_start == tone->loop_start &&
			    program.repeat == tone->repeat;

		for (unsigned int k = 0; same && k < tone->steps; k++)
			same = same_step(&program.step[k], &tone->step[k]);
		CHECK(same, "%s: %s", tone->country, tone->tone);
	}
}

static void check_ringing(const char *code, const struct country *country)
{
	const struct port_cadence *cadence = &country->settings.cadence;
	struct expected_ringing want;

	if (expected_ringing(EXPECTED, code, &want)) {
		CHECK(false, "%s: no ringing is expected", code);
		return;
	}
	CHECK(want.mhz == country->settings.ring_mhz, "%s: ring-frequency", code);
	CHECK(want.count == 2 * cadence->pairs, "%s: ring-cadence", code);
	for (unsigned int i = 0; i < want.count && i < 2 * cadence->pairs; i++)
		CHECK(want.ms[i] == (i % 2 ? cadence->off_ms : cadence->on_ms)[i / 2],
		      "%s: ring-cadence", code);
}

static void test_ringing_is_as_expected(void)
{
	for (unsigned int i = 0; i < country_count; i++)
		check_ringing(countries[i].code, &countries[i].country);
}

/* --------------------------------------------------- the engine's samples --- */

/* Samples of the tone's program, to be freed. */
static int16_t *render(const struct expected *tone, size_t count)
{
	struct pots_tone_program program;
	struct pots_tone_player player;
	int16_t *pcm = calloc(count, sizeof(*pcm));

	if (!pcm || !compile(tone, &program))
		return pcm;
	pots_tone_start(&player, &program, 0, 0);
	for (size_t at = 0; at < count; at += POTS_FRAME_SAMPLES)
		pots_tone_render(&player, pcm + at, POTS_FRAME_SAMPLES, false);
	return pcm;
}

static bool same_tone(const struct expected *a, const struct expected *b)
{
	return a->steps == b->steps && a->loop_start == b->loop_start &&
	       a->repeat == b->repeat && !memcmp(a->step, b->step, a->steps * sizeof(a->step[0]));
}

static bool heard_before(unsigned int index)
{
	for (unsigned int i = 0; i < index; i++) {
		if (same_tone(&tones[i], &tones[index]))
			return true;
	}
	return false;
}

static void test_samples_measure_as_expected(void)
{
	unsigned int measured = 0;

	for (unsigned int i = 0; i < tone_count; i++) {
		size_t count = expected_samples(&tones[i]);
		char why[EXPECTED_WHY_MAX];
		int loudest = 0;
		int16_t *pcm;

		if (heard_before(i))
			continue;
		pcm = render(&tones[i], count);
		CHECK(!expected_check(&tones[i], pcm, count, why), "%s: %s: %s", tones[i].country,
		      tones[i].tone, why);
		for (size_t at = 0; at < count; at++)
			loudest = abs(pcm[at]) > loudest ? abs(pcm[at]) : loudest;
		CHECK(loudest < LOUDEST, "%s: %s is clipped", tones[i].country, tones[i].tone);
		free(pcm);
		measured++;
	}
	NOTE("%u different tones", measured);
}

/* What the engine plays of a country's digits. */
static void check_digits(const char *code, const struct country *country)
{
	struct expected digits[EXPECTED_DIGITS];
	struct pots_tone_program program;
	struct pots_tone_player player;
	int16_t pcm[POTS_RATE_HZ / 4];
	char why[EXPECTED_WHY_MAX];

	if (expected_digits(EXPECTED, code, digits)) {
		CHECK(false, "%s: no digits are expected", code);
		return;
	}
	for (unsigned int i = 0; i < EXPECTED_DIGITS; i++) {
		CHECK(!country_tone(country, POTS_TONE_DTMF + i, &program), "%s: %u", code, i);
		pots_tone_start(&player, &program, 0, 0);
		pots_tone_render(&player, pcm, sizeof(pcm) / sizeof(*pcm), false);
		CHECK(!expected_check(&digits[i], pcm, sizeof(pcm) / sizeof(*pcm), why),
		      "%s: %s: %s", code, digits[i].tone, why);
	}
}

static void test_digits_measure_as_expected(void)
{
	for (unsigned int i = 0; i < country_count; i++)
		check_digits(countries[i].code, &countries[i].country);
}

/* Tone by tone: what spandsp says of the sound, with the country's plan. */
static void check_country(struct expected *plan, unsigned int count, unsigned int *known,
			  unsigned int *strange)
{
	struct recogniser *recogniser = recogniser_new(plan, count);

	for (unsigned int i = 0; i < count; i++) {
		size_t samples = recogniser_samples(recogniser, i);
		char names[200];
		int16_t *pcm;

		if (!samples) {
			(*strange)++;
			continue;
		}
		pcm = render(&plan[i], samples);
		CHECK(recogniser_hears(recogniser, i, pcm, samples, names),
		      "%s: %s is taken for %s", plan[i].country, plan[i].tone, names);
		free(pcm);
		(*known)++;
	}
	recogniser_free(recogniser);
}

static void test_spandsp_knows_the_tones(void)
{
	unsigned int known = 0, strange = 0;

	for (unsigned int i = 0, count; i < tone_count; i += count) {
		for (count = 1; i + count < tone_count; count++) {
			if (strcmp(tones[i + count].country, tones[i].country))
				break;
		}
		check_country(&tones[i], count, &known, &strange);
	}
	CHECK(known >= TOLD_LEAST, "%u tones were told, %u are not for spandsp", known, strange);
}

int main(int argc, char **argv)
{
	static const struct ktap_test tests[] = {
		TEST(test_files_are_read),
		TEST(test_files_are_whole),
		TEST(test_exchanges_are_as_known),
		TEST(test_programs_are_as_expected),
		TEST(test_ringing_is_as_expected),
		TEST(test_samples_measure_as_expected),
		TEST(test_digits_measure_as_expected),
		TEST(test_spandsp_knows_the_tones),
	};
	int status;

	tones = calloc(TONES_MAX, sizeof(*tones));
	if (!tones)
		return 1;
	status = ktap_run(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
	for (unsigned int i = 0; i < country_count; i++)
		country_free(&countries[i].country);
	free(tones);
	return status;
}
