/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip_core: what the sip_*.c files know of one another. Nobody else includes
 * this. The order of the files is the way of a message:
 *
 *   sip_transport, sip_tcp   bytes from and to the network
 *   sip_source               may this source speak to us at all?
 *   sip_input                guard, parse, check, then where it belongs
 *   sip_tx                   transactions: libosip2's machines and timers
 *   sip_call, sip_uac, sip_uas, sip_dialog    calls
 *   sip_account, sip_register, sip_auth    accounts
 *   sip_mwi, sip_summary     messages that wait
 *   sip_dns                  names to targets
 */
#ifndef POTS_AGENT_SIP_CORE_H
#define POTS_AGENT_SIP_CORE_H

#include <ev.h>

#include "osip.h"
#include "sip.h"
#include "sip_addr.h"
#include "sip_guard.h"
#include "sip_text.h"

#define SIP_TARGETS_MAX		8	/* servers behind one name */
#define SIP_REDIRECTS_MAX	5
#define SIP_TOKEN_LEN		16	/* of tags and branches, 80 random bits */
#define SIP_BRANCH_LEN		(7 + SIP_TOKEN_LEN + 1)
#define SIP_ALLOW		"INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, NOTIFY, INFO"

/* Where a message came from, or goes to. */
struct sip_flow {
	enum sip_transport transport;
	unsigned int conn;		/* TCP: id of the connection, 0 = any */
	struct sockaddr_storage remote;
	struct sockaddr_storage local;	/* as written into Via and Contact */
};

struct sip_target {
	enum sip_transport transport;
	struct sockaddr_storage addr;
};

struct sip_targets {
	unsigned int count;
	unsigned int ttl_s;
	struct sip_target target[SIP_TARGETS_MAX];
};

/* ---- sip.c ---- */

struct sip_tcp;
struct sip_resolver;
struct sip_sources;

struct sip {
	struct ev_loop *loop;
	struct sip_events events;
	void *ctx;
	char user_agent[64];
	struct sockaddr_storage listen;	/* family AF_UNSPEC = every address */
	uint16_t port;
	int dscp;
	int t1_ms, t2_ms, t4_ms;
	unsigned int max_transactions;
	char tag[SIP_TOKEN_LEN + 1];	/* To tag of stateless answers */

	int udp[2];			/* IPv4, IPv6; -1 = none */
	ev_io udp_io[2];
	int route_fd;			/* tells when addresses change */
	ev_io route_io;
	ev_timer route_settle;
	struct sip_tcp *tcp;
	struct sip_resolver *resolver;
	struct sip_sources *sources;

	osip_t *osip;
	ev_timer osip_timer;
	ev_prepare tx_prepare;
	bool tx_failed, tx_touched;	/* work for @tx_prepare */
	struct sip_tx *txs;		/* live transactions */
	unsigned int tx_count;
	struct sockaddr_storage no_tcp;	/* took no long request by TCP, lately */

	struct sip_account *accounts;
	struct sip_call *calls;
	ev_timer shutdown_timer;
	void (*shutdown_done)(void *ctx);
	bool closing;
};

void sip_shutdown_check(struct sip *sip);

/* ---- sip_transport.c, sip_tcp.c ---- */

int sip_transport_open(struct sip *sip);
void sip_transport_close(struct sip *sip);
/* Fills flow->local for flow->remote and flow->transport. 0 or -errno. */
int sip_transport_route(struct sip *sip, struct sip_flow *flow);
int sip_transport_send(struct sip *sip, const struct sip_flow *flow,
		       const char *p, size_t len);
bool sip_transport_is_own(struct sip *sip, const struct sockaddr_storage *addr);
const char *sip_transport_name(enum sip_transport transport);

struct sip_tcp *sip_tcp_open(struct sip *sip);
void sip_tcp_close(struct sip_tcp *tcp);
/* The connections to @remote lead nowhere any more. */
void sip_tcp_forget(struct sip_tcp *tcp, const struct sockaddr_storage *remote);
int sip_tcp_send(struct sip_tcp *tcp, const struct sip_flow *flow,
		 const char *p, size_t len);

/* ---- sip_input.c ---- */

/* One message, from any transport. */
void sip_input(struct sip *sip, const char *p, size_t len, const struct sip_flow *flow);

/* ---- sip_check.c ---- */

/* Re-validates what libosip2 made of it: 0, a status, or -1 = drop. */
int sip_check(const struct sip_scan *scan, const osip_message_t *msg);
/* @uri, from the peer, as we may send it; NULL = we had better not. To be freed. */
char *sip_check_uri(const osip_uri_t *uri);

