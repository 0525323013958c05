// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_uac: outgoing calls, from the name to be called to the dialog. One
 * attempt follows another: the next server of the same name (no answer, ICMP,
 * 503), the next contact of a redirection, the same again with credentials.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "sip_core.h"

static void next_target(struct sip_call *call);
static void resolve(struct sip_call *call);

static void fail(struct sip_call *call, int status, enum sip_cause cause, const char *reason)
{
	SIP_CALL_TELL(call, call->events->failed(call->user, status, cause, reason));
	sip_call_release(call);
}

/* ---- INVITE ---- */

static void build_invite(struct sip_call *call, const char *branch, struct sip_text *text)
{
	struct sip_body body = { call->sdp ? "application/sdp" : NULL,
				 call->sdp, call->sdp_len };
	struct sip_dialog *dialog = &call->dialog;
	char local[SIP_ADDR_STRLEN];

	sip_addr_str(&dialog->flow.local, local);
	sip_text_init(text);
	sip_text_add(text, "INVITE %s SIP/2.0\r\nVia: SIP/2.0/%s %s;rport;branch=%s\r\n"
		     "Max-Forwards: 70\r\n", call->uri,
		     sip_transport_name(dialog->flow.transport), local, branch);
	if (call->route)
		sip_text_add(text, "Route: %s\r\n", call->route);
	sip_text_add(text, "From: %s;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %lu INVITE\r\n",
		     dialog->local, dialog->local_tag, dialog->remote, dialog->call_id,
		     dialog->cseq);
	sip_contact(text, call->contact_user, &dialog->flow);
	if (call->identity)
		sip_text_str(text, call->identity);
	if (call->via_server)
		sip_auth_add(call->account, text, "INVITE", call->uri, &dialog->flow);
	sip_text_add(text, "Allow: " SIP_ALLOW "\r\nAccept: application/sdp\r\n"
		     "User-Agent: %s\r\n", call->sip->user_agent);
	sip_text_end(text, &body);
}

static void invite_answered(struct sip_tx *tx, const osip_message_t *msg,
			    const struct sip_scan *scan, enum sip_cause cause);

static int send_invite(struct sip_call *call)
{
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	sip_branch(branch);
	build_invite(call, branch, &text);
	call->state = SIP_CALL_CALLING;
	call->tx = sip_tx_request(call->sip, &call->dialog.flow, &text, branch,
				  invite_answered, call);
	if (!call->tx)
		return -ENOMEM;
	/* With another server in reserve, half a minute is too long to wait. */
	if (call->tried < call->targets.count)
		sip_tx_shorten(call->tx, 8 * call->sip->t1_ms);
	return 0;
}

/* CANCEL is the INVITE once more, under another name (RFC 3261 9.1). */
static void send_cancel(struct sip_call *call)
{
	struct sip_text text;

	call->cancel = false;
	if (sip_tx_derive(call->tx, "CANCEL", NULL, &text))
		return;
	sip_tx_request(call->sip, &call->tx->flow, &text, call->tx->branch, NULL, NULL);
	sip_call_set_timer(call, 64 * call->sip->t1_ms);
}

/* ---- redirection ---- */

static bool is_tried(const struct sip_call *call, const char *uri)
{
	unsigned int i;

	for (i = 0; i < SIP_REDIRECTS_MAX; i++)
		if (call->tried_uris[i] && !strcmp(call->tried_uris[i], uri))
			return true;
	return false;
}

static double contact_q(const osip_contact_t *contact)
{
	osip_generic_param_t *q = NULL;

	osip_contact_param_get_byname((osip_contact_t *)contact, "q", &q);
	return q && q->gvalue ? atof(q->gvalue) : 1.;
}

static void clear_redirect(struct sip_call *call)
{
	unsigned int i;

	for (i = 0; i < SIP_REDIRECTS_MAX; i++) {
		free(call->redirect[i]);
		call->redirect[i] = NULL;
	}
	call->redirect_count = 0;
}

/* The contacts of a 3xx, best first, those already tried left out. */
static void take_contacts(struct sip_call *call, const osip_message_t *msg)
{
	double q[SIP_REDIRECTS_MAX];
	osip_contact_t *contact;
	unsigned int at;
	char *uri;
	int i;

	clear_redirect(call);
	for (i = 0; (contact = osip_list_get(&msg->contacts, i)); i++) {
		if (!contact->url || !contact->url->scheme ||
		    strcasecmp(contact->url->scheme, "sip") ||
		    call->redirect_count == SIP_REDIRECTS_MAX)
			continue;
		uri = sip_check_uri(contact->url);
		if (!uri || is_tried(call, uri)) {
			free(uri);
			continue;
		}
		for (at = call->redirect_count; at && q[at - 1] < contact_q(contact); at--) {
			q[at] = q[at - 1];
			call->redirect[at] = call->redirect[at - 1];
		}
		q[at] = contact_q(contact);
		call->redirect[at] = uri;
		call->redirect_count++;
	}
}

