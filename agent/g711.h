/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * g711: A-law and mu-law, ITU-T G.711. Pure.
 */
#ifndef POTS_AGENT_G711_H
#define POTS_AGENT_G711_H

#include <stddef.h>
#include <stdint.h>

struct g711 {
	void (*encode)(uint8_t *codes, const int16_t *samples, size_t count);
	void (*decode)(int16_t *samples, const uint8_t *codes, size_t count);
	uint8_t silence;
};

extern const struct g711 g711_ulaw, g711_alaw;

#endif /* POTS_AGENT_G711_H */
