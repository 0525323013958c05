// SPDX-License-Identifier: GPL-2.0-or-later
/* The treatment table: every row of the seed page, and that a user can change it. */
#include <errno.h>

#include <linux/pots.h>

#include "kselftest_harness.h"
#include "treatment.h"

FIXTURE(table) {
	struct treatment_table table;
};

FIXTURE_SETUP(table)
{
	treatment_init(&self->table);
}

FIXTURE_TEARDOWN(table)
{
}

#define EXPECT_TREATMENT(status, wanted_action, wanted_tone) do { \
	struct treatment found = treatment_find(&self->table, status, TREATMENT_CAUSE_NONE); \
	EXPECT_EQ(wanted_action, found.action) { TH_LOG("status %d", status); } \
	EXPECT_EQ(wanted_tone, found.tone) { TH_LOG("status %d", status); } \
} while (0)

TEST_F(table, seed_rows_that_disconnect)
{
	static const int rows[] = { 400, 402, 403, 405, 406, 408, 409, 410, 411, 413 };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		EXPECT_TREATMENT(rows[i], TREATMENT_HANGUP, 0);
	}
}

TEST_F(table, seed_rows_with_reorder)
{
	EXPECT_TREATMENT(404, TREATMENT_TONE, POTS_TONE_REORDER);
	EXPECT_TREATMENT(415, TREATMENT_TONE, POTS_TONE_REORDER);
	/* Only when the second try was refused, too. */
	EXPECT_TREATMENT(401, TREATMENT_TONE, POTS_TONE_REORDER);
	EXPECT_TREATMENT(407, TREATMENT_TONE, POTS_TONE_REORDER);
}

TEST_F(table, other_rows)
{
	static const int drop[] = { 412, 414, 420, 481, 482, 483, 484, 485, 488 };

	EXPECT_TREATMENT(480, TREATMENT_TONE, POTS_TONE_REORDER);
	EXPECT_TREATMENT(486, TREATMENT_TONE, POTS_TONE_BUSY);
	EXPECT_TREATMENT(600, TREATMENT_TONE, POTS_TONE_BUSY);
	EXPECT_TREATMENT(603, TREATMENT_TONE, POTS_TONE_BUSY);
	EXPECT_TREATMENT(487, TREATMENT_SILENCE, 0);
	for (unsigned int i = 0; i < sizeof(drop) / sizeof(drop[0]); i++) {
		EXPECT_TREATMENT(drop[i], TREATMENT_HANGUP, 0);
	}
}

TEST_F(table, nothing_is_without_a_treatment)
{
	for (int status = 300; status <= 699; status++) {
		EXPECT_NE(TREATMENT_UNSET,
			  treatment_find(&self->table, status, TREATMENT_CAUSE_NONE).action);
	}
	for (unsigned int cause = 0; cause < TREATMENT_CAUSE_COUNT; cause++) {
		EXPECT_NE(TREATMENT_UNSET, treatment_find(&self->table, 0, cause).action);
	}
	/* Nonsense from a peer is a failure like any other. */
	EXPECT_NE(TREATMENT_UNSET, treatment_find(&self->table, 700, 0).action);
	EXPECT_NE(TREATMENT_UNSET, treatment_find(&self->table, -5, 99).action);
}

TEST_F(table, defaults_are_valid_rows)
{
	for (size_t i = 0; i < treatment_default_count; i++) {
		EXPECT_EQ(0, treatment_set(&self->table, treatment_defaults[i].key,
					   treatment_defaults[i].value)) {
			TH_LOG("%s", treatment_defaults[i].key);
		}
	}
}

TEST_F(table, a_user_changes_a_row)
{
	ASSERT_EQ(0, treatment_set(&self->table, "404", "tone sit"));
	EXPECT_TREATMENT(404, TREATMENT_TONE, POTS_TONE_SIT);
	ASSERT_EQ(0, treatment_set(&self->table, "404", "hang-up"));
	EXPECT_TREATMENT(404, TREATMENT_HANGUP, 0);
	ASSERT_EQ(0, treatment_set(&self->table, "403", "silence"));
	EXPECT_TREATMENT(403, TREATMENT_SILENCE, 0);
}

TEST_F(table, a_class_is_for_codes_without_a_row)
{
	ASSERT_EQ(0, treatment_set(&self->table, "5xx", "tone busy"));
	EXPECT_TREATMENT(503, TREATMENT_TONE, POTS_TONE_BUSY);
	ASSERT_EQ(0, treatment_set(&self->table, "503", "hang-up"));
	EXPECT_TREATMENT(503, TREATMENT_HANGUP, 0);
	EXPECT_TREATMENT(500, TREATMENT_TONE, POTS_TONE_BUSY);
	ASSERT_EQ(0, treatment_set(&self->table, "4xx", "silence"));
	EXPECT_TREATMENT(404, TREATMENT_TONE, POTS_TONE_REORDER);
	EXPECT_TREATMENT(499, TREATMENT_SILENCE, 0);
}

TEST_F(table, causes)
{
	struct treatment found;

	ASSERT_EQ(0, treatment_set(&self->table, "disconnect", "tone busy"));
	found = treatment_find(&self->table, 0, TREATMENT_CAUSE_DISCONNECT);
	EXPECT_EQ(TREATMENT_TONE, found.action);
	EXPECT_EQ(POTS_TONE_BUSY, found.tone);
	EXPECT_STREQ("disconnect", treatment_cause_name(TREATMENT_CAUSE_DISCONNECT));
}

TEST_F(table, refused_rows)
{
	static const char *const keys[] = { "", "200", "299", "700", "40", "4040", "4x4",
					    "40x", "7xx", "none", "tone" };
	static const char *const values[] = { "", "tone", "tone ", "tone x", "tone dial now",
					      "hangup", "hang-up now", "Silence" };
	struct treatment_table before = self->table;

	for (unsigned int i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		EXPECT_EQ(-ENOENT, treatment_set(&self->table, keys[i], "hang-up")) {
			TH_LOG("%s", keys[i]);
		}
	}
	for (unsigned int i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		EXPECT_EQ(-EINVAL, treatment_set(&self->table, "404", values[i])) {
			TH_LOG("%s", values[i]);
		}
	}
	EXPECT_EQ(0, memcmp(&before, &self->table, sizeof(before)));
}

TEST_HARNESS_MAIN
