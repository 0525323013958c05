// SPDX-License-Identifier: GPL-2.0-only
/*
 * pots-sim: how the chips use the PCM bus.
 */
#include <linux/string.h>

#include "pcm.h"

s16 pots_sim_pcm_decode(const struct pots_sim_pcm *pcm, u16 word)
{
	u8 code = pcm->bits == 16 ? word >> 8 : word;

	switch (pcm->code) {
	case POTS_SIM_PCM_ALAW:
		return pots_sim_alaw_expand(code);
	case POTS_SIM_PCM_ULAW:
		return pots_sim_ulaw_expand(code);
	case POTS_SIM_PCM_LINEAR:
		return pcm->bits == 16 ? word : word << 8;
	default:
		return 0;
	}
}

u16 pots_sim_pcm_encode(const struct pots_sim_pcm *pcm, s16 sample)
{
	unsigned int shift = pcm->bits - 8;

	switch (pcm->code) {
	case POTS_SIM_PCM_ALAW:
		return pots_sim_alaw_compress(sample) << shift;
	case POTS_SIM_PCM_ULAW:
		return pots_sim_ulaw_compress(sample) << shift;
	case POTS_SIM_PCM_LINEAR:
		return pcm->bits == 16 ? (u16)sample : (u16)sample >> 8;
	default:
		return 0;
	}
}

void pots_sim_pcm_receive(struct pots_sim_bus *bus, const struct pots_sim_pcm *pcm,
			  u64 at, u16 *word, unsigned int n)
{
	unsigned int i;

	if (!pcm->on) {
		memset(word, 0, n * sizeof(*word));
		return;
	}
	for (i = 0; i < n; i++)
		word[i] = pots_sim_bus_get(bus->rx, pots_sim_bus_at(at + i), pcm->rx_clock,
					   pcm->bits, pcm->clocks_per_bit);
}

void pots_sim_pcm_transmit(struct pots_sim_bus *bus, const struct pots_sim_pcm *pcm,
			   u64 at, const u16 *word, unsigned int n)
{
	unsigned int i;

	if (!pcm->on)
		return;
	for (i = 0; i < n; i++)
		pots_sim_bus_put(bus->tx, &bus->tx_used, pots_sim_bus_at(at + i),
				 pcm->tx_clock, pcm->bits, pcm->clocks_per_bit, word[i]);
}
