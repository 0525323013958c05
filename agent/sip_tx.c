// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_tx: transactions. libosip2 runs the state machines and their timers;
 * this file feeds it, sends what it wants sent, and frees what it is done with.
 *
 * Text is authoritative: a request is parsed for libosip2 from the very text
 * that goes to the network, and a response is a shell with the text attached.
 * A timer runs only while a transaction lives.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sip_core.h"

void sip_branch(char branch[SIP_BRANCH_LEN])
{
	memcpy(branch, "z9hG4bK", 7);
	sip_random_token(branch + 7, SIP_TOKEN_LEN);
}

static struct sip_tx *tx_of(osip_transaction_t *tr)
{
	return osip_transaction_get_your_instance(tr);
}

/* ---- what libosip2 calls ---- */

/*
 * A request that is @tx's INVITE again under another name: ACK of a non-2xx
 * (RFC 3261 17.1.1.3; libosip2's own lacks Max-Forwards) and CANCEL (9.1).
 */
int sip_tx_derive(const struct sip_tx *tx, const char *method, const char *to,
		  struct sip_text *text)
{
	static const char *const kept[] = {
		"Via: ", "From: ", "To: ", "Call-ID: ", "Route: ", "Max-Forwards: ",
		"Authorization: ", "Proxy-Authorization: ",
	};
	const char *p = tx->text, *end = strstr(p, "\r\n");
	size_t i;

	sip_text_init(text);
	sip_text_str(text, method);
	sip_text_put(text, p + 6, (size_t)(end + 2 - p - 6));
	for (p = end + 2; *p && *p != '\r'; p = end + 2) {
		end = strstr(p, "\r\n");
		if (to && !strncmp(p, "To: ", 4)) {
			sip_text_add(text, "To: %s\r\n", to);
			continue;
		}
		if (!strncmp(p, "CSeq: ", 6))
			sip_text_add(text, "CSeq: %lu %s\r\n", strtoul(p + 6, NULL, 10), method);
		for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
			if (!strncmp(p, kept[i], strlen(kept[i])))
				sip_text_put(text, p, (size_t)(end + 2 - p));
	}
	sip_text_end(text, NULL);
	return text->full ? -EMSGSIZE : 0;
}

static int make_ack(struct sip_tx *tx, const osip_message_t *ack)
{
	struct sip_text text;
	char *to = NULL;
	int err;

	if (osip_to_to_str(ack->to, &to))
		return -ENOMEM;
	err = sip_tx_derive(tx, "ACK", to, &text);
	osip_free(to);
	if (err)
		return err;
	tx->ack = strdup(text.p);
	tx->ack_len = text.len;
	return tx->ack ? 0 : -ENOMEM;
}

/*
 * Returns 0 in any case: libosip2 would end the transaction from within its
 * own call. The failure is reported from the loop instead.
 */
static int send_message(osip_transaction_t *tr, osip_message_t *msg, char *host, int port,
			int fd)
{
	struct sip_tx *tx = tx_of(tr);
	int err;

	(void)host;
	(void)port;
	(void)fd;
	if (!tx)
		return 0;
	if (MSG_IS_ACK(msg)) {
		if (!tx->ack && make_ack(tx, msg))
			return 0;
		err = sip_transport_send(tx->sip, &tx->flow, tx->ack, tx->ack_len);
	} else if (tx->client) {
		err = sip_transport_send(tx->sip, &tx->flow, tx->text, tx->text_len);
	} else {
		err = sip_transport_send(tx->sip, &tx->flow, msg->message, msg->message_length);
	}
	if (err && tx->client && !tx->final) {
		tx->failed = SIP_CAUSE_TRANSPORT;
		tx->sip->tx_failed = true;
	}
	return 0;
}

static void tell(struct sip_tx *tx, const osip_message_t *msg, enum sip_cause cause)
{
	sip_tx_answer *answer = tx->answer;
	const struct sip_scan *scan = msg ? msg->application_data : NULL;

	if (!msg || msg->status_code >= 200)
		tx->final = true;
	if (answer)
		answer(tx, msg, scan, cause);
}

