/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * speech: what joins a call's session descriptions to its RTP stream.
 */
#ifndef POTS_AGENT_SPEECH_H
#define POTS_AGENT_SPEECH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "call.h"
#include "config.h"
#include "media.h"
#include "sdp.h"

struct speech {
	struct media *media;
	struct media_stream *stream;	/* NULL = closed */
	struct sdp_local local;
	struct sdp offer;		/* the last one that we took */
	struct sdp_session session;
	bool agreed;			/* @session is valid */
};

void speech_init(struct speech *speech, struct media *media, const struct config_line *config);

/* A stream on our address @local, for a new session. */
int speech_open(struct speech *speech, const struct sockaddr_storage *local,
		const struct media_events *events, void *user);
void speech_close(struct speech *speech);

/* The far end's description. A mismatch leaves everything as it was. */
enum call_media speech_take_offer(struct speech *speech, const char *sdp, size_t len);
enum call_media speech_take_answer(struct speech *speech, const char *sdp, size_t len);

/* Ours: length, or a negative errno. Each one counts the session's version up. */
int speech_write_offer(struct speech *speech, char *text, size_t size);
int speech_write_answer(struct speech *speech, char *text, size_t size);

/* Sound, as agreed, between the stream and @claim_fd. */
int speech_apply(struct speech *speech, int claim_fd);

/* Our address on the way to @peer. */
int speech_local_toward(const struct sockaddr_storage *peer, struct sockaddr_storage *local);

#endif /* POTS_AGENT_SPEECH_H */
