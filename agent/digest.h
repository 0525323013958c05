/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * digest: the arithmetic of HTTP Digest (RFC 2617, 7616, 8760). Pure.
 */
#ifndef POTS_AGENT_DIGEST_H
#define POTS_AGENT_DIGEST_H

#include <stdbool.h>

#define DIGEST_HEX_MAX 65	/* SHA-256 in hex and a NUL */

/* In the order of preference, the strongest last. */
enum digest_algorithm {
	DIGEST_UNKNOWN,
	DIGEST_MD5,
	DIGEST_MD5_SESS,
	DIGEST_SHA256,
	DIGEST_SHA256_SESS,
};

struct digest {
	enum digest_algorithm algorithm;
	const char *user, *realm, *password;
	const char *nonce;
	const char *cnonce;	/* needed with qop and for …-sess */
	unsigned int nc;
	bool qop_auth;		/* else the way of RFC 2069 */
	const char *method, *uri;
};

/* NULL stands for an absent parameter, which means MD5. */
enum digest_algorithm digest_algorithm_parse(const char *name);
const char *digest_algorithm_name(enum digest_algorithm algorithm);
/* The response value. 0 or -EINVAL. */
int digest_response(const struct digest *digest, char hex[DIGEST_HEX_MAX]);

#endif /* POTS_AGENT_DIGEST_H */
