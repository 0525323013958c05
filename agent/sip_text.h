/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip_text: a message being written, in a buffer of fixed size, and the small
 * things of text that several sip_*.c need.
 */
#ifndef POTS_AGENT_SIP_TEXT_H
#define POTS_AGENT_SIP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define SIP_TEXT_MAX 8192

/* What no longer fits sets @full and leaves the text as it was. */
struct sip_text {
	size_t len;
	bool full;
	char p[SIP_TEXT_MAX];
};

/* Bytes of somebody else's buffer. */
struct sip_slice {
	const char *p;
	size_t len;
};

void sip_text_init(struct sip_text *text);
void sip_text_put(struct sip_text *text, const char *p, size_t len);
void sip_text_str(struct sip_text *text, const char *s);
void sip_text_slice(struct sip_text *text, struct sip_slice slice);
__attribute__((format(printf, 2, 3)))
void sip_text_add(struct sip_text *text, const char *format, ...);
/* @s between double quotes, its own quotes and backslashes escaped. */
void sip_text_quoted(struct sip_text *text, const char *s);
/* @s as the user part of a URI. */
void sip_text_user(struct sip_text *text, const char *s);

bool sip_slice_is(struct sip_slice slice, const char *s);
/* Compares without regard to case, as SIP does for all tokens. */
bool sip_slice_is_token(struct sip_slice slice, const char *s);
struct sip_slice sip_slice_trim(struct sip_slice slice);
/* 1*DIGIT up to @max, else -1. */
long sip_slice_number(struct sip_slice slice, long max);
/* Copies what fits, always ends in NUL. */
void sip_slice_copy(struct sip_slice slice, char *to, size_t size);

/* The value of parameter @name in "…;a=b;name=value", quotes respected. */
bool sip_param(struct sip_slice value, const char *name, struct sip_slice *found);
/* Turns %41 into A. Refuses %00 and leaves such text untouched. */
void sip_unescape(char *s);

/* @len random characters of [0-9a-z] and a NUL; getrandom(2) underneath. */
void sip_random_token(char *to, size_t len);
unsigned int sip_random_below(unsigned int limit);

#endif /* POTS_AGENT_SIP_TEXT_H */
