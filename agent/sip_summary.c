// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_summary: the body of a NOTIFY of messages that wait (RFC 3842, 5.2). Pure.
 */
#include <string.h>

#include "sip_core.h"

/* The next line of @rest as NAME: VALUE; false = there is none. */
static bool next_line(struct sip_slice *rest, struct sip_slice *name, struct sip_slice *value)
{
	while (rest->len) {
		const char *end = memchr(rest->p, '\n', rest->len);
		size_t len = end ? (size_t)(end - rest->p) : rest->len;
		const char *colon = memchr(rest->p, ':', len);
		const char *line = rest->p;
		size_t gone = end ? len + 1 : len;

		rest->p += gone;
		rest->len -= gone;
		if (!colon)
			continue;
		name->p = line;
		name->len = (size_t)(colon - line);
		value->p = colon + 1;
		value->len = len - name->len - 1;
		*name = sip_slice_trim(*name);
		*value = sip_slice_trim(*value);
		return true;
	}
	return false;
}

/* "2/8 (0/2)": how many are new. */
static unsigned int new_messages(struct sip_slice value)
{
	size_t digits = 0;
	long count;

	while (digits < value.len && value.p[digits] >= '0' && value.p[digits] <= '9')
		digits++;
	value.len = digits;
	count = sip_slice_number(value, 9999);
	return count > 0 ? (unsigned int)count : 0;
}

bool sip_summary_read(struct sip_slice body, struct sip_waiting *waiting)
{
	struct sip_slice name, value;
	bool said = false;

	while (next_line(&body, &name, &value)) {
		if (sip_slice_is_token(name, "Messages-Waiting")) {
			waiting->messages = sip_slice_is_token(value, "yes");
			said = waiting->messages || sip_slice_is_token(value, "no");
		} else if (sip_slice_is_token(name, "Voice-Message")) {
			waiting->count = new_messages(value);
		}
	}
	return said;
}
