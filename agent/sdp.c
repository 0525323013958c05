// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading descriptions. A text is a slice, and every reader takes from the
 * front of a slice and never looks behind its end. Lines and attributes that
 * nobody here knows are passed over.
 */
#include "sdp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

struct slice {
	const char *at;
	size_t len;
};

static const struct {
	uint8_t pt;
	const char *name;
} codecs[SDP_CODEC_COUNT] = {
	[SDP_PCMU] = { 0, "PCMU" },
	[SDP_PCMA] = { 8, "PCMA" },
};

uint8_t sdp_codec_pt(enum sdp_codec codec)
{
	return codecs[codec].pt;
}

const char *sdp_codec_name(enum sdp_codec codec)
{
	return codecs[codec].name;
}

/* --------------------------------------------------------------- slices --- */

/* The next line, without its end. A last line needs none. */
static bool next_line(struct slice *text, struct slice *line)
{
	const char *end;

	if (!text->len)
		return false;
	end = memchr(text->at, '\n', text->len);
	line->at = text->at;
	line->len = end ? (size_t)(end - text->at) : text->len;
	text->at += line->len + (end ? 1 : 0);
	text->len -= line->len + (end ? 1 : 0);
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* The next word; words are separated by one or more of @separator. */
static bool next_word(struct slice *line, char separator, struct slice *word)
{
	while (line->len && *line->at == separator) {
		line->at++;
		line->len--;
	}
	word->at = line->at;
	word->len = 0;
	while (line->len && *line->at != separator) {
		line->at++;
		line->len--;
		word->len++;
	}
	return word->len > 0;
}

static bool equals(struct slice word, const char *text)
{
	return word.len == strlen(text) && !memcmp(word.at, text, word.len);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equals_nocase(struct slice word, const char *text)
{
	if (word.len != strlen(text))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (lower(word.at[i]) != lower(text[i]))
			return false;
	}
	return true;
}

/* All of the word must be digits. -1 if it is not, or is above @max. */
static long number(struct slice word, long max)
{
	long value = 0;

	if (!word.len)
		return -1;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return -1;
		value = value * 10 + (word.at[i] - '0');
		if (value > max)
			return -1;
	}
	return value;
}

static bool copy(char *to, size_t size, struct slice word)
{
	if (word.len >= size)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] <= ' ' || word.at[i] >= 0x7f)
			return false;
		to[i] = word.at[i];
	}
	to[word.len] = 0;
	return true;
}

/* ---------------------------------------------------------------- lines --- */

int sdp_address_set(struct sdp_address *address, const char *literal)
{
	unsigned char binary[16];
	bool v6 = strchr(literal, ':');

	if (strlen(literal) >= sizeof(address->text) ||
	    inet_pton(v6 ? AF_INET6 : AF_INET, literal, binary) != 1)
		return -EINVAL;
	strcpy(address->text, literal);
	address->v6 = v6;
	address->set = true;
	return 0;
}

/* "IN IP4 192.0.2.1", perhaps with "/127" behind (multicast; ignored). */
static int parse_address(struct slice line, struct sdp_address *address)
{
	struct slice net, type, value;
	char literal[SDP_ADDRESS_MAX];

	if (!next_word(&line, ' ', &net) || !next_word(&line, ' ', &type) ||
	    !next_word(&line, ' ', &value) || !equals(net, "IN"))
		return -EINVAL;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '/')
			value.len = i;
	}
	if (!copy(literal, sizeof(literal), value) || sdp_address_set(address, literal))
		return -EINVAL;
	return equals(type, address->v6 ? "IP6" : "IP4") ? 0 : -EINVAL;
}

static void add_codec(struct sdp_media *media, enum sdp_codec codec)
{
	for (unsigned int i = 0; i < media->codec_count; i++) {
		if (media->codec[i] == codec)
			return;
	}
	media->codec[media->codec_count++] = codec;
}

static void parse_formats(struct slice line, struct sdp_media *media)
{
	struct slice word;

	while (next_word(&line, ' ', &word)) {
		long pt = number(word, 127);

		for (unsigned int codec = 0; codec < SDP_CODEC_COUNT; codec++) {
			if (pt == codecs[codec].pt)
				add_codec(media, codec);
		}
	}
}

/* "audio 49170 RTP/AVP 0 8 101" */
static int parse_media(struct slice line, struct sdp *sdp, const struct sdp_media *session)
{
	struct slice type, port, proto, formats, format;
	struct sdp_media *media;
	long value;

	if (sdp->media_count == SDP_MEDIA_MAX)
		return -E2BIG;
	if (!next_word(&line, ' ', &type) || !next_word(&line, ' ', &port) ||
	    !next_word(&line, ' ', &proto))
		return -EINVAL;
	for (size_t i = 0; i < port.len; i++) {
		if (port.at[i] == '/')
			port.len = i;	/* a number of ports: layered coding */
	}
	formats = line;
	value = number(port, 65535);
	if (value < 0 || !next_word(&line, ' ', &format))
		return -EINVAL;

	media = &sdp->media[sdp->media_count];
	*media = *session;
	if (!copy(media->type, sizeof(media->type), type) ||
	    !copy(media->proto, sizeof(media->proto), proto) ||
	    !copy(media->format, sizeof(media->format), format))
		return -EINVAL;
	media->port = (uint16_t)value;
	media->audio = value && equals(type, "audio") && equals(proto, "RTP/AVP");
	parse_formats(formats, media);
	sdp->media_count++;
	return 0;
}

