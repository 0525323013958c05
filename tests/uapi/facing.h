/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of ports that face an exchange share: such a port, and the
 * exchange of a simulated board behind it. Without one the tests are skipped.
 */
#ifndef POTS_TEST_FACING_H
#define POTS_TEST_FACING_H

#include "port.h"

#define HOLDING		(POTS_STATE_CLAIMED | POTS_STATE_OFF_HOOK)
#define HOOK_SETTLE_MS	300	/* what the core does not believe after its own doing */

struct facing {
	unsigned int id;
	int observer;
	int claim;
	int far;		/* -1: none whose line we may work */
	struct pots_info info;
	struct pots_exchange exchange;	/* as it was */
};

/* The first port of a type, or -1. */
int port_of_type(unsigned int type);

/* Opens and claims it, at rest; ENODEV when there is none, or an errno. */
int facing_open(struct facing *facing);

/* Closes all, and makes the exchange what it was. */
void facing_close(struct facing *facing);

/* Seizes it, and waits until what is measured counts; 0 or an errno. */
int facing_seize(struct facing *facing);
int facing_release(struct facing *facing);

/* With this field of its settings changed by @change; 0 or an errno. */
int facing_set(struct facing *facing, void (*change)(struct pots_exchange *exchange));

/* One thing that the exchange does, by POTS_SIM_STEP_*, at once. */
bool far_do(int far, unsigned int kind, unsigned int count, unsigned int on_ms,
	    unsigned int off_ms);
bool far_steps(int far, const struct pots_sim_step *steps, unsigned int count);
bool far_state(int far, struct pots_sim_exchange_state *state);

/* No tone, no ringing, nobody in parallel, battery the right way round. */
bool far_rest(int far);

/* Waits until the bits of @mask in its state are @value. */
bool far_wait(int far, uint32_t mask, uint32_t value, unsigned int timeout_ms);

/* Waits for so many digits since it was seized. */
bool far_digits(int far, unsigned int count, unsigned int timeout_ms);

#endif /* POTS_TEST_FACING_H */
