// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_text: writing and reading the text of messages, within bounds.
 */
#include "sip_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

void sip_text_init(struct sip_text *text)
{
	text->len = 0;
	text->full = false;
	text->p[0] = '\0';
}

void sip_text_put(struct sip_text *text, const char *p, size_t len)
{
	if (text->full || len >= sizeof(text->p) - text->len) {
		text->full = true;
		return;
	}
	if (len)	/* or @p may be NULL */
		memcpy(text->p + text->len, p, len);
	text->len += len;
	text->p[text->len] = '\0';
}

void sip_text_str(struct sip_text *text, const char *s)
{
	sip_text_put(text, s, strlen(s));
}

void sip_text_slice(struct sip_text *text, struct sip_slice slice)
{
	sip_text_put(text, slice.p, slice.len);
}

void sip_text_add(struct sip_text *text, const char *format, ...)
{
	size_t room = sizeof(text->p) - text->len;
	va_list args;
	int len;

	if (text->full)
		return;
	va_start(args, format);
	len = vsnprintf(text->p + text->len, room, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room) {
		text->p[text->len] = '\0';
		text->full = true;
		return;
	}
	text->len += (size_t)len;
}

void sip_text_quoted(struct sip_text *text, const char *s)
{
	sip_text_put(text, "\"", 1);
	for (; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			continue;
		if (*s == '"' || *s == '\\')
			sip_text_put(text, "\\", 1);
		sip_text_put(text, s, 1);
	}
	sip_text_put(text, "\"", 1);
}

void sip_text_user(struct sip_text *text, const char *s)
{
	/* RFC 3261 25.1: unreserved and user-unreserved */
	static const char plain[] = "-_.!~*'()&=+$,;?/";

	for (; *s; s++) {
		if (isalnum((unsigned char)*s) || strchr(plain, *s))
			sip_text_put(text, s, 1);
		else
			sip_text_add(text, "%%%02X", (unsigned char)*s);
	}
}

bool sip_slice_is(struct sip_slice slice, const char *s)
{
	return slice.len == strlen(s) && !memcmp(slice.p, s, slice.len);
}

bool sip_slice_is_token(struct sip_slice slice, const char *s)
{
	return slice.len == strlen(s) && !strncasecmp(slice.p, s, slice.len);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct sip_slice sip_slice_trim(struct sip_slice slice)
{
	while (slice.len && is_space(slice.p[0])) {
		slice.p++;
		slice.len--;
	}
	while (slice.len && is_space(slice.p[slice.len - 1]))
		slice.len--;
	return slice;
}

long sip_slice_number(struct sip_slice slice, long max)
{
	long number = 0;
	size_t i;

	if (!slice.len)
		return -1;
	for (i = 0; i < slice.len; i++) {
		int digit = slice.p[i] - '0';

		if (digit < 0 || digit > 9 || number > (max - digit) / 10)
			return -1;
		number = number * 10 + digit;
	}
	return number;
}

void sip_slice_copy(struct sip_slice slice, char *to, size_t size)
{
	size_t len = slice.len < size ? slice.len : size - 1;

	memcpy(to, slice.p, len);
	to[len] = '\0';
}

/* The length up to @stop, outside quotes and angle brackets. */
static size_t span_until(struct sip_slice text, char stop)
{
	bool quoted = false, bracketed = false;
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '<') {
			bracketed = true;
		} else if (c == '>') {
			bracketed = false;
		} else if (c == stop && !bracketed) {
			return i;
		}
	}
	return text.len;
}

bool sip_param(struct sip_slice value, const char *name, struct sip_slice *found)
{
	size_t len = span_until(value, ';');

	while (len < value.len) {
		struct sip_slice param, key;
		size_t equals;

		value.p += len + 1;
		value.len -= len + 1;
		len = span_until(value, ';');
		param = (struct sip_slice){ value.p, len };
		equals = span_until(param, '=');
		key = sip_slice_trim((struct sip_slice){ param.p, equals });
		if (!sip_slice_is_token(key, name))
			continue;
		*found = (struct sip_slice){ param.p + equals, 0 };
		if (equals < len)
			*found = sip_slice_trim((struct sip_slice){
				param.p + equals + 1, len - equals - 1 });
		return true;
	}
	return false;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void sip_unescape(char *s)
{
	char *to = s;

	if (strstr(s, "%00"))
		return;
	for (; *s; s++, to++) {
		if (s[0] == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			*to = (char)(hex(s[1]) << 4 | hex(s[2]));
			s += 2;
		} else {
			*to = *s;
		}
	}
	*to = '\0';
}

/* A pool, so that a message costs no system call for its few tokens. */
static uint8_t random_byte(void)
{
	static uint8_t pool[256];
	static size_t left;

	if (!left) {
		if (getrandom(pool, sizeof(pool), 0) != (ssize_t)sizeof(pool))
			abort();
		left = sizeof(pool);
	}
	return pool[--left];
}

void sip_random_token(char *to, size_t len)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

	while (len--)
		*to++ = digits[random_byte() & 31];
	*to = '\0';
}

unsigned int sip_random_below(unsigned int limit)
{
	uint32_t value = 0;
	int i;

	for (i = 0; i < 4; i++)
		value = value << 8 | random_byte();
	return limit ? value % limit : 0;
}