/* Tries the best contact left. False = there is none, or enough is enough. */
static bool follow_redirect(struct sip_call *call)
{
	char *uri = call->redirect[0];

	if (!call->redirect_count || !uri || call->redirects >= SIP_REDIRECTS_MAX)
		return false;
	memmove(&call->redirect[0], &call->redirect[1],
		(SIP_REDIRECTS_MAX - 1) * sizeof(call->redirect[0]));
	call->redirect[SIP_REDIRECTS_MAX - 1] = NULL;
	call->redirect_count--;
	log_info("sip", "call %s: redirected", sip_call_id(call));
	call->tried_uris[call->redirects++] = strdup(uri);
	free(call->uri);
	call->uri = uri;
	free(call->route);
	call->route = NULL;
	call->via_server = false;
	call->dialog.cseq++;
	call->auth_tries = 0;
	resolve(call);
	return true;
}

/* ---- responses ---- */

static bool retry_with_credentials(struct sip_call *call, struct sip_tx *tx,
				   const osip_message_t *msg)
{
	if (!call->via_server ||
	    sip_auth_challenge(call->account, msg, &tx->flow, &call->auth_tries))
		return false;
	call->dialog.cseq++;
	return send_invite(call) == 0;
}

static void final_failure(struct sip_call *call, struct sip_tx *tx, const osip_message_t *msg)
{
	int status = msg->status_code;
	bool challenge = status == 401 || status == 407;
	char reason[128];

	if (call->gone) {
		sip_call_release(call);
		return;
	}
	if (challenge && retry_with_credentials(call, tx, msg))
		return;
	if (status == 503 && call->tried < call->targets.count) {
		next_target(call);
		return;
	}
	if (status < 400)
		take_contacts(call, msg);
	/* A 6xx speaks for every contact. */
	if (status < 600 && follow_redirect(call))
		return;
	sip_plain_reason(msg->reason_phrase, reason, sizeof(reason));
	fail(call, status, status < 400 ? SIP_CAUSE_REDIRECT : challenge ? SIP_CAUSE_AUTH : 0,
	     reason);
}

static void provisional(struct sip_call *call, const osip_message_t *msg,
			const struct sip_scan *scan)
{
	struct sip_slice sdp;

	if (call->state == SIP_CALL_CALLING)
		call->state = SIP_CALL_PROCEEDING;
	if (call->cancel) {
		send_cancel(call);
		return;
	}
	if (msg->status_code == 100)
		return;
	if (sip_call_body(scan, &sdp))
		sdp = (struct sip_slice){ NULL, 0 };
	SIP_CALL_TELL(call, call->events->progress(call->user, msg->status_code, sdp.p, sdp.len));
}

/*
 * A 200 must have a Contact (RFC 3261 12.1.1) and must be acknowledged without
 * one as well: what follows then goes where the INVITE went.
 */
static int dialog_of(struct sip_dialog *dialog, const struct sip_call *call,
		     const osip_message_t *msg, const struct sip_scan *scan)
{
	if (!dialog->target)
		dialog->target = strdup(call->uri);
	return dialog->target ? sip_dialog_from_response(dialog, msg, scan) : -ENOMEM;
}

static void success(struct sip_call *call, const osip_message_t *msg,
		    const struct sip_scan *scan)
{
	struct sip_slice sdp;

	ev_timer_stop(call->sip->loop, &call->timer);
	if (dialog_of(&call->dialog, call, msg, scan)) {
		fail(call, 0, SIP_CAUSE_LOCAL, "no memory");
		return;
	}
	sip_dialog_ack(call->sip, &call->dialog, call->dialog.cseq);
	call->state = SIP_CALL_UP;
	if (call->gone) {	/* our CANCEL crossed the 200 */
		sip_call_bye(call);
		return;
	}
	if (sip_call_body(scan, &sdp))
		sdp = (struct sip_slice){ NULL, 0 };
	SIP_CALL_TELL(call, call->events->answered(call->user, sdp.p, sdp.len));
	if (call->state == SIP_CALL_UP)
		sip_reinvite_next(call);
}

static void no_answer(struct sip_call *call, enum sip_cause cause)
{
	call->last_cause = cause;
	if (call->gone)
		sip_call_release(call);
	else
		next_target(call);
}

