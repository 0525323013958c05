// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_reinvite: offers inside a call, theirs and ours (hold, another address).
 * One at a time each way; who collides says 491 and tries again later.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sip_core.h"

/* ---- theirs ---- */

void sip_reinvite_received(struct sip_call *call, struct sip_tx *tx,
			   const osip_message_t *msg, const struct sip_scan *scan)
{
	bool update = !MSG_IS_INVITE(msg);
	struct sip_slice sdp;

	if (call->re.in) {
		sip_tx_reply(tx, 500, NULL, NULL, "Retry-After: 3\r\n");
		return;
	}
	if (call->re.out || call->ok || call->state != SIP_CALL_UP) {
		sip_tx_reply(tx, 491, NULL, NULL, NULL);
		return;
	}
	if (sip_call_body(scan, &sdp)) {
		sip_tx_reply(tx, 415, NULL, NULL, "Accept: application/sdp\r\n");
		return;
	}
	sip_dialog_refresh(&call->dialog, msg);
	call->re.in = tx;
	call->re.in_update = update;
	if (update && !sdp.p) {	/* only the target was refreshed */
		sip_call_answer_offer(call, 200, NULL, 0);
		return;
	}
	if (!update)
		sip_uas_keep_branch(call, msg);
	SIP_CALL_TELL(call, call->events->offer(call->user, sdp.p, sdp.len));
	if (call->re.in == tx && !update)
		sip_tx_reply(tx, 100, NULL, NULL, NULL);
}

static int answer_update(struct sip_call *call, struct sip_tx *tx, const char *sdp, size_t len)
{
	struct sip_body body = { sdp ? "application/sdp" : NULL, sdp, len };
	struct sip_text text;

	sip_reply_head(&text, tx, 200, NULL, NULL);
	sip_contact(&text, call->contact_user, &tx->flow);
	sip_text_end(&text, &body);
	return sip_tx_respond(tx, 200, &text);
}

int sip_call_answer_offer(struct sip_call *call, int status, const char *sdp, size_t len)
{
	struct sip_tx *tx = call->re.in;
	int err;

	if (!tx)
		return -ENOTCONN;
	call->re.in = NULL;
	if (status >= 300)
		err = sip_tx_reply(tx, status, NULL, NULL, NULL);
	else if (call->re.in_update)
		err = answer_update(call, tx, sdp, len);
	else
		err = sip_uas_send_2xx(call, tx, sdp, len);
	if (call->state == SIP_CALL_UP)
		sip_reinvite_next(call);
	return err;
}

/* ---- ours ---- */

static void out_answered(struct sip_tx *tx, const osip_message_t *msg,
			 const struct sip_scan *scan, enum sip_cause cause);

static void send_reinvite(struct sip_call *call)
{
	struct sip_body body = { "application/sdp", call->re.sdp, call->re.sdp_len };
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	sip_branch(branch);
	sip_dialog_request(&call->dialog, call->sip, &text, "INVITE", ++call->dialog.cseq,
			   branch, call->contact_user);
	if (call->uac)
		sip_auth_add(call->account, &text, "INVITE", call->dialog.target,
			     &call->dialog.flow);
	sip_text_str(&text, "Allow: " SIP_ALLOW "\r\n");
	sip_text_end(&text, &body);
	call->re.out_cseq = call->dialog.cseq;
	call->re.out = sip_tx_request(call->sip, &call->dialog.flow, &text, branch,
				      out_answered, call);
}

/* Sends our waiting offer as soon as nothing else is under way. */
void sip_reinvite_next(struct sip_call *call)
{
	if (!call->re.sdp || call->re.out || call->re.in || call->ok ||
	    ev_is_active(&call->re.retry))
		return;
	send_reinvite(call);
}

/* Ours is settled; one that came meanwhile is not. */
static void offer_done(struct sip_call *call)
{
	if (!call->re.newer) {
		free(call->re.sdp);
		call->re.sdp = NULL;
	}
	call->re.newer = false;
}

/* RFC 3261 14.1: who made the Call-ID waits longer. */
static void retry_later(struct sip_call *call)
{
	unsigned int ms = call->uac ? 2100 + 10 * sip_random_below(190) :
				      10 * sip_random_below(200);

	ev_timer_stop(call->sip->loop, &call->re.retry);
	ev_timer_set(&call->re.retry, ms / 1000., 0.);
	ev_timer_start(call->sip->loop, &call->re.retry);
}

static void out_failed(struct sip_call *call, struct sip_tx *tx, const osip_message_t *msg)
{
	int status = msg->status_code;

	if (status == 491) {
		retry_later(call);
		return;
	}
	if ((status == 401 || status == 407) && call->uac &&
	    sip_auth_realm_known(call->account, msg) &&
	    !sip_auth_challenge(call->account, msg, &tx->flow, &call->re.auth_tries)) {
		send_reinvite(call);
		return;
	}
	offer_done(call);
	if (status == 481) {
		sip_call_end(call, 481, false);
		return;
	}
	if (status == 408) {
		sip_call_end(call, 408, true);
		return;
	}
	SIP_CALL_TELL(call, call->events->reoffered(call->user, status, NULL, (size_t)0));
	if (call->state == SIP_CALL_UP)
		sip_reinvite_next(call);
}

static void out_answered(struct sip_tx *tx, const osip_message_t *msg,
			 const struct sip_scan *scan, enum sip_cause cause)
{
	struct sip_call *call = tx->owner;
	struct sip_slice sdp;

	(void)cause;
	if (msg && msg->status_code < 200)
		return;
	call->re.out = NULL;
	if (!msg) {	/* RFC 3261 14.1: no answer ends the dialog */
		offer_done(call);
		sip_call_end(call, 408, true);
		return;
	}
	if (msg->status_code >= 300) {
		out_failed(call, tx, msg);
		return;
	}
	sip_dialog_refresh(&call->dialog, msg);
	sip_dialog_ack(call->sip, &call->dialog, call->re.out_cseq);
	offer_done(call);
	if (sip_call_body(scan, &sdp))
		sdp = (struct sip_slice){ NULL, 0 };
	SIP_CALL_TELL(call, call->events->reoffered(call->user, msg->status_code, sdp.p, sdp.len));
	if (call->state == SIP_CALL_UP)
		sip_reinvite_next(call);
}

static void retry_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop;
	(void)revents;
	sip_reinvite_next(timer->data);
}

int sip_call_reoffer(struct sip_call *call, const char *sdp, size_t len)
{
	char *copy;

	if (call->state != SIP_CALL_UP && call->state != SIP_CALL_ANSWERED)
		return -ENOTCONN;
	copy = strndup(sdp, len);
	if (!copy)
		return -ENOMEM;
	call->re.newer = call->re.out;
	free(call->re.sdp);
	call->re.sdp = copy;
	call->re.sdp_len = len;
	call->re.auth_tries = 0;
	if (call->state == SIP_CALL_UP)
		sip_reinvite_next(call);
	return 0;
}

void sip_reinvite_init(struct sip_call *call)
{
	ev_timer_init(&call->re.retry, retry_due, 0., 0.);
	call->re.retry.data = call;
}

void sip_reinvite_stop(struct sip_call *call)
{
	ev_timer_stop(call->sip->loop, &call->re.retry);
	if (call->re.out)
		sip_tx_forget(call->re.out);
	call->re.out = NULL;
	if (call->re.in)
		sip_tx_reply(call->re.in, 487, NULL, NULL, NULL);
	call->re.in = NULL;
	call->re.newer = false;
	offer_done(call);
}
