// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a SIP message says of a caller, as a telephone's display is told: whatever
 * the standard, it must be something that the kernel sends.
 *
 * An input is a byte of flags and standard, one of time, a line of the number, and
 * the name.
 */
#include "callerid.h"
#include "input.h"

#include <linux/pots.h>

/* From driver/callerid.c. */
int pots_callerid_check(const struct pots_cid *cid);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint8_t flags = take8(&input), time = take8(&input);
	char *number = take_text(&input, '\n'), *name = take_text(&input, '\n');
	struct callerid_call call = {
		.number = number, .name = name, .plus = flags & 2 ? "00" : "",
		.withheld = flags & 1, .month = 1 + time % 12, .day = 1 + time % 31,
		.hour = time % 24, .minute = time % 60,
	};
	enum callerid_standard standard = (flags >> 2) % CALLERID_COUNT;
	struct pots_cid cid = { 0 };
	char digits[16];

	if (callerid_fill(standard, &call, &cid))
		MUST(!pots_callerid_check(&cid));
	else
		MUST(standard == CALLERID_OFF);
	callerid_number(number, "00", digits, sizeof(digits));
	MUST(strspn(digits, "0123456789*#") == strlen(digits));
	free(number);
	free(name);
	return 0;
}
