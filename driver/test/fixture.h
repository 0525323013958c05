/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fixture: a port whose chip and highway are made of memory. A test plays the
 * telephone, gives commands as the claim would, and reads what became of it.
 */
#ifndef _POTS_TEST_FIXTURE_H
#define _POTS_TEST_FIXTURE_H

#include <kunit/test.h>

#include "../pots_core.h"

#define OPS_LOGGED	256
#define NO_EVENT	0

enum fixture_op {
	OP_FEED = 1,		/* arg: enum pots_feed */
	OP_RING_SETUP,		/* arg: millihertz */
	OP_BURST,		/* arg: on */
	OP_SPEECH,		/* arg: on */
	OP_IMPEDANCE,		/* arg: POTS_IMPEDANCE_* */
	OP_TONE,		/* arg: first frequency in millihertz, 0 = stop */
	OP_START,		/* of the highway; arg: slot */
	OP_STOP,
};

struct fixture {
	struct kunit *test;
	struct device *chip;
	struct device *provider;
	struct pots_highway *highway;
	struct pots_port *port;
	struct pots_file file;		/* the observer that claims */
	struct pots_event last;

	/* the chip */
	bool closed;
	bool bursts;
	int fail[OP_STOP + 1];		/* what an op returns */
	struct {
		enum fixture_op op;
		u32 arg;
	} log[OPS_LOGGED];
	unsigned int logged;
	bool claimed;
};

extern struct kunit_suite pots_claim_suite, pots_event_suite, pots_highway_suite,
	pots_line_suite, pots_removal_suite, pots_ring_suite, pots_settings_suite,
	pots_speech_suite, pots_tone_suite, pots_chip_tone_suite;

/* Init and exit of every suite: a claimed port at rest, with and without sound. */
int fixture_init(struct kunit *test);
int fixture_init_silent(struct kunit *test);
void fixture_exit(struct kunit *test);

void fixture_plug(struct fixture *f);
void fixture_unplug(struct fixture *f);
void fixture_attach(struct fixture *f);
void fixture_detach(struct fixture *f);

/* The telephone. */
void fixture_loop(struct fixture *f, bool closed);
void fixture_trip(struct fixture *f);
/* Lifted, and seen to be. */
void fixture_lift(struct fixture *f);

/* The highway: @n frames out, and what went to the line of the last one. */
void fixture_frames(struct fixture *f, unsigned int n, s16 *to_line);

/* The owner. */
int fixture_play(struct fixture *f, u32 tone, u32 flags, u32 max_ms, u32 *cookie);
int fixture_stop_tone(struct fixture *f, u32 cookie);
int fixture_ring(struct fixture *f, u16 on_ms, u16 off_ms, u32 max_ms, u32 *cookie);
int fixture_stop_ring(struct fixture *f, u32 cookie);
int fixture_hangup(struct fixture *f, u32 open_ms);
int fixture_feed(struct fixture *f, u32 feed);
int fixture_audio(struct fixture *f, u32 read, u32 write_low, u32 queue);
u32 fixture_state(struct fixture *f);
u32 fixture_feed_now(struct fixture *f);

/* The next event that is no hook edge, within @ms; NO_EVENT if there is none. */
u32 fixture_next(struct fixture *f, unsigned int ms);
void fixture_forget(struct fixture *f);
/* How often an op was called with this argument since fixture_forget(). */
unsigned int fixture_calls(struct fixture *f, enum fixture_op op, u32 arg);

#define EXPECT_EVENT(which, t, v, ms)					\
do {									\
	struct fixture *__f = (which);					\
									\
	KUNIT_EXPECT_EQ(__f->test, (u32)(t), fixture_next(__f, ms));	\
	KUNIT_EXPECT_EQ(__f->test, (u32)(v), __f->last.value);		\
} while (0)

#define EXPECT_NO_EVENT(which, ms)					\
do {									\
	struct fixture *__f = (which);					\
									\
	KUNIT_EXPECT_EQ(__f->test, (u32)NO_EVENT, fixture_next(__f, ms)); \
} while (0)

#endif /* _POTS_TEST_FIXTURE_H */
