// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_mwi: messages that wait in a mailbox (RFC 3842). A server tells of them by
 * NOTIFY: unasked, or because we subscribed (RFC 6665). A first SUBSCRIBE is one in
 * a dialog whose far end has no tag yet.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "sip_core.h"

#define EVENT		"message-summary"
#define SUMMARY		"application/simple-message-summary"
#define ACCEPT_LINE	"Accept: " SUMMARY "\r\n"
#define EVENTS_LINE	"Allow-Events: " EVENT "\r\n"
#define AGAIN_S		600	/* after a refusal */
#define AT_ONCE_S	1

/* ------------------------------------------------------------ the summary --- */

/* Up to a semicolon, as types and events are compared. */
static bool first_is(struct sip_slice value, const char *token)
{
	const char *end = value.p ? memchr(value.p, ';', value.len) : NULL;

	if (end)
		value.len = (size_t)(end - value.p);
	return value.p && sip_slice_is_token(sip_slice_trim(value), token);
}

static bool is_summary_event(const struct sip_scan *scan)
{
	struct sip_slice event = sip_scan_header(scan, "Event");

	return first_is(event.p ? event : sip_scan_header(scan, "o"), EVENT);
}

/* ----------------------------------------------------------- subscription --- */

static void send_subscribe(struct sip_account *account, unsigned int seconds);

static void again_in(struct sip_account *account, double seconds)
{
	struct sip_mwi *mwi = &account->mwi;

	ev_timer_stop(account->sip->loop, &mwi->timer);
	ev_timer_set(&mwi->timer, seconds, 0.);
	ev_timer_start(account->sip->loop, &mwi->timer);
}

/* The next one is a new one. */
static void forget(struct sip_account *account)
{
	sip_dialog_free(&account->mwi.dialog);
}

static void granted(struct sip_account *account, unsigned int seconds)
{
	if (!seconds)
		seconds = account->mwi.asked_s;
	again_in(account, seconds > 120 ? seconds - 60 : seconds * 0.5 + 0.5);
}

static void refused(struct sip_account *account, int status, const struct sip_scan *scan)
{
	unsigned int seconds = scan ? sip_header_seconds(scan, "Retry-After") : 0;
	bool forgotten = status == 481 && account->mwi.dialog.remote_tag;

	log_warn("sip", "account %s: no word of messages: %d", account->name, status);
	forget(account);
	again_in(account, forgotten ? AT_ONCE_S : seconds ? seconds : AGAIN_S);
}

static void subscribe_answered(struct sip_tx *tx, const osip_message_t *msg,
			       const struct sip_scan *scan, enum sip_cause cause)
{
	struct sip_account *account = tx->owner;
	struct sip_mwi *mwi = &account->mwi;
	int status = msg ? msg->status_code : 408;
	unsigned int least;

	(void)cause;
	if (status < 200)
		return;
	mwi->tx = NULL;
	if (mwi->closing) {
		sip_shutdown_check(account->sip);
		return;
	}
	if ((status == 401 || status == 407) &&
	    !sip_auth_challenge(account, msg, &tx->flow, &mwi->auth_tries)) {
		send_subscribe(account, mwi->asked_s);
		return;
	}
	least = status == 423 ? sip_header_seconds(scan, "Min-Expires") : 0;
	if (least > mwi->asked_s) {
		mwi->asked_s = least;
		send_subscribe(account, least);
	} else if (status >= 300) {
		refused(account, status, scan);
	} else {
		if (!mwi->dialog.remote_tag)
			sip_dialog_from_response(&mwi->dialog, msg, scan);
		granted(account, sip_header_seconds(scan, "Expires"));
	}
}

static void send_subscribe(struct sip_account *account, unsigned int seconds)
{
	struct sip_mwi *mwi = &account->mwi;
	struct sip_dialog *dialog = &mwi->dialog;
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	sip_branch(branch);
	sip_dialog_request(dialog, account->sip, &text, "SUBSCRIBE", ++dialog->cseq, branch,
			   account->user);
	sip_text_add(&text, "Event: " EVENT "\r\n" ACCEPT_LINE "Expires: %u\r\n", seconds);
	sip_auth_add(account, &text, "SUBSCRIBE", dialog->target, &dialog->flow);
	sip_text_end(&text, NULL);
	mwi->tx = sip_tx_request(account->sip, &dialog->flow, &text, branch, subscribe_answered,
				 account);
	if (!mwi->tx && !mwi->closing)
		refused(account, 0, NULL);
}

