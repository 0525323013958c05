// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_reply: responses. What the request said is echoed as it came, byte by
 * byte, so that nothing of it can be lost or changed on the way.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sip_core.h"

const char *sip_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} table[] = {
		{ 100, "Trying" }, { 180, "Ringing" }, { 181, "Call Is Being Forwarded" },
		{ 182, "Queued" }, { 183, "Session Progress" }, { 200, "OK" },
		{ 302, "Moved Temporarily" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" }, { 408, "Request Timeout" },
		{ 414, "Request-URI Too Long" }, { 415, "Unsupported Media Type" },
		{ 416, "Unsupported URI Scheme" }, { 420, "Bad Extension" },
		{ 480, "Temporarily Unavailable" },
		{ 481, "Call/Transaction Does Not Exist" }, { 482, "Loop Detected" },
		{ 483, "Too Many Hops" }, { 486, "Busy Here" },
		{ 487, "Request Terminated" }, { 488, "Not Acceptable Here" },
		{ 489, "Bad Event" },
		{ 491, "Request Pending" }, { 500, "Server Internal Error" },
		{ 501, "Not Implemented" }, { 503, "Service Unavailable" },
		{ 505, "Version Not Supported" }, { 513, "Message Too Large" },
		{ 600, "Busy Everywhere" }, { 603, "Decline" },
		{ 604, "Does Not Exist Anywhere" }, { 606, "Not Acceptable" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].status == status)
			return table[i].reason;
	return "Unknown";
}

void sip_plain_reason(const char *from, char *to, size_t size)
{
	size_t n = 0;

	for (; from && *from && n + 1 < size; from++)
		to[n++] = (unsigned char)*from < 0x20 || *from == 0x7f ? '?' : *from;
	to[n] = '\0';
}

/* The topmost Via: one value of perhaps several in a line. */
static size_t first_value(struct sip_slice value)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (value.p[i] == '"')
			quoted = !quoted;
		else if (value.p[i] == ',' && !quoted)
			break;
	}
	return i;
}

/* RFC 3581 and 3261 18.2.1: tell the sender how we see it. */
static void echo_top_via(struct sip_text *text, struct sip_slice value,
			 const struct sip_flow *flow)
{
	struct sip_slice top = { value.p, first_value(value) }, rport;
	char host[SIP_ADDR_STRLEN];
	size_t len;

	sip_text_str(text, "Via: ");
	if (sip_param(top, "rport", &rport) && !rport.len) {
		size_t head = (size_t)(rport.p - top.p);

		sip_text_put(text, top.p, head);
		sip_text_add(text, "=%u", sip_addr_port(&flow->remote));
		sip_text_put(text, top.p + head, top.len - head);
	} else {
		sip_text_slice(text, top);
	}
	sip_addr_host(&flow->remote, host);
	len = strlen(host);
	if (host[0] == '[')
		sip_text_add(text, ";received=%.*s", (int)len - 2, host + 1);
	else
		sip_text_add(text, ";received=%s", host);
	sip_text_put(text, value.p + top.len, value.len - top.len);
	sip_text_str(text, "\r\n");
}

static void echo_line(struct sip_text *text, const char *name, struct sip_slice value)
{
	sip_text_str(text, name);
	sip_text_slice(text, value);
	sip_text_str(text, "\r\n");
}

/* A refusal is due also to a request that lacks it. */
static void echo_header(struct sip_text *text, const char *name, const struct sip_line *line)
{
	if (line)
		echo_line(text, name, line->value);
}

