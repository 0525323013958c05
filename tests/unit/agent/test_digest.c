// SPDX-License-Identifier: GPL-2.0-or-later
/* Digest against the worked examples of RFC 2617, 7616 and 8760. */
#include <string.h>

#include "digest.h"
#include "kselftest_harness.h"

static const struct digest rfc2617 = {
	.algorithm = DIGEST_MD5, .user = "Mufasa", .realm = "testrealm@host.com",
	.password = "Circle Of Life", .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
	.cnonce = "0a4f113b", .nc = 1, .qop_auth = true, .method = "GET",
	.uri = "/dir/index.html",
};

static const struct digest rfc7616 = {
	.algorithm = DIGEST_SHA256, .user = "Mufasa", .realm = "http-auth@example.org",
	.password = "Circle of Life", .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
	.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", .nc = 1, .qop_auth = true,
	.method = "GET", .uri = "/dir/index.html",
};

TEST(rfc2617_section_3_5)
{
	char hex[DIGEST_HEX_MAX];

	ASSERT_EQ(0, digest_response(&rfc2617, hex));
	EXPECT_STREQ("6629fae49393a05397450978507c4ef1", hex);
}

TEST(rfc7616_section_3_9_1_sha256)
{
	char hex[DIGEST_HEX_MAX];

	ASSERT_EQ(0, digest_response(&rfc7616, hex));
	EXPECT_STREQ("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", hex);
}

TEST(rfc7616_section_3_9_1_md5)
{
	struct digest d = rfc7616;
	char hex[DIGEST_HEX_MAX];

	d.algorithm = DIGEST_MD5;
	ASSERT_EQ(0, digest_response(&d, hex));
	EXPECT_STREQ("8ca523f5e9506fed4657c9700eebdbec", hex);
}

/* RFC 2069's way: no qop, no cnonce in the sum (values by RFC 2617's formula). */
TEST(without_qop)
{
	struct digest d = rfc2617;
	char hex[DIGEST_HEX_MAX];

	d.qop_auth = false;
	ASSERT_EQ(0, digest_response(&d, hex));
	EXPECT_STREQ("670fd8c2df070c60b045671b8b24ff02", hex);
}

/* The session kinds hash the hex of H(user:realm:password), nonce and cnonce. */
TEST(session_kinds)
{
	struct digest d = rfc2617;
	char hex[DIGEST_HEX_MAX];

	d.algorithm = DIGEST_MD5_SESS;
	ASSERT_EQ(0, digest_response(&d, hex));
	EXPECT_STREQ("8e3825c57e897f5a0dec6c2d4e5059d0", hex);
	d.algorithm = DIGEST_SHA256_SESS;
	ASSERT_EQ(0, digest_response(&d, hex));
	EXPECT_STREQ("b8822e12417cb7750f4e2b8515f0dcf25b7dd26993e80bee1426201446a7f59b", hex);
}

TEST(names)
{
	EXPECT_EQ(DIGEST_MD5, digest_algorithm_parse(NULL));
	EXPECT_EQ(DIGEST_MD5, digest_algorithm_parse("md5"));
	EXPECT_EQ(DIGEST_MD5_SESS, digest_algorithm_parse("MD5-sess"));
	EXPECT_EQ(DIGEST_SHA256, digest_algorithm_parse("SHA-256"));
	EXPECT_EQ(DIGEST_SHA256_SESS, digest_algorithm_parse("SHA-256-sess"));
	EXPECT_EQ(DIGEST_UNKNOWN, digest_algorithm_parse("SHA-512-256"));
	EXPECT_EQ(DIGEST_UNKNOWN, digest_algorithm_parse(""));
}

TEST(nothing_without_an_algorithm)
{
	struct digest d = rfc2617;
	char hex[DIGEST_HEX_MAX];

	d.algorithm = DIGEST_UNKNOWN;
	EXPECT_NE(0, digest_response(&d, hex));
}

TEST_HARNESS_MAIN
