// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * digest: the arithmetic of HTTP Digest.
 */
#include "digest.h"

#include <errno.h>
#include <mbedtls/md.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {
	[DIGEST_MD5] = "MD5",
	[DIGEST_MD5_SESS] = "MD5-sess",
	[DIGEST_SHA256] = "SHA-256",
	[DIGEST_SHA256_SESS] = "SHA-256-sess",
};

#define N_NAMES ((int)(sizeof(names) / sizeof(names[0])))

enum digest_algorithm digest_algorithm_parse(const char *name)
{
	int i;

	if (!name)
		return DIGEST_MD5;
	for (i = DIGEST_MD5; i < N_NAMES; i++)
		if (!strcasecmp(name, names[i]))
			return (enum digest_algorithm)i;
	return DIGEST_UNKNOWN;
}

const char *digest_algorithm_name(enum digest_algorithm algorithm)
{
	return algorithm > DIGEST_UNKNOWN && (int)algorithm < N_NAMES ? names[algorithm] : "";
}

/* Hashes @parts joined by colons; the end of the list is a NULL. */
static int hash(enum digest_algorithm algorithm, const char *const parts[],
		char hex[DIGEST_HEX_MAX])
{
	bool md5 = algorithm == DIGEST_MD5 || algorithm == DIGEST_MD5_SESS;
	const mbedtls_md_info_t *info =
		mbedtls_md_info_from_type(md5 ? MBEDTLS_MD_MD5 : MBEDTLS_MD_SHA256);
	unsigned char sum[32];
	mbedtls_md_context_t md;
	int i, err;

	mbedtls_md_init(&md);
	err = !info || mbedtls_md_setup(&md, info, 0) || mbedtls_md_starts(&md);
	for (i = 0; !err && parts[i]; i++) {
		if (i)
			err |= mbedtls_md_update(&md, (const unsigned char *)":", 1);
		err |= mbedtls_md_update(&md, (const unsigned char *)parts[i], strlen(parts[i]));
	}
	err = err || mbedtls_md_finish(&md, sum);
	mbedtls_md_free(&md);
	if (err)
		return -EINVAL;
	for (i = 0; i < (md5 ? 16 : 32); i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
	return 0;
}

/* H(A1): who we are; the …-sess kinds tie it to this nonce and cnonce. */
static int hash_a1(const struct digest *d, char hex[DIGEST_HEX_MAX])
{
	const char *const plain[] = { d->user, d->realm, d->password, NULL };
	const char *const session[] = { hex, d->nonce, d->cnonce, NULL };
	char inner[DIGEST_HEX_MAX];
	int err = hash(d->algorithm, plain, hex);

	if (err || (d->algorithm != DIGEST_MD5_SESS && d->algorithm != DIGEST_SHA256_SESS))
		return err;
	err = hash(d->algorithm, session, inner);
	if (!err)
		memcpy(hex, inner, sizeof(inner));
	return err;
}

int digest_response(const struct digest *d, char hex[DIGEST_HEX_MAX])
{
	const char *const request[] = { d->method, d->uri, NULL };
	char a1[DIGEST_HEX_MAX] = "", a2[DIGEST_HEX_MAX], nc[9];
	const char *const with_qop[] = { a1, d->nonce, nc, d->cnonce, "auth", a2, NULL };
	const char *const without[] = { a1, d->nonce, a2, NULL };

	if (digest_algorithm_name(d->algorithm)[0] == '\0' || !d->cnonce)
		return -EINVAL;
	snprintf(nc, sizeof(nc), "%08x", d->nc);
	if (hash_a1(d, a1) || hash(d->algorithm, request, a2))
		return -EINVAL;
	return hash(d->algorithm, d->qop_auth ? with_qop : without, hex);
}
