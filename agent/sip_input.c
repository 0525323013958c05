// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_input: the way of one message from the wire to whom it concerns. Every
 * failure on it has one defined answer; before the source is admitted that
 * answer is silence.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "sip_core.h"

#define ALLOW_LINE "Allow: " SIP_ALLOW "\r\n"

struct input {
	struct sip *sip;
	const struct sip_flow *flow;
	struct sip_scan scan;
	osip_event_t *evt;
};

static void refuse(struct input *in, int status, const char *extra)
{
	char from[SIP_ADDR_STRLEN];

	if (status < 0 || !sip_guard_answerable(&in->scan))
		return;
	sip_addr_str(&in->flow->remote, from);
	log_debug("sip", "%s: refused with %d", from, status);
	sip_reply_stateless(in->sip, in->flow, &in->scan, status, extra);
}

static osip_event_t *parse(const struct sip_scan *scan)
{
	struct sip_text text;

	sip_text_init(&text);
	sip_guard_digest(scan, &text);
	return text.full ? NULL : osip_parse(text.p, text.len);
}

static bool is_known_method(struct sip_slice method)
{
	static const char *const known[] = {
		"REGISTER", "SUBSCRIBE", "REFER", "MESSAGE",
		"PRACK", "PUBLISH",
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sip_slice_is(method, known[i]))
			return true;
	return false;
}

/* We support no extension yet, so whatever is required is unsupported. */
static bool check_require(struct input *in)
{
	struct sip_text extra;
	unsigned int i;

	if (!in->scan.count[SIP_H_REQUIRE] || sip_slice_is(in->scan.method, "CANCEL"))
		return true;
	sip_text_init(&extra);
	for (i = 0; i < in->scan.lines; i++) {
		if (in->scan.line[i].id != SIP_H_REQUIRE)
			continue;
		sip_text_str(&extra, "Unsupported: ");
		sip_text_slice(&extra, in->scan.line[i].value);
		sip_text_str(&extra, "\r\n");
	}
	refuse(in, 420, extra.p);
	return false;
}

/* RFC 3261 8.2.2.2: the same request by two ways. */
static bool is_merged(struct input *in)
{
	const osip_message_t *msg = in->evt->sip;
	osip_generic_param_t *tag = NULL, *other;
	struct sip_tx *tx;

	osip_from_get_tag(msg->from, &tag);
	for (tx = in->sip->txs; tag && tx; tx = tx->next) {
		osip_message_t *req = tx->client || tx->dead ? NULL : tx->osip->orig_request;

		other = NULL;
		if (!req || strcmp(req->sip_method, msg->sip_method) ||
		    strcmp(req->cseq->number, msg->cseq->number) ||
		    osip_call_id_match(req->call_id, msg->call_id))
			continue;
		osip_from_get_tag(req->from, &other);
		if (other && !strcmp(other->gvalue, tag->gvalue))
			return true;
	}
	return false;
}

static bool acceptable(const struct sip_scan *scan)
{
	unsigned int i;

	if (!scan->count[SIP_H_ACCEPT])
		return true;
	for (i = 0; i < scan->lines; i++) {
		struct sip_slice v = scan->line[i].value;
		char text[256];

		if (scan->line[i].id != SIP_H_ACCEPT)
			continue;
		sip_slice_copy(v, text, sizeof(text));
		if (strcasestr(text, "application/sdp") || strstr(text, "*/*") ||
		    strcasestr(text, "application/*"))
			return true;
	}
	return false;
}

/* A new request outside of any dialog. */
static void request_outside(struct input *in, struct sip_tx *tx, const osip_message_t *msg)
{
	if (MSG_IS_INVITE(msg))
		sip_uas_invite(in->sip, tx, msg, &in->scan);
	else if (MSG_IS_OPTIONS(msg))
		sip_tx_reply(tx, 200, NULL, in->sip->tag,
			     ALLOW_LINE "Accept: application/sdp\r\n");
	else
		sip_tx_reply(tx, 481, NULL, in->sip->tag, NULL);
}

/* The INVITE that a CANCEL means has the same branch. */
static struct sip_call *cancelled_call(struct sip *sip, const osip_message_t *msg)
{
	osip_via_t *via = osip_list_get(&msg->vias, 0);
	osip_generic_param_t *branch = NULL;
	struct sip_call *call;

	osip_via_param_get_byname(via, "branch", &branch);
	for (call = sip->calls; branch && call; call = call->next)
		if (branch->gvalue && !strcmp(call->branch, branch->gvalue) &&
		    sip_call_id_is(call, msg))
			return call;
	return NULL;
}

static void cancel(struct input *in, struct sip_tx *tx, const osip_message_t *msg)
{
	struct sip_call *call = cancelled_call(in->sip, msg);

	if (!call) {
		sip_tx_reply(tx, 481, NULL, in->sip->tag, NULL);
		return;
	}
	sip_tx_reply(tx, 200, NULL, call->dialog.local_tag, NULL);
	sip_uas_cancel(call);
}

