// SPDX-License-Identifier: GPL-2.0-or-later
/* The bytes of a SIP message, before libosip2: sip_guard.c and sip_text.c. */
#include "input.h"
#include "sip_guard.h"

static void read_values(const struct sip_scan *scan)
{
	struct sip_slice found;
	char text[64], *escaped;
	unsigned int i;

	for (i = 0; i < scan->lines; i++) {
		struct sip_slice value = scan->line[i].value;

		if (sip_param(value, "tag", &found))
			MUST(found.p >= value.p && found.p + found.len <= value.p + value.len);
		sip_slice_number(sip_slice_trim(value), 0x7fffffff);
		sip_slice_copy(value, text, sizeof(text));
		sip_unescape(text);
		escaped = malloc(value.len + 1);
		sip_slice_copy(value, escaped, value.len + 1);
		sip_unescape(escaped);
		free(escaped);
	}
}

/* What libosip2 is shown is a message again, and says the same. */
static void check_digest(const struct sip_scan *scan)
{
	static struct sip_text text;
	struct sip_scan again;

	sip_text_init(&text);
	sip_guard_digest(scan, &text);
	if (text.full)
		return;
	MUST(!sip_guard(text.p, text.len, false, &again));
	MUST(again.cseq == scan->cseq && again.response == scan->response);
	MUST(again.head_len == text.len && !memchr(text.p, '\0', text.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool stream = size && data[0] & 1;
	struct sip_scan scan;
	char *p;
	int status;
	long frame;

	if (!size--)
		return 0;
	p = copy_exact(data + 1, size);
	frame = sip_guard_frame(p, size);
	MUST(frame >= -1 && frame <= (long)size);
	status = sip_guard(p, size, stream, &scan);
	MUST(status == 0 || status == -1 || (status >= 300 && status <= 699));
	MUST(scan.lines <= SIP_HEADERS_MAX);
	if (!status) {
		MUST(scan.body.p >= p && scan.body.p + scan.body.len <= p + size);
		read_values(&scan);
		check_digest(&scan);
	}
	free(p);
	return 0;
}