/* ---- sip_tx.c ---- */

struct sip_tx;

/* A response, or NULL and a local cause, to the one who sent the request. */
typedef void sip_tx_answer(struct sip_tx *tx, const osip_message_t *msg,
			   const struct sip_scan *scan, enum sip_cause cause);

struct sip_tx {
	struct sip *sip;
	struct sip_tx *next;
	osip_transaction_t *osip;
	struct sip_flow flow;
	sip_tx_answer *answer;		/* client side; NULL = nobody asks */
	void *owner;			/* of @answer; or the call of a server side */
	char *text;			/* client: the request; server: what is echoed */
	size_t text_len;
	size_t to_len;			/* server: length of @text up to a To tag */
	char *ack;
	size_t ack_len;
	char branch[SIP_BRANCH_LEN];
	enum sip_cause failed;		/* to be reported from the loop */
	bool client, dead, final, has_to_tag;
	bool too_long;			/* by TCP, since UDP might cut it up */
	bool lost, resent;		/* with its connection; once more on another */
};

int sip_tx_init(struct sip *sip);
void sip_tx_exit(struct sip *sip);
/*
 * Sends @text, a whole request whose top Via carries @branch. One that is too
 * long for UDP goes by TCP instead: the transaction's flow says how.
 */
struct sip_tx *sip_tx_request(struct sip *sip, const struct sip_flow *flow,
			      const struct sip_text *text, const char *branch,
			      sip_tx_answer *answer, void *owner);
/* The server side of @evt, a new request; takes @evt. NULL = full. */
struct sip_tx *sip_tx_server(struct sip *sip, const struct sip_flow *flow,
			     osip_event_t *evt, const struct sip_scan *scan);
/* Hands @evt to the transaction it belongs to and takes it; false = none. */
bool sip_tx_deliver(struct sip *sip, osip_event_t *evt, const struct sip_scan *scan);
/* Gives up after @ms instead of 64*T1. */
void sip_tx_shorten(struct sip_tx *tx, int ms);
/* @tx's INVITE again as ACK or CANCEL, with another To if given. */
int sip_tx_derive(const struct sip_tx *tx, const char *method, const char *to,
		  struct sip_text *text);
/* The owner is gone: no @answer any more. */
void sip_tx_forget(struct sip_tx *tx);
/* Ends it at once, without an answer. */
void sip_tx_abort(struct sip_tx *tx);
/*
 * Nothing can be sent to @remote: fails the client transactions there. @lost: a
 * connection that had been there, so that each may try once more on a new one.
 */
void sip_tx_unreachable(struct sip *sip, const struct sockaddr_storage *remote,
			enum sip_transport transport, bool lost);
void sip_branch(char branch[SIP_BRANCH_LEN]);

/* ---- sip_reply.c ---- */

struct sip_body {
	const char *type;		/* NULL = no body */
	const char *p;
	size_t len;
};

/* Start of a response: status line, and what is echoed of the request. */
void sip_reply_head(struct sip_text *text, const struct sip_tx *tx, int status,
		    const char *reason, const char *to_tag);
void sip_text_end(struct sip_text *text, const struct sip_body *body);
/* Sends @text, a whole response, through the transaction. */
int sip_tx_respond(struct sip_tx *tx, int status, const struct sip_text *text);
/* A response without a body; @extra header lines or NULL. */
int sip_tx_reply(struct sip_tx *tx, int status, const char *reason,
		 const char *to_tag, const char *extra);
/* Answers without a transaction. */
void sip_reply_stateless(struct sip *sip, const struct sip_flow *flow,
			 const struct sip_scan *scan, int status, const char *extra);
const char *sip_reason(int status);
/* A peer's reason phrase, without what a terminal or log would choke on. */
void sip_plain_reason(const char *from, char *to, size_t size);
/* Appends what a response echoes; returns the length up to the To tag. */
size_t sip_echo(struct sip_text *text, const struct sip_scan *scan,
		const struct sip_flow *flow, bool *has_to_tag);

/* ---- sip_source.c ---- */

enum sip_admission { SIP_REFUSED, SIP_STRANGER, SIP_KNOWN };

struct sip_sources *sip_sources_new(unsigned int rate);
void sip_sources_free(struct sip_sources *sources);
/* Takes a token of @addr's bucket at @now seconds; false = none left. */
bool sip_sources_take(struct sip_sources *sources, const struct sockaddr_storage *addr,
		      double now);
