/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip_guard: what a message must be like before libosip2 may see it. Pure.
 *
 * libosip2's parser accepts far more than SIP (72 % of the PROTOS INVITEs), is
 * quadratic in parameters and tells nothing when it fails. So the bytes are
 * read here first: sizes, start line, the mandatory headers exactly once, and
 * the numbers in them. What comes out is enough to answer with, also when the
 * message is refused.
 */
#ifndef POTS_AGENT_SIP_GUARD_H
#define POTS_AGENT_SIP_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "sip_text.h"

#define SIP_MESSAGE_MAX		8000	/* bytes, head and body */
#define SIP_HEADERS_MAX		96
#define SIP_VALUE_MAX		3000	/* bytes of one header's value */
#define SIP_PARAMS_MAX		40	/* semicolons or commas in one value */
#define SIP_URI_MAX		1024

enum sip_header {
	SIP_H_OTHER,
	SIP_H_VIA,
	SIP_H_FROM,
	SIP_H_TO,
	SIP_H_CALL_ID,
	SIP_H_CSEQ,
	SIP_H_MAX_FORWARDS,
	SIP_H_CONTENT_LENGTH,
	SIP_H_CONTENT_TYPE,
	SIP_H_CONTENT_ENCODING,
	SIP_H_CONTACT,
	SIP_H_RECORD_ROUTE,
	SIP_H_REQUIRE,
	SIP_H_ACCEPT,
	SIP_H_EXPIRES,
	SIP_H_WWW_AUTHENTICATE,
	SIP_H_PROXY_AUTHENTICATE,
	SIP_H_COUNT
};

struct sip_line {
	enum sip_header id;
	struct sip_slice name, value;
};

struct sip_scan {
	bool response;
	int status;			/* of a response */
	struct sip_slice method, uri;	/* of a request */
	struct sip_slice reason;	/* of a response */
	unsigned int lines;
	const struct sip_line *first[SIP_H_COUNT];
	unsigned char count[SIP_H_COUNT];
	unsigned long cseq;
	struct sip_slice cseq_method;
	size_t head_len;		/* with the empty line */
	struct sip_slice body;		/* by Content-Length, else the rest */
	struct sip_line line[SIP_HEADERS_MAX];	/* last: not cleared before use */
};

/**
 * sip_guard() - check the bytes of one message and index its headers
 * @p: the message, leading CRLFs already gone
 * @len: bytes received
 * @stream: it came over a stream: Content-Length must be there
 * @scan: filled as far as the message could be read
 *
 * Return: 0 = pass it on; 300..699 = refuse a request with this status, if
 * @scan holds what a response needs (sip_guard_answerable()); -1 = drop.
 */
int sip_guard(const char *p, size_t len, bool stream, struct sip_scan *scan);

/*
 * Writes the message as libosip2 is to see it: start line and those headers
 * that somebody reads from its structures, unfolded, without a body. What it
 * need not parse it cannot stumble over.
 */
void sip_guard_digest(const struct sip_scan *scan, struct sip_text *text);

/* Is there a Via, by which the sender knows what is answered? */
bool sip_guard_answerable(const struct sip_scan *scan);

/* May it stand in a start line, ours or another's? */
bool sip_guard_uri(const char *uri);

/*
 * How long is the message at the head of a stream? Its length; 0 = not yet
 * known; -1 = this stream cannot be framed any more.
 */
long sip_guard_frame(const char *p, size_t len);

/* The value of the first header called @name (compact forms are not known). */
struct sip_slice sip_scan_header(const struct sip_scan *scan, const char *name);

#endif /* POTS_AGENT_SIP_GUARD_H */