static void invite_answered(struct sip_tx *tx, const osip_message_t *msg,
			    const struct sip_scan *scan, enum sip_cause cause)
{
	struct sip_call *call = tx->owner;

	if (msg && msg->status_code < 200) {
		provisional(call, msg, scan);
		return;
	}
	call->tx = NULL;
	if (!msg) {
		no_answer(call, cause);
		return;
	}
	sip_account_served(call->account, &tx->flow);
	if (msg->status_code < 300)
		success(call, msg, scan);
	else
		final_failure(call, tx, msg);
}

/*
 * RFC 6026: the transaction is over, but the 2xx may come again (our ACK was
 * lost), or another one from a fork, which is acknowledged and let go.
 */
void sip_uac_late_2xx(struct sip_call *call, const osip_message_t *msg,
		      const struct sip_scan *scan)
{
	struct sip_dialog fork = { .flow = call->dialog.flow, .cseq = scan->cseq };
	osip_generic_param_t *tag = NULL;
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	osip_to_get_tag(msg->to, &tag);
	if (!tag || !tag->gvalue || !call->dialog.remote_tag)
		return;
	if (!strcmp(tag->gvalue, call->dialog.remote_tag)) {
		sip_dialog_ack(call->sip, &call->dialog, scan->cseq);
		return;
	}
	if (!call->uac)
		return;
	fork.call_id = strdup(call->dialog.call_id);
	fork.local = strdup(call->dialog.local);
	fork.remote = strdup(call->dialog.remote);
	memcpy(fork.local_tag, call->dialog.local_tag, sizeof(fork.local_tag));
	if (fork.call_id && fork.local && fork.remote &&
	    !dialog_of(&fork, call, msg, scan)) {
		sip_dialog_ack(call->sip, &fork, scan->cseq);
		sip_branch(branch);
		sip_dialog_request(&fork, call->sip, &text, "BYE", scan->cseq + 1, branch, NULL);
		sip_text_end(&text, NULL);
		sip_tx_request(call->sip, &fork.flow, &text, branch, NULL, NULL);
	}
	sip_dialog_free(&fork);
}

/* ---- where to ---- */

/* From within sip_invite(), a failure waits for the loop. */
static void next_target(struct sip_call *call)
{
	while (call->tried < call->targets.count) {
		const struct sip_target *target = &call->targets.target[call->tried++];
		struct sip_flow flow = { .transport = target->transport,
					 .remote = target->addr };

		if (sip_transport_route(call->sip, &flow)) {
			call->last_cause = SIP_CAUSE_TRANSPORT;
			continue;
		}
		call->dialog.flow = flow;
		if (!send_invite(call))
			return;
		call->last_cause = SIP_CAUSE_LOCAL;
	}
	if (call->starting) {
		call->state = SIP_CALL_RESOLVING;
		sip_call_set_timer(call, 0);
		return;
	}
	if (follow_redirect(call))
		return;
	fail(call, 0, call->last_cause, call->last_cause == SIP_CAUSE_DNS ?
	     "the name does not resolve" : "no server answers");
}

static void resolved(void *owner, const struct sip_targets *targets)
{
	struct sip_call *call = owner;

	call->query = NULL;
	call->tried = 0;
	call->targets.count = 0;
	if (targets)
		call->targets = *targets;
	else
		call->last_cause = SIP_CAUSE_DNS;
	next_target(call);
}

static bool goes_to_server(const struct sip_account *account, const char *host,
			   uint16_t port)
{
	if (account->outbound_proxy)
		return true;
	if (!account->server_host[0])
		return false;
	if (account->domain && !strcasecmp(host, account->domain))
		return true;
	return !strcasecmp(host, account->server_host) &&
	       (port ? port : 5060) == (account->server_port ? account->server_port : 5060);
}

static void resolve(struct sip_call *call)
{
	struct sip_dialog to = { .target = call->uri };
	enum sip_transport transport = call->account->transport;
	char host[256];
	uint16_t port;

	if (sip_dialog_next_hop(&to, host, sizeof(host), &port, &transport)) {
		call->last_cause = SIP_CAUSE_DNS;
		sip_call_set_timer(call, 0);
		return;
	}
	call->state = SIP_CALL_RESOLVING;
	call->via_server = !call->redirects && goes_to_server(call->account, host, port);
	if (call->via_server)
		sip_account_resolve_now(call->account, resolved, call);
	else
		sip_resolve(call->sip->resolver, host, port, transport, resolved, call,
			    &call->query);
}

/* ---- sip.h ---- */