/* Asks for our own mailbox, from where the account's server is. */
static int begin(struct sip_account *account, const struct sip_targets *targets)
{
	struct sip_dialog *dialog = &account->mwi.dialog;
	char token[SIP_TOKEN_LEN + 1];
	struct sip_text uri;

	dialog->flow = account->flow;
	if (!account->has_flow) {
		dialog->flow.transport = targets->target[0].transport;
		dialog->flow.remote = targets->target[0].addr;
		if (sip_transport_route(account->sip, &dialog->flow))
			return -1;
	}
	sip_random_token(token, SIP_TOKEN_LEN);
	sip_random_token(dialog->local_tag, SIP_TOKEN_LEN);
	sip_text_init(&uri);
	sip_text_str(&uri, "<sip:");
	sip_text_user(&uri, account->user);
	sip_text_add(&uri, "@%s>", account->domain);
	dialog->call_id = strdup(token);
	dialog->local = strdup(uri.p);
	dialog->remote = strdup(uri.p);
	dialog->target = strndup(uri.p + 1, uri.len - 2);
	if (account->outbound_proxy &&
	    asprintf(&dialog->routes, "<sip:%s;lr%s>", account->outbound_proxy,
		     account->transport == SIP_TCP ? ";transport=tcp" : "") < 0)
		dialog->routes = NULL;
	return dialog->call_id && dialog->local && dialog->remote && dialog->target ? 0 : -1;
}

static void server_known(void *owner, const struct sip_targets *targets)
{
	struct sip_account *account = owner;

	/* Begun already: the server was asked for twice. */
	if (account->mwi.dialog.call_id)
		return;
	if (!targets || begin(account, targets)) {
		forget(account);
		again_in(account, AGAIN_S);
		return;
	}
	send_subscribe(account, account->mwi.asked_s);
}

static void due(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip_account *account = timer->data;
	struct sip_mwi *mwi = &account->mwi;

	(void)loop;
	(void)revents;
	if (mwi->tx)
		return;
	mwi->auth_tries = 0;
	mwi->asked_s = account->expires_s;
	if (mwi->dialog.call_id)
		send_subscribe(account, mwi->asked_s);
	else
		sip_account_resolve(account, server_known, account);
}

/* ----------------------------------------------------------------- NOTIFY --- */

static bool tag_is(const osip_from_t *from, const char *tag)
{
	osip_generic_param_t *param = NULL;

	osip_from_get_tag((osip_from_t *)from, &param);
	return param && param->gvalue && !strcmp(param->gvalue, tag);
}

/* Their first NOTIFY may come before the answer that tells us their tag. */
static struct sip_account *subscriber(struct sip *sip, const osip_message_t *msg,
				      const struct sip_scan *scan)
{
	struct sip_account *account;

	for (account = sip->accounts; account; account = account->next) {
		const struct sip_dialog *dialog = &account->mwi.dialog;

		if (dialog->call_id &&
		    sip_slice_is(scan->first[SIP_H_CALL_ID]->value, dialog->call_id) &&
		    tag_is(msg->to, dialog->local_tag) &&
		    (!dialog->remote_tag || tag_is(msg->from, dialog->remote_tag)))
			return account;
	}
	return NULL;
}

/* RFC 6665 4.1.3: whether we come again, and when. */
static void subscription_ended(struct sip_account *account, struct sip_slice state)
{
	struct sip_slice reason = { "", 0 }, after = reason;
	bool soon;
	long seconds;

	sip_param(state, "reason", &reason);
	soon = sip_slice_is_token(reason, "deactivated") || sip_slice_is_token(reason, "timeout");
	seconds = sip_param(state, "retry-after", &after) ? sip_slice_number(after, 86400) : -1;
	if (account->mwi.tx)
		sip_tx_forget(account->mwi.tx);
	account->mwi.tx = NULL;
	forget(account);
	again_in(account, seconds > 0 ? (double)seconds : soon ? AT_ONCE_S : AGAIN_S);
}

