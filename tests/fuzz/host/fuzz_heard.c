// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who calls, as an exchange told it: the agent's reading of octets and digits
 * that the kernel heard. An input is a byte, FSK or DTMF, and what was heard.
 */
#include "callerid.h"
#include "input.h"

#include <linux/pots.h>

/* What ISO 8859-1 becomes: no control characters, two octets at most. */
static bool is_text(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p; p++) {
		if (*p >= 0xc2 && *p <= 0xc3 && p[1] >= 0x80 && p[1] <= 0xbf)
			p++;
		else if (*p < 0x20 || *p >= 0x7f)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct pots_caller_id *message = calloc(1, sizeof(*message));
	struct callerid_heard heard;
	bool call, dtmf = take8(&input) & 1;

	message->signal = dtmf ? POTS_CID_DTMF : POTS_CID_BELL202;
	message->count = input.left < POTS_CID_DATA_MAX ? input.left : POTS_CID_DATA_MAX;
	take(&input, message->data, message->count);
	/* the kernel's promise */
	for (unsigned int i = 0; dtmf && i < message->count; i++)
		message->data[i] %= POTS_DIGIT_COUNT;
	call = callerid_read(message, &heard);
	MUST(memchr(heard.number, 0, sizeof(heard.number)));
	MUST(memchr(heard.name, 0, sizeof(heard.name)));
	MUST(strspn(heard.number, "+0123456789*#") == strlen(heard.number));
	MUST(is_text(heard.name));
	MUST(call || (!*heard.number && !*heard.name && !heard.withheld));
	free(message);
	return 0;
}
