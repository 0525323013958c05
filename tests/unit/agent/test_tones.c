// SPDX-License-Identifier: GPL-2.0-or-later
/* The grammar of tones, and where it says that a text is wrong. */
#include <errno.h>
#include <string.h>

#include "tone.h"
#include "tones.h"
#include "kselftest_harness.h"

#define LEVEL	(-1000)
#define BEEP	{ { 425000 }, { LEVEL }, 8 }
#define PAUSE	{ .samples = 8 }

struct wanted {
	const char *text;
	unsigned int count, loop_start, repeat;
	struct pots_tone_step step[4];	/* the first ones */
};

static const struct wanted good[] = {
	{ "425", 1, 0, 0, { { { 425000 }, { LEVEL } } } },
	{ " 425 ", 1, 0, 0, { { { 425000 }, { LEVEL } } } },
	{ "350+440", 1, 0, 0, { { { 350000, 440000 }, { LEVEL, LEVEL } } } },
	{ "350 + 440 / 100 , 0/50", 2, 0, 0,
	  { { { 350000, 440000 }, { LEVEL, LEVEL }, 800 }, { .samples = 400 } } },
	{ "425/500,0/500", 2, 0, 0, { { { 425000 }, { LEVEL }, 4000 }, { .samples = 4000 } } },
	{ "913.8/274", 1, 0, 0, { { { 913800 }, { LEVEL }, 2192 } } },
	{ "0.001/1", 1, 0, 0, { { { 1 }, { LEVEL }, 8 } } },
	{ "3999.999", 1, 0, 0, { { { 3999999 }, { LEVEL } } } },
	{ "0", 1, 0, 0, { { .samples = 0 } } },
	/* levels */
	{ "425@-13", 1, 0, 0, { { { 425000 }, { -1300 } } } },
	{ "425@-0.5", 1, 0, 0, { { { 425000 }, { -50 } } } },
	{ "425@+3.17", 1, 0, 0, { { { 425000 }, { 317 } } } },
	{ "425@3/10", 1, 0, 0, { { { 425000 }, { 300 }, 80 } } },
	{ "480+620@-24", 1, 0, 0, { { { 480000, 620000 }, { -2400, -2400 } } } },
	{ "350@-22+440@-18", 1, 0, 0, { { { 350000, 440000 }, { -2200, -1800 } } } },
	{ "480@-24+620", 1, 0, 0, { { { 480000, 620000 }, { -2400, LEVEL } } } },
	{ "1+2+3@-9+4@-70", 1, 0, 0,
	  { { { 1000, 2000, 3000, 4000 }, { -900, -900, -900, -7000 } } } },
	/* modulation */
	{ "400*25", 1, 0, 0,
	  { { { 400000, 25000 }, { LEVEL, LEVEL }, 0, 90, POTS_STEP_F_AM } } },
	{ "425*24%100@-16/400", 1, 0, 0,
	  { { { 425000, 24000 }, { -1600, -1600 }, 3200, 100, POTS_STEP_F_AM } } },
	/* once only */
	{ "!425/100,!0/100,425", 3, 2, 0,
	  { { { 425000 }, { LEVEL }, 800 }, { .samples = 800 }, { { 425000 }, { LEVEL } } } },
	{ "!950/330,!1400/330", 2, 0, 1,
	  { { { 950000 }, { LEVEL }, 2640 }, { { 1400000 }, { LEVEL }, 2640 } } },
	/* groups */
	{ "2(425/100,0/100)", 4, 0, 0,
	  { { { 425000 }, { LEVEL }, 800 }, { .samples = 800 },
	    { { 425000 }, { LEVEL }, 800 }, { .samples = 800 } } },
	{ "!3(425/1,0/1),425", 7, 6, 0, { BEEP, PAUSE, BEEP, PAUSE } },
	{ "!(425/1),(425/1)", 2, 1, 0, { BEEP, BEEP } },
	{ "2(2(425/1,0/1),0/1)", 10, 0, 0, { BEEP, PAUSE, BEEP, PAUSE } },
	{ "64(425/1)", 64, 0, 0, { BEEP, BEEP, BEEP, BEEP } },
	{ "32( 425 / 1, 0/1 )", 64, 0, 0, { BEEP, PAUSE, BEEP, PAUSE } },
};

TEST(what_is_right)
{
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const struct wanted *want = &good[i];
		unsigned int steps = want->count < 4 ? want->count : 4;
		struct pots_tone_program program;
		const char *why = "";
		size_t at;

		EXPECT_EQ(0, tones_parse(&program, want->text, LEVEL, &why, &at)) {
			TH_LOG("%s: %s", want->text, why);
		}
		EXPECT_EQ(0, pots_tone_check(&program)) {
			TH_LOG("%s: the kernel refuses it", want->text);
		}
		EXPECT_EQ(want->count, program.count);
		EXPECT_EQ(want->loop_start, program.loop_start);
		EXPECT_EQ(want->repeat, program.repeat);
		EXPECT_EQ(0, memcmp(want->step, program.step, steps * sizeof(want->step[0]))) {
			TH_LOG("%s: other steps", want->text);
		}
	}
}