static void response_received(int type, osip_transaction_t *tr, osip_message_t *msg)
{
	(void)type;
	if (tx_of(tr) && !tx_of(tr)->final)
		tell(tx_of(tr), msg, 0);
}

static void timed_out(int type, osip_transaction_t *tr, osip_message_t *msg)
{
	(void)type;
	(void)msg;
	if (tx_of(tr) && !tx_of(tr)->final)
		tell(tx_of(tr), NULL, SIP_CAUSE_TIMEOUT);
}

/* libosip2 still uses it until its call returns: reap() frees. */
static void killed(int type, osip_transaction_t *tr)
{
	(void)type;
	osip_remove_transaction(tr->config, tr);
	if (tx_of(tr))
		tx_of(tr)->dead = true;
}

static void set_callbacks(osip_t *osip)
{
	int type;

	osip_set_cb_send_message(osip, send_message);
	for (type = OSIP_ICT_STATUS_1XX_RECEIVED; type <= OSIP_ICT_STATUS_6XX_RECEIVED; type++)
		osip_set_message_callback(osip, type, response_received);
	for (type = OSIP_NICT_STATUS_1XX_RECEIVED; type <= OSIP_NICT_STATUS_6XX_RECEIVED; type++)
		osip_set_message_callback(osip, type, response_received);
	osip_set_message_callback(osip, OSIP_ICT_STATUS_2XX_RECEIVED_AGAIN, NULL);
	osip_set_message_callback(osip, OSIP_NICT_STATUS_2XX_RECEIVED_AGAIN, NULL);
	osip_set_message_callback(osip, OSIP_ICT_STATUS_TIMEOUT, timed_out);
	osip_set_message_callback(osip, OSIP_NICT_STATUS_TIMEOUT, timed_out);
	for (type = 0; type < OSIP_KILL_CALLBACK_COUNT; type++)
		osip_set_kill_transaction_callback(osip, type, killed);
}

/* ---- life ---- */

static void tx_free(struct sip_tx *tx)
{
	if (tx->osip)
		osip_transaction_free2(tx->osip);
	free(tx->text);
	free(tx->ack);
	free(tx);
}

static void reap(struct sip *sip)
{
	struct sip_tx **link = &sip->txs, *tx;

	while ((tx = *link)) {
		if (!tx->dead) {
			link = &tx->next;
			continue;
		}
		*link = tx->next;
		sip->tx_count--;
		if (tx->answer && !tx->final)
			tell(tx, NULL, SIP_CAUSE_LOCAL);
		tx_free(tx);
	}
}

/* Frees what is over and sets the timer for what is due next. */
static void arm(struct sip *sip)
{
	struct timeval next;

	sip->tx_touched = false;
	reap(sip);
	ev_timer_stop(sip->loop, &sip->osip_timer);
	if (sip->txs) {
		osip_timers_gettimeout(sip->osip, &next);
		if (next.tv_sec >= 0 && next.tv_sec < 3600 * 24) {
			double after = (double)next.tv_sec + (double)next.tv_usec / 1e6;

			/* libosip2 compares with ">": arriving exactly then is early. */
			ev_timer_set(&sip->osip_timer, after + 0.0002, 0.);
			ev_timer_start(sip->loop, &sip->osip_timer);
		}
	}
	sip_shutdown_check(sip);
}

static void osip_timeout(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct sip *sip = timer->data;

	(void)loop;
	(void)revents;
	osip_timers_ict_execute(sip->osip);
	osip_timers_ist_execute(sip->osip);
	osip_timers_nict_execute(sip->osip);
	osip_timers_nist_execute(sip->osip);
	osip_ict_execute(sip->osip);
	osip_ist_execute(sip->osip);
	osip_nict_execute(sip->osip);
	osip_nist_execute(sip->osip);
	sip->tx_touched = true;
}

static void abort_osip(struct sip_tx *tx)
{
	if (tx->dead)
		return;
	osip_remove_transaction(tx->sip->osip, tx->osip);
	tx->dead = true;
	tx->sip->tx_touched = true;
}

static bool fall_back(struct sip_tx *tx);

