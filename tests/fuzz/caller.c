// SPDX-License-Identifier: GPL-2.0-or-later
/* A call from the exchange that says who calls, by the driver's own sender. */
#include "facing.h"
#include "fuzz.h"

#include "callerid.h"

#include <unistd.h>

void fuzz_listens(struct pots_exchange *exchange)
{
	exchange->flags = POTS_EXCHANGE_F_CID_RING;
	exchange->cid_signal = POTS_CID_BELL202;
}

/* MDMF: a number, 555. */
static bool write_message(int far)
{
	static const struct pots_cid cid = {
		.signal = POTS_CID_BELL202, .level_cdb = -1300, .after_data_ms = 50,
		.seizure_bits = 300, .mark_bits = 180, .stop_bits = 1, .tail_bits = 20,
		.count = 8, .data = { 0x80, 5, 2, 3, '5', '5', '5', 0xd7 },
	};
	int16_t samples[8000];
	struct pots_callerid player;
	unsigned int count = pots_callerid_samples(&cid);

	if (count > sizeof(samples) / sizeof(samples[0]))
		return false;
	pots_callerid_start(&player, &cid, 0);
	pots_callerid_render(&player, samples, count);
	return write(far, samples, count * sizeof(*samples)) > 0;
}

bool fuzz_calls(int far)
{
	static const struct pots_sim_step steps[] = {
		{ .kind = POTS_SIM_STEP_RING, .on_us = 1000000, .off_us = 600000 },
		{ .kind = POTS_SIM_STEP_SPEAK },
		{ .kind = POTS_SIM_STEP_WAIT, .on_us = 500000 },
		{ .kind = POTS_SIM_STEP_RING, .on_us = 1000000, .off_us = 1000000 },
	};

	return far_steps(far, steps, sizeof(steps) / sizeof(steps[0])) && write_message(far);
}