static const struct {
	const char *text;
	size_t at;		/* where it is wrong */
	const char *why;	/* the beginning of it */
} bad[] = {
	{ "", 0, "a frequency" },
	{ "x", 0, "a frequency" },
	{ "425,", 4, "what follows" },
	{ "425/100,", 8, "a frequency" },
	{ "425/100,,0", 8, "a frequency" },
	{ "425/100 0/100", 8, "a comma" },
	{ "425;", 3, "a comma" },
	{ "4000", 0, "a frequency" },
	{ "425.1234", 0, "a frequency" },
	{ "425.", 0, "a frequency" },
	{ "99999999999999999999999", 0, "a frequency" },
	{ "-425", 0, "a frequency" },
	{ "0.0", 0, "a frequency" },
	{ "425+", 4, "a frequency" },
	{ "425+0", 4, "a frequency" },
	{ "0+425", 1, "a comma" },
	{ "1+2+3+4+5", 7, "at most four" },
	{ "425/0", 4, "a length" },
	{ "425/600001", 4, "a length" },
	{ "425/1.5", 5, "a comma" },
	{ "425/", 4, "a length" },
	{ "425@", 4, "a level" },
	{ "425@4", 4, "a level" },
	{ "425@-70.01", 4, "a level" },
	{ "425@-", 4, "a level" },
	{ "425@--1", 4, "a level" },
	{ "400*", 4, "a frequency" },
	{ "3900*100", 5, "both sidebands" },
	{ "20*20", 3, "both sidebands" },
	{ "400*25%0", 7, "a depth" },
	{ "400*25%101", 7, "a depth" },
	{ "400*25+3", 6, "a comma" },
	{ "400+25*3", 6, "a comma" },
	{ "425,0/100", 4, "what follows" },
	{ "425/100,!0/100", 8, "! is for" },
	{ "!!425", 1, "a frequency" },
	{ "2(!425/100)", 2, "! belongs" },
	{ "0(425/100)", 0, "a group" },
	{ "65(425/100)", 0, "a group" },
	{ "99999999999999999999(425/100)", 0, "a group" },
	{ "2(425/100", 9, "a comma or" },
	{ "2(425)", 2, "every sound" },
	{ "2()", 2, "a frequency" },
	{ ")", 0, "a frequency" },
	{ "425/100)", 7, "a comma" },
	{ "((((((((((425/1))))))))))", 9, "groups are" },
	{ "64(425/1),0/1", 10, "a tone has" },
	{ "33(425/1,0/1)", 3, "a tone has" },
	{ "64(64(64(64(425/1))))", 9, "a tone has" },
};

TEST(what_is_wrong_and_where)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct pots_tone_program program;
		const char *why = NULL;
		size_t at = 999;

		EXPECT_EQ(-EINVAL, tones_parse(&program, bad[i].text, LEVEL, &why, &at)) {
			TH_LOG("%s was taken", bad[i].text);
			continue;
		}
		EXPECT_EQ(bad[i].at, at) {
			TH_LOG("%s: %s", bad[i].text, why);
		}
		EXPECT_EQ(0, strncmp(bad[i].why, why, strlen(bad[i].why))) {
			TH_LOG("%s: %s", bad[i].text, why);
		}
	}
}

TEST(levels)
{
	const char *why;
	size_t at;
	int cdb;

	EXPECT_EQ(0, tones_parse_level(&cdb, "-12.5", &why, &at));
	EXPECT_EQ(-1250, cdb);
	EXPECT_EQ(-EINVAL, tones_parse_level(&cdb, "-12 dB", &why, &at));
	EXPECT_EQ(3, at);
	EXPECT_EQ(-EINVAL, tones_parse_level(&cdb, "", &why, &at));
}

/* Texts that a generator of noise makes: never more than the kernel takes. */
TEST(noise_is_refused_or_fits)
{
	static const char alphabet[] = "0123456789.+*/%@!(),- ";
	unsigned int taken = 0, seed = 1;

	for (unsigned int i = 0; i < 300000; i++) {
		unsigned int len = 1 + rand_r(&seed) % 12;
		struct pots_tone_program program;
		char text[16] = "";
		const char *why;
		size_t at;

		for (unsigned int k = 0; k < len; k++)
			text[k] = alphabet[rand_r(&seed) % (sizeof(alphabet) - 1)];
		if (tones_parse(&program, text, LEVEL, &why, &at)) {
			ASSERT_GE(len, at);
			continue;
		}
		taken++;
		ASSERT_EQ(0, pots_tone_check(&program)) {
			TH_LOG("the kernel refuses %s", text);
		}
	}
	EXPECT_LT(1000, taken);
}

TEST_HARNESS_MAIN
