/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of several programs expect; after kselftest_harness.h. */
#ifndef POTS_TEST_EXPECT_H
#define POTS_TEST_EXPECT_H

#include "port.h"

/* The fixture's line is told that something is over, and self->event is that. */
#define EXPECT_DONE(type_, reason_, cookie_) do {			\
	ASSERT_TRUE(event_wait(self->line.observer, (type_), &self->event, \
			       SETTLE_MS));				\
	EXPECT_EQ((reason_), self->event.value);			\
	EXPECT_EQ((cookie_), self->event.cookie);			\
} while (0)

/* In virtual time only: elsewhere what is stamped by two clocks is not compared. */
#define EXPECT_WITHIN(low, value, high) do {				\
	double value_ = (value);					\
	if (!time_is_virtual())						\
		break;							\
	if (!(value_ >= (low) && value_ <= (high)))			\
		TH_LOG(#value " is %.3f", value_);			\
	EXPECT_GE(value_, (low));					\
	EXPECT_LE(value_, (high));					\
} while (0)

#endif /* POTS_TEST_EXPECT_H */
