// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file of a country. Whatever is taken: its tones are programs that the
 * kernel takes, too, and play.
 */
#include "country.h"
#include "input.h"
#include "text_file.h"
#include "tone.h"

static unsigned int reports;

static void report(void *ctx, const char *file, int line, int column, const char *text)
{
	MUST(file && line >= 0 && column >= 0 && *text);
	reports++;
}

static void play(const struct pots_tone_program *program)
{
	struct pots_tone_player player;
	s16 samples[160];
	int i;

	MUST(!pots_tone_check(program));
	pots_tone_start(&player, program, 0, 0);
	for (i = 0; i < 4; i++)
		pots_tone_render(&player, samples, 160, false);
}

/* Settings are many, and printing takes long: those at one @place. */
static void use(const struct country *country, unsigned int place)
{
	char value[COUNTRY_VALUE_MAX];
	struct pots_tone_program program;
	unsigned int i;

	country_caller_id(country, value);
	if (country_setting(country, false, place, value))
		MUST(memchr(value, 0, sizeof(value)));
	if (country_setting(country, true, place, value))
		MUST(memchr(value, 0, sizeof(value)));
	for (i = 0; i < POTS_TONE_COUNT; i++)
		if (!country_tone(country, i, &program))
			play(&program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct country country;
	int err;

	text_file_set(0, "xx.conf", data, size);
	reports = 0;
	err = country_load(&country, "xx.conf", report, NULL);
	MUST(!err == !reports);
	if (!err)
		use(&country, size % 64);
	country_free(&country);
	return 0;
}
