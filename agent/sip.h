/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip: accounts, registrations and INVITE dialogs, for callers who need not
 * know a word of SIP syntax. libosip2 lives behind this header, in sip_*.c.
 *
 * Everything runs on the one event loop; nothing here blocks. Strings and
 * bodies handed in are copied; those handed to a callback last until it
 * returns. Functions return 0 or a negative errno. A callback may call any
 * function here on its own call.
 */
#ifndef POTS_AGENT_SIP_H
#define POTS_AGENT_SIP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct ev_loop;
struct sip;
struct sip_account;
struct sip_call;

enum sip_transport { SIP_UDP, SIP_TCP };

enum sip_basic { SIP_BASIC_TLS, SIP_BASIC_ALWAYS, SIP_BASIC_NEVER };

/* One account; NULL strings are absent. */
struct sip_account_config {
	const char *name;		/* section name, for logs */
	const char *registrar;		/* host[:port] or [v6]:port; NULL = no registration */
	const char *domain;		/* of the AOR; NULL = registrar's host */
	const char *user;
	const char *auth_user;		/* NULL = user */
	const char *secret;		/* password, NULL = none */
	const char *display_name;
	const char *outbound_proxy;	/* host[:port], NULL = none */
	enum sip_transport transport;
	enum sip_basic basic;
	unsigned int expires_s;		/* asked for in REGISTER */
	unsigned int keepalive_s;	/* CRLF keep-alive, 0 = off */
	bool accept_any_source;		/* else only resolved servers of the account */
	bool subscribe_mailbox;		/* ask to be told what waits there (RFC 3842) */
};

struct sip_config {
	const char *listen;		/* address, NULL = all of IPv4 and IPv6 */
	uint16_t port;			/* 0 = 5060 */
	const char *user_agent;
	int dscp;			/* of signalling, 24 = CS3 */
	unsigned int t1_ms, t2_ms, t4_ms; /* 0 = 500, 4000, 5000 */
	unsigned int source_rate;	/* requests per second and unknown source */
	unsigned int max_transactions;
	const char *dns_servers;	/* "192.0.2.1,[2001:db8::1]:53", NULL = the system's */
};

enum sip_reg_state {
	SIP_REG_NONE,			/* the account does not register */
	SIP_REG_TRYING,
	SIP_REG_OK,
	SIP_REG_FAILED,			/* will be tried again */
};

/* Local causes of a failed call, beside the SIP status codes 300-699. */
enum sip_cause {
	SIP_CAUSE_TIMEOUT = 1,		/* nobody answered the request (timer B) */
	SIP_CAUSE_TRANSPORT,		/* no target could be reached */
	SIP_CAUSE_DNS,
	SIP_CAUSE_AUTH,			/* challenge that we cannot or must not answer */
	SIP_CAUSE_REDIRECT,		/* 3xx without a usable or new contact */
	SIP_CAUSE_LOCAL,		/* out of memory and the like */
};

struct sip_incoming {
	struct sip_account *account;
	const char *called_user;	/* user part of the request URI, unescaped */
	const char *caller_user;	/* From or P-Asserted-Identity, may be "" */
	const char *caller_name;	/* display name, may be "" */
	bool caller_private;		/* Privacy: id, or anonymous */
	const char *alert_info;		/* may be NULL */
	const char *sdp;		/* offer, NULL = none (late offer) */
	size_t sdp_len;
	unsigned int expires_s;		/* of the INVITE, 0 = absent */
	unsigned int hops;		/* Max-Forwards: so many are left */
	bool own;			/* we sent it ourselves */
	struct sockaddr_storage source;
};

#define SIP_HOOK_FLASH "application/hook-flash"	/* type of its INFO */

/*
 * What a call tells its owner; every member is set. @user is what sip_invite() or
 * sip_call_set_user() gave. After failed() or ended() the call is gone when
 * the callback returns.
 */
