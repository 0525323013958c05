// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From descriptions to media parameters and back.
 */
#include "speech.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

void speech_init(struct speech *speech, struct media *media, const struct config_line *config)
{
	*speech = (struct speech){
		.media = media,
		.local = {
			.ptime_ms = config->ptime_ms,
			.event_pt = config->event_pt ? (int)config->event_pt : -1,
			.flash = config->is_trunk || config->flash == CONFIG_FLASH_EVENT,
			.codec_count = config->codecs.count,
		},
	};
	memcpy(speech->local.codec, config->codecs.codec, sizeof(speech->local.codec));
}

static int to_address(const struct sockaddr_storage *from, struct sdp_address *address)
{
	char literal[INET6_ADDRSTRLEN];
	const void *binary;

	if (from->ss_family == AF_INET6)
		binary = &((const struct sockaddr_in6 *)from)->sin6_addr;
	else
		binary = &((const struct sockaddr_in *)from)->sin_addr;
	if (!inet_ntop(from->ss_family, binary, literal, sizeof(literal)))
		return -errno;
	return sdp_address_set(address, literal);
}

static int to_sockaddr(const struct sdp_address *from, uint16_t port,
		       struct sockaddr_storage *to)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	if (from->v6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		return inet_pton(AF_INET6, from->text, &in6->sin6_addr) == 1 ? 0 : -EINVAL;
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	return inet_pton(AF_INET, from->text, &in->sin_addr) == 1 ? 0 : -EINVAL;
}

static uint64_t random_id(void)
{
	uint64_t id = 0;

	while (getrandom(&id, sizeof(id), 0) < 0 && errno == EINTR)
		;
	return id >> 2;		/* some peers keep it in a signed word */
}

int speech_open(struct speech *speech, const struct sockaddr_storage *local,
		const struct media_events *events, void *user)
{
	int err = to_address(local, &speech->local.address);

	if (err)
		return err;
	speech_close(speech);
	err = media_open(speech->media, (const struct sockaddr *)local, events, user,
			 &speech->stream);
	if (err)
		return err;
	speech->local.port = media_port(speech->stream);
	speech->local.session_id = random_id();
	speech->local.version = 0;
	return 0;
}

void speech_close(struct speech *speech)
{
	if (speech->stream)
		media_close(speech->stream);
	speech->stream = NULL;
	speech->agreed = false;
}

/* ---------------------------------------------------------- descriptions --- */

typedef int agree_fn(struct sdp_session *session, const struct sdp *sdp,
		     const struct sdp_local *local);

static enum call_media take(struct speech *speech, const char *text, size_t len,
			    agree_fn *agree, struct sdp *sdp)
{
	struct sdp_session session;

	if (!text || !len)
		return CALL_MEDIA_NONE;
	if (sdp_parse(sdp, text, len) || agree(&session, sdp, &speech->local))
		return CALL_MEDIA_MISMATCH;
	speech->session = session;
	speech->agreed = true;
	return CALL_MEDIA_OK;
}

enum call_media speech_take_offer(struct speech *speech, const char *text, size_t len)
{
	struct sdp offer;
	enum call_media media = take(speech, text, len, sdp_choose, &offer);

	if (media == CALL_MEDIA_OK)
		speech->offer = offer;
	return media;
}

enum call_media speech_take_answer(struct speech *speech, const char *text, size_t len)
{
	struct sdp answer;

	return take(speech, text, len, sdp_accept, &answer);
}

int speech_write_offer(struct speech *speech, char *text, size_t size)
{
	speech->local.version++;
	return sdp_write_offer(text, size, &speech->local);
}

int speech_write_answer(struct speech *speech, char *text, size_t size)
{
	speech->local.version++;
	return sdp_write_answer(text, size, &speech->local, &speech->offer, &speech->session);
}

/* ----------------------------------------------------------------- sound --- */

static void set_rtcp(const struct sdp_session *session, struct sockaddr_storage *rtcp)
{
	const struct sdp_address *address = &session->remote_rtcp;
	uint16_t port = session->remote_rtcp_port;

	rtcp->ss_family = 0;
	if (!port)
		return;
	if (to_sockaddr(address->set ? address : &session->remote, port, rtcp))
		rtcp->ss_family = 0;
}

int speech_apply(struct speech *speech, int claim_fd)
{
	const struct sdp_session *session = &speech->session;
	struct media_params params = {
		.claim_fd = claim_fd,
		.codec = session->codec == SDP_PCMU ? MEDIA_PCMU : MEDIA_PCMA,
		.pt = sdp_codec_pt(session->codec),
		.event_pt_send = session->event_pt_send,
		.event_pt_receive = session->event_pt_receive,
		.ptime_ms = session->ptime_ms,
		.send = session->direction & SDP_SEND,
		.receive = session->direction & SDP_RECEIVE,
	};
	int err;

	if (!speech->stream || !speech->agreed)
		return -ENOTCONN;
	err = to_sockaddr(&session->remote, session->remote_port, &params.remote);
	if (err)
		return err;
	set_rtcp(session, &params.remote_rtcp);
	return media_update(speech->stream, &params);
}

int speech_local_toward(const struct sockaddr_storage *peer, struct sockaddr_storage *local)
{
	socklen_t size = peer->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
						     : sizeof(struct sockaddr_in);
	socklen_t len = sizeof(*local);
	int fd = socket(peer->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)peer, size) ||
	    getsockname(fd, (struct sockaddr *)local, &len))
		err = -errno;
	close(fd);
	return err;
}