static bool is_uri(const char *target)
{
	return !strncasecmp(target, "sip:", 4) || strchr(target, '@');
}

static char *target_uri(const struct sip_account *account, const char *target)
{
	struct sip_text text;

	sip_text_init(&text);
	if (!strncasecmp(target, "sip:", 4)) {
		sip_text_str(&text, target);
	} else if (is_uri(target)) {
		sip_text_add(&text, "sip:%s", target);
	} else {
		sip_text_str(&text, "sip:");
		sip_text_user(&text, target);
		sip_text_add(&text, "@%s", account->domain);
	}
	if (strpbrk(text.p, " <>\"\r\n\t") || text.len > SIP_URI_MAX)
		return NULL;
	return strdup(text.p);
}

static char *from_text(const struct sip_account *account,
		       const struct sip_invite_params *params)
{
	const char *name = params->caller_name ? params->caller_name : account->display_name;
	struct sip_text text;

	sip_text_init(&text);
	if (params->anonymous) {
		sip_text_str(&text, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
		return strdup(text.p);
	}
	if (name && *name) {
		sip_text_quoted(&text, name);
		sip_text_str(&text, " ");
	}
	sip_text_str(&text, "<sip:");
	sip_text_user(&text, params->caller_user ? params->caller_user : account->user);
	sip_text_add(&text, "@%s>", account->domain);
	return text.full ? NULL : strdup(text.p);
}

static char *identity_lines(const struct sip_account *account,
			    const struct sip_invite_params *params)
{
	struct sip_text text;

	if (!params->anonymous)
		return NULL;
	sip_text_init(&text);
	sip_text_str(&text, "Privacy: id\r\nP-Preferred-Identity: <sip:");
	sip_text_user(&text, account->user);
	sip_text_add(&text, "@%s>\r\n", account->domain);
	return strdup(text.p);
}

static int fill_call(struct sip_call *call, const struct sip_invite_params *params)
{
	struct sip_dialog *dialog = &call->dialog;
	struct sip_account *account = call->account;

	call->uri = target_uri(account, params->target);
	if (!call->uri)
		return -EINVAL;
	sip_random_token(dialog->local_tag, SIP_TOKEN_LEN);
	dialog->call_id = malloc(2 * SIP_TOKEN_LEN + 1);
	if (dialog->call_id)
		sip_random_token(dialog->call_id, 2 * SIP_TOKEN_LEN);
	dialog->local = from_text(account, params);
	if (asprintf(&dialog->remote, "<%s>", call->uri) < 0)
		dialog->remote = NULL;
	call->identity = identity_lines(account, params);
	call->contact_user = strdup(params->caller_user ? params->caller_user : account->user);
	if (account->outbound_proxy && strcasecmp(account->domain, account->outbound_proxy) &&
	    asprintf(&call->route, "<sip:%s;lr%s>", account->outbound_proxy,
		     account->transport == SIP_TCP ? ";transport=tcp" : "") < 0)
		call->route = NULL;
	if (params->sdp) {
		call->sdp = strndup(params->sdp, params->sdp_len);
		call->sdp_len = params->sdp_len;
	}
	if (!dialog->call_id || !dialog->local || !dialog->remote || !call->contact_user ||
	    (params->anonymous && !call->identity) || (params->sdp && !call->sdp))
		return -ENOMEM;
	return 0;
}

int sip_invite(struct sip_account *account, const struct sip_invite_params *params,
	       const struct sip_call_events *events, void *user, struct sip_call **result)
{
	struct sip_call *call = sip_call_new(account->sip, account, true);
	int err;

	if (!call)
		return -EAGAIN;
	call->events = events;
	call->user = user;
	err = fill_call(call, params);
	if (err) {
		sip_call_free(call);
		return err;
	}
	/* Callbacks come from the loop, never from in here. */
	*result = call;
	call->starting = true;
	resolve(call);
	call->starting = false;
	return 0;
}

void sip_uac_drop(struct sip_call *call)
{
	if (call->state == SIP_CALL_PROCEEDING && call->tx) {
		send_cancel(call);
	} else if (call->state == SIP_CALL_CALLING && call->tx) {
		/* RFC 3261 9.1: no CANCEL before a provisional response */
		call->cancel = true;
	} else {
		sip_call_release(call);
	}
}

void sip_uac_timer(struct sip_call *call)
{
	if (call->state == SIP_CALL_RESOLVING) {
		next_target(call);
		return;
	}
	/* Nobody answered our CANCEL. */
	if (call->tx && call->gone) {
		sip_tx_abort(call->tx);
		call->tx = NULL;
		sip_call_release(call);
	}
}
