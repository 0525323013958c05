// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of a country: what it may say, and where an error is. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callerid.h"
#include "country.h"
#include "kselftest_harness.h"

FIXTURE(country) {
	char path[64];
	struct country country;
	char said[2000];
};

FIXTURE_SETUP(country)
{
	strcpy(self->path, "/tmp/pots-country-XXXXXX");
	close(mkstemp(self->path));
}

FIXTURE_TEARDOWN(country)
{
	country_free(&self->country);
	unlink(self->path);
}

static void report(void *ctx, const char *file, int line, int column, const char *text)
{
	char *said = ctx;

	sprintf(said + strlen(said), "%d:%d: %.100s\n", line, column, text);
}

static int load(FIXTURE_DATA(country) *self, const char *text)
{
	FILE *file = fopen(self->path, "w");

	fputs(text, file);
	fclose(file);
	self->said[0] = 0;
	return country_load(&self->country, self->path, report, self->said);
}

static const char whole[] =
	"# a comment\n"
	"[country]\n"
	"name = Utopia ; another\n"
	"source = More\n"
	"unsure = dial, busy\n"
	"unsure = ring-cadence\n"
	"caller-id = dtmf-dk\n"
	"[line]\n"
	"impedance = ctr21\n"
	"ring-cadence = 400,200,400,2000\n"
	"ring-frequency = 16.667\n"
	"flash-min = 80 ms\n"
	"pulse-make-max = 200 ms\n"
	"[exchange]\n"
	"impedance = gb\n"
	"dc-voltage = 3.35\n"
	"pulse-map = 10-n\n"
	"[tones]\n"
	"busy = 425/500,0/500\n"
	"  dial : 350+440@-13\n"
	"level = -16.5\n"
	"dtmf-high = -7\n"
	"dtmf-low = -9\n";

TEST_F(country, what_it_says_is_understood)
{
	const struct country *country = &self->country;
	struct pots_tone_program program;

	ASSERT_EQ(0, load(self, whole)) {
		TH_LOG("%s", self->said);
	}
	EXPECT_STREQ("Utopia", country->name);
	EXPECT_STREQ("More", country->source);
	EXPECT_STREQ("dial, busy ring-cadence", country->unsure);
	EXPECT_EQ(CALLERID_DTMF_DK, country->caller_id);
	EXPECT_EQ(POTS_IMPEDANCE_CTR21, country->settings.impedance);
	EXPECT_EQ(2, country->settings.cadence.pairs);
	EXPECT_EQ(16667, country->settings.ring_mhz);
	EXPECT_EQ(80, country->settings.flash_min_ms);
	EXPECT_EQ(PORT_UNSET, country->settings.flash_max_ms);
	EXPECT_EQ(200, country->settings.pulse_make_max_ms);
	EXPECT_EQ(POTS_IMPEDANCE_GB, country->exchange.impedance);
	EXPECT_EQ(3350, country->exchange.dc_mv);
	EXPECT_EQ(POTS_PULSE_MAP_10_N, country->exchange.pulse_map);
	EXPECT_EQ(PORT_UNSET, country->exchange.flash_ms);
	ASSERT_EQ(0, country_tone(country, POTS_TONE_DIAL, &program));
	EXPECT_EQ(-1300, program.step[0].level_cdb[0]);
	ASSERT_EQ(0, country_tone(country, POTS_TONE_BUSY, &program));
	EXPECT_EQ(-1650, program.step[0].level_cdb[0]);
	EXPECT_EQ(4000, program.step[1].samples);
	EXPECT_EQ(-ENOENT, country_tone(country, POTS_TONE_REORDER, &program));
	EXPECT_EQ(-ENOENT, country_tone(country, POTS_TONE_USER, &program));
	EXPECT_EQ(-ENOENT, country_tone(country, 1000, &program));
}

TEST_F(country, digits_have_its_levels)
{
	static const unsigned int low[] = { 941, 697, 697, 697, 770, 770, 770, 852, 852, 852,
					    941, 941, 697, 770, 852, 941 };
	static const unsigned int high[] = { 1336, 1209, 1336, 1477, 1209, 1336, 1477, 1209, 1336,
					     1477, 1209, 1477, 1633, 1633, 1633, 1633 };
	struct pots_tone_program program;

	ASSERT_EQ(0, load(self, whole));
	for (unsigned int i = 0; i < POTS_DIGIT_COUNT; i++) {
		ASSERT_EQ(0, country_tone(&self->country, POTS_TONE_DTMF + i, &program));
		EXPECT_EQ(low[i] * 1000, program.step[0].freq_mhz[0]);
		EXPECT_EQ(high[i] * 1000, program.step[0].freq_mhz[1]);
		EXPECT_EQ(-900, program.step[0].level_cdb[0]);
		EXPECT_EQ(-700, program.step[0].level_cdb[1]);
		EXPECT_EQ(1, program.repeat);
	}
	EXPECT_EQ(-ENOENT, country_tone(&self->country, POTS_TONE_DTMF + 16, &program));
}

