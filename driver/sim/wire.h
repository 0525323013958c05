/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: a wire from a line to a telephone to a line to an exchange of the
 * same board, in place of both: the board calls itself.
 */
#ifndef _POTS_SIM_WIRE_H
#define _POTS_SIM_WIRE_H

#include <linux/types.h>

struct pots_sim_board;
struct pots_sim_far_ops;
struct pots_sim_feed;
struct pots_sim_line;
struct pots_sim_load;
struct pots_sim_sense;
struct pots_sim_wire;

extern const struct pots_sim_far_ops pots_sim_wire_fxs_ops;
extern const struct pots_sim_far_ops pots_sim_wire_fxo_ops;

/* Wires two lines; there is no other end of either then. */
int pots_sim_wire_add(struct pots_sim_line *fxs, struct pots_sim_line *fxo);
/* After both lines are retired. */
void pots_sim_wire_del(struct pots_sim_line *fxs, struct pots_sim_line *fxo);

/* What the chip of the telephone's line puts on it. */
void pots_sim_wire_feed(struct pots_sim_wire *wire, const struct pots_sim_feed *feed);
void pots_sim_wire_ring(struct pots_sim_wire *wire, bool on);
void pots_sim_wire_ring_sample(struct pots_sim_wire *wire, s32 mv);

/* What the chip of the exchange's line does, and what it sees. */
void pots_sim_wire_load(struct pots_sim_wire *wire, const struct pots_sim_load *load);
void pots_sim_wire_sense(struct pots_sim_wire *wire, struct pots_sim_sense *sense);
bool pots_sim_wire_rings(const struct pots_sim_wire *wire);
s32 pots_sim_wire_ring_mv(const struct pots_sim_wire *wire);

#endif /* _POTS_SIM_WIRE_H */