static void report_failed(struct sip *sip)
{
	struct sip_tx *tx;
	bool again;

	sip->tx_failed = false;
	do {	/* an answer may start and end other transactions */
		again = false;
		for (tx = sip->txs; tx && !again; tx = tx->next) {
			enum sip_cause cause = tx->failed;

			if (!cause || tx->dead)
				continue;
			tx->failed = 0;
			again = true;
			if (fall_back(tx))
				continue;
			abort_osip(tx);
			if (!tx->final)
				tell(tx, NULL, cause);
		}
	} while (again);
}

/* Before the loop sleeps: nothing of libosip2 is on the stack here. */
static void before_sleep(struct ev_loop *loop, ev_prepare *prepare, int revents)
{
	struct sip *sip = prepare->data;

	(void)loop;
	(void)revents;
	while (sip->tx_failed)
		report_failed(sip);
	while (sip->tx_touched)
		arm(sip);
}

int sip_tx_init(struct sip *sip)
{
	/* Without this the library writes its errors to our stdout. */
	osip_trace_initialize(0, NULL);
	if (osip_init(&sip->osip))
		return -ENOMEM;
	osip_set_application_context(sip->osip, sip);
	set_callbacks(sip->osip);
	ev_timer_init(&sip->osip_timer, osip_timeout, 0., 0.);
	sip->osip_timer.data = sip;
	ev_prepare_init(&sip->tx_prepare, before_sleep);
	sip->tx_prepare.data = sip;
	ev_prepare_start(sip->loop, &sip->tx_prepare);
	return 0;
}

void sip_tx_exit(struct sip *sip)
{
	struct sip_tx *tx;

	ev_timer_stop(sip->loop, &sip->osip_timer);
	ev_prepare_stop(sip->loop, &sip->tx_prepare);
	for (tx = sip->txs; tx; tx = tx->next) {
		tx->answer = NULL;
		abort_osip(tx);
	}
	while ((tx = sip->txs)) {
		sip->txs = tx->next;
		tx_free(tx);
	}
	if (sip->osip)
		osip_release(sip->osip);
}

/* ---- timers other than libosip2's compiled-in ones ---- */

static void start_after(struct timeval *start, int ms)
{
	osip_gettimeofday(start, NULL);
	add_gettimeofday(start, ms);
}

static void set_timers(struct sip *sip, osip_transaction_t *tr)
{
	int b = 64 * sip->t1_ms;
	bool udp = tr->topvia && !strcasecmp(tr->topvia->protocol, "UDP");

	if (tr->ict_context) {
		tr->ict_context->timer_b_length = b;
		start_after(&tr->ict_context->timer_b_start, b);
		if (udp) {
			tr->ict_context->timer_a_length = sip->t1_ms;
			start_after(&tr->ict_context->timer_a_start, sip->t1_ms);
			tr->ict_context->timer_d_length = b;
		}
	}
	if (tr->nict_context) {
		tr->nict_context->timer_f_length = b;
		start_after(&tr->nict_context->timer_f_start, b);
		if (udp) {
			tr->nict_context->timer_e_length = sip->t1_ms;
			tr->nict_context->timer_k_length = sip->t4_ms;
		}
	}
	if (tr->ist_context) {
		tr->ist_context->timer_h_length = b;
		if (udp) {
			tr->ist_context->timer_g_length = sip->t1_ms;
			tr->ist_context->timer_i_length = sip->t4_ms;
		}
	}
	if (tr->nist_context && udp)
		tr->nist_context->timer_j_length = b;
}

void sip_tx_shorten(struct sip_tx *tx, int ms)
{
	osip_transaction_t *tr = tx->osip;

	if (tr->ict_context) {
		tr->ict_context->timer_b_length = ms;
		start_after(&tr->ict_context->timer_b_start, ms);
	}
	if (tr->nict_context) {
		tr->nict_context->timer_f_length = ms;
		start_after(&tr->nict_context->timer_f_start, ms);
	}
}

/* ---- transactions ---- */

