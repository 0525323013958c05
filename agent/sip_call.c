// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_call: what outgoing and incoming calls have in common: their life, BYE,
 * requests inside the dialog, and the functions of sip.h that work on either.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sip_core.h"

#define CALLS_MAX 64

static void call_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip_call *call = timer->data;

	(void)loop;
	(void)revents;
	if (call->state == SIP_CALL_OVER)
		sip_call_release(call);
	else if (call->ok || call->state == SIP_CALL_INCOMING)
		sip_uas_timer(call);
	else
		sip_uac_timer(call);
}

struct sip_call *sip_call_new(struct sip *sip, struct sip_account *account, bool uac)
{
	struct sip_call *call, *c;
	unsigned int count = 0;

	for (c = sip->calls; c; c = c->next)
		count++;
	if (count >= CALLS_MAX || sip->closing)
		return NULL;
	call = calloc(1, sizeof(*call));
	if (!call)
		return NULL;
	call->sip = sip;
	call->account = account;
	call->uac = uac;
	call->state = uac ? SIP_CALL_RESOLVING : SIP_CALL_INCOMING;
	call->dialog.cseq = 1 + sip_random_below(1000);
	ev_timer_init(&call->timer, call_timer, 0., 0.);
	call->timer.data = call;
	sip_reinvite_init(call);
	call->next = sip->calls;
	sip->calls = call;
	return call;
}

static void unlink_call(struct sip_call *call)
{
	struct sip_call **link;

	for (link = &call->sip->calls; *link; link = &(*link)->next) {
		if (*link == call) {
			*link = call->next;
			return;
		}
	}
}

static void free_strings(struct sip_call *call)
{
	unsigned int i;

	free(call->contact_user);
	free(call->uri);
	free(call->sdp);
	free(call->identity);
	free(call->route);
	free(call->record_routes);
	free(call->ok);
	free(call->ring_sdp);
	for (i = 0; i < SIP_REDIRECTS_MAX; i++) {
		free(call->tried_uris[i]);
		free(call->redirect[i]);
	}
}

void sip_call_free(struct sip_call *call)
{
	unlink_call(call);
	ev_timer_stop(call->sip->loop, &call->timer);
	sip_reinvite_stop(call);
	if (call->tx)
		sip_tx_forget(call->tx);
	if (call->info)
		sip_tx_forget(call->info);
	if (call->query)
		sip_query_cancel(call->query);
	if (call->account)
		sip_account_cancel(call->account, call);
	free_strings(call);
	sip_dialog_free(&call->dialog);
	free(call);
}

void sip_call_release(struct sip_call *call)
{
	call->gone = true;
	call->state = SIP_CALL_OVER;
	if (call->busy) {	/* the outermost callback's return frees it */
		ev_timer_stop(call->sip->loop, &call->timer);
		ev_timer_set(&call->timer, 0., 0.);
		ev_timer_start(call->sip->loop, &call->timer);
		return;
	}
	sip_call_free(call);
}

void sip_call_set_timer(struct sip_call *call, int ms)
{
	ev_timer_stop(call->sip->loop, &call->timer);
	ev_timer_set(&call->timer, ms / 1000., 0.);
	ev_timer_start(call->sip->loop, &call->timer);
}

void sip_call_over(struct sip_call *call)
{
	call->state = SIP_CALL_OVER;
	call->gone = true;
	free(call->ok);
	call->ok = NULL;
	if (call->info)
		sip_tx_forget(call->info);
	call->info = NULL;
	sip_reinvite_stop(call);
	sip_call_set_timer(call, 64 * call->sip->t1_ms);
}

void sip_call_end(struct sip_call *call, int status, bool bye)
{
	/* First, so that an owner who drops it now does nothing more. */
	call->state = SIP_CALL_OVER;
	SIP_CALL_TELL(call, call->events->ended(call->user, status));
	if (bye)
		sip_call_bye(call);
	else
		sip_call_over(call);
}

/* ---- BYE ---- */

static void send_bye(struct sip_call *call);

/* A stranger's challenge to our BYE fishes for digests: never answered. */
static void bye_answered(struct sip_tx *tx, const osip_message_t *msg,
			 const struct sip_scan *scan, enum sip_cause cause)
{
	struct sip_call *call = tx->owner;

	(void)scan;
	(void)cause;
	if (msg && msg->status_code < 200)
		return;
	call->tx = NULL;
	if (!msg || (msg->status_code != 401 && msg->status_code != 407))
		return;
	if (call->uac && sip_auth_realm_known(call->account, msg) &&
	    !sip_auth_challenge(call->account, msg, &tx->flow, &call->auth_tries))
		send_bye(call);
}

