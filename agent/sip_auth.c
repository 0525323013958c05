// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_auth: challenges and credentials.
 *
 * What a realm asked for is kept, so that the next request brings its
 * credentials along (nc counts up) instead of being challenged again.
 * Credentials go to the account's own servers only: a stranger who challenges
 * a request of ours (the "digest leak") gets nothing.
 */
#include <errno.h>
#include <mbedtls/base64.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "digest.h"
#include "log.h"
#include "sip_core.h"

/* A first challenge, and one more for a nonce that went stale meanwhile. */
#define TRIES_MAX 2

static char *unquoted(const char *s)
{
	size_t len = s ? strlen(s) : 0;

	if (!s)
		return NULL;
	if (len >= 2 && s[0] == '"' && s[len - 1] == '"')
		return strndup(s + 1, len - 2);
	return strdup(s);
}

static bool quoted_is(const char *s, const char *plain)
{
	size_t len = strlen(plain);

	if (!s)
		return false;
	if (*s == '"')
		return !strncmp(s + 1, plain, len) && s[len + 1] == '"' && !s[len + 2];
	return !strcmp(s, plain);
}

/* qop is a list; "auth" must be in it, and nothing but auth-int is useless. */
static bool offers_auth(const char *qop)
{
	const char *p = qop;

	while ((p = strcasestr(p, "auth"))) {
		if (p[4] != '-')
			return true;
		p += 4;
	}
	return false;
}

static bool is_basic(const osip_www_authenticate_t *c)
{
	return c->auth_type && !strcasecmp(c->auth_type, "Basic");
}

static bool basic_allowed(const struct sip_account *account)
{
	/* No transport of ours is secured, so "tls" never is. */
	return account->basic == SIP_BASIC_ALWAYS;
}

/* How much a challenge is worth: 0 = nothing we could or would answer. */
static int strength(const struct sip_account *account, const osip_www_authenticate_t *c)
{
	char *name;
	int algorithm;

	if (!c->realm || !c->auth_type)
		return 0;
	if (is_basic(c))
		return basic_allowed(account) ? 1 : 0;
	if (strcasecmp(c->auth_type, "Digest") || !c->nonce)
		return 0;
	if (c->qop_options && !offers_auth(c->qop_options))
		return 0;
	name = unquoted(c->algorithm);
	algorithm = digest_algorithm_parse(name);
	free(name);
	return algorithm == DIGEST_UNKNOWN ? 0 : 1 + algorithm;
}

static struct sip_realm *realm_slot(struct sip_account *account, const char *name, bool proxy)
{
	struct sip_realm *realm = account->realm, *end = realm + SIP_REALMS_MAX;

	for (; realm < end; realm++)
		if (realm->name && realm->proxy == proxy && quoted_is(name, realm->name))
			return realm;
	for (realm = account->realm; realm < end - 1; realm++)
		if (!realm->name)
			break;
	return realm;	/* the last one gives way when all are taken */
}

static void realm_clear(struct sip_realm *realm)
{
	free(realm->name);
	free(realm->nonce);
	free(realm->opaque);
	memset(realm, 0, sizeof(*realm));
}

/* The nonce that our last answer was for, and not said to be stale: it is wrong. */
static bool is_rejected(const struct sip_realm *realm, const osip_www_authenticate_t *c)
{
	if (!realm->nc || !quoted_is(c->nonce, realm->nonce))
		return false;
	return !c->stale || !strcasestr(c->stale, "true");
}

static bool learn(struct sip_account *account, const osip_www_authenticate_t *c, bool proxy)
{
	struct sip_realm *realm = realm_slot(account, c->realm, proxy);

	if (is_rejected(realm, c))
		return false;
	realm_clear(realm);
	realm->name = unquoted(c->realm);
	realm->proxy = proxy;
	realm->basic = is_basic(c);
	if (!realm->basic) {
		char *algorithm = unquoted(c->algorithm);

		realm->nonce = unquoted(c->nonce);
		realm->opaque = unquoted(c->opaque);
		realm->algorithm = digest_algorithm_parse(algorithm);
		realm->qop = !!c->qop_options;
		free(algorithm);
		if (!realm->nonce)
			realm_clear(realm);
	}
	return realm->name;
}

/* Is there a stronger challenge for the same realm, or the same before it? */
static bool is_outdone(const struct sip_account *account, const osip_list_t *list, int index)
{
	const osip_www_authenticate_t *c = osip_list_get(list, index), *other;
	int worth = strength(account, c), i;

	for (i = 0; (other = osip_list_get(list, i)); i++) {
		if (!other->realm || strcmp(other->realm, c->realm))
			continue;
		if (strength(account, other) > worth ||
		    (i < index && strength(account, other) == worth))
			return true;
	}
	return false;
}

