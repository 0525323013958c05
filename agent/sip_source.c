// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_source: who may speak to us, and how often.
 *
 * Our servers, ourselves and the peers of live calls speak freely. Anyone else
 * draws on a bucket of tokens of his own and on one for all strangers together,
 * so that forged sources gain nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "sip_core.h"

#define BUCKETS 64
#define BURST_S 2	/* seconds' worth of tokens that a bucket holds */
#define ALL_FACTOR 8	/* all strangers together: as much as so many */

struct bucket {
	struct sockaddr_storage addr;
	double tokens, filled;
};

struct sip_sources {
	double rate;
	struct bucket all;
	struct bucket bucket[BUCKETS];
};

struct sip_sources *sip_sources_new(unsigned int rate)
{
	struct sip_sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return NULL;
	sources->rate = rate;
	sources->all.tokens = sources->rate * BURST_S * ALL_FACTOR;
	return sources;
}

void sip_sources_free(struct sip_sources *sources)
{
	free(sources);
}

static bool take(struct bucket *bucket, double rate, double now)
{
	double most = rate * BURST_S;

	bucket->tokens += (now - bucket->filled) * rate;
	if (bucket->tokens > most)
		bucket->tokens = most;
	bucket->filled = now;
	if (bucket->tokens < 1.)
		return false;
	bucket->tokens -= 1.;
	return true;
}

/* The source's own bucket, or the longest unused one made his. */
static struct bucket *bucket_of(struct sip_sources *sources,
				const struct sockaddr_storage *addr, double now)
{
	struct bucket *oldest = &sources->bucket[0], *b;

	for (b = sources->bucket; b < sources->bucket + BUCKETS; b++) {
		if (b->addr.ss_family && sip_addr_same_host(&b->addr, addr))
			return b;
		if (!b->addr.ss_family || b->filled < oldest->filled)
			oldest = b;
		if (!b->addr.ss_family)
			break;
	}
	oldest->addr = *addr;
	oldest->tokens = sources->rate * BURST_S;
	oldest->filled = now;
	return oldest;
}

bool sip_sources_take(struct sip_sources *sources, const struct sockaddr_storage *addr,
		      double now)
{
	if (!take(bucket_of(sources, addr, now), sources->rate, now))
		return false;
	return take(&sources->all, sources->rate * ALL_FACTOR, now);
}

/* Did we send it to ourselves? */
bool sip_source_is_self(struct sip *sip, const struct sockaddr_storage *addr)
{
	return sip_addr_port(addr) == sip->port && sip_transport_is_own(sip, addr);
}

enum sip_admission sip_source_admit(struct sip *sip, const struct sockaddr_storage *addr)
{
	struct sip_account *account;
	bool any = false;

	for (account = sip->accounts; account; account = account->next) {
		if (sip_account_owns(account, addr))
			return SIP_KNOWN;
		any |= account->accept_any_source;
	}
	if (sip_call_has_peer(sip, addr))
		return SIP_KNOWN;
	if (!sip_sources_take(sip->sources, addr, ev_now(sip->loop)))
		return SIP_REFUSED;
	/* Perhaps a server of ours has moved: if so, his repeat will be heard. */
	for (account = sip->accounts; account; account = account->next)
		if (ev_now(sip->loop) >= account->targets_until)
			sip_account_learn_servers(account);
	if (sip_source_is_self(sip, addr))
		return SIP_KNOWN;
	return any ? SIP_KNOWN : SIP_STRANGER;
}