static void send_bye(struct sip_call *call)
{
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	sip_branch(branch);
	sip_dialog_request(&call->dialog, call->sip, &text, "BYE", ++call->dialog.cseq,
			   branch, NULL);
	if (call->uac)
		sip_auth_add(call->account, &text, "BYE", call->dialog.target,
			     &call->dialog.flow);
	sip_text_end(&text, NULL);
	call->tx = sip_tx_request(call->sip, &call->dialog.flow, &text, branch,
				  bye_answered, call);
}

void sip_call_bye(struct sip_call *call)
{
	call->auth_tries = 0;
	if (call->tx)
		sip_tx_forget(call->tx);
	sip_call_over(call);
	send_bye(call);
}

/* ---- INFO ---- */

/* RFC 3261 12.2.1.2: only 481 and 408 say that there is no call any more. */
static void info_answered(struct sip_tx *tx, const osip_message_t *msg,
			  const struct sip_scan *scan, enum sip_cause cause)
{
	struct sip_call *call = tx->owner;
	int status = msg ? msg->status_code : 408;

	(void)scan;
	(void)cause;
	if (status < 200)
		return;
	call->info = NULL;
	if (status >= 300)
		log_debug("sip", "call %s: INFO refused: %d", sip_call_id(call), status);
	if (status == 481 || status == 408)
		sip_call_end(call, status, status == 408);
}

int sip_call_info(struct sip_call *call, const char *type, const char *body)
{
	struct sip_body content = { type, body, strlen(body) };
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	if (call->state != SIP_CALL_UP)
		return -ENOTCONN;
	if (call->info)
		return -EBUSY;
	sip_branch(branch);
	sip_dialog_request(&call->dialog, call->sip, &text, "INFO", ++call->dialog.cseq, branch,
			   NULL);
	if (call->uac)
		sip_auth_add(call->account, &text, "INFO", call->dialog.target,
			     &call->dialog.flow);
	sip_text_end(&text, &content);
	call->info = sip_tx_request(call->sip, &call->dialog.flow, &text, branch, info_answered,
				    call);
	return call->info ? 0 : -ENOMEM;
}

/* ---- finding ---- */

static bool tag_is(const osip_from_t *from, const char *tag)
{
	osip_generic_param_t *param = NULL;

	osip_from_get_tag((osip_from_t *)from, &param);
	return !strcmp(param && param->gvalue ? param->gvalue : "", tag ? tag : "");
}

bool sip_call_id_is(const struct sip_call *call, const osip_message_t *msg)
{
	const char *id = call->dialog.call_id, *host = msg->call_id->host;
	size_t len = strlen(msg->call_id->number);

	if (!id || strncmp(id, msg->call_id->number, len))
		return false;
	if (!host)
		return !id[len];
	return id[len] == '@' && !strcmp(id + len + 1, host);
}

/* A call to ourselves is in the list twice: is it this end's request? */
bool sip_call_is_ours(const struct sip_call *call, const osip_message_t *response)
{
	return tag_is(response->from, call->dialog.local_tag);
}

/* The call that a request in a dialog belongs to. */
struct sip_call *sip_call_find(struct sip *sip, const osip_message_t *msg)
{
	struct sip_call *call;

	for (call = sip->calls; call; call = call->next)
		if (sip_call_id_is(call, msg) && tag_is(msg->to, call->dialog.local_tag) &&
		    tag_is(msg->from, call->dialog.remote_tag))
			return call;
	return NULL;
}

bool sip_call_knows(struct sip *sip, const struct sip_scan *scan)
{
	struct sip_call *call;

	for (call = sip->calls; scan->count[SIP_H_CALL_ID] && call; call = call->next)
		if (call->dialog.call_id &&
		    sip_slice_is(scan->first[SIP_H_CALL_ID]->value, call->dialog.call_id))
			return true;
	return false;
}

bool sip_call_has_peer(struct sip *sip, const struct sockaddr_storage *addr)
{
	struct sip_call *call;

	for (call = sip->calls; call; call = call->next)
		if (sip_addr_same_host(&call->dialog.flow.remote, addr))
			return true;
	return false;
}

