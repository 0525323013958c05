// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_guard: the checks in front of libosip2's parser.
 */
#include "sip_guard.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const struct header_rule {
	const char *name;
	char compact;
	enum sip_header id;
	unsigned char min, max;		/* how often in a message */
} rules[] = {
	{ "Via",		'v', SIP_H_VIA,			1, 70 },
	{ "From",		'f', SIP_H_FROM,		1, 1 },
	{ "To",			't', SIP_H_TO,			1, 1 },
	{ "Call-ID",		'i', SIP_H_CALL_ID,		1, 1 },
	{ "CSeq",		0,   SIP_H_CSEQ,		1, 1 },
	{ "Max-Forwards",	0,   SIP_H_MAX_FORWARDS,	0, 1 },
	{ "Content-Length",	'l', SIP_H_CONTENT_LENGTH,	0, 1 },
	{ "Content-Type",	'c', SIP_H_CONTENT_TYPE,	0, 1 },
	{ "Content-Encoding",	'e', SIP_H_CONTENT_ENCODING,	0, 4 },
	{ "Contact",		'm', SIP_H_CONTACT,		0, 16 },
	{ "Record-Route",	0,   SIP_H_RECORD_ROUTE,	0, 32 },
	{ "Require",		0,   SIP_H_REQUIRE,		0, 8 },
	{ "Accept",		0,   SIP_H_ACCEPT,		0, 8 },
	{ "Expires",		0,   SIP_H_EXPIRES,		0, 1 },
	{ "WWW-Authenticate",	0,   SIP_H_WWW_AUTHENTICATE,	0, 8 },
	{ "Proxy-Authenticate",	0,   SIP_H_PROXY_AUTHENTICATE,	0, 8 },
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))

