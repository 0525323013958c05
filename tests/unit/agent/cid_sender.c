// SPDX-License-Identifier: GPL-2.0-or-later
#include "cid_sender.h"

#include "../../../driver/callerid.h"

size_t cid_send(const struct pots_cid *cid, int16_t *samples, size_t size)
{
	struct pots_callerid player;
	size_t count;

	if (pots_callerid_check(cid) || pots_callerid_samples(cid) > size)
		return 0;
	count = pots_callerid_samples(cid);
	pots_callerid_start(&player, cid, 0);
	pots_callerid_render(&player, samples, (unsigned int)count);
	return count;
}