/* ----------------------------------------------------------- attributes --- */

static const struct {
	const char *name;
	unsigned int direction;
} directions[] = {
	{ "inactive", 0 },
	{ "sendonly", SDP_SEND },
	{ "recvonly", SDP_RECEIVE },
	{ "sendrecv", SDP_SENDRECV },
};

static void skip_blanks(struct slice *text)
{
	while (text->len && *text->at == ' ') {
		text->at++;
		text->len--;
	}
}

/* "101 telephone-event/8000": of dynamic types only this one matters. */
static void parse_rtpmap(struct slice value, struct sdp_media *media)
{
	struct slice word, name, rate;
	long pt;

	if (!next_word(&value, ' ', &word) || !next_word(&value, '/', &name) ||
	    !next_word(&value, '/', &rate))
		return;
	skip_blanks(&name);
	pt = number(word, 127);
	if (pt >= 96 && equals_nocase(name, "telephone-event") && number(rate, 96000) == 8000)
		media->event_pt = (int)pt;
}

#define EVENT_FLASH 16

/* "101 0-15,16" */
static void parse_fmtp(struct slice value, struct sdp_media *media)
{
	struct slice word, range;
	long pt;

	if (!next_word(&value, ' ', &word))
		return;
	pt = number(word, 127);
	while (next_word(&value, ',', &range)) {
		long first, last;

		skip_blanks(&range);
		if (!next_word(&range, '-', &word))
			continue;
		first = number(word, 255);
		last = next_word(&range, '-', &word) ? number(word, 255) : first;
		if (first >= 0 && first <= EVENT_FLASH && last >= EVENT_FLASH)
			media->flash_pt = (int)pt;
	}
}

/* "49171" or "49171 IN IP4 192.0.2.1" */
static void parse_rtcp(struct slice value, struct sdp_media *media)
{
	struct sdp_address address = { 0 };
	struct slice word;
	long port;

	if (!next_word(&value, ' ', &word))
		return;
	port = number(word, 65535);
	if (port <= 0)
		return;
	media->rtcp_port = (uint16_t)port;
	if (!parse_address(value, &address))
		media->rtcp_address = address;
}

/* "20", of which some write "20.0" */
static void parse_time(struct slice value, unsigned int *time_ms)
{
	struct slice word;
	long ms;

	if (!next_word(&value, '.', &word))
		return;
	ms = number(word, 1000);
	if (ms > 0)
		*time_ms = (unsigned int)ms;
}

static void parse_attribute(struct slice line, struct sdp_media *media)
{
	struct slice name;

	if (!next_word(&line, ':', &name))
		return;
	if (line.len)
		line.at++, line.len--;	/* the colon */

	for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
		if (equals(name, directions[i].name))
			media->direction = directions[i].direction;
	}
	if (equals(name, "rtpmap"))
		parse_rtpmap(line, media);
	else if (equals(name, "fmtp"))
		parse_fmtp(line, media);
	else if (equals(name, "ptime"))
		parse_time(line, &media->ptime_ms);
	else if (equals(name, "maxptime"))
		parse_time(line, &media->maxptime_ms);
	else if (equals(name, "rtcp"))
		parse_rtcp(line, media);
}

/* ---------------------------------------------------------------- texts --- */

/* What is said before the first m= line holds for all of them. */
static int parse_line(struct slice line, struct sdp *sdp, struct sdp_media *session)
{
	struct sdp_media *media = sdp->media_count ? &sdp->media[sdp->media_count - 1] : session;
	char type;

	if (!line.len)
		return 0;
	if (line.len < 2 || line.at[1] != '=')
		return -EINVAL;
	type = line.at[0];
	line.at += 2;
	line.len -= 2;

	switch (type) {
	case 'c':
		return parse_address(line, &media->address);
	case 'm':
		return parse_media(line, sdp, session);
	case 'a':
		parse_attribute(line, media);
		return 0;
	default:
		return 0;
	}
}

/* 0.0.0.0 or :: is the hold of old: nothing must be sent there. */
static bool is_nowhere(const struct sdp_address *address)
{
	return !strcmp(address->text, "0.0.0.0") || !strcmp(address->text, "::");
}

static int check(struct sdp *sdp)
{
	for (unsigned int i = 0; i < sdp->media_count; i++) {
		struct sdp_media *media = &sdp->media[i];

		if (!media->audio)
			continue;
		if (!media->address.set)
			return -EINVAL;
		if (is_nowhere(&media->address))
			media->direction &= ~SDP_RECEIVE;
	}
	return sdp->media_count ? 0 : -EINVAL;
}

int sdp_parse(struct sdp *sdp, const char *text, size_t len)
{
	struct sdp_media session = {
		.direction = SDP_SENDRECV, .event_pt = -1, .flash_pt = -1,
	};
	struct slice rest = { text, len }, line;
	int err;

	memset(sdp, 0, sizeof(*sdp));
	if (len > SDP_TEXT_MAX)
		return -E2BIG;
	if (!text || memchr(text, 0, len))
		return -EINVAL;
	if (!next_line(&rest, &line) || !equals(line, "v=0"))
		return -EINVAL;
	while (next_line(&rest, &line)) {
		err = parse_line(line, sdp, &session);
		if (err)
			return err;
	}
	return check(sdp);
}