static bool has_type(const struct sip_scan *scan, const char *wanted)
{
	struct sip_slice type = { "", 0 };
	const char *semicolon;

	if (scan->count[SIP_H_CONTENT_TYPE])
		type = scan->first[SIP_H_CONTENT_TYPE]->value;
	semicolon = memchr(type.p, ';', type.len);
	if (semicolon)
		type.len = (size_t)(semicolon - type.p);
	return sip_slice_is_token(sip_slice_trim(type), wanted);
}

int sip_call_body(const struct sip_scan *scan, struct sip_slice *sdp)
{
	struct sip_slice coding = { "", 0 };

	*sdp = (struct sip_slice){ NULL, 0 };
	if (!scan->body.len)
		return 0;
	if (scan->count[SIP_H_CONTENT_ENCODING])
		coding = scan->first[SIP_H_CONTENT_ENCODING]->value;
	if (!has_type(scan, "application/sdp") ||
	    (coding.len && !sip_slice_is_token(coding, "identity")))
		return 415;
	*sdp = scan->body;
	return 0;
}

/* ---- inside the dialog ---- */

static void bye_received(struct sip_call *call, struct sip_tx *tx)
{
	bool over = call->state == SIP_CALL_OVER;

	sip_tx_reply(tx, over ? 481 : 200, NULL, NULL, NULL);
	if (over)
		return;
	if (call->invite)	/* a caller may BYE an early dialog */
		sip_tx_reply(call->invite, 487, NULL, call->dialog.local_tag, NULL);
	call->invite = NULL;
	if (call->re.in)
		sip_tx_reply(call->re.in, 487, NULL, NULL, NULL);
	call->re.in = NULL;
	if (call->uac && call->tx) {	/* a BYE before our 2xx: it will not come */
		sip_tx_forget(call->tx);
		call->tx = NULL;
	}
	sip_call_end(call, 0, false);
}

/* RFC 6086 4.2.2: one with nothing in it is as good as any. */
static void info_received(struct sip_call *call, struct sip_tx *tx, const struct sip_scan *scan)
{
	if (scan->body.len && !has_type(scan, SIP_HOOK_FLASH)) {
		sip_tx_reply(tx, 415, NULL, NULL, "Accept: " SIP_HOOK_FLASH "\r\n");
		return;
	}
	sip_tx_reply(tx, 200, NULL, NULL, NULL);
	if (scan->body.len)
		call->events->flash(call->user);
}

void sip_call_request(struct sip_call *call, struct sip_tx *tx, const osip_message_t *msg,
		      const struct sip_scan *scan)
{
	struct sip_dialog *dialog = &call->dialog;

	if (dialog->has_remote_cseq && scan->cseq <= dialog->remote_cseq) {
		sip_tx_reply(tx, 500, NULL, NULL, NULL);
		return;
	}
	dialog->has_remote_cseq = true;
	dialog->remote_cseq = scan->cseq;
	if (MSG_IS_BYE(msg))
		bye_received(call, tx);
	else if (call->state == SIP_CALL_OVER)
		sip_tx_reply(tx, 481, NULL, NULL, NULL);
	else if (MSG_IS_INVITE(msg) || MSG_IS_UPDATE(msg))
		sip_reinvite_received(call, tx, msg, scan);
	else if (MSG_IS_INFO(msg))
		info_received(call, tx, scan);
	else	/* OPTIONS */
		sip_tx_reply(tx, 200, NULL, NULL,
			     "Allow: " SIP_ALLOW "\r\nAccept: application/sdp\r\n");
}

/* ---- sip.h ---- */

void sip_call_set_user(struct sip_call *call, const struct sip_call_events *events, void *user)
{
	call->events = events;
	call->user = user;
}

const char *sip_call_id(const struct sip_call *call)
{
	return call->dialog.call_id ? call->dialog.call_id : "";
}

void sip_call_shutdown(struct sip_call *call)
{
	call->busy++;	/* so that it stays in the list */
	sip_call_drop(call);
	call->busy--;
}

void sip_call_drop(struct sip_call *call)
{
	call->gone = true;
	switch (call->state) {
	case SIP_CALL_RESOLVING:
	case SIP_CALL_CALLING:
	case SIP_CALL_PROCEEDING:
		sip_uac_drop(call);
		break;
	case SIP_CALL_INCOMING:
	case SIP_CALL_ANSWERED:
		sip_uas_drop(call);
		break;
	case SIP_CALL_UP:
		sip_call_bye(call);
		break;
	case SIP_CALL_OVER:
		break;
	}
}
