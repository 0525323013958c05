/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that exec.c calls, for its tests: a port, a SIP side and a speech side
 * that take notes and do what the test wants.
 *
 *   test ── PORT() ──> exec.c ──> world.notes ── test
 *        └─ world.far_end, world.sound ──┘
 */
#ifndef POTS_TESTS_EXEC_WORLD_H
#define POTS_TESTS_EXEC_WORLD_H

#include <stdbool.h>

#include <linux/pots.h>

#include "agent.h"

struct exec_world {
	/* what was done, a word each and a space after it: "ring 180 " */
	char notes[512];

	/* what the next ones return: 0 or a negative errno */
	int ring_error, told_error, seize_error, dial_error, invite_error;
	int tone_error;			/* of the stutter tone only */
	int local_error;		/* is there a way to the account's server? */

	/* what the port is, and what it was told last */
	bool can_call, reversed;
	struct pots_caller_id heard;	/* count 0: nothing */
	struct pots_cid shown;
	unsigned int tone;		/* POTS_TONE_* */
	const struct port_cadence *rung;
	unsigned int rung_over_v;

	/* what the accounts are */
	enum sip_reg_state reg_state;
	bool trusts;			/* whoever calls */

	/* where the port, a call and its speech tell what happens */
	port_event_fn *port_event;	/* of the last line that was made */
	void *port_user;
	const struct sip_call_events *far_end;
	const struct media_events *sound;

	char places[3];			/* nothing but addresses */
};

extern struct exec_world world;

/* Nothing noted, no errors; the port can call, the account is registered and trusts. */
void world_start(void);

/* The port of the last line that was made tells @event with @value. */
#define PORT(event, value) world.port_event(world.port_user, event, value, 0)

#define CALL	((struct sip_call *)"incoming")
#define OUTGOING ((struct sip_call *)"outgoing")	/* what sip_invite() makes */
#define OFFICE	((struct sip_account *)&world.places[0])
#define OTHER	((struct sip_account *)&world.places[1])
#define SELF	((struct sip_account *)&world.places[2])

#endif /* POTS_TESTS_EXEC_WORLD_H */
