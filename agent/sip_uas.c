// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_uas: incoming calls, from INVITE to ACK.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "sip_core.h"

#define ACCEPT_LINE "Accept: application/sdp\r\n"
#define RING_AGAIN_MS 60000	/* RFC 3261 13.3.1.1: each minute */

/* ---- who is calling ---- */

struct caller {
	char user[128], name[128], called[128], alert[256];
	bool is_private;
};

/* A display name without its quotes and escapes. */
static void plain_name(const char *from, char *to, size_t size)
{
	size_t n = 0;

	if (from && *from == '"')
		from++;
	for (; from && *from && n + 1 < size; from++) {
		if (*from == '\\' && from[1])
			from++;
		else if (*from == '"')
			break;
		to[n++] = *from;
	}
	to[n] = '\0';
}

static void copy_user(const char *user, char *to, size_t size)
{
	sip_slice_copy((struct sip_slice){ user ? user : "", user ? strlen(user) : 0 },
		       to, size);
	sip_unescape(to);
}

/* Our own server's word on who it is outranks what the caller says. */
static void asserted_identity(struct caller *caller, const struct sip_scan *scan)
{
	struct sip_slice value = sip_scan_header(scan, "P-Asserted-Identity");
	osip_from_t *from;
	char text[512];

	if (!value.p || value.len >= sizeof(text) || osip_from_init(&from))
		return;
	sip_slice_copy(value, text, sizeof(text));
	if (!osip_from_parse(from, text) && from->url && from->url->username) {
		copy_user(from->url->username, caller->user, sizeof(caller->user));
		plain_name(from->displayname, caller->name, sizeof(caller->name));
	}
	osip_from_free(from);
}

static bool is_private(const osip_message_t *msg, const struct sip_scan *scan)
{
	struct sip_slice privacy = sip_scan_header(scan, "Privacy");
	const osip_uri_t *from = msg->from->url;

	if (privacy.p && !sip_slice_is_token(privacy, "none"))
		return true;
	return (from->username && !strcasecmp(from->username, "anonymous")) ||
	       (from->host && !strcasecmp(from->host, "anonymous.invalid"));
}

static void read_caller(struct caller *caller, const struct sip_account *account,
			const osip_message_t *msg, const struct sip_scan *scan,
			const struct sockaddr_storage *source)
{
	struct sip_slice alert = sip_scan_header(scan, "Alert-Info");

	memset(caller, 0, sizeof(*caller));
	copy_user(msg->req_uri->username, caller->called, sizeof(caller->called));
	copy_user(msg->from->url->username, caller->user, sizeof(caller->user));
	plain_name(msg->from->displayname, caller->name, sizeof(caller->name));
	if (sip_account_owns(account, source))
		asserted_identity(caller, scan);
	caller->is_private = is_private(msg, scan);
	if (alert.p)
		sip_slice_copy(alert, caller->alert, sizeof(caller->alert));
}

/* ---- INVITE ---- */

static unsigned int invite_expires(const struct sip_scan *scan)
{
	long seconds = -1;

	if (scan->count[SIP_H_EXPIRES])
		seconds = sip_slice_number(scan->first[SIP_H_EXPIRES]->value, 0x7fffffff);
	return seconds > 0 ? (unsigned int)seconds : 0;
}

static char *record_routes(const struct sip_scan *scan)
{
	struct sip_text text;
	unsigned int i;

	sip_text_init(&text);
	for (i = 0; i < scan->lines; i++) {
		if (scan->line[i].id != SIP_H_RECORD_ROUTE)
			continue;
		sip_text_str(&text, "Record-Route: ");
		sip_text_slice(&text, scan->line[i].value);
		sip_text_str(&text, "\r\n");
	}
	return text.len ? strdup(text.p) : NULL;
}

void sip_uas_keep_branch(struct sip_call *call, const osip_message_t *msg)
{
	osip_generic_param_t *branch = NULL;

	osip_via_param_get_byname((osip_via_t *)osip_list_get(&msg->vias, 0), "branch", &branch);
	snprintf(call->branch, sizeof(call->branch), "%s",
		 branch && branch->gvalue ? branch->gvalue : "");
}

/* RFC 3261 8.1.1.6: a request without it may take 70. */
static unsigned int hops_left(const struct sip_scan *scan)
{
	const struct sip_line *line = scan->first[SIP_H_MAX_FORWARDS];
	long hops = line ? sip_slice_number(line->value, 255) : -1;

	return hops >= 0 ? (unsigned int)hops : 70;
}