/*
 * KNOWN: one of our servers, ourselves, the peer of a call. STRANGER: anyone
 * else with a token left, who may only speak inside a dialog unless an account
 * accepts any source.
 */
bool sip_source_is_self(struct sip *sip, const struct sockaddr_storage *addr);
enum sip_admission sip_source_admit(struct sip *sip, const struct sockaddr_storage *addr);

/* ---- sip_dns.c ---- */

struct sip_query;
typedef void sip_resolved(void *owner, const struct sip_targets *targets);

/* @servers as in struct sip_config; each is asked twice, first for @patience_ms. */
struct sip_resolver *sip_resolver_new(struct ev_loop *loop, const char *servers,
				      int patience_ms);
void sip_resolver_free(struct sip_resolver *resolver);
/*
 * RFC 3263: calls @done with at least one target, or NULL, possibly before it
 * returns; then *query is NULL.
 */
void sip_resolve(struct sip_resolver *resolver, const char *host, uint16_t port,
		 enum sip_transport transport, sip_resolved *done, void *owner,
		 struct sip_query **query);
void sip_query_cancel(struct sip_query *query);

/* What the two ends of a call or subscription write into every request. */
struct sip_dialog {
	struct sip_flow flow;		/* next hop */
	char *call_id;
	char local_tag[SIP_TOKEN_LEN + 1];
	char *remote_tag;		/* NULL until there is one */
	char *local, *remote;		/* name-addr without a tag */
	char *target;			/* remote Contact's URI */
	char *routes;			/* "<sip:…>, <sip:…>" or NULL */
	unsigned long cseq, remote_cseq;
	bool has_remote_cseq;
};

/* ---- sip_account.c ---- */

#define SIP_REALMS_MAX 4

/* What one realm asked for last; kept to spare round trips. */
struct sip_realm {
	char *name, *nonce, *opaque;
	int algorithm;			/* enum digest_algorithm */
	bool qop, proxy, basic;
	unsigned int nc;
};

struct sip_account {
	struct sip *sip;
	struct sip_account *next;
	void *user_ptr;
	char *name, *registrar, *domain, *user, *auth_user, *secret;
	char *display_name, *outbound_proxy;
	enum sip_transport transport;
	enum sip_basic basic;
	unsigned int expires_s, keepalive_s;
	bool accept_any_source;

	char server_host[256];		/* whom we talk to: proxy, registrar, domain */
	uint16_t server_port;
	struct sip_targets targets;	/* what the name stands for at present */
	unsigned int current;		/* the one that took the registration */
	ev_tstamp targets_until;
	struct sip_query *query;
	struct sip_waiter *waiters;	/* for the query */
	struct sip_flow flow;		/* toward the current target */
	bool has_flow;
	ev_timer keepalive;

	struct sip_realm realm[SIP_REALMS_MAX];

	/* registration */
	enum sip_reg_state state;
	int last_status;
	char call_id[SIP_TOKEN_LEN + 1], tag[SIP_TOKEN_LEN + 1];
	unsigned long cseq;
	struct sip_tx *tx;
	ev_timer refresh;
	unsigned int granted_s, asked_s, failures, auth_tries, tried;
	ev_tstamp hurry_from;		/* a change of the network may bring a try forward */
	bool unregistering;

	/* what waits in its mailbox */
	struct sip_mwi {
		bool wanted;		/* we subscribe to it */
		bool closing;
		struct sip_dialog dialog; /* no call_id: none yet */
		struct sip_tx *tx;
		ev_timer timer;
		unsigned int asked_s, auth_tries;
	} mwi;
};

typedef void sip_account_ready(void *owner, const struct sip_targets *targets);

/* Resolves the account's server (from what is known, if fresh). */
void sip_account_resolve(struct sip_account *account, sip_account_ready *ready, void *owner);
/* The same for who must not wait: from what is known, if anything is. */
void sip_account_resolve_now(struct sip_account *account, sip_account_ready *ready, void *owner);
void sip_account_cancel(struct sip_account *account, void *owner);
bool sip_account_owns(const struct sip_account *account, const struct sockaddr_storage *addr);
struct sip_account *sip_account_for(struct sip *sip, const char *user,
				    const struct sockaddr_storage *source);
/* A server of ours answered over @flow: stay with it. */
void sip_account_served(struct sip_account *account, const struct sip_flow *flow);
/* Our Contact header, as reached over @flow. */
void sip_contact(struct sip_text *text, const char *user, const struct sip_flow *flow);
void sip_account_recheck(struct sip_account *account);
void sip_account_learn_servers(struct sip_account *account);
void sip_account_free(struct sip_account *account);

