// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Offer and answer (RFC 3264), and writing descriptions.
 */
#include "sdp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* ------------------------------------------------------------- agreeing --- */

/* We send in frames of 10, 20 or 30 ms: the longest that the peer allows. */
static unsigned int choose_ptime(const struct sdp_media *media, const struct sdp_local *local)
{
	unsigned int wanted = media->ptime_ms ? media->ptime_ms : local->ptime_ms;

	if (media->maxptime_ms && wanted > media->maxptime_ms)
		wanted = media->maxptime_ms;
	if (wanted >= 30)
		return 30;
	return wanted >= 20 ? 20 : 10;
}

/* The first of @first that is in @second too. */
static bool common_codec(const enum sdp_codec *first, unsigned int first_count,
			 const enum sdp_codec *second, unsigned int second_count,
			 enum sdp_codec *codec)
{
	for (unsigned int i = 0; i < first_count; i++) {
		for (unsigned int k = 0; k < second_count; k++) {
			if (first[i] != second[k])
				continue;
			*codec = first[i];
			return true;
		}
	}
	return false;
}

static int agree(struct sdp_session *session, const struct sdp *sdp, unsigned int index,
		 const struct sdp_local *local)
{
	const struct sdp_media *media = &sdp->media[index];
	enum sdp_codec codec;

	if (!media->audio || media->address.v6 != local->address.v6)
		return -ENOTSUP;
	if (!common_codec(media->codec, media->codec_count, local->codec, local->codec_count,
			  &codec))
		return -ENOTSUP;

	*session = (struct sdp_session){
		.media = index,
		.remote = media->address,
		.remote_port = media->port,
		.remote_rtcp = media->rtcp_address,
		.remote_rtcp_port = media->rtcp_port,
		.codec = codec,
		.ptime_ms = choose_ptime(media, local),
		.event_pt_send = local->event_pt < 0 ? -1 : media->event_pt,
		.event_pt_receive = media->event_pt < 0 ? -1 : local->event_pt,
	};
	session->flash_send = local->flash && session->event_pt_send >= 0 &&
			      media->flash_pt == session->event_pt_send;
	/* What they send we receive, and the other way round. */
	if (media->direction & SDP_SEND)
		session->direction |= SDP_RECEIVE;
	if (media->direction & SDP_RECEIVE)
		session->direction |= SDP_SEND;
	return 0;
}

int sdp_choose(struct sdp_session *session, const struct sdp *offer,
	       const struct sdp_local *local)
{
	for (unsigned int i = 0; i < offer->media_count; i++) {
		if (agree(session, offer, i, local))
			continue;
		/* In an answer the offer's number stands for both ways. */
		session->event_pt_receive = session->event_pt_send;
		return 0;
	}
	return -ENOTSUP;
}

int sdp_accept(struct sdp_session *session, const struct sdp *answer,
	       const struct sdp_local *local)
{
	return answer->media_count ? agree(session, answer, 0, local) : -ENOTSUP;
}

/* -------------------------------------------------------------- writing --- */

struct writer {
	char *text;
	size_t size, len;
};

__attribute__((format(printf, 2, 3)))
static void put(struct writer *writer, const char *format, ...)
{
	va_list args;
	int n;

	if (writer->len >= writer->size)
		return;
	va_start(args, format);
	n = vsnprintf(writer->text + writer->len, writer->size - writer->len, format, args);
	va_end(args);
	writer->len += n < 0 ? writer->size : (size_t)n;
}

static int finish(const struct writer *writer)
{
	return writer->len < writer->size ? (int)writer->len : -ENOSPC;
}

static const char *family(const struct sdp_address *address)
{
	return address->v6 ? "IP6" : "IP4";
}

static void put_session(struct writer *writer, const struct sdp_local *local)
{
	const struct sdp_address *address = &local->address;

	put(writer, "v=0\r\no=- %" PRIu64 " %u IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n",
	    local->session_id, local->version, family(address), address->text,
	    family(address), address->text);
}

/* Flash is not offered for nothing: there are peers that end the call then. */
static void put_event(struct writer *writer, int event_pt, bool flash)
{
	if (event_pt >= 0)
		put(writer, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-%d\r\n",
		    event_pt, event_pt, flash ? 16 : 15);
}

static void put_codec(struct writer *writer, enum sdp_codec codec)
{
	put(writer, "a=rtpmap:%u %s/8000\r\n", sdp_codec_pt(codec), sdp_codec_name(codec));
}

int sdp_write_offer(char *text, size_t size, const struct sdp_local *local)
{
	struct writer writer = { text, size, 0 };

	put_session(&writer, local);
	put(&writer, "m=audio %u RTP/AVP", local->port);
	for (unsigned int i = 0; i < local->codec_count; i++)
		put(&writer, " %u", sdp_codec_pt(local->codec[i]));
	if (local->event_pt >= 0)
		put(&writer, " %d", local->event_pt);
	put(&writer, "\r\n");
	for (unsigned int i = 0; i < local->codec_count; i++)
		put_codec(&writer, local->codec[i]);
	put_event(&writer, local->event_pt, local->flash);
	put(&writer, "a=ptime:%u\r\na=sendrecv\r\n", local->ptime_ms);
	return finish(&writer);
}

static const char *const direction_names[] = {
	[0]		= "inactive",
	[SDP_SEND]	= "sendonly",
	[SDP_RECEIVE]	= "recvonly",
	[SDP_SENDRECV]	= "sendrecv",
};

static void put_answer(struct writer *writer, const struct sdp_local *local,
		       const struct sdp_session *session)
{
	put(writer, "m=audio %u RTP/AVP %u", local->port, sdp_codec_pt(session->codec));
	if (session->event_pt_receive >= 0)
		put(writer, " %d", session->event_pt_receive);
	put(writer, "\r\n");
	put_codec(writer, session->codec);
	put_event(writer, session->event_pt_receive, session->flash_send);
	put(writer, "a=ptime:%u\r\na=%s\r\n", local->ptime_ms,
	    direction_names[session->direction]);
}

int sdp_write_answer(char *text, size_t size, const struct sdp_local *local,
		     const struct sdp *offer, const struct sdp_session *session)
{
	struct writer writer = { text, size, 0 };

	put_session(&writer, local);
	for (unsigned int i = 0; i < offer->media_count; i++) {
		const struct sdp_media *media = &offer->media[i];

		if (i == session->media)
			put_answer(&writer, local, session);
		else
			put(&writer, "m=%s 0 %s %s\r\n", media->type, media->proto, media->format);
	}
	return finish(&writer);
}