static void take_state(struct sip_account *account, const struct sip_scan *scan)
{
	struct sip_slice state = sip_scan_header(scan, "Subscription-State"), expires;
	long seconds;

	if (first_is(state, "terminated")) {
		subscription_ended(account, state);
	} else if (state.p && !account->mwi.tx && sip_param(state, "expires", &expires)) {
		seconds = sip_slice_number(expires, 0x7fffffff);
		if (seconds > 0)
			granted(account, (unsigned int)seconds);
	}
}

/* Whom a request concerns, or NULL after it was refused. */
static struct sip_account *addressee(struct sip *sip, struct sip_tx *tx,
				     const osip_message_t *msg, const struct sip_scan *scan,
				     bool in_dialog)
{
	struct sip_account *account;

	account = in_dialog ? subscriber(sip, msg, scan)
			    : sip_account_for(sip, msg->req_uri->username, &tx->flow.remote);
	if (!account) {
		sip_tx_reply(tx, in_dialog ? 481 : 404, NULL, sip->tag, NULL);
		return NULL;
	}
	if (in_dialog) {
		struct sip_dialog *dialog = &account->mwi.dialog;

		if (dialog->has_remote_cseq && scan->cseq <= dialog->remote_cseq) {
			sip_tx_reply(tx, 500, NULL, NULL, NULL);
			return NULL;
		}
		dialog->has_remote_cseq = true;
		dialog->remote_cseq = scan->cseq;
	}
	return account;
}

void sip_mwi_notify(struct sip *sip, struct sip_tx *tx, const osip_message_t *msg,
		    const struct sip_scan *scan, bool in_dialog)
{
	struct sip_slice type = sip_scan_header(scan, "Content-Type");
	struct sip_waiting waiting = { 0 };
	struct sip_account *account;
	char user[128];

	if (!is_summary_event(scan)) {
		sip_tx_reply(tx, 489, NULL, sip->tag, EVENTS_LINE);
		return;
	}
	account = addressee(sip, tx, msg, scan, in_dialog);
	if (!account)
		return;
	if (scan->body.len && !first_is(type.p ? type : sip_scan_header(scan, "c"), SUMMARY)) {
		sip_tx_reply(tx, 415, NULL, sip->tag, ACCEPT_LINE);
		return;
	}
	if (scan->body.len && !sip_summary_read(scan->body, &waiting)) {
		sip_tx_reply(tx, 400, NULL, sip->tag, NULL);
		return;
	}
	snprintf(user, sizeof(user), "%s", msg->req_uri->username ? msg->req_uri->username : "");
	sip_unescape(user);
	waiting.user = user;
	sip_tx_reply(tx, 200, NULL, sip->tag, NULL);
	if (in_dialog)
		take_state(account, scan);
	if (scan->body.len && sip->events.waiting)
		sip->events.waiting(sip->ctx, account, &waiting);
}

/* ------------------------------------------------------------------- life --- */

void sip_mwi_start(struct sip_account *account)
{
	struct sip_mwi *mwi = &account->mwi;

	if (!mwi->wanted || mwi->closing || mwi->tx || mwi->dialog.call_id)
		return;
	mwi->timer.data = account;
	ev_set_cb(&mwi->timer, due);
	again_in(account, 0.);
}

void sip_mwi_moved(struct sip_account *account)
{
	struct sip_mwi *mwi = &account->mwi;

	if (mwi->tx)
		sip_tx_abort(mwi->tx);
	mwi->tx = NULL;
	forget(account);
	sip_mwi_start(account);
}

void sip_mwi_stop(struct sip_account *account)
{
	struct sip_mwi *mwi = &account->mwi;

	mwi->closing = true;
	ev_timer_stop(account->sip->loop, &mwi->timer);
	if (mwi->tx)
		sip_tx_abort(mwi->tx);
	mwi->tx = NULL;
	if (mwi->dialog.remote_tag)
		send_subscribe(account, 0);
}

void sip_mwi_free(struct sip_account *account)
{
	struct sip_mwi *mwi = &account->mwi;

	ev_timer_stop(account->sip->loop, &mwi->timer);
	if (mwi->tx)
		sip_tx_forget(mwi->tx);
	mwi->tx = NULL;
	forget(account);
}
