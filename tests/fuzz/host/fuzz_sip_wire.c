// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The wire of the SIP target: stands in for sip_transport.c, sip_tcp.c, the
 * resolver and the source of tokens, by --wrap.
 */
#include <errno.h>

#include "fuzz_sip.h"
#include "input.h"
#include "sip_core.h"

bool fuzz_sip_unsent, fuzz_sip_private;

static struct {
	char text[SIP_TEXT_MAX];
	size_t len;
} request, response;	/* the last ones that we sent */

static unsigned int tokens;
static bool null_is_said, peer_has_tag;

void fuzz_sip_begin(const void *input, size_t size)
{
	null_is_said = memmem(input, size, "(null)", 6);
	/* where the input has no message of its own, and no To of an answer */
	peer_has_tag = !memmem(input, size, "@u", 2) && !memmem(input, size, "@s", 2) &&
		       !memmem(input, size, "@t", 2) && !memmem(input, size, "To:", 3);
	request.len = 0;
	response.len = 0;
	tokens = 0;
	fuzz_sip_unsent = false;
	fuzz_sip_private = false;
}

/* A header line has a scheme, and in a call both ends have a tag. */
static void check_lines(const struct sip_scan *scan)
{
	struct sip_slice tag;

	for (unsigned int i = 0; i < scan->lines; i++) {
		struct sip_slice name = scan->line[i].name, value = scan->line[i].value;

		if (sip_slice_is_token(name, "Authorization") ||
		    sip_slice_is_token(name, "Proxy-Authorization"))
			MUST(value.len > 6 && (!memcmp(value.p, "Digest ", 7) ||
					       !memcmp(value.p, "Basic ", 6)));
	}
	if (peer_has_tag && (sip_slice_is(scan->method, "ACK") ||
			     sip_slice_is(scan->method, "BYE")))
		MUST(sip_param(scan->first[SIP_H_TO]->value, "tag", &tag));
}

/* Our own requests must be such as we would take. */
static void keep(const char *p, size_t len)
{
	static struct sip_scan scan;
	bool is_response = len > 8 && !memcmp(p, "SIP/2.0 ", 8);

	MUST(p && len < sizeof(request.text));
	/* what printf() makes of a text that there was no memory for */
	MUST(null_is_said || !memmem(p, len, "(null)", 6));
	if (is_response) {
		memcpy(response.text, p, len);
		response.len = len;
		return;
	}
	if (len < 5)	/* a keep-alive */
		return;
	if (sip_guard(p, len, true, &scan) && len <= SIP_MESSAGE_MAX) {
		fprintf(stderr, "we sent: %.*s\n", (int)len, p);
		abort();
	}
	check_lines(&scan);
	if (sip_slice_is(scan.method, "ACK"))
		return;
	if (sip_slice_is(scan.method, "INVITE")) {
		MUST(memmem(p, len, "\r\nm=audio ", 10));
		MUST(!fuzz_sip_private || memmem(p, len, "\r\nPrivacy: id\r\n", 15));
	}
	memcpy(request.text, p, len);
	request.len = len;
}

/* ---- what a peer says ---- */

static void put_value(struct sip_text *out, const char *name, const struct sip_line *line)
{
	if (!line)
		return;
	sip_text_str(out, name);
	sip_text_slice(out, line->value);
	sip_text_str(out, "\r\n");
}

/* The lines of the input are header lines, an empty one, and a body. */
static void put_lines(struct sip_text *out, const char *lines, size_t len)
{
	const char *body = memmem(lines, len, "\r\n\r\n", 4);

	sip_text_put(out, lines, len);
	if (!body)
		sip_text_str(out, "\r\n");
}

static void put_to(struct sip_text *out, const struct sip_line *to, unsigned int status)
{
	struct sip_slice tag;

	sip_text_str(out, "To: ");
	sip_text_slice(out, to->value);
	if (status > 100 && !sip_param(to->value, "tag", &tag))
		sip_text_str(out, ";tag=peer");
	sip_text_str(out, "\r\n");
}

bool fuzz_sip_answer(struct sip_text *out, unsigned int status, const char *lines, size_t len)
{
	static struct sip_scan scan;

	if (!request.len || sip_guard(request.text, request.len, false, &scan))
		return false;
	sip_text_init(out);
	sip_text_add(out, "SIP/2.0 %u X\r\n", status);
	put_value(out, "Via: ", scan.first[SIP_H_VIA]);
	put_value(out, "From: ", scan.first[SIP_H_FROM]);
	put_value(out, "Call-ID: ", scan.first[SIP_H_CALL_ID]);
	put_value(out, "CSeq: ", scan.first[SIP_H_CSEQ]);
	if (len < 4 || memcmp(lines, "To: ", 4))
		put_to(out, scan.first[SIP_H_TO], status);
	put_lines(out, lines, len);
	return !out->full;
}

