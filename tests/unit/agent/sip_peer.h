/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip_peer: the other end of the wire, for tests of agent/sip.h.
 *
 *   test ── sip.h ── agent/sip_*.c ══ loopback ══ struct peer ── test
 *
 * Both ends live in one process and on one event loop. What the owner of a
 * call is told is written down in a transcript, which the test compares.
 */
#ifndef POTS_TESTS_SIP_PEER_H
#define POTS_TESTS_SIP_PEER_H

#include <ev.h>
#include <netinet/in.h>
#include <stdbool.h>

#include "sip.h"

#define T1_MS 20		/* so that 64*T1 is 1.28 s */

extern const char peer_sdp[];	/* some offer or answer */

struct peer {
	int fd;			/* UDP, or a TCP connection */
	int listener;
	uint16_t port;
	char uri_host[64];
	struct sockaddr_storage from;	/* of the last message */
	char rx[16384];		/* the last message; "" = none came */
	char rest[16384];	/* TCP: what came behind it */
	char invite[16384];	/* a copy kept by peer_keep() */
};

/* ---- the world under test ---- */

struct world {
	struct ev_loop *loop;
	struct sip *sip;
	struct sip_account *account;
	struct sip_call *call;		/* the last one made or announced */
	char log[4096];			/* the transcript */
	int incoming_status;		/* what incoming() returns */
	bool answer_at_once, answer_offers;
	char last_sdp[2048];
	struct sip_incoming in;
	char called[128], caller[128], caller_name[128];
	unsigned int address_changes;
};

extern struct world world;

void world_start(const char *listen);
/* The same, with a name server of the test's own. */
void world_start_dns(const char *listen, const char *dns_servers);
struct sip_account *world_account(const struct sip_account_config *config);
/* An account whose server is @peer. */
struct sip_account *world_server(const struct peer *peer, enum sip_transport transport);
void world_invite(const char *target);
/* Lets the loop run for so long, or until the transcript ends in @text. */
void world_run(int ms);
bool world_wait(const char *text, int ms);
void world_stop(void);
uint16_t world_port(void);
/* The transcript since the last call. */
const char *world_log(void);

/* ---- the peer ---- */

void peer_open(struct peer *peer, const char *host);
void peer_open_tcp(struct peer *peer);
void peer_open_tcp_at(struct peer *peer, const char *host);
void peer_close(struct peer *peer);
/* The next message whose first line begins with @start, others are skipped. */
bool peer_recv(struct peer *peer, const char *start, int ms);
/* Nothing at all must come. */
bool peer_quiet(struct peer *peer, int ms);
void peer_send(struct peer *peer, const char *text);
/* Answers peer->rx: Via, From, To, Call-ID, CSeq echoed, @extra lines, @sdp. */
void peer_reply(struct peer *peer, int status, const char *to_tag, const char *extra,
		const char *sdp);
/* The same for the message kept. */
void peer_reply_kept(struct peer *peer, int status, const char *to_tag, const char *extra,
		     const char *sdp);
void peer_keep(struct peer *peer);
/* A request out of or in a dialog; tags "" = none. */
void peer_request(struct peer *peer, const char *method, const char *branch, int cseq,
		  const char *to_tag, const char *extra, const char *sdp);
/* The same with another body than SDP. */
void peer_typed_request(struct peer *peer, const char *method, const char *branch, int cseq,
			const char *to_tag, const char *type, const char *body);
/* A header's value in @message; "" = absent. */
const char *header(const char *message, const char *name);
/* The tag of the To of peer->rx. */
const char *to_tag(const struct peer *peer);
int cseq_of(const char *message);

#endif /* POTS_TESTS_SIP_PEER_H */
