/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cid_sender: the sound that the kernel's own files make of a struct pots_cid. */
#ifndef POTS_TESTS_CID_SENDER_H
#define POTS_TESTS_CID_SENDER_H

#include <stddef.h>
#include <stdint.h>

struct pots_cid;

/*
 * All of it, alert and silences included, what only the line's feed does left out.
 * Returns its samples; 0 = the kernel refuses it, or @size is too small.
 */
size_t cid_send(const struct pots_cid *cid, int16_t *samples, size_t size);

#endif /* POTS_TESTS_CID_SENDER_H */