/* Returns a status to refuse with, or 0. */
static int announce(struct sip_call *call, const osip_message_t *msg,
		    const struct sip_scan *scan, struct sip_slice sdp)
{
	struct sip *sip = call->sip;
	struct caller caller;
	struct sip_incoming in;
	int status;

	read_caller(&caller, call->account, msg, scan, &call->invite->flow.remote);
	call->contact_user = strdup(caller.called[0] ? caller.called : call->account->user);
	if (!call->contact_user)
		return 500;
	in = (struct sip_incoming){
		.account = call->account,
		.called_user = caller.called,
		.caller_user = caller.user,
		.caller_name = caller.name,
		.caller_private = caller.is_private,
		.alert_info = caller.alert[0] ? caller.alert : NULL,
		.sdp = sdp.p, .sdp_len = sdp.len,
		.expires_s = invite_expires(scan),
		.hops = hops_left(scan),
		.own = sip_source_is_self(call->sip, &call->invite->flow.remote),
		.source = call->invite->flow.remote,
	};
	call->busy++;
	status = sip->events.incoming(sip->ctx, call, &in);
	call->busy--;
	return status;
}

static void new_call(struct sip *sip, struct sip_account *account, struct sip_tx *tx,
		     const osip_message_t *msg, const struct sip_scan *scan,
		     struct sip_slice sdp)
{
	struct sip_call *call = sip_call_new(sip, account, false);
	int status;

	if (!call) {
		sip_tx_reply(tx, 503, NULL, sip->tag, "Retry-After: 5\r\n");
		return;
	}
	call->invite = tx;
	call->late_offer = !sdp.p;
	call->record_routes = record_routes(scan);
	sip_uas_keep_branch(call, msg);
	if (sip_dialog_from_request(&call->dialog, msg, scan, &tx->flow))
		status = 500;
	else
		status = announce(call, msg, scan, sdp);
	if (status >= 300 && call->invite) {
		sip_tx_reply(tx, status, NULL, call->dialog.local_tag, NULL);
		call->invite = NULL;
		sip_call_release(call);
	} else if (call->invite && !call->ring_status) {
		/* He has not spoken yet; the caller shall know that we got it. */
		sip_tx_reply(tx, 100, NULL, NULL, NULL);
	}
}

void sip_uas_invite(struct sip *sip, struct sip_tx *tx, const osip_message_t *msg,
		    const struct sip_scan *scan)
{
	struct sip_account *account;
	struct sip_slice sdp;

	if (sip_call_body(scan, &sdp)) {
		sip_tx_reply(tx, 415, NULL, sip->tag, ACCEPT_LINE);
		return;
	}
	account = sip_account_for(sip, msg->req_uri->username, &tx->flow.remote);
	if (!account) {
		sip_tx_reply(tx, 404, NULL, sip->tag, NULL);
		return;
	}
	new_call(sip, account, tx, msg, scan, sdp);
}

/* ---- responses ---- */

static void dialog_lines(struct sip_call *call, struct sip_text *text)
{
	if (call->record_routes)
		sip_text_str(text, call->record_routes);
	sip_contact(text, call->contact_user, &call->invite->flow);
	sip_text_add(text, "Allow: " SIP_ALLOW "\r\nUser-Agent: %s\r\n",
		     call->sip->user_agent);
}

static int send_ring(struct sip_call *call)
{
	struct sip_body body = { call->ring_sdp ? "application/sdp" : NULL,
				 call->ring_sdp, call->ring_sdp_len };
	struct sip_text text;

	sip_reply_head(&text, call->invite, call->ring_status, NULL, call->dialog.local_tag);
	dialog_lines(call, &text);
	sip_text_end(&text, &body);
	sip_call_set_timer(call, RING_AGAIN_MS);
	return sip_tx_respond(call->invite, call->ring_status, &text);
}

int sip_call_ring(struct sip_call *call, int status, const char *sdp, size_t len)
{
	if (!call->invite)
		return -ENOTCONN;
	if (status < 180 || status > 189)
		return -EINVAL;
	call->ring_status = status;
	free(call->ring_sdp);
	call->ring_sdp = sdp ? strndup(sdp, len) : NULL;
	call->ring_sdp_len = call->ring_sdp ? len : 0;
	return send_ring(call);
}

