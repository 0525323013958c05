// SPDX-License-Identifier: GPL-2.0-or-later
/* The body of a NOTIFY of messages that wait. An input is a body. */
#include "input.h"
#include "sip_core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *p = copy_exact(data, size);
	struct sip_slice body = { .p = p, .len = size };
	struct sip_waiting waiting = { 0 };
	bool said = sip_summary_read(body, &waiting);

	MUST(waiting.count <= 9999 && !waiting.user);
	MUST(said || !waiting.messages);
	free(p);
	return 0;
}