struct sip_call_events {
	/* 18x; @sdp NULL = no (new) early media. */
	void (*progress)(void *user, int status, const char *sdp, size_t len);
	/* 2xx to our INVITE, ACK is sent; @sdp is the answer (or, after a late
	 * offer never used by us, NULL).
	 */
	void (*answered)(void *user, const char *sdp, size_t len);
	/* Final non-2xx, ACK is sent (status 300..699, @reason its phrase), or
	 * status 0 and a local cause. A status may have a cause beside it: 3xx
	 * and SIP_CAUSE_REDIRECT, 401 or 407 and SIP_CAUSE_AUTH.
	 */
	void (*failed)(void *user, int status, enum sip_cause cause, const char *reason);
	/* 2xx that we sent was acknowledged; @sdp the answer to a late offer. */
	void (*confirmed)(void *user, const char *sdp, size_t len);
	/* re-INVITE or UPDATE with an offer: answer by sip_call_answer_offer(). */
	void (*offer)(void *user, const char *sdp, size_t len);
	/* Our own re-INVITE came back: @status 200 and the answer, or the failure
	 * (the call goes on).
	 */
	void (*reoffered)(void *user, int status, const char *sdp, size_t len);
	/* BYE, CANCEL, 408 or 481 in the dialog, no ACK; @status says which:
	 * 0 BYE, 487 CANCEL, else the code.
	 */
	void (*ended)(void *user, int status);
	/* INFO that tells of a hook flash. */
	void (*flash)(void *user);
};

/* What a server says of a mailbox. */
struct sip_waiting {
	const char *user;		/* whom it told: user part of the request URI */
	bool messages;			/* there are some */
	unsigned int count;		/* new spoken ones, 0 also when it is not said */
};

struct sip_events {
	/*
	 * A new INVITE passed every check. Owner: keep @call, call
	 * sip_call_set_user(), then sip_call_ring(), _answer() or _reject(); or
	 * return an SIP status >= 400 to refuse at once. 0 = taken.
	 */
	int (*incoming)(void *ctx, struct sip_call *call, const struct sip_incoming *in);
	void (*registration)(void *ctx, struct sip_account *account,
			     enum sip_reg_state state, int status);
	/* May be NULL. */
	void (*waiting)(void *ctx, struct sip_account *account,
			const struct sip_waiting *waiting);
	/* The address toward the account's server is another one now. */
	void (*address_changed)(void *ctx, struct sip_account *account);
};

struct sip *sip_new(struct ev_loop *loop, const struct sip_config *config,
		    const struct sip_events *events, void *ctx);
/* Un-registers, waits at most @linger_ms of loop time, then frees. */
void sip_shutdown(struct sip *sip, unsigned int linger_ms, void (*done)(void *ctx));
void sip_free(struct sip *sip);

struct sip_account *sip_account_add(struct sip *sip, const struct sip_account_config *config);
void *sip_account_user(const struct sip_account *account);
void sip_account_set_user(struct sip_account *account, void *user);
const char *sip_account_name(const struct sip_account *account);
enum sip_reg_state sip_account_state(const struct sip_account *account);
/* May a call from there be one of the account's server? */
bool sip_account_trusts(const struct sip_account *account, const struct sockaddr_storage *source);
/* Our address toward the account's server (for SDP). 0 or -ENOTCONN. */
int sip_account_local_addr(const struct sip_account *account, struct sockaddr_storage *addr);

struct sip_invite_params {
	const char *target;		/* user part, or a whole sip: URI */
	const char *caller_user;	/* NULL = account's user */
	const char *caller_name;	/* NULL = account's display name */
	bool anonymous;
	const char *sdp;
	size_t sdp_len;
};

/* The INVITE is on the wire, or queued behind DNS, when this returns. */
int sip_invite(struct sip_account *account, const struct sip_invite_params *params,
	       const struct sip_call_events *events, void *user, struct sip_call **call);

void sip_call_set_user(struct sip_call *call, const struct sip_call_events *events, void *user);
const char *sip_call_id(const struct sip_call *call);

/* Toward an incoming call. */
int sip_call_ring(struct sip_call *call, int status, const char *sdp, size_t len); /* 180..183 */
int sip_call_answer(struct sip_call *call, const char *sdp, size_t len);
/* @extra: further header lines, each ended by CRLF, or NULL. The call is gone. */
int sip_call_reject(struct sip_call *call, int status, const char *reason, const char *extra);

/* In a dialog. */
int sip_call_answer_offer(struct sip_call *call, int status, const char *sdp, size_t len);
int sip_call_reoffer(struct sip_call *call, const char *sdp, size_t len);
/* INFO with this body; nobody is told what becomes of it. */
int sip_call_info(struct sip_call *call, const char *type, const char *body);

/*
 * Whatever state it is in, end it: CANCEL, BYE, or a 480; no callback comes
 * any more, the SIP side finishes by itself. The call is gone.
 */
void sip_call_drop(struct sip_call *call);

#endif /* POTS_AGENT_SIP_H */
