// SPDX-License-Identifier: GPL-2.0-only
/* Settings: each wrong field alone is refused, and then nothing has changed. */
#include "fixture.h"

static int set(struct fixture *f, struct pots_settings *settings)
{
	return pots_command(f->port, POTS_SET_SETTINGS, settings);
}

static void get(struct fixture *f, struct pots_settings *settings)
{
	KUNIT_ASSERT_EQ(f->test, 0, pots_command(f->port, POTS_GET_SETTINGS, settings));
}

#define WRONG16(member, wrong, error)					\
	{ #member " = " #wrong, offsetof(struct pots_settings, member), 2, wrong, error }
#define WRONG32(member, wrong, error)					\
	{ #member " = " #wrong, offsetof(struct pots_settings, member), 4, wrong, error }

static const struct wrong {
	const char *name;
	size_t offset;
	size_t size;
	u32 value;
	int error;
} wrongs[] = {
	WRONG32(flags, 8, -EINVAL),
	WRONG32(impedance, POTS_IMPEDANCE_CN, -EOPNOTSUPP),
	WRONG32(impedance, POTS_IMPEDANCE_GLOBAL + 1, -EINVAL),
	WRONG32(reserved[6], 1, -EINVAL),
	WRONG16(seize_ms, 0, -ERANGE),
	WRONG16(seize_ms, 501, -ERANGE),
	WRONG16(release_ms, 99, -ERANGE),
	WRONG16(release_ms, 3001, -ERANGE),
	WRONG16(release_ms, 600, -ERANGE),	/* not beyond flash_max_ms */
	WRONG16(flash_min_ms, 601, -ERANGE),
	WRONG16(flash_min_ms, 80, -ERANGE),	/* not beyond pulse_break_max_ms */
	WRONG16(flash_max_ms, 700, -ERANGE),
	WRONG16(pulse_break_min_ms, 81, -ERANGE),
	WRONG16(pulse_break_max_ms, 85, -ERANGE),
	WRONG16(pulse_make_min_ms, 201, -ERANGE),
	WRONG16(pulse_make_max_ms, 7, -ERANGE),
	WRONG16(open_ms, 2001, -ERANGE),
	WRONG16(ring_pairs, 0, -ERANGE),
	WRONG16(ring_pairs, 9, -ERANGE),
	WRONG16(ring_on_ms[0], 0, -ERANGE),
	WRONG16(ring_off_ms[0], 60001, -ERANGE),
	WRONG32(ring_mhz, 14999, -ERANGE),
	WRONG32(ring_mhz, 68001, -ERANGE),
	WRONG16(to_line_cdb, 1001, -ERANGE),
	WRONG16(from_line_cdb, (u16)-4001, -ERANGE),
};

static void wrong_name(const struct wrong *wrong, char *name)
{
	strscpy(name, wrong->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(wrong, wrongs, wrong_name);

static void refused(struct kunit *test)
{
	const struct wrong *wrong = test->param_value;
	struct fixture *f = test->priv;
	struct pots_settings before, settings, after;

	get(f, &before);
	settings = before;
	settings.impedance = POTS_IMPEDANCE_CTR21;	/* nor must this have its way */
	if (wrong->size == 2)
		*(u16 *)((u8 *)&settings + wrong->offset) = wrong->value;
	else
		*(u32 *)((u8 *)&settings + wrong->offset) = wrong->value;

	KUNIT_EXPECT_EQ(test, wrong->error, set(f, &settings));
	get(f, &after);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&before, &after, sizeof(before)));
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static void impedance_reaches_the_chip(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_settings settings;

	get(f, &settings);
	KUNIT_EXPECT_EQ(test, 0, set(f, &settings));
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
	settings.impedance = POTS_IMPEDANCE_900;
	KUNIT_EXPECT_EQ(test, 0, set(f, &settings));
	KUNIT_EXPECT_EQ(test, 1u, fixture_calls(f, OP_IMPEDANCE, POTS_IMPEDANCE_900));
}

static void chip_that_refuses(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_settings before, settings;

	get(f, &before);
	settings = before;
	settings.impedance = POTS_IMPEDANCE_900;
	settings.seize_ms = 100;
	f->fail[OP_IMPEDANCE] = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, set(f, &settings));
	get(f, &settings);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&before, &settings, sizeof(before)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(refused, wrong_gen_params),
	KUNIT_CASE(impedance_reaches_the_chip),
	KUNIT_CASE(chip_that_refuses),
	{ }
};

struct kunit_suite pots_settings_suite = {
	.name = "pots-settings", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