static struct sip_tx *tx_new(struct sip *sip, const struct sip_flow *flow, const char *text,
			     size_t len)
{
	struct sip_tx *tx = calloc(1, sizeof(*tx));

	if (!tx)
		return NULL;
	tx->text = malloc(len + 1);
	if (!tx->text) {
		free(tx);
		return NULL;
	}
	memcpy(tx->text, text, len);
	tx->text[len] = '\0';
	tx->text_len = len;
	tx->sip = sip;
	tx->flow = *flow;
	return tx;
}

static void tx_link(struct sip_tx *tx)
{
	tx->next = tx->sip->txs;
	tx->sip->txs = tx;
	tx->sip->tx_count++;
}

/* Takes @evt. */
static int tx_begin(struct sip_tx *tx, osip_fsm_type_t machine, osip_event_t *evt)
{
	if (osip_transaction_init(&tx->osip, machine, tx->sip->osip, evt->sip)) {
		osip_event_free(evt);
		return -ENOMEM;
	}
	osip_transaction_set_your_instance(tx->osip, tx);
	set_timers(tx->sip, tx->osip);
	tx->sip->tx_touched = true;
	osip_transaction_execute(tx->osip, evt);
	return 0;
}

/* Our own message takes the same way to libosip2 as everybody else's. */
static osip_message_t *parse_own(const struct sip_tx *tx)
{
	struct sip_text digest;
	osip_message_t *msg;
	struct sip_scan scan;

	if (sip_guard(tx->text, tx->text_len, true, &scan) || osip_message_init(&msg))
		return NULL;
	sip_text_init(&digest);
	sip_guard_digest(&scan, &digest);
	if (digest.full || osip_message_parse(msg, digest.p, digest.len)) {
		osip_message_free(msg);
		return NULL;
	}
	return msg;
}

static int send_request(struct sip_tx *tx)
{
	osip_message_t *msg = parse_own(tx);
	osip_event_t *evt = msg ? osip_new_outgoing_sipmessage(msg) : NULL;

	if (evt)
		return tx_begin(tx, MSG_IS_INVITE(msg) ? ICT : NICT, evt);
	osip_message_free(msg);
	return -ENOMEM;
}

/* ---- RFC 3261 18.1.1: what might be cut up on its way goes by TCP ---- */

#define UDP_MAX 1300

static void use_transport(struct sip_tx *tx, enum sip_transport transport)
{
	static const char via[] = "\r\nVia: SIP/2.0/";
	char *name = strstr(tx->text, via) + strlen(via);

	memcpy(name, sip_transport_name(transport), 3);
	tx->flow.transport = transport;
	tx->flow.conn = 0;
}

static bool is_too_long(const struct sip_tx *tx)
{
	return tx->flow.transport == SIP_UDP && tx->text_len > UDP_MAX &&
	       !sip_addr_same(&tx->sip->no_tcp, &tx->flow.remote);
}

/* In a transaction of its own, in place of the one that failed. */
static bool send_again(struct sip_tx *tx)
{
	osip_transaction_t *failed = tx->osip;

	if (send_request(tx)) {
		tx->osip = failed;
		return false;
	}
	osip_remove_transaction(tx->sip->osip, failed);
	osip_transaction_free2(failed);
	return true;
}

/*
 * A connection that a restarted server knows nothing of breaks when it is used:
 * once more on a new one. Nobody there takes TCP: UDP then, as it would have been.
 */
static bool fall_back(struct sip_tx *tx)
{
	if (tx->osip->state != ICT_CALLING && tx->osip->state != NICT_TRYING)
		return false;
	if (tx->lost && !tx->resent) {
		tx->resent = true;
		return send_again(tx);
	}
	if (!tx->too_long)
		return false;
	log_info("sip", "a long request finds no way by TCP, and goes by UDP");
	tx->too_long = false;
	tx->sip->no_tcp = tx->flow.remote;
	use_transport(tx, SIP_UDP);
	return send_again(tx);
}