/* ---- sip_register.c ---- */

void sip_register_start(struct sip_account *account);
void sip_register_hurry(struct sip_account *account);
void sip_register_stop(struct sip_account *account);
void sip_register_free(struct sip_account *account);
/* Of a header that begins with a number of seconds, at most a day; 0 = none. */
unsigned int sip_header_seconds(const struct sip_scan *scan, const char *name);

/* ---- sip_mwi.c ---- */

/* The server can be reached: subscribes, if that is wanted and not done yet. */
void sip_mwi_start(struct sip_account *account);
/* Our address is another one. */
void sip_mwi_moved(struct sip_account *account);
void sip_mwi_stop(struct sip_account *account);
void sip_mwi_free(struct sip_account *account);
/* A NOTIFY, with a To tag (@in_dialog) or without. */
void sip_mwi_notify(struct sip *sip, struct sip_tx *tx, const osip_message_t *msg,
		    const struct sip_scan *scan, bool in_dialog);

/* ---- sip_summary.c ---- */

/* False: it does not say whether there are any. */
bool sip_summary_read(struct sip_slice body, struct sip_waiting *waiting);

/* ---- sip_auth.c ---- */

/*
 * Learns the challenges of a 401/407 that came over @flow. 0 = worth a retry,
 * else -EACCES: no secret, a stranger, Basic where it is not allowed, nothing
 * that we can compute. @tries counts per request, and is counted here.
 */
int sip_auth_challenge(struct sip_account *account, const osip_message_t *response,
		       const struct sip_flow *flow, unsigned int *tries);
/* Appends (Proxy-)Authorization lines for the realms known so far. */
void sip_auth_add(struct sip_account *account, struct sip_text *text,
		  const char *method, const char *uri, const struct sip_flow *flow);
bool sip_auth_realm_known(const struct sip_account *account, const osip_message_t *response);
void sip_auth_free(struct sip_account *account);

/* ---- sip_dialog.c ---- */

int sip_dialog_from_response(struct sip_dialog *dialog, const osip_message_t *msg,
			     const struct sip_scan *scan);
int sip_dialog_from_request(struct sip_dialog *dialog, const osip_message_t *msg,
			    const struct sip_scan *scan, const struct sip_flow *flow);
/* Takes a new remote target from the message's Contact, if it has one. */
void sip_dialog_refresh(struct sip_dialog *dialog, const osip_message_t *msg);
/* A request up to and with its Contact, if any; the caller adds and ends. */
void sip_dialog_request(struct sip_dialog *dialog, struct sip *sip, struct sip_text *text,
			const char *method, unsigned long cseq, const char *branch,
			const char *contact_user);
void sip_dialog_free(struct sip_dialog *dialog);
/* The ACK of a 2xx. */
void sip_dialog_ack(struct sip *sip, struct sip_dialog *dialog, unsigned long cseq);
/* The URI a request of this dialog is to be sent to: first route or target. */
int sip_dialog_next_hop(const struct sip_dialog *dialog, char *host, size_t size,
			uint16_t *port, enum sip_transport *transport);

/* ---- sip_call.c, sip_uac.c, sip_uas.c, sip_reinvite.c ---- */

enum sip_call_state {
	SIP_CALL_RESOLVING,		/* outgoing: no target yet */
	SIP_CALL_CALLING,		/* outgoing: INVITE sent */
	SIP_CALL_PROCEEDING,		/* outgoing: a provisional response came */
	SIP_CALL_INCOMING,		/* incoming: no final response yet */
	SIP_CALL_ANSWERED,		/* incoming: 2xx sent, no ACK yet */
	SIP_CALL_UP,
	SIP_CALL_OVER,			/* only absorbs what comes late */
};

/* What is still owed on a re-INVITE or UPDATE. */
struct sip_reoffer {
	struct sip_tx *in;		/* theirs, waiting for our answer */
	struct sip_tx *out;		/* ours, waiting for theirs */
	bool in_update;
	char *sdp;			/* ours, to be sent when it may */
	size_t sdp_len;
	bool newer;			/* @sdp came while @out was under way */
	unsigned long out_cseq;
	unsigned int auth_tries;
	ev_timer retry;			/* after 491 */
};

struct sip_call {
	struct sip *sip;
	struct sip_call *next;
	struct sip_account *account;
	const struct sip_call_events *events;
	void *user;
	enum sip_call_state state;
	bool uac, gone;			/* @gone: the owner has let go */
	unsigned int busy;		/* callbacks under way: do not free */
	struct sip_dialog dialog;
	char *contact_user;		/* we are to be reached as */
	ev_timer timer;			/* 2xx again, 18x again, end of life */
	ev_tstamp until;
	int interval_ms;

