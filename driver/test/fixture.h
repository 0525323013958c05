/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fixture: a port whose chip and highway are made of memory. A test plays the
 * telephone, gives commands as the claim would, and reads what became of it.
 */
#ifndef _POTS_TEST_FIXTURE_H
#define _POTS_TEST_FIXTURE_H

#include <kunit/test.h>

#include "../pots_fxo.h"

#define OPS_LOGGED	256
#define NO_EVENT	0

enum fixture_op {
	OP_FEED = 1,		/* arg: enum pots_feed */
	OP_RING_SETUP,		/* arg: millihertz */
	OP_BURST,		/* arg: on */
	OP_SPEECH,		/* arg: on */
	OP_IMPEDANCE,		/* arg: POTS_IMPEDANCE_* */
	OP_TONE,		/* arg: first frequency in millihertz, 0 = stop */
	OP_HOOK,		/* arg: off-hook */
	OP_SENSE,
	OP_DAA,			/* arg: POTS_IMPEDANCE_* */
	OP_LISTEN,		/* arg: on */
	OP_LAMP,		/* arg: on */
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
	bool exchange;			/* it faces one */
	struct pots_port_ops ops;	/* if it faces a telephone */
	bool closed;
	bool bursts;
	struct pots_line_sense line;	/* what the exchange makes of it */
	unsigned int late_ms;		/* so much later is the next edge of the hook */
	int fail[OP_STOP + 1];		/* what an op returns */
	struct {
		enum fixture_op op;
		u32 arg;
		u64 at_ns;
	} log[OPS_LOGGED];
	unsigned int logged;
	bool claimed;
};

extern struct kunit_suite pots_claim_suite, pots_event_suite, pots_highway_suite,
	pots_line_suite, pots_removal_suite, pots_ring_suite, pots_settings_suite,
	pots_speech_suite, pots_tone_suite, pots_chip_tone_suite,
	pots_exchange_suite, pots_dial_suite, pots_listen_suite,
	pots_exchange_removal_suite, pots_lamp_suite;

/* Init and exit of every suite: a claimed port at rest, with and without sound. */
int fixture_init(struct kunit *test);
int fixture_init_silent(struct kunit *test);
/* The same, of a chip that can make a neon lamp glow. */
int fixture_init_lamp(struct kunit *test);
/* The same, of a port that faces an exchange: 48 V, and 25 mA off-hook. */
int fixture_init_exchange(struct kunit *test);
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

/* The exchange: what it makes of the line, and reported. */
void fixture_line(struct fixture *f, s32 line_mv, u32 loop_ua);
void fixture_burst(struct fixture *f, bool on);

/* The highway: @n frames out, and what went to the line of the last one. */
void fixture_frames(struct fixture *f, unsigned int n, s16 *to_line);
/* The same for @ms, and all that goes to the line comes back from it. */
void fixture_mirror(struct fixture *f, unsigned int ms);

/* The owner. */
int fixture_play(struct fixture *f, u32 tone, u32 flags, u32 max_ms, u32 *cookie);
int fixture_stop_tone(struct fixture *f, u32 cookie);
int fixture_ring(struct fixture *f, u16 on_ms, u16 off_ms, u32 max_ms, u32 *cookie);
int fixture_stop_ring(struct fixture *f, u32 cookie);
int fixture_hangup(struct fixture *f, u32 open_ms);
int fixture_feed(struct fixture *f, u32 feed);
int fixture_audio(struct fixture *f, u32 read, u32 write_low, u32 queue);
int fixture_seize(struct fixture *f, u32 flags);
int fixture_release(struct fixture *f);
/* Changes the exchange's settings. */
int fixture_exchange(struct fixture *f, void (*change)(struct pots_exchange *exchange));
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
