// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own plan: what the tone engine plays of it measures as
 * tones-builtin.txt says, and spandsp tells its tones from each other.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/pots.h>

#include "../ktap.h"
#include "expected.h"
#include "recognise.h"
#include "tone.h"
#include "treatment.h"

#define BUILTIN		(TEST_DIR "/tones-builtin.txt")
#define TONES		POTS_TONE_SIT_NO_CIRCUIT

static struct expected tones[TONES];
static unsigned int tone_count;

static void keep(void *ctx, const struct expected *tone)
{
	if (tone_count < TONES)
		tones[tone_count] = *tone;
	tone_count++;
}

static void test_every_tone_is_there(void)
{
	expected_read(BUILTIN, keep, NULL);
	CHECK(tone_count == TONES, "%u tones", tone_count);
	for (unsigned int tone = 1; tone <= TONES; tone++)
		CHECK(treatment_tone(tones[tone - 1].tone) == (int)tone, "%u is %s", tone,
		      tones[tone - 1].tone);
}

static int16_t *render(unsigned int tone, size_t count)
{
	struct pots_tone_player player;
	int16_t *pcm = calloc(count + POTS_FRAME_SAMPLES, sizeof(*pcm));

	pots_tone_start(&player, pots_tone_builtin(tone), 0, 0);
	for (size_t at = 0; at < count; at += POTS_FRAME_SAMPLES)
		pots_tone_render(&player, pcm + at, POTS_FRAME_SAMPLES, false);
	return pcm;
}

static void check_sound(const struct expected *want, unsigned int tone)
{
	size_t count = expected_samples(want);
	int16_t *pcm = render(tone, count);
	char why[EXPECTED_WHY_MAX];

	CHECK(!expected_check(want, pcm, count, why), "%s: %s", want->tone, why);
	free(pcm);
}

static void test_tones_measure_as_expected(void)
{
	for (unsigned int i = 0; i < TONES; i++)
		check_sound(&tones[i], i + 1);
}

static void test_digits_measure_as_expected(void)
{
	struct expected digits[EXPECTED_DIGITS];

	CHECK(!expected_digits(BUILTIN, "builtin", digits), "no digits");
	for (unsigned int i = 0; i < EXPECTED_DIGITS; i++)
		check_sound(&digits[i], POTS_TONE_DTMF + i);
}

static void test_spandsp_knows_the_tones(void)
{
	struct recogniser *recogniser = recogniser_new(tones, TONES);
	unsigned int known = 0;

	for (unsigned int i = 0; i < TONES; i++) {
		size_t samples = recogniser_samples(recogniser, i);
		char names[200];
		int16_t *pcm;

		if (!samples)
			continue;
		pcm = render(i + 1, samples);
		CHECK(recogniser_hears(recogniser, i, pcm, samples, names), "%s is taken for %s",
		      tones[i].tone, names);
		free(pcm);
		known++;
	}
	recogniser_free(recogniser);
	NOTE("%u tones were told", known);
}

KTAP_MAIN(TEST(test_every_tone_is_there), TEST(test_tones_measure_as_expected),
	  TEST(test_digits_measure_as_expected), TEST(test_spandsp_knows_the_tones))