	struct sip_tx *info;		/* ours, waiting for its answer */

	/* outgoing */
	struct sip_tx *tx;
	char *uri;			/* request URI */
	char *sdp;
	size_t sdp_len;
	char *identity;			/* P-Preferred-Identity and Privacy lines */
	char *route;			/* preloaded Route, or NULL */
	struct sip_targets targets;
	unsigned int tried, redirects, auth_tries;
	bool via_server;		/* it goes to the account's own server */
	char *tried_uris[SIP_REDIRECTS_MAX];
	char *redirect[SIP_REDIRECTS_MAX];	/* contacts still to be tried */
	unsigned int redirect_count;
	bool starting;			/* inside sip_invite() */
	bool cancel;			/* send CANCEL as soon as it may be */
	enum sip_cause last_cause;
	struct sip_query *query;

	/* incoming */
	struct sip_tx *invite;		/* until the final response */
	char branch[128];		/* of the INVITE, for its CANCEL and repeats */
	char *record_routes;		/* lines echoed in dialog-making responses */
	char *ok;			/* the 2xx, until its ACK */
	size_t ok_len;
	struct sip_flow ok_flow;
	unsigned long ok_cseq;
	int ring_status;
	char *ring_sdp;
	size_t ring_sdp_len;
	bool late_offer;

	struct sip_reoffer re;
};

struct sip_call *sip_call_new(struct sip *sip, struct sip_account *account, bool uac);
void sip_call_free(struct sip_call *call);
/* Frees it unless a callback is still under way. */
void sip_call_release(struct sip_call *call);
/* From here on it only answers what comes late, for 64*T1. */
void sip_call_over(struct sip_call *call);
/* Tells the owner that it ended, with a BYE from us or without. */
void sip_call_end(struct sip_call *call, int status, bool bye);
void sip_call_bye(struct sip_call *call);
void sip_call_set_timer(struct sip_call *call, int ms);
/* Ends it while the list of calls is being walked. */
void sip_call_shutdown(struct sip_call *call);
struct sip_call *sip_call_find(struct sip *sip, const osip_message_t *msg);
bool sip_call_id_is(const struct sip_call *call, const osip_message_t *msg);
bool sip_call_is_ours(const struct sip_call *call, const osip_message_t *response);
bool sip_call_knows(struct sip *sip, const struct sip_scan *scan);
bool sip_call_has_peer(struct sip *sip, const struct sockaddr_storage *addr);
/* Does the body hold SDP that we can hand up? 0 = yes or none, else 415. */
int sip_call_body(const struct sip_scan *scan, struct sip_slice *sdp);

/* Tells the owner, who may drop the call meanwhile, unless he has let go. */
#define SIP_CALL_TELL(call, telling) do { \
	(call)->busy++; \
	if (!(call)->gone && (call)->events) \
		(telling); \
	(call)->busy--; \
} while (0)

void sip_uac_drop(struct sip_call *call);
/* A 2xx that no transaction knows: again, or from another branch. */
void sip_uac_late_2xx(struct sip_call *call, const osip_message_t *msg,
		      const struct sip_scan *scan);
void sip_uac_timer(struct sip_call *call);

void sip_uas_invite(struct sip *sip, struct sip_tx *tx, const osip_message_t *msg,
		    const struct sip_scan *scan);
void sip_uas_keep_branch(struct sip_call *call, const osip_message_t *msg);
void sip_uas_cancel(struct sip_call *call);
void sip_uas_drop(struct sip_call *call);
void sip_uas_ack(struct sip_call *call, const osip_message_t *msg,
		 const struct sip_scan *scan);
void sip_uas_timer(struct sip_call *call);
/* 2xx with @extra lines, sent again until its ACK. */
int sip_uas_send_2xx(struct sip_call *call, struct sip_tx *tx, const char *sdp, size_t len);

/* A request inside the call's dialog. */
void sip_call_request(struct sip_call *call, struct sip_tx *tx, const osip_message_t *msg,
		      const struct sip_scan *scan);
void sip_reinvite_received(struct sip_call *call, struct sip_tx *tx,
			   const osip_message_t *msg, const struct sip_scan *scan);
void sip_reinvite_next(struct sip_call *call);
void sip_reinvite_stop(struct sip_call *call);
void sip_reinvite_init(struct sip_call *call);

#endif /* POTS_AGENT_SIP_CORE_H */