static bool is_token_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-.!%*_+`'~", c));
}

static bool is_token(struct sip_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!is_token_char(s.p[i]))
			return false;
	return s.len > 0;
}

static enum sip_header header_id(struct sip_slice name)
{
	size_t i;

	for (i = 0; i < N_RULES; i++) {
		const struct header_rule *rule = &rules[i];

		if (name.len == 1 ? rule->compact && (name.p[0] | 0x20) == rule->compact :
		    (name.p[0] | 0x20) == (rule->name[0] | 0x20) &&
		    sip_slice_is_token(name, rule->name))
			return rule->id;
	}
	return SIP_H_OTHER;
}

/* Bytes of the line at @p without its CRLF, or -1: no CRLF, or a bare one. */
static long line_length(const char *p, const char *end)
{
	const char *cr = memchr(p, '\r', (size_t)(end - p));

	if (!cr || cr + 1 >= end || cr[1] != '\n' || memchr(p, '\n', (size_t)(cr - p)))
		return -1;
	return cr - p;
}

/* A value that starts in the line of @len at @p goes on in folded lines. */
static long unfolded_length(const char *p, const char *end, long len)
{
	const char *c = p + len;

	while (c + 2 < end && (c[2] == ' ' || c[2] == '\t')) {
		len = line_length(c + 2, end);
		if (len < 0)
			return -1;
		c += 2 + len;
	}
	return c - p;
}

static bool value_sane(struct sip_slice value)
{
	unsigned int params = 0;
	size_t i;

	if (value.len > SIP_VALUE_MAX)
		return false;
	for (i = 0; i < value.len; i++)
		params += value.p[i] == ';' || value.p[i] == ',' || value.p[i] == '&';
	return params <= SIP_PARAMS_MAX;
}

static int status_line(struct sip_slice line, struct sip_scan *scan)
{
	struct sip_slice code = { line.p + 8, 3 };

	scan->response = true;
	if (line.len < 11 || (line.len > 11 && line.p[11] != ' '))
		return -1;
	scan->status = (int)sip_slice_number(code, 699);
	if (line.len > 12)
		scan->reason = (struct sip_slice){ line.p + 12, line.len - 12 };
	return scan->status >= 100 ? 0 : -1;
}

static int check_scheme(struct sip_slice uri)
{
	const char *colon = memchr(uri.p, ':', uri.len);
	struct sip_slice scheme;

	if (!colon || colon == uri.p || !isalpha((unsigned char)uri.p[0]))
		return 400;
	scheme = (struct sip_slice){ uri.p, (size_t)(colon - uri.p) };
	if (sip_slice_is_token(scheme, "sip") || sip_slice_is_token(scheme, "sips") ||
	    sip_slice_is_token(scheme, "tel"))
		return 0;
	return is_token(scheme) ? 416 : 400;
}

static int check_uri(struct sip_slice uri)
{
	size_t i;

	if (!uri.len)
		return 400;
	for (i = 0; i < uri.len; i++) {
		unsigned char c = (unsigned char)uri.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("<>\"", c))
			return 400;
	}
	if (uri.len > SIP_URI_MAX)
		return 414;
	if (!value_sane(uri))
		return 400;
	return check_scheme(uri);
}

static int check_version(struct sip_slice version)
{
	if (sip_slice_is_token(version, "SIP/2.0"))
		return 0;
	if (version.len == 7 && isdigit((unsigned char)version.p[4]) &&
	    version.p[5] == '.' && isdigit((unsigned char)version.p[6]) &&
	    sip_slice_is_token((struct sip_slice){ version.p, 4 }, "SIP/"))
		return 505;
	return 400;
}

static int request_line(struct sip_slice line, struct sip_scan *scan)
{
	const char *end = line.p + line.len;
	const char *sp1 = memchr(line.p, ' ', line.len);
	const char *sp2;
	int status;

	if (!sp1)
		return 400;
	scan->method = (struct sip_slice){ line.p, (size_t)(sp1 - line.p) };
	if (!is_token(scan->method) || scan->method.len > 32)
		return 400;
	/* A URI with a space in it fails as a version, which is the same 400. */
	sp2 = memchr(sp1 + 1, ' ', (size_t)(end - sp1 - 1));
	if (!sp2)
		return 400;
	scan->uri = (struct sip_slice){ sp1 + 1, (size_t)(sp2 - sp1 - 1) };
	status = check_version((struct sip_slice){ sp2 + 1, (size_t)(end - sp2 - 1) });
	return status ? status : check_uri(scan->uri);
}

static int start_line(struct sip_slice line, struct sip_scan *scan)
{
	struct sip_slice version = { line.p, 8 };

	if (line.len >= 8 && sip_slice_is_token(version, "SIP/2.0 "))
		return status_line(line, scan);
	return request_line(line, scan);
}

/* One header line at @p; the bytes it takes with its CRLF, or -1. */
static long header_line(const char *p, const char *end, struct sip_scan *scan)
{
	long first = line_length(p, end), len;
	struct sip_line *line = &scan->line[scan->lines];
	const char *colon;

	if (first <= 0 || scan->lines >= SIP_HEADERS_MAX)
		return -1;
	colon = memchr(p, ':', (size_t)first);
	len = unfolded_length(p, end, first);
	if (!colon || len < 0)
		return -1;
	line->name = sip_slice_trim((struct sip_slice){ p, (size_t)(colon - p) });
	line->value = (struct sip_slice){ colon + 1, (size_t)(p + len - colon - 1) };
	line->value = sip_slice_trim(line->value);
	if (line->name.p != p || !is_token(line->name))
		return -1;
	line->id = header_id(line->name);
	if (!scan->count[line->id]++)
		scan->first[line->id] = line;
	scan->lines++;
	return len + 2;
}

/* Indexes all lines, so that a refusal can be answered; then judges them. */
static int headers(const char *p, const char *end, struct sip_scan *scan)
{
	bool sane = true;
	long len;

	while (end - p >= 2 && !(p[0] == '\r' && p[1] == '\n')) {
		len = header_line(p, end, scan);
		if (len < 0)
			return 400;
		sane &= value_sane(scan->line[scan->lines - 1].value);
		p += len;
	}
	if (end - p < 2)
		return 400;
	scan->body = (struct sip_slice){ p + 2, (size_t)(end - p - 2) };
	return sane ? 0 : 400;
}

static int check_counts(const struct sip_scan *scan)
{
	size_t i;

	for (i = 0; i < N_RULES; i++) {
		unsigned int count = scan->count[rules[i].id];

		if (count < rules[i].min || count > rules[i].max)
			return 400;
	}
	return 0;
}

static int check_cseq(struct sip_scan *scan)
{
	struct sip_slice value = scan->first[SIP_H_CSEQ]->value;
	struct sip_slice digits = value;
	long number;

	for (digits.len = 0; digits.len < value.len; digits.len++)
		if (!isdigit((unsigned char)value.p[digits.len]))
			break;
	number = sip_slice_number(digits, 0x7fffffff);
	if (number < 0)
		return 400;
	scan->cseq = (unsigned long)number;
	value.p += digits.len;
	value.len -= digits.len;
	scan->cseq_method = sip_slice_trim(value);
	if (scan->cseq_method.len == value.len || !is_token(scan->cseq_method))
		return 400;
	if (scan->response)
		return 0;
	if (scan->cseq_method.len != scan->method.len ||
	    memcmp(scan->cseq_method.p, scan->method.p, scan->method.len))
		return 400;
	return 0;
}

static int check_numbers(const struct sip_scan *scan)
{
	const struct sip_line *line = scan->first[SIP_H_MAX_FORWARDS];

	if (line && sip_slice_number(line->value, 255) < 0)
		return 400;
	if (scan->first[SIP_H_CALL_ID]->value.len > 256 ||
	    !scan->first[SIP_H_CALL_ID]->value.len)
		return 400;
	return 0;
}

/* More than came is an error; what trails in a datagram is ignored. */
static int check_length(struct sip_scan *scan, bool stream)
{
	const struct sip_line *line = scan->first[SIP_H_CONTENT_LENGTH];
	long length;

	if (!line)
		return stream ? 400 : 0;
	length = sip_slice_number(line->value, SIP_MESSAGE_MAX);
	if (length < 0 || (size_t)length > scan->body.len)
		return 400;
	scan->body.len = (size_t)length;
	return 0;
}

static int judge(const char *p, size_t len, bool stream, struct sip_scan *scan)
{
	const char *end = p + len;
	long line_len = line_length(p, end);
	int line_status, status;

	if (line_len < 0)
		return -1;
	line_status = start_line((struct sip_slice){ p, (size_t)line_len }, scan);
	if (line_status < 0)
		return line_status;
	status = headers(p + line_len + 2, end, scan);
	scan->head_len = scan->body.p ? (size_t)(scan->body.p - p) : 0;
	/* A version that is not ours outranks what we think of the rest. */
	if (line_status)
		return line_status;
	if (!status)
		status = check_counts(scan);
	if (!status)
		status = check_cseq(scan);
	if (!status)
		status = check_numbers(scan);
	if (!status)
		status = check_length(scan, stream);
	return status;
}

int sip_guard(const char *p, size_t len, bool stream, struct sip_scan *scan)
{
	int status;

	memset(scan, 0, offsetof(struct sip_scan, line));
	if (len < 16)
		return -1;
	status = judge(p, len, stream, scan);
	if (!status && len > SIP_MESSAGE_MAX)
		status = 513;
	/* A body may be binary: nobody reads it as a string. */
	if (!status && memchr(p, '\0', scan->head_len))
		status = 400;
	if (status && (scan->response || sip_slice_is(scan->method, "ACK")))
		return -1;
	return status;
}

static bool libosip2_needs(const struct sip_scan *scan, const struct sip_line *line)
{
	switch (line->id) {
	case SIP_H_VIA:		/* the others are only echoed */
		return line == scan->first[SIP_H_VIA];
	case SIP_H_FROM:
	case SIP_H_TO:
	case SIP_H_CALL_ID:
	case SIP_H_CSEQ:
		return true;
	case SIP_H_CONTACT:
	case SIP_H_RECORD_ROUTE:
	case SIP_H_WWW_AUTHENTICATE:
	case SIP_H_PROXY_AUTHENTICATE:
		return !sip_slice_is(scan->method, "ACK");
	default:
		return false;
	}
}

void sip_guard_digest(const struct sip_scan *scan, struct sip_text *text)
{
	unsigned int i;
	char *p;

	if (scan->response) {
		sip_text_add(text, "SIP/2.0 %d ", scan->status);
		sip_text_slice(text, scan->reason);
	} else {
		sip_text_slice(text, scan->method);
		sip_text_str(text, " ");
		sip_text_slice(text, scan->uri);
		sip_text_str(text, " SIP/2.0");
	}
	sip_text_str(text, "\r\n");
	for (i = 0; i < scan->lines; i++) {
		const struct sip_line *line = &scan->line[i];

		if (!libosip2_needs(scan, line))
			continue;
		sip_text_slice(text, line->name);
		sip_text_str(text, ": ");
		p = text->p + text->len;
		sip_text_slice(text, line->value);
		while ((p = strpbrk(p, "\r\n")))
			*p = ' ';
		sip_text_str(text, "\r\n");
	}
	sip_text_str(text, "\r\n");
}

bool sip_guard_uri(const char *uri)
{
	return !check_uri((struct sip_slice){ uri, strlen(uri) });
}

bool sip_guard_answerable(const struct sip_scan *scan)
{
	return scan->count[SIP_H_VIA] && !sip_slice_is(scan->method, "ACK");
}

long sip_guard_frame(const char *p, size_t len)
{
	const char *end = p + len, *c = p;
	long length = -1, line;

	while (c < end) {
		line = line_length(c, end);
		if (line < 0)
			break;
		if (line == 0 && length < 0)
			return -1;
		if (line == 0 && c - p + 2 + length > SIP_MESSAGE_MAX)
			return -1;
		if (line == 0)
			return c - p + 2 + length <= (long)len ? c - p + 2 + length : 0;
		if (memchr(c, ':', (size_t)line)) {
			const char *colon = memchr(c, ':', (size_t)line);
			struct sip_slice name = { c, (size_t)(colon - c) };
			struct sip_slice value = { colon + 1, (size_t)(c + line - colon - 1) };

			if (colon > c && header_id(sip_slice_trim(name)) == SIP_H_CONTENT_LENGTH)
				length = sip_slice_number(sip_slice_trim(value),
							  SIP_MESSAGE_MAX);
		}
		c += line + 2;
	}
	if (memchr(p, '\0', len))
		return -1;
	return len < SIP_MESSAGE_MAX ? 0 : -1;
}

struct sip_slice sip_scan_header(const struct sip_scan *scan, const char *name)
{
	unsigned int i;

	for (i = 0; i < scan->lines; i++)
		if (sip_slice_is_token(scan->line[i].name, name))
			return scan->line[i].value;
	return (struct sip_slice){ NULL, 0 };
}