int sip_uas_send_2xx(struct sip_call *call, struct sip_tx *tx, const char *sdp, size_t len)
{
	struct sip_body body = { sdp ? "application/sdp" : NULL, sdp, len };
	struct sip_tx *before = call->invite;
	struct sip_text text;

	sip_reply_head(&text, tx, 200, NULL, call->dialog.local_tag);
	call->invite = tx;
	dialog_lines(call, &text);
	call->invite = before;
	sip_text_end(&text, &body);
	if (text.full)
		return -EMSGSIZE;
	free(call->ok);
	call->ok = strdup(text.p);
	call->ok_len = text.len;
	call->ok_flow = tx->flow;
	call->ok_cseq = strtoul(tx->osip->cseq->number, NULL, 10);
	if (!call->ok)
		return -ENOMEM;
	call->interval_ms = call->sip->t1_ms;
	call->until = ev_now(call->sip->loop) + 64 * call->sip->t1_ms / 1000.;
	sip_call_set_timer(call, call->interval_ms);
	return sip_tx_respond(tx, 200, &text);
}

int sip_call_answer(struct sip_call *call, const char *sdp, size_t len)
{
	struct sip_tx *tx = call->invite;
	int err;

	if (!tx)
		return -ENOTCONN;
	err = sip_uas_send_2xx(call, tx, sdp, len);
	if (err)
		return err;
	call->invite = NULL;
	call->state = SIP_CALL_ANSWERED;
	return 0;
}

int sip_call_reject(struct sip_call *call, int status, const char *reason, const char *extra)
{
	int err;

	if (!call->invite)
		return -ENOTCONN;
	if (status < 300 || status > 699)
		return -EINVAL;
	err = sip_tx_reply(call->invite, status, reason, call->dialog.local_tag, extra);
	call->invite = NULL;
	sip_call_release(call);
	return err;
}

/* ---- what may come then ---- */

void sip_uas_cancel(struct sip_call *call)
{
	if (call->re.in && !call->re.in_update) {
		sip_tx_reply(call->re.in, 487, NULL, NULL, NULL);
		call->re.in = NULL;
		sip_reinvite_next(call);
		return;
	}
	if (!call->invite)	/* too late: it was answered */
		return;
	sip_tx_reply(call->invite, 487, NULL, call->dialog.local_tag, NULL);
	call->invite = NULL;
	SIP_CALL_TELL(call, call->events->ended(call->user, 487));
	sip_call_release(call);
}

void sip_uas_ack(struct sip_call *call, const osip_message_t *msg,
		 const struct sip_scan *scan)
{
	struct sip_slice sdp;

	(void)msg;
	if (!call->ok || scan->cseq != call->ok_cseq)
		return;
	free(call->ok);
	call->ok = NULL;
	ev_timer_stop(call->sip->loop, &call->timer);
	if (call->state == SIP_CALL_ANSWERED)
		call->state = SIP_CALL_UP;
	if (call->gone) {	/* dropped while the ACK was on its way */
		sip_call_bye(call);
		return;
	}
	if (sip_call_body(scan, &sdp))
		sdp = (struct sip_slice){ NULL, 0 };
	SIP_CALL_TELL(call, call->events->confirmed(call->user, sdp.p, sdp.len));
	if (call->state == SIP_CALL_UP)
		sip_reinvite_next(call);
}

void sip_uas_drop(struct sip_call *call)
{
	if (call->invite) {
		sip_tx_reply(call->invite, 480, NULL, call->dialog.local_tag, NULL);
		call->invite = NULL;
		sip_call_release(call);
	}
	/* Answered but not acknowledged: BYE must wait for the ACK, or timer H. */
}

void sip_uas_timer(struct sip_call *call)
{
	if (call->invite) {
		send_ring(call);
		return;
	}
	if (ev_now(call->sip->loop) >= call->until) {
		log_warn("sip", "call %s: no ACK came for our 200", sip_call_id(call));
		sip_call_end(call, 408, true);
		return;
	}
	sip_transport_send(call->sip, &call->ok_flow, call->ok, call->ok_len);
	call->interval_ms = call->interval_ms * 2 < call->sip->t2_ms ?
			    call->interval_ms * 2 : call->sip->t2_ms;
	sip_call_set_timer(call, call->interval_ms);
}