static const struct {
	const char *text, *said;
} wrong[] = {
	{ "[country]\nname = x\n[tones]\ndial = 425/\n",
	  "4:12: a length of 1 to 600000 ms is wanted" },
	{ "[country]\nname = x\n[tones]\n\t dial=425,0/5\n",
	  "4:12: what follows a sound without a length is never heard" },
	{ "[country]\nname = x\n[tones]\ndial : 425/100,x\n",
	  "4:16: a frequency below 4000 Hz is wanted" },
	{ "[country]\nname = x\n[tones]\nlevel = loud\n",
	  "4:9: a level of -70 to 3.17 dBm0 is wanted" },
	{ "[country]\nname = x\n[tones]\ndial =\n", "4:7: dial: nothing is given" },
	{ "[country]\nname = x\n[tones]\ndail = 425\n", "4:1: no such key in [tones]: dail" },
	{ "[country]\nname = x\n[tones]\nbusy = 1\nbusy = 2\n", "5:1: busy is set twice" },
	{ "[country]\nname = x\n[line]\nimpedance = 75\n", "4:13: impedance: one of" },
	{ "[country]\nname = x\n[line]\n  port = pots0\n", "4:3: no such key in [line]: port" },
	{ "[country]\nname = x\n[line]\nring-cadence = 1,2,3\n", "4:16: ring-cadence: the last" },
	{ "[country]\nname = x\n[exchange]\ndc-voltage = 4\n", "4:14: dc-voltage: one of" },
	{ "[country]\nname = x\n[exchange]\nprefix = 4\n", "4:1: no such key in [exchange]" },
	{ "[country]\nname = x\ncaller-id = smoke\n", "3:13: caller-id: one of" },
	{ "[country]\nname = x\nunsure = dial bell\n", "3:15: no such key: bell" },
	{ "[country]\nname = x\n[land]\nx = y\n", "4:0: no such section: [land]" },
	{ "name = x\n", "1:0: a key before any section" },
	{ "[country]\nname = x\nnonsense\n", "3:0: neither [section]" },
	{ "[country]\nsource = x\n", "0:0: [country] needs: name" },
	{ "[country]\nname = x\n[tones]\ndtmf-low = -9\n", "0:0: [tones] has one of" },
	{ "[country]\nname = x\n[line]\nflash-min = 301 ms\nflash-max = 300 ms\n",
	  "0:0: [line]: flash-min is above" },
	{ "[country]\nname = x\n[line]\nflash-max = 700 ms\nhook-release = 700 ms\n",
	  "0:0: [line]: flash-max is not below" },
	{ "[country]\nname = x\n[line]\npulse-break-min = 81 ms\npulse-break-max = 80 ms\n",
	  "0:0: [line]: pulse-break-min is above" },
	{ "[country]\nname = x\n[line]\npulse-break-max = 150 ms\nhook-release = 150 ms\n",
	  "0:0: [line]: pulse-break-max is not below hook" },
	{ "[country]\nname = x\n[line]\npulse-make-min = 81 ms\npulse-make-max = 80 ms\n",
	  "0:0: [line]: pulse-make-min is above" },
	{ "[country]\nname = x\n[line]\npulse-break-max = 90 ms\nflash-min = 90 ms\n",
	  "0:0: [line]: pulse-break-max is not below flash" },
};

TEST_F(country, errors_have_line_and_column)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-EINVAL, load(self, wrong[i].text)) {
			TH_LOG("taken: %s", wrong[i].text);
		}
		EXPECT_EQ(0, strncmp(self->said, wrong[i].said, strlen(wrong[i].said))) {
			TH_LOG("%s: %s", wrong[i].text, self->said);
		}
		country_free(&self->country);
	}
}

TEST_F(country, windows_that_touch)
{
	EXPECT_EQ(0, load(self, "[country]\nname = x\n[line]\nhook-release = 301 ms\n"
			  "flash-min = 300 ms\nflash-max = 300 ms\npulse-dialling = no\n"
			  "pulse-break-min = 300 ms\npulse-break-max = 300 ms\n")) {
		TH_LOG("%s", self->said);
	}
	country_free(&self->country);
}

TEST_F(country, every_error_is_told)
{
	EXPECT_EQ(-EINVAL, load(self, "[country]\nname = x\n[tones]\ndial = x\nbusy = y\n"));
	EXPECT_STREQ("4:8: a frequency below 4000 Hz is wanted\n"
		     "5:8: a frequency below 4000 Hz is wanted\n", self->said);
}

TEST_F(country, long_lines_are_refused)
{
	char text[400] = "[country]\nname = x\n[tones]\ndial = ";

	memset(text + strlen(text), '4', 300);
	EXPECT_EQ(-EINVAL, load(self, text));
	EXPECT_EQ(0, strncmp("4:0: the line is longer", self->said, 23)) {
		TH_LOG("%s", self->said);
	}
}

TEST_F(country, a_missing_file_is_told)
{
	EXPECT_EQ(-ENOENT, country_load(&self->country, "/nonexistent/xx.conf", report,
					self->said));
	EXPECT_STREQ("0:0: No such file or directory\n", self->said);
}

TEST_F(country, names_become_paths)
{
	char path[COUNTRY_PATH_MAX], longest[COUNTRY_PATH_MAX + 8];

	EXPECT_EQ(0, country_path(path, "/usr/share/pots/countries", "de"));
	EXPECT_STREQ("/usr/share/pots/countries/de.conf", path);
	EXPECT_EQ(0, country_path(path, "/usr/share/pots/countries", "./my.conf"));
	EXPECT_STREQ("./my.conf", path);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = 0;
	EXPECT_EQ(-ENAMETOOLONG, country_path(path, "", longest));
}

TEST_HARNESS_MAIN