/* Refusals that need no transaction. True = go on. */
static bool request_allowed(struct input *in, const osip_message_t *msg, bool in_dialog)
{
	const struct sip_scan *scan = &in->scan;
	static const char *const ours[] = {
		"INVITE", "CANCEL", "BYE", "OPTIONS", "UPDATE", "NOTIFY", "INFO",
	};
	bool allowed = false;
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		allowed |= sip_slice_is(scan->method, ours[i]);
	if (!allowed && is_known_method(scan->method))
		refuse(in, 405, ALLOW_LINE);
	else if (!allowed)
		refuse(in, 501, ALLOW_LINE);
	else if (MSG_IS_INVITE(msg) && strcasecmp(msg->req_uri->scheme, "sip"))
		refuse(in, 416, NULL);
	else if (!in_dialog && !sip_slice_is(scan->method, "CANCEL") && is_merged(in))
		refuse(in, 482, NULL);
	else if (MSG_IS_INVITE(msg) && !acceptable(scan))
		refuse(in, 406, "Accept: application/sdp\r\n");
	else
		return check_require(in);
	return false;
}

static bool has_to_tag(const osip_message_t *msg)
{
	osip_generic_param_t *tag = NULL;

	osip_to_get_tag(msg->to, &tag);
	return tag;
}

static void handle_ack(struct input *in)
{
	struct sip_call *call = sip_call_find(in->sip, in->evt->sip);

	if (call)
		sip_uas_ack(call, in->evt->sip, &in->scan);
	osip_event_free(in->evt);
}

/* RFC 6026: our 2xx ended libosip2's transaction, but not the INVITE's repeats. */
static bool repeated_invite(struct input *in)
{
	struct sip_call *call;

	if (!MSG_IS_INVITE(in->evt->sip))
		return false;
	call = cancelled_call(in->sip, in->evt->sip);
	if (!call)
		return false;
	if (call->ok)
		sip_transport_send(in->sip, &call->ok_flow, call->ok, call->ok_len);
	return true;
}

static void handle_request(struct input *in, enum sip_admission admission)
{
	osip_message_t *msg = in->evt->sip;
	struct sip_call *call = has_to_tag(msg) ? sip_call_find(in->sip, msg) : NULL;
	bool is_cancel = sip_slice_is(in->scan.method, "CANCEL");
	struct sip_tx *tx;

	if (repeated_invite(in) || !request_allowed(in, msg, has_to_tag(msg))) {
		osip_event_free(in->evt);
		return;
	}
	tx = sip_tx_server(in->sip, in->flow, in->evt, &in->scan);
	if (!tx) {
		if (admission == SIP_KNOWN)
			refuse(in, 503, "Retry-After: 5\r\n");
		return;
	}
	if (is_cancel)
		cancel(in, tx, msg);
	else if (MSG_IS_NOTIFY(msg))
		sip_mwi_notify(in->sip, tx, msg, &in->scan, has_to_tag(msg));
	else if (call)
		sip_call_request(call, tx, msg, &in->scan);
	else if (has_to_tag(msg))
		sip_tx_reply(tx, 481, NULL, NULL, NULL);
	else
		request_outside(in, tx, msg);
}

static void handle_response(struct input *in)
{
	osip_message_t *msg = in->evt->sip;

	/* Only its transaction can want it, or the call of a late 2xx. */
	if (sip_tx_deliver(in->sip, in->evt, &in->scan))
		return;
	if (MSG_IS_STATUS_2XX(msg) && MSG_IS_RESPONSE_FOR(msg, "INVITE")) {
		struct sip_call *call;

		for (call = in->sip->calls; call; call = call->next)
			if (sip_call_id_is(call, msg) && sip_call_is_ours(call, msg))
				break;
		if (call)
			sip_uac_late_2xx(call, msg, &in->scan);
	}
	osip_event_free(in->evt);
}

static void dispatch(struct input *in, enum sip_admission admission)
{
	if (in->scan.response)
		handle_response(in);
	else if (sip_tx_deliver(in->sip, in->evt, &in->scan))
		return;
	else if (sip_slice_is(in->scan.method, "ACK"))
		handle_ack(in);
	else
		handle_request(in, admission);
}

void sip_input(struct sip *sip, const char *p, size_t len, const struct sip_flow *flow)
{
	struct input in = { .sip = sip, .flow = flow };
	enum sip_admission admission;
	int status;

	while (len && (*p == '\r' || *p == '\n')) {
		p++;
		len--;
	}
	if (!len)	/* a keep-alive */
		return;
	admission = sip_source_admit(sip, &flow->remote);
	if (admission == SIP_REFUSED)
		return;
	status = sip_guard(p, len, flow->transport == SIP_TCP, &in.scan);
	if (admission == SIP_STRANGER && !sip_call_knows(sip, &in.scan))
		return;
	if (status) {
		refuse(&in, status, NULL);
		return;
	}
	in.evt = parse(&in.scan);
	status = in.evt ? sip_check(&in.scan, in.evt->sip) : in.scan.response ? -1 : 400;
	if (status) {
		refuse(&in, status, NULL);
		if (in.evt)
			osip_event_free(in.evt);
		return;
	}
	log_debug("sip", "%.*s", (int)strcspn(p, "\r\n"), p);
	dispatch(&in, admission);
}
