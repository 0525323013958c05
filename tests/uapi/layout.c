// SPDX-License-Identifier: GPL-2.0-or-later
/* The binary interface is what was published; see layout.h. Needs no port. */
#include "layout.h"

#include <kselftest_harness.h>

#define SIZE(name, bytes) EXPECT_EQ((bytes), sizeof(struct name)) TH_LOG(#name);
#define AT(name, field, offset) \
	EXPECT_EQ((offset), offsetof(struct name, field)) TH_LOG(#name "." #field);
#define COMMAND(name, direction, number, bytes) do {			\
	EXPECT_EQ(direction, _IOC_DIR(name)) TH_LOG(#name);		\
	EXPECT_EQ(POTS_IOC_MAGIC, _IOC_TYPE(name)) TH_LOG(#name);	\
	EXPECT_EQ(number, _IOC_NR(name)) TH_LOG(#name);			\
	EXPECT_EQ(bytes, _IOC_SIZE(name)) TH_LOG(#name);		\
} while (0);

TEST(structs_are_as_published)
{
	POTS_LAYOUT(SIZE, AT)
}

TEST(commands_are_as_published)
{
	POTS_COMMANDS(COMMAND)
}

TEST(states_are_as_published)
{
	EXPECT_EQ(0x01, POTS_STATE_OFF_HOOK);
	EXPECT_EQ(0x02, POTS_STATE_PARKED);
	EXPECT_EQ(0x04, POTS_STATE_CLAIMED);
	EXPECT_EQ(0x08, POTS_STATE_RINGING);
	EXPECT_EQ(0x10, POTS_STATE_TONE);
	EXPECT_EQ(0x20, POTS_STATE_AUDIO);
	EXPECT_EQ(0x40, POTS_STATE_HANGUP);
	EXPECT_EQ(0x80, POTS_STATE_ALARM);
	EXPECT_EQ(0x100, POTS_STATE_NO_BATTERY);
	EXPECT_EQ(0x200, POTS_STATE_IN_USE);
	EXPECT_EQ(0x400, POTS_STATE_REVERSED);
	EXPECT_EQ(0x800, POTS_STATE_DIALLING);
}

TEST_HARNESS_MAIN