/* Of each realm the strongest challenge that we can answer. */
static bool learn_all(struct sip_account *account, const osip_list_t *list, bool proxy)
{
	osip_www_authenticate_t *c;
	bool learnt = false;
	int i;

	for (i = 0; (c = osip_list_get(list, i)); i++) {
		int worth = strength(account, c);

		if (is_basic(c) && !worth)
			log_warn("sip", "account %s: Basic asked for, which would send the "
				 "password readable over %s; not answered (basic = %s)",
				 account->name, sip_transport_name(account->transport),
				 account->basic == SIP_BASIC_NEVER ? "never" : "tls");
		if (worth && !is_outdone(account, list, i))
			learnt |= learn(account, c, proxy);
	}
	return learnt;
}

int sip_auth_challenge(struct sip_account *account, const osip_message_t *response,
		       const struct sip_flow *flow, unsigned int *tries)
{
	bool proxy = response->status_code == 407;

	if (!account->secret)
		return -EACCES;
	if (!sip_account_owns(account, &flow->remote)) {
		log_warn("sip", "account %s: a stranger's challenge, not answered",
			 account->name);
		return -EACCES;
	}
	if (++*tries > TRIES_MAX)
		return -EACCES;
	if (!learn_all(account, proxy ? &response->proxy_authenticates :
					&response->www_authenticates, proxy))
		return -EACCES;
	return 0;
}

bool sip_auth_realm_known(const struct sip_account *account, const osip_message_t *response)
{
	bool proxy = response->status_code == 407;
	const osip_list_t *list = proxy ? &response->proxy_authenticates :
					  &response->www_authenticates;
	osip_www_authenticate_t *c;
	int i, r;

	for (i = 0; (c = osip_list_get(list, i)); i++)
		for (r = 0; r < SIP_REALMS_MAX; r++)
			if (account->realm[r].name && c->realm &&
			    quoted_is(c->realm, account->realm[r].name))
				return true;
	return false;
}

static bool add_basic(const struct sip_account *account, struct sip_text *text)
{
	char both[300], coded[404];
	size_t len;
	int err;

	snprintf(both, sizeof(both), "%s:%s", account->auth_user, account->secret);
	err = mbedtls_base64_encode((unsigned char *)coded, sizeof(coded), &len,
				    (const unsigned char *)both, strlen(both));
	if (!err)
		sip_text_add(text, "Basic %s\r\n", coded);
	explicit_bzero(both, sizeof(both));
	return !err;
}

static bool add_digest(struct sip_account *account, struct sip_realm *realm,
		       struct sip_text *text, const char *method, const char *uri)
{
	char cnonce[SIP_TOKEN_LEN + 1], response[DIGEST_HEX_MAX];
	struct digest digest = {
		.algorithm = (enum digest_algorithm)realm->algorithm,
		.user = account->auth_user, .realm = realm->name,
		.password = account->secret, .nonce = realm->nonce, .cnonce = cnonce,
		.nc = ++realm->nc, .qop_auth = realm->qop, .method = method, .uri = uri,
	};
	bool session = digest.algorithm == DIGEST_MD5_SESS ||
		       digest.algorithm == DIGEST_SHA256_SESS;

	sip_random_token(cnonce, SIP_TOKEN_LEN);
	if (digest_response(&digest, response))
		return false;
	sip_text_str(text, "Digest username=");
	sip_text_quoted(text, account->auth_user);
	sip_text_add(text, ", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", "
		     "algorithm=%s", realm->name, realm->nonce, uri, response,
		     digest_algorithm_name(digest.algorithm));
	if (realm->qop)
		sip_text_add(text, ", qop=auth, nc=%08x", realm->nc);
	if (realm->qop || session)
		sip_text_add(text, ", cnonce=\"%s\"", cnonce);
	if (realm->opaque)
		sip_text_add(text, ", opaque=\"%s\"", realm->opaque);
	sip_text_str(text, "\r\n");
	return true;
}

void sip_auth_add(struct sip_account *account, struct sip_text *text,
		  const char *method, const char *uri, const struct sip_flow *flow)
{
	struct sip_realm *realm;

	if (!account->secret || !sip_account_owns(account, &flow->remote))
		return;
	for (realm = account->realm; realm < account->realm + SIP_REALMS_MAX; realm++) {
		size_t before = text->len;

		if (!realm->name)
			continue;
		sip_text_str(text, realm->proxy ? "Proxy-Authorization: " : "Authorization: ");
		/* without memory for what belongs in it, no header either */
		if (!(realm->basic ? add_basic(account, text) :
				     add_digest(account, realm, text, method, uri)))
			text->len = before;
	}
}

void sip_auth_free(struct sip_account *account)
{
	int i;

	for (i = 0; i < SIP_REALMS_MAX; i++)
		realm_clear(&account->realm[i]);
}
