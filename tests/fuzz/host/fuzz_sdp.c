// SPDX-License-Identifier: GPL-2.0-or-later
/* A session description as offer and as answer, and what is answered to it. */
#include "input.h"
#include "sdp.h"

static const struct sdp_local local = {
	.address = { .set = true, .text = "192.0.2.1" },
	.port = 40000, .session_id = 1, .version = 1,
	.codec_count = 2, .codec = { SDP_PCMA, SDP_PCMU },
	.ptime_ms = 20, .event_pt = 101, .flash = true,
};

static void check_session(const struct sdp_session *session, const struct sdp *sdp)
{
	MUST(session->media < sdp->media_count);
	MUST(session->codec < SDP_CODEC_COUNT);
	MUST(session->remote_port);
	MUST(session->ptime_ms >= 10 && session->ptime_ms <= 60);
	MUST(memchr(session->remote.text, 0, sizeof(session->remote.text)));
}

/* What we answer must be a description, with as many streams as the offer. */
static void answer(const struct sdp *offer, const struct sdp_session *session)
{
	char text[SDP_WRITE_MAX];
	int len = sdp_write_answer(text, sizeof(text), &local, offer, session);
	struct sdp again;

	MUST(len > 0 && (size_t)len < sizeof(text));
	MUST(!sdp_parse(&again, text, (size_t)len));
	MUST(again.media_count == offer->media_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = copy_exact(data, size);
	struct sdp_session session;
	struct sdp sdp;

	if (!sdp_parse(&sdp, text, size)) {
		MUST(sdp.media_count <= SDP_MEDIA_MAX);
		if (!sdp_choose(&session, &sdp, &local)) {
			check_session(&session, &sdp);
			answer(&sdp, &session);
		}
		if (!sdp_accept(&session, &sdp, &local))
			check_session(&session, &sdp);
	}
	free(text);
	return 0;
}
