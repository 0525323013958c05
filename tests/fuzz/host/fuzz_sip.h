/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_sip: the wire of the SIP target. It keeps what we sent last, and writes
 * what a peer would say to that.
 */
#ifndef POTS_FUZZ_SIP_H
#define POTS_FUZZ_SIP_H

#include <stdbool.h>
#include <stddef.h>

#include "sip_text.h"

#define FUZZ_SERVER	"192.0.2.1"

extern bool fuzz_sip_unsent;	/* nothing can be sent */
extern bool fuzz_sip_private;	/* the call that begins must not tell its caller */

/* Of a new input. */
void fuzz_sip_begin(const void *input, size_t size);

/* A response to our last request; false when there was none. */
bool fuzz_sip_answer(struct sip_text *out, unsigned int status, const char *lines, size_t len);

/* A request in the dialog of what was last sent; its method is the first line. */
bool fuzz_sip_ask(struct sip_text *out, unsigned int cseq, const char *lines, size_t len);

#endif /* POTS_FUZZ_SIP_H */
