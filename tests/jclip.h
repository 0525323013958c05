/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a message of NTT's, without any of the code that is under test. */
#ifndef POTS_TESTS_JCLIP_H
#define POTS_TESTS_JCLIP_H

#include <linux/pots.h>
#include <stdint.h>

/* Even parity, and x^16 + x^12 + x^5 + 1 from behind DLE SOH on, the low octet first. */
static inline void jclip_finish(struct pots_cid *cid)
{
	unsigned int i, bit;
	uint16_t crc = 0;

	for (i = 0; i < cid->count; i++) {
		cid->data[i] |= __builtin_parity(cid->data[i]) << 7;
		if (i < 2)
			continue;
		crc ^= cid->data[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1;
	}
	cid->data[cid->count++] = crc & 0xff;
	cid->data[cid->count++] = crc >> 8;
}

#endif /* POTS_TESTS_JCLIP_H */