/* In a response of ours From is the peer, in a request To is. */
bool fuzz_sip_ask(struct sip_text *out, unsigned int cseq, const char *lines, size_t len)
{
	const char *end = memchr(lines, '\r', len);
	bool theirs = response.len;
	static struct sip_scan scan;
	int method = end ? (int)(end - lines) : 0;

	if (!method || method > 32)
		return false;
	if (sip_guard(theirs ? response.text : request.text,
		      theirs ? response.len : request.len, false, &scan))
		return false;
	sip_text_init(out);
	sip_text_add(out, "%.*s sip:101@192.0.2.9 SIP/2.0\r\n", method, lines);
	sip_text_add(out, "Via: SIP/2.0/UDP " FUZZ_SERVER ";branch=z9hG4bKq%u\r\n", cseq);
	put_value(out, "From: ", scan.first[theirs ? SIP_H_FROM : SIP_H_TO]);
	put_value(out, "To: ", scan.first[theirs ? SIP_H_TO : SIP_H_FROM]);
	put_value(out, "Call-ID: ", scan.first[SIP_H_CALL_ID]);
	sip_text_add(out, "CSeq: %u %.*s\r\n", cseq, method, lines);
	len -= (size_t)method;
	lines += method;
	if (len >= 2) {
		lines += 2;
		len -= 2;
	}
	put_lines(out, lines, len);
	return !out->full;
}

/* ---- what is wrapped ---- */

int __wrap_sip_transport_open(struct sip *sip);
void __wrap_sip_transport_close(struct sip *sip);
int __wrap_sip_transport_route(struct sip *sip, struct sip_flow *flow);
int __wrap_sip_transport_send(struct sip *sip, const struct sip_flow *flow, const char *p,
			      size_t len);
bool __wrap_sip_transport_is_own(struct sip *sip, const struct sockaddr_storage *addr);
void __wrap_sip_tcp_forget(struct sip_tcp *tcp, const struct sockaddr_storage *remote);
struct sip_resolver *__wrap_sip_resolver_new(struct ev_loop *loop, const char *servers,
					     int patience_ms);
void __wrap_sip_resolver_free(struct sip_resolver *resolver);
void __wrap_sip_resolve(struct sip_resolver *resolver, const char *host, uint16_t port,
			enum sip_transport transport, sip_resolved *done, void *owner,
			struct sip_query **query);
void __wrap_sip_query_cancel(struct sip_query *query);
void __wrap_sip_random_token(char *to, size_t len);
unsigned int __wrap_sip_random_below(unsigned int limit);
int __wrap_socket(int domain, int type, int protocol);

int __wrap_sip_transport_open(struct sip *sip)
{
	return 0;
}

void __wrap_sip_transport_close(struct sip *sip)
{
}

int __wrap_sip_transport_route(struct sip *sip, struct sip_flow *flow)
{
	return sip_addr_parse("192.0.2.9", 5060, &flow->local);
}

int __wrap_sip_transport_send(struct sip *sip, const struct sip_flow *flow, const char *p,
			      size_t len)
{
	if (fuzz_sip_unsent)
		return -EHOSTUNREACH;
	keep(p, len);
	return 0;
}

bool __wrap_sip_transport_is_own(struct sip *sip, const struct sockaddr_storage *addr)
{
	return false;
}

void __wrap_sip_tcp_forget(struct sip_tcp *tcp, const struct sockaddr_storage *remote)
{
}

struct sip_resolver *__wrap_sip_resolver_new(struct ev_loop *loop, const char *servers,
					     int patience_ms)
{
	return malloc(1);
}

void __wrap_sip_resolver_free(struct sip_resolver *resolver)
{
	free(resolver);
}

/* Names that begin with x are unknown, others are the server's neighbours. */
void __wrap_sip_resolve(struct sip_resolver *resolver, const char *host, uint16_t port,
			enum sip_transport transport, sip_resolved *done, void *owner,
			struct sip_query **query)
{
	struct sip_targets targets = { .count = 2, .ttl_s = 60 };

	*query = NULL;
	if (*host == 'x') {
		done(owner, NULL);
		return;
	}
	sip_addr_parse(FUZZ_SERVER, port ? port : 5060, &targets.target[0].addr);
	sip_addr_parse("192.0.2.2", port ? port : 5060, &targets.target[1].addr);
	targets.target[0].transport = transport;
	targets.target[1].transport = transport;
	done(owner, &targets);
}

void __wrap_sip_query_cancel(struct sip_query *query)
{
}

void __wrap_sip_random_token(char *to, size_t len)
{
	size_t i;

	tokens++;
	for (i = 0; i < len; i++)
		to[i] = (char)('a' + (i < 8 ? tokens >> (i * 4) & 15 : 0));
	to[len] = '\0';
}

unsigned int __wrap_sip_random_below(unsigned int limit)
{
	return limit / 2;
}

int __wrap_socket(int domain, int type, int protocol)
{
	errno = EACCES;
	return -1;
}
