// SPDX-License-Identifier: GPL-2.0-or-later
/* Digit maps: what is a number, and when is it complete? */
#include <errno.h>

#include "dialplan.h"
#include "kselftest_harness.h"

static enum dialplan_result match(const char *map, const char *digits, size_t *length)
{
	struct dialplan plan;

	if (dialplan_parse(&plan, map, NULL, NULL))
		return -1;
	return dialplan_match(&plan, digits, strlen(digits), length);
}

#define EXPECT_MATCH(map, digits, result) \
	EXPECT_EQ(result, match(map, digits, NULL)) { \
		TH_LOG("%s: %s", map, digits); \
	}

static const char issue_map[] = "11[023]|[1-9]xx|0x.T";

TEST(emergency_is_complete_at_once)
{
	/* 110 is one of the [1-9]xx as well: no longer number begins so. */
	EXPECT_MATCH(issue_map, "110", DIALPLAN_COMPLETE);
	EXPECT_MATCH(issue_map, "112", DIALPLAN_COMPLETE);
}

TEST(fixed_length)
{
	EXPECT_MATCH(issue_map, "", DIALPLAN_PARTIAL);
	EXPECT_MATCH(issue_map, "2", DIALPLAN_PARTIAL);
	EXPECT_MATCH(issue_map, "20", DIALPLAN_PARTIAL);
	EXPECT_MATCH(issue_map, "201", DIALPLAN_COMPLETE);
	EXPECT_MATCH(issue_map, "2012", DIALPLAN_NONE);
}

TEST(open_numbers_end_by_a_pause)
{
	EXPECT_MATCH(issue_map, "0", DIALPLAN_TIMED);
	EXPECT_MATCH(issue_map, "0123456789012345", DIALPLAN_TIMED);
	EXPECT_MATCH(issue_map, "0*", DIALPLAN_NONE);
}

TEST(complete_but_could_go_on)
{
	EXPECT_MATCH("12|123", "12", DIALPLAN_MATCH);
	EXPECT_MATCH("12|123", "123", DIALPLAN_COMPLETE);
	EXPECT_MATCH("1x.", "1", DIALPLAN_MATCH);
	EXPECT_MATCH("1|1x.T", "1", DIALPLAN_MATCH);
}

TEST(repeats_may_be_none)
{
	EXPECT_MATCH("1[23].4", "14", DIALPLAN_COMPLETE);
	EXPECT_MATCH("1[23].4", "123234", DIALPLAN_COMPLETE);
	EXPECT_MATCH("1[23].4", "15", DIALPLAN_NONE);
	/* What repeats may also be what follows. */
	EXPECT_MATCH("x.5", "55", DIALPLAN_MATCH);
	EXPECT_MATCH("x.5", "56", DIALPLAN_PARTIAL);
}

TEST(hash_sends)
{
	size_t length = 0;

	EXPECT_EQ(DIALPLAN_COMPLETE, match(issue_map, "0123#", &length));
	EXPECT_EQ(4, length);
	EXPECT_EQ(DIALPLAN_NONE, match(issue_map, "20#", &length));
	EXPECT_EQ(DIALPLAN_NONE, match(issue_map, "#", &length));
	EXPECT_EQ(DIALPLAN_NONE, match(issue_map, "0123##", &length));
}

TEST(hash_of_the_plan_is_a_digit)
{
	size_t length = 0;

	EXPECT_EQ(DIALPLAN_COMPLETE, match("*21#|*21*x.#", "*21#", &length));
	EXPECT_EQ(4, length);
	EXPECT_EQ(DIALPLAN_COMPLETE, match("*21#|*21*x.#", "*21*0123#", &length));
	EXPECT_EQ(9, length);
}

TEST(letters)
{
	EXPECT_MATCH("A1|b[2C-D]", "A1", DIALPLAN_COMPLETE);
	EXPECT_MATCH("A1|b[2C-D]", "BD", DIALPLAN_COMPLETE);
	EXPECT_MATCH("A1|b[2C-D]", "BA", DIALPLAN_NONE);
}

TEST(errors_tell_the_place)
{
	static const struct {
		const char *map;
		size_t at;
	} bad[] = {
		{ "", 0 }, { "1|", 2 }, { "|1", 0 }, { "1y", 1 }, { ".", 0 },
		{ "[12", 3 }, { "[]", 1 }, { "[3-1]", 3 }, { "1T2", 2 }, { "T", 0 },
		{ "1 2", 1 }, { "[1-]", 3 }, { "1..", 2 },
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct dialplan plan;
		const char *why = NULL;
		size_t at = 99;

		EXPECT_EQ(-EINVAL, dialplan_parse(&plan, bad[i].map, &why, &at)) {
			TH_LOG("%s", bad[i].map);
		}
		EXPECT_NE(NULL, why);
		EXPECT_EQ(bad[i].at, at) {
			TH_LOG("%s: %s", bad[i].map, why ? why : "");
		}
	}
}

/* Limits are errors, and at the limit all still works. */
TEST(limits)
{
	struct dialplan plan;
	char map[400];

	memset(map, 0, sizeof(map));
	memset(map, '1', DIALPLAN_LENGTH_MAX);
	EXPECT_EQ(0, dialplan_parse(&plan, map, NULL, NULL));
	EXPECT_EQ(DIALPLAN_COMPLETE, dialplan_match(&plan, map, DIALPLAN_LENGTH_MAX, NULL));
	map[DIALPLAN_LENGTH_MAX] = '1';
	EXPECT_EQ(-EINVAL, dialplan_parse(&plan, map, NULL, NULL));

	memset(map, 0, sizeof(map));
	for (unsigned int i = 0; i < DIALPLAN_ALTERNATIVES_MAX; i++)
		strcat(map, i ? "|1" : "1");
	EXPECT_EQ(0, dialplan_parse(&plan, map, NULL, NULL));
	strcat(map, "|1");
	EXPECT_EQ(-EINVAL, dialplan_parse(&plan, map, NULL, NULL));
}

TEST(digits_and_characters)
{
	for (unsigned int digit = 0; digit < 16; digit++) {
		EXPECT_EQ(digit, dialplan_digit(dialplan_char(digit)));
	}
	EXPECT_EQ(0, dialplan_char(16));
	EXPECT_EQ(-1, dialplan_digit('x'));
	EXPECT_EQ(-1, dialplan_digit(0));
}

TEST_HARNESS_MAIN
