// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guard in front of libosip2: raw bytes and what they get. -1 = silence.
 */
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "sip_guard.h"

#define HEAD(method) \
	"Via: SIP/2.0/UDP h.example;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n" \
	"To: <sip:c@d>\r\nCall-ID: 1@h\r\nCSeq: 1 " method "\r\n"
#define REQUEST(line, rest) line "\r\n" HEAD("OPTIONS") rest "\r\n"
#define OPTIONS(rest) REQUEST("OPTIONS sip:u@h SIP/2.0", rest)

struct guard_case {
	const char *what, *text;
	int status;
};

static const struct guard_case requests[] = {
	{ "plain", OPTIONS(""), 0 },
	{ "folded header", OPTIONS("Subject: a\r\n b\r\n\tc\r\n"), 0 },
	{ "compact forms", "OPTIONS sip:u@h SIP/2.0\r\nv: SIP/2.0/UDP x\r\nf: <sip:a@b>\r\n"
	  "t: <sip:c@d>\r\ni: 1\r\nCSeq: 0009 OPTIONS\r\nl: 0\r\n\r\n", 0 },
	{ "space before the colon", OPTIONS("Subject  : x\r\n"), 0 },
	{ "Max-Forwards with zeros", OPTIONS("Max-Forwards: 0068\r\n"), 0 },
	{ "octets behind the body", OPTIONS("Content-Length: 0\r\n") "INVITE trailing", 0 },
	{ "escaped URI", REQUEST("OPTIONS sip:sips%3Auser%40example.com@h SIP/2.0", ""), 0 },
	{ "semicolons in the user", REQUEST("OPTIONS sip:user;par=u%40x@h SIP/2.0", ""), 0 },
	{ "tel", REQUEST("OPTIONS tel:+123 SIP/2.0", ""), 0 },
	{ "lower case version", REQUEST("OPTIONS sip:u@h sip/2.0", ""), 0 },

	{ "other version", REQUEST("OPTIONS sip:u@h SIP/7.0", ""), 505 },
	{ "no version", REQUEST("OPTIONS sip:u@h", ""), 400 },
	{ "URI in brackets", REQUEST("OPTIONS <sip:u@h> SIP/2.0", ""), 400 },
	{ "space in the URI", REQUEST("OPTIONS sip:u@h; lr SIP/2.0", ""), 400 },
	{ "two spaces", REQUEST("OPTIONS  sip:u@h SIP/2.0", ""), 400 },
	{ "trailing space", REQUEST("OPTIONS sip:u@h SIP/2.0 ", ""), 400 },
	{ "no scheme", REQUEST("OPTIONS u@h SIP/2.0", ""), 400 },
	{ "unknown scheme", REQUEST("OPTIONS nobodyKnowsThisScheme:x SIP/2.0", ""), 416 },
	{ "dotted scheme", REQUEST("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", ""), 416 },
	{ "method no token", REQUEST("OPT@ONS sip:u@h SIP/2.0", ""), 400 },

	{ "CSeq of another method", "OPTIONS sip:u@h SIP/2.0\r\n" HEAD("INVITE") "\r\n", 400 },
	{ "CSeq too large", "OPTIONS sip:u@h SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nFrom: <sip:a@b>\r\n"
	  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 36893488147419103232 OPTIONS\r\n\r\n", 400 },
	{ "CSeq without a method", "OPTIONS sip:u@h SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n"
	  "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1\r\n\r\n", 400 },
	{ "two From", OPTIONS("From: <sip:e@f>\r\n"), 400 },
	{ "two Call-ID", OPTIONS("i: 2\r\n"), 400 },
	{ "two CSeq", OPTIONS("CSeq: 2 OPTIONS\r\n"), 400 },
	{ "two Max-Forwards", OPTIONS("Max-Forwards: 1\r\nMax-Forwards: 2\r\n"), 400 },
	{ "two Content-Length", OPTIONS("Content-Length: 0\r\nl: 0\r\n"), 400 },
	{ "Max-Forwards too large", OPTIONS("Max-Forwards: 300\r\n"), 400 },
	{ "Content-Length negative", OPTIONS("Content-Length: -999\r\n"), 400 },
	{ "Content-Length too large", OPTIONS("Content-Length: 9999\r\n"), 400 },
	{ "Content-Length no number", OPTIONS("Content-Length: 1 2\r\n"), 400 },
	{ "no colon", OPTIONS("Subject\r\n"), 400 },
	{ "bare LF", OPTIONS("Subject: a\nb\r\n"), 400 },
	{ "bare CR", OPTIONS("Subject: a\rb\r\n"), 400 },
	{ "no empty line", "OPTIONS sip:u@h SIP/2.0\r\n" HEAD("OPTIONS"), 400 },
	{ "no To", "OPTIONS sip:u@h SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nFrom: <sip:a@b>\r\n"
	  "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n", 400 },
	{ "ACK is never answered", "ACK sip:u@h SIP/9.9\r\n" HEAD("ACK") "\r\n", -1 },
	{ "no line end at all", "OPTIONS sip:u@h SIP/2.0 and so on and on", -1 },
	{ "too short", "OPTIONS\r\n\r\n", -1 },
};

TEST(each_request)
{
	for (unsigned int i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct sip_scan scan;

		EXPECT_EQ(requests[i].status, sip_guard(requests[i].text,
			  strlen(requests[i].text), false, &scan)) {
			TH_LOG("%s", requests[i].what);
		}
	}
}

/* Whatever is wrong with a response, nobody is told. */
static const struct guard_case responses[] = {
	{ "plain", "SIP/2.0 404 Not Found\r\n" HEAD("INVITE") "\r\n", 0 },
	{ "no reason", "SIP/2.0 100 \r\n" HEAD("INVITE") "\r\n", 0 },
	{ "no reason, no space", "SIP/2.0 100\r\n" HEAD("INVITE") "\r\n", 0 },
	{ "UTF-8 reason", "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe\r\n" HEAD("INVITE") "\r\n", 0 },
	{ "big code", "SIP/2.0 4294967301 better\r\n" HEAD("INVITE") "\r\n", -1 },
	{ "code 700", "SIP/2.0 700 x\r\n" HEAD("INVITE") "\r\n", -1 },
	{ "code 99", "SIP/2.0 099 x\r\n" HEAD("INVITE") "\r\n", -1 },
	{ "CSeq too large", "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x\r\nFrom: <sip:a@b>\r\n"
	  "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 9292394834772304023312 OPTIONS\r\n\r\n", -1 },
	{ "Content-Length too large", "SIP/2.0 200 OK\r\n" HEAD("INVITE")
	  "Content-Length: 3\r\n\r\nab", -1 },
};

TEST(each_response)
{
	for (unsigned int i = 0; i < sizeof(responses) / sizeof(responses[0]); i++) {
		struct sip_scan scan;

		EXPECT_EQ(responses[i].status, sip_guard(responses[i].text,
			  strlen(responses[i].text), false, &scan)) {
			TH_LOG("%s", responses[i].what);
		}
	}
}

/* A message grown by @count times @piece in its Subject. */
static int grown(const char *piece, unsigned int count)
{
	static char text[70000];
	struct sip_scan scan;
	size_t n = (size_t)snprintf(text, sizeof(text), "OPTIONS sip:u@h SIP/2.0\r\n"
				    HEAD("OPTIONS") "Subject: ");

	while (count-- && n + strlen(piece) + 5 < sizeof(text))
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", piece);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "\r\n\r\n");
	return sip_guard(text, n, false, &scan);
}

TEST(bounds)
{
	EXPECT_EQ(0, grown(";a=b", SIP_PARAMS_MAX));
	EXPECT_EQ(400, grown(";a=b", SIP_PARAMS_MAX + 1));
	EXPECT_EQ(400, grown(";a=b", 15000));
	EXPECT_EQ(0, grown("x", SIP_VALUE_MAX));
	EXPECT_EQ(400, grown("x", SIP_VALUE_MAX + 1));
	EXPECT_EQ(0, grown("\r\nX: y", 80));
	EXPECT_EQ(400, grown("\r\nX: y", 100));
}

TEST(too_large)
{
	static char text[SIP_MESSAGE_MAX + 100];
	struct sip_scan scan;
	int n = snprintf(text, sizeof(text), "OPTIONS sip:u@h SIP/2.0\r\n" HEAD("OPTIONS") "\r\n");

	memset(text + n, 'x', sizeof(text) - (size_t)n);
	EXPECT_EQ(0, sip_guard(text, SIP_MESSAGE_MAX, false, &scan));
	EXPECT_EQ(513, sip_guard(text, SIP_MESSAGE_MAX + 1, false, &scan));
	EXPECT_TRUE(sip_guard_answerable(&scan));
}

TEST(a_nul_is_malformed_wherever_it_is_in_the_head)
{
	static const char text[] = OPTIONS("Content-Length: 5\r\n") "body!";
	char copy[sizeof(text)];
	struct sip_scan scan;
	size_t i, len = sizeof(text) - 1, head;

	ASSERT_EQ(0, sip_guard(text, len, false, &scan));
	head = scan.head_len;
	for (i = 0; i < len; i++) {
		memcpy(copy, text, sizeof(text));
		copy[i] = '\0';
		EXPECT_EQ(i < head, sip_guard(copy, len, false, &scan) != 0)
			TH_LOG("at %zu", i);
	}
}

/* Every beginning of a message, and every byte replaced: no crash, no leak. */
TEST(any_prefix_and_any_byte)
{
	static const char text[] = OPTIONS("Contact: \"a\\\"b\" <sip:x@y>;q=1\r\n"
					   "Content-Length: 5\r\n") "body!";
	static const char bytes[] = "\r\n\t :;,<>\"\\%@\x01\x7f\xff" "0Az";
	struct sip_scan scan;
	size_t i, j, len = sizeof(text) - 1;

	for (i = 0; i < len; i++) {
		char *copy = malloc(len), *cut = malloc(i + 1);

		memcpy(cut, text, i);
		sip_guard(cut, i, false, &scan);
		sip_guard_frame(cut, i);
		for (j = 0; j < sizeof(bytes) - 1; j++) {
			memcpy(copy, text, len);
			copy[i] = bytes[j];
			sip_guard(copy, len, true, &scan);
			sip_guard_frame(copy, len);
		}
		free(cut);
		free(copy);
	}
}

TEST(what_the_scan_tells)
{
	static const char text[] = OPTIONS("Contact: <sip:x>\r\nContent-Length: 4\r\n") "bodyrest";
	struct sip_scan scan;

	ASSERT_EQ(0, sip_guard(text, sizeof(text) - 1, false, &scan));
	EXPECT_TRUE(sip_slice_is(scan.method, "OPTIONS"));
	EXPECT_TRUE(sip_slice_is(scan.uri, "sip:u@h"));
	EXPECT_TRUE(sip_slice_is(scan.body, "body"));
	EXPECT_TRUE(sip_slice_is(sip_scan_header(&scan, "contact"), "<sip:x>"));
	EXPECT_EQ(1, scan.cseq);
}

#define FRAME(text) sip_guard_frame(text, sizeof(text) - 1)

TEST(frames_of_a_stream)
{
	static const char one[] = "X y z\r\nContent-Length: 3\r\n\r\nabc";

	EXPECT_EQ(sizeof(one) - 1, sip_guard_frame(one, sizeof(one) - 1));
	EXPECT_EQ(0, sip_guard_frame(one, sizeof(one) - 2));
	EXPECT_EQ(0, sip_guard_frame(one, 10));
	EXPECT_EQ(-1, FRAME("X\r\n\r\n"));	/* no length: never again in step */
	EXPECT_EQ(-1, FRAME("X\r\nl: 99999\r\n\r\n"));
	EXPECT_EQ(-1, FRAME("X\r\nl: -1\r\n\r\n"));
}

TEST(parameters)
{
	struct sip_slice v = { "\"a;tag=no\" <sip:x;tag=no>;x;TAG = yes ;y=\"q;z=1\"", 0 }, found;

	v.len = strlen(v.p);
	ASSERT_TRUE(sip_param(v, "tag", &found));
	EXPECT_TRUE(sip_slice_is(found, "yes"));
	ASSERT_TRUE(sip_param(v, "x", &found));
	EXPECT_EQ(0, found.len);
	EXPECT_FALSE(sip_param(v, "z", &found));
}

TEST(escapes)
{
	char text[32] = "a%41%7eb%zz%4", nul[32] = "null-%00-null";

	sip_unescape(text);
	EXPECT_STREQ("aA~b%zz%4", text);
	sip_unescape(nul);
	EXPECT_STREQ("null-%00-null", nul);
}

TEST_HARNESS_MAIN