struct sip_tx *sip_tx_request(struct sip *sip, const struct sip_flow *flow,
			      const struct sip_text *text, const char *branch,
			      sip_tx_answer *answer, void *owner)
{
	struct sip_tx *tx = text->full ? NULL : tx_new(sip, flow, text->p, text->len);

	if (tx) {
		tx->client = true;
		tx->answer = answer;
		tx->owner = owner;
		memcpy(tx->branch, branch, sizeof(tx->branch));
		tx->too_long = is_too_long(tx);
		if (tx->too_long)
			use_transport(tx, SIP_TCP);
	}
	if (!tx || send_request(tx)) {
		log_error("sip", "cannot make a request: out of memory or too long");
		if (tx)
			tx_free(tx);
		return NULL;
	}
	tx_link(tx);
	return tx;
}

/*
 * Full: what only waits for repeats of something finished gives way, an INVITE
 * that has its ACK before a request that has its answer, the oldest first.
 */
static void make_room(struct sip *sip)
{
	struct sip_tx *tx, *confirmed = NULL, *completed = NULL;

	for (tx = sip->txs; tx; tx = tx->next) {	/* the newest comes first */
		if (tx->dead)
			continue;
		if (tx->osip->state == IST_CONFIRMED)
			confirmed = tx;
		else if (tx->osip->state == NIST_COMPLETED)
			completed = tx;
	}
	if (confirmed || completed)
		sip_tx_abort(confirmed ? confirmed : completed);
	reap(sip);
}

struct sip_tx *sip_tx_server(struct sip *sip, const struct sip_flow *flow,
			     osip_event_t *evt, const struct sip_scan *scan)
{
	struct sip_text text;
	struct sip_tx *tx = NULL;
	size_t to_len;
	bool has_to_tag;

	sip_text_init(&text);
	to_len = sip_echo(&text, scan, flow, &has_to_tag);
	if (sip->tx_count >= sip->max_transactions)
		make_room(sip);
	if (sip->tx_count < sip->max_transactions && !text.full)
		tx = tx_new(sip, flow, text.p, text.len);
	if (!tx) {
		osip_event_free(evt);
		return NULL;
	}
	tx->to_len = to_len;
	tx->has_to_tag = has_to_tag;
	if (tx_begin(tx, MSG_IS_INVITE(evt->sip) ? IST : NIST, evt)) {
		tx_free(tx);
		return NULL;
	}
	tx_link(tx);
	return tx;
}

static osip_transaction_t *find(struct sip *sip, osip_event_t *evt)
{
	osip_list_t *list = &sip->osip->osip_nist_transactions;

	if (EVT_IS_INCOMINGRESP(evt))
		list = MSG_IS_RESPONSE_FOR(evt->sip, "INVITE") ?
			&sip->osip->osip_ict_transactions :
			&sip->osip->osip_nict_transactions;
	else if (MSG_IS_INVITE(evt->sip) || MSG_IS_ACK(evt->sip))
		list = &sip->osip->osip_ist_transactions;
	return osip_transaction_find(list, evt);
}

/*
 * Someone who knows the branch but answers from elsewhere is believed only if
 * he could have been asked: RFC 3261 18.1.2 matches by branch alone, and
 * answers do come from other addresses of the same server.
 */
bool sip_tx_deliver(struct sip *sip, osip_event_t *evt, const struct sip_scan *scan)
{
	osip_transaction_t *tr = find(sip, evt);

	if (!tr)
		return false;
	evt->sip->application_data = (void *)scan;
	sip->tx_touched = true;
	osip_transaction_execute(tr, evt);
	return true;
}

void sip_tx_forget(struct sip_tx *tx)
{
	tx->answer = NULL;
	tx->owner = NULL;
}

void sip_tx_abort(struct sip_tx *tx)
{
	sip_tx_forget(tx);
	abort_osip(tx);
}

void sip_tx_unreachable(struct sip *sip, const struct sockaddr_storage *remote,
			enum sip_transport transport, bool lost)
{
	struct sip_tx *tx;

	for (tx = sip->txs; tx; tx = tx->next) {
		if (!tx->client || tx->final || tx->dead ||
		    tx->flow.transport != transport ||
		    !sip_addr_same(&tx->flow.remote, remote))
			continue;
		tx->failed = SIP_CAUSE_TRANSPORT;
		tx->lost = lost;
		sip->tx_failed = true;
	}
}