size_t sip_echo(struct sip_text *text, const struct sip_scan *scan,
		const struct sip_flow *flow, bool *has_to_tag)
{
	const struct sip_line *to = scan->first[SIP_H_TO];
	struct sip_slice tag;
	bool top = true;
	unsigned int i;
	size_t to_len;

	for (i = 0; i < scan->lines; i++) {
		if (scan->line[i].id != SIP_H_VIA)
			continue;
		if (top)
			echo_top_via(text, scan->line[i].value, flow);
		else
			echo_line(text, "Via: ", scan->line[i].value);
		top = false;
	}
	echo_header(text, "From: ", scan->first[SIP_H_FROM]);
	*has_to_tag = !to || sip_param(to->value, "tag", &tag);
	echo_header(text, "To: ", to);
	to_len = text->len - (to ? strlen("\r\n") : 0);
	echo_header(text, "Call-ID: ", scan->first[SIP_H_CALL_ID]);
	echo_header(text, "CSeq: ", scan->first[SIP_H_CSEQ]);
	return to_len;
}

static void status_line(struct sip_text *text, int status, const char *reason)
{
	sip_text_add(text, "SIP/2.0 %d %s\r\n", status, reason ? reason : sip_reason(status));
}

void sip_reply_head(struct sip_text *text, const struct sip_tx *tx, int status,
		    const char *reason, const char *to_tag)
{
	sip_text_init(text);
	status_line(text, status, reason);
	sip_text_put(text, tx->text, tx->to_len);
	if (to_tag && !tx->has_to_tag)
		sip_text_add(text, ";tag=%s", to_tag);
	sip_text_put(text, tx->text + tx->to_len, tx->text_len - tx->to_len);
}

void sip_text_end(struct sip_text *text, const struct sip_body *body)
{
	if (body && body->type)
		sip_text_add(text, "Content-Type: %s\r\n", body->type);
	sip_text_add(text, "Content-Length: %zu\r\n\r\n", body && body->type ? body->len : 0);
	if (body && body->type)
		sip_text_put(text, body->p, body->len);
}

/* The shell that libosip2 carries about: its machines read only the status. */
static osip_message_t *shell(const struct sip_tx *tx, int status, const struct sip_text *text)
{
	osip_message_t *msg;
	osip_via_t *via;

	if (osip_message_init(&msg))
		return NULL;
	msg->status_code = status;
	msg->message = osip_malloc(text->len + 1);
	if (!msg->message || osip_via_clone(tx->osip->topvia, &via)) {
		osip_message_free(msg);
		return NULL;
	}
	osip_list_add(&msg->vias, via, -1);
	memcpy(msg->message, text->p, text->len + 1);
	msg->message_length = text->len;
	return msg;
}

int sip_tx_respond(struct sip_tx *tx, int status, const struct sip_text *text)
{
	osip_message_t *msg;
	osip_event_t *evt;

	if (tx->dead || text->full)
		return text->full ? -EMSGSIZE : -EPIPE;
	msg = shell(tx, status, text);
	evt = msg ? osip_new_outgoing_sipmessage(msg) : NULL;
	if (!evt) {
		osip_message_free(msg);
		return -ENOMEM;
	}
	tx->sip->tx_touched = true;
	osip_transaction_execute(tx->osip, evt);
	return 0;
}

int sip_tx_reply(struct sip_tx *tx, int status, const char *reason,
		 const char *to_tag, const char *extra)
{
	struct sip_text text;

	sip_reply_head(&text, tx, status, reason, to_tag);
	if (extra)
		sip_text_str(&text, extra);
	sip_text_end(&text, NULL);
	return sip_tx_respond(tx, status, &text);
}

void sip_reply_stateless(struct sip *sip, const struct sip_flow *flow,
			 const struct sip_scan *scan, int status, const char *extra)
{
	struct sip_text text, echo;
	bool has_to_tag;
	size_t to_len;

	sip_text_init(&echo);
	to_len = sip_echo(&echo, scan, flow, &has_to_tag);
	sip_text_init(&text);
	status_line(&text, status, NULL);
	sip_text_put(&text, echo.p, to_len);
	if (!has_to_tag)
		sip_text_add(&text, ";tag=%s", sip->tag);
	sip_text_put(&text, echo.p + to_len, echo.len - to_len);
	if (extra)
		sip_text_str(&text, extra);
	sip_text_end(&text, NULL);
	if (!text.full)
		sip_transport_send(sip, flow, text.p, text.len);
}
