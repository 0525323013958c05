/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pots-sim: how the chips use the PCM bus: where in a frame, and in which
 * format. The codes are those of both chips' registers.
 */
#ifndef _POTS_SIM_PCM_H
#define _POTS_SIM_PCM_H

#include "bus.h"

#define POTS_SIM_PCM_ALAW	0
#define POTS_SIM_PCM_ULAW	1
#define POTS_SIM_PCM_LINEAR	3	/* of 8 bits: the upper ones */

/**
 * struct pots_sim_pcm - a chip's PCM interface, from its registers
 * @on:		it is on
 * @code:	format of the samples, POTS_SIM_PCM_*
 * @tx_clock:	where it sends
 * @rx_clock:	where it receives
 * @bits:	of a transfer
 * @clocks_per_bit: 1 or 2
 */
struct pots_sim_pcm {
	bool on;
	u8 code;
	unsigned int tx_clock;
	unsigned int rx_clock;
	unsigned int bits;
	unsigned int clocks_per_bit;
};

s16 pots_sim_pcm_decode(const struct pots_sim_pcm *pcm, u16 word);
u16 pots_sim_pcm_encode(const struct pots_sim_pcm *pcm, s16 sample);
void pots_sim_pcm_receive(struct pots_sim_bus *bus, const struct pots_sim_pcm *pcm,
			  u64 at, u16 *word, unsigned int n);
void pots_sim_pcm_transmit(struct pots_sim_bus *bus, const struct pots_sim_pcm *pcm,
			   u64 at, const u16 *word, unsigned int n);

#endif /* _POTS_SIM_PCM_H */
