// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys of the config file: one row each.
 */
#include "config_keys.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "callerid.h"
#include "config.h"
#include "control.h"
#include "country.h"
#include "ring.h"
#include "sip_addr.h"

const char *const config_section_names[CONFIG_SECTION_COUNT] = {
	[CONFIG_AGENT]		= "agent",
	[CONFIG_SIP]		= "sip",
	[CONFIG_MEDIA]		= "media",
	[CONFIG_TIMES]		= "times",
	[CONFIG_RESPONSES]	= "responses",
	[CONFIG_ACCOUNT]	= "account",
	[CONFIG_LINE]		= "line",
	[CONFIG_TREATMENT]	= "treatment",
};

#define FAIL(...) (snprintf(error, CONFIG_ERROR_MAX, __VA_ARGS__), -EINVAL)

/* ----------------------------------------------------------------- text --- */

static int parse_text(const struct config_key *key, void *field, const char *value, char *error)
{
	char **text = field;
	size_t len = strlen(value);
	char *copy;

	if (len < key->min || len > key->max)
		return FAIL("%s: %u to %u characters", key->name, key->min, key->max);
	copy = strdup(value);
	if (!copy)
		return FAIL("out of memory");
	free(*text);
	*text = copy;
	return 0;
}

static void print_text(const struct config_key *key, const void *field, FILE *out)
{
	const char *text = *(char *const *)field;

	(void)key;
	fputs(text ? text : "", out);
}

static void release_text(void *field)
{
	char **text = field;

	free(*text);
	*text = NULL;
}

/* Where "" and absent are the same to the reader of the field. */
static int parse_optional(const struct config_key *key, void *field, const char *value,
			  char *error)
{
	return *value ? parse_text(key, field, value, error) : 0;
}

static void print_secret(const struct config_key *key, const void *field, FILE *out)
{
	(void)key;
	if (*(char *const *)field)
		fputs("(set)", out);
}

/* ------------------------------------------------------------ addresses --- */

/* An address that we listen at. */
static int parse_address(const struct config_key *key, void *field, const char *value,
			 char *error)
{
	struct sockaddr_storage address;

	if (*value && sip_addr_parse(value, 1, &address))
		return FAIL("%s: not an address: %s", key->name, value);
	return parse_optional(key, field, value, error);
}

static int parse_host(const struct config_key *key, void *field, const char *value, char *error)
{
	char host[256];
	uint16_t port;

	if (*value && (strpbrk(value, " \t<>\"@;,/") ||
		       sip_host_split(value, host, sizeof(host), &port)))
		return FAIL("%s: not a host, or host:port: %s", key->name, value);
	return parse_optional(key, field, value, error);
}

/* Addresses, each perhaps with a port, and commas between. */
static int parse_servers(const struct config_key *key, void *field, const char *value,
			 char *error)
{
	const char *at = value;

	while (*at) {
		struct sockaddr_storage address;
		size_t len = strcspn(at, ",");
		char one[64], host[64];
		uint16_t port;

		snprintf(one, sizeof(one), "%.*s", (int)len, at);
		if (len >= sizeof(one) || sip_host_split(one, host, sizeof(host), &port) ||
		    sip_addr_parse(host, 1, &address) || (at[len] && !at[len + 1]))
			return FAIL("%s: addresses with commas between, not: %s", key->name,
				    value);
		at += len + (at[len] == ',');
	}
	return parse_optional(key, field, value, error);
}

/* -------------------------------------------------------------- numbers --- */

static int parse_number(const struct config_key *key, void *field, const char *value, char *error)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno)
		return FAIL("%s: not a number: %s", key->name, value);
	if (number < key->min || number > key->max)
		return FAIL("%s: %lu is not within %u to %u", key->name, number, key->min,
			    key->max);
	*(unsigned int *)field = (unsigned int)number;
	return 0;
}

static void print_number(const struct config_key *key, const void *field, FILE *out)
{
	(void)key;
	fprintf(out, "%u", *(const unsigned int *)field);
}

static int parse_number16(const struct config_key *key, void *field, const char *value,
			  char *error)
{
	unsigned int number;
	int err = parse_number(key, &number, value, error);

	if (!err)
		*(uint16_t *)field = (uint16_t)number;
	return err;
}

static void print_number16(const struct config_key *key, const void *field, FILE *out)
{
	(void)key;
	fprintf(out, "%u", *(const uint16_t *)field);
}

/* "5 s", "500 ms" or plain seconds, kept in ms; min and max are in ms. */
static int parse_time(const struct config_key *key, void *field, const char *value, char *error)
{
	unsigned long number, unit_ms = 1000;
	char *end;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || errno || number > 86400000)
		return FAIL("%s: not a time: %s", key->name, value);
	end += strspn(end, " \t");
	if (!strcmp(end, "ms"))
		unit_ms = 1;
	else if (*end && strcmp(end, "s"))
		return FAIL("%s: a time is a number of s or ms: %s", key->name, value);
	if (number * unit_ms < key->min || number * unit_ms > key->max)
		return FAIL("%s: %s is not within %u to %u ms", key->name, value, key->min,
			    key->max);
	*(unsigned int *)field = (unsigned int)(number * unit_ms);
	return 0;
}

static void print_time(const struct config_key *key, const void *field, FILE *out)
{
	unsigned int ms = *(const unsigned int *)field;

	(void)key;
	if (ms % 1000)
		fprintf(out, "%u ms", ms);
	else
		fprintf(out, "%u s", ms / 1000);
}

/* Seconds, for those who count in seconds. */
static int parse_seconds(const struct config_key *key, void *field, const char *value,
			 char *error)
{
	unsigned int ms;
	int err = parse_time(key, &ms, value, error);

	if (!err)
		*(unsigned int *)field = ms / 1000;
	return err;
}

static void print_seconds(const struct config_key *key, const void *field, FILE *out)
{
	(void)key;
	fprintf(out, "%u s", *(const unsigned int *)field);
}

/* -------------------------------------------------------------- choices --- */

/* The place of @value in the words of @choices, or -1. */
static int find_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (int place = 0; *choices; place++) {
		size_t word = strcspn(choices, " ");

		if (word == len && !memcmp(choices, value, len))
			return place;
		choices += word;
		choices += strspn(choices, " ");
	}
	return -1;
}

static int parse_choice(const struct config_key *key, void *field, const char *value, char *error)
{
	int place = find_choice(key->choices, value);

	if (place < 0)
		return FAIL("%s: one of: %s", key->name, key->choices);
	*(unsigned int *)field = (unsigned int)place;
	return 0;
}

static void print_choice(const struct config_key *key, const void *field, FILE *out)
{
	const char *choices = key->choices;

	for (unsigned int i = *(const unsigned int *)field; i; i--) {
		choices += strcspn(choices, " ");
		choices += strspn(choices, " ");
	}
	fprintf(out, "%.*s", (int)strcspn(choices, " "), choices);
}

static int parse_bool(const struct config_key *key, void *field, const char *value, char *error)
{
	int place = find_choice("no yes", value);

	if (place < 0)
		return FAIL("%s: yes or no", key->name);
	*(bool *)field = place;
	return 0;
}

static void print_bool(const struct config_key *key, const void *field, FILE *out)
{
	(void)key;
	fputs(*(const bool *)field ? "yes" : "no", out);
}

/* A status that must be one of the choices. */
static int parse_status(const struct config_key *key, void *field, const char *value, char *error)
{
	if (find_choice(key->choices, value) < 0)
		return FAIL("%s: one of: %s", key->name, key->choices);
	*(unsigned int *)field = (unsigned int)strtoul(value, NULL, 10);
	return 0;
}

/* ------------------------------------------------------- settings of ports --- */

/* Unset is the kernel's affair: nothing stands there, in the file and in print. */
static int parse_port_ms(const struct config_key *key, void *field, const char *value, char *error)
{
	*(unsigned int *)field = PORT_UNSET;
	return *value ? parse_time(key, field, value, error) : 0;
}

static void print_port_ms(const struct config_key *key, const void *field, FILE *out)
{
	if (*(const unsigned int *)field != PORT_UNSET)
		print_time(key, field, out);
}

static int parse_port_choice(const struct config_key *key, void *field, const char *value,
			     char *error)
{
	*(unsigned int *)field = PORT_UNSET;
	return *value ? parse_choice(key, field, value, error) : 0;
}

static void print_port_choice(const struct config_key *key, const void *field, FILE *out)
{
	if (*(const unsigned int *)field != PORT_UNSET)
		print_choice(key, field, out);
}

/* A decimal number, times @scale, rounded. False: it is none. */
static bool parse_decimal(const char *value, double scale, long *scaled)
{
	char *end;
	double number;

	if (!*value || value[strspn(value, "-.0123456789")])
		return false;
	number = strtod(value, &end) * scale;
	if (*end || number > 1e9 || number < -1e9)
		return false;
	*scaled = (long)(number < 0 ? number - 0.5 : number + 0.5);
	return true;
}

#define GAIN_MIN_CDB	(-4000)
#define GAIN_MAX_CDB	1000

static int parse_gain(const struct config_key *key, void *field, const char *value, char *error)
{
	long cdb = PORT_GAIN_UNSET;

	if (*value && !parse_decimal(value, 100, &cdb))
		return FAIL("%s: not a number of dB: %s", key->name, value);
	if (*value && (cdb < GAIN_MIN_CDB || cdb > GAIN_MAX_CDB))
		return FAIL("%s: %s is not within %d to %d dB", key->name, value,
			    GAIN_MIN_CDB / 100, GAIN_MAX_CDB / 100);
	*(int *)field = (int)cdb;
	return 0;
}

static void print_gain(const struct config_key *key, const void *field, FILE *out)
{
	int cdb = *(const int *)field;

	(void)key;
	if (cdb != PORT_GAIN_UNSET)
		fprintf(out, "%s%d.%02d", cdb < 0 ? "-" : "", abs(cdb) / 100, abs(cdb) % 100);
}

/* Hz in the file, min and max in millihertz. */
static int parse_hertz(const struct config_key *key, void *field, const char *value, char *error)
{
	long mhz;

	*(unsigned int *)field = PORT_UNSET;
	if (!*value)
		return 0;
	if (!parse_decimal(value, 1000, &mhz))
		return FAIL("%s: not a number of Hz: %s", key->name, value);
	if (mhz < (long)key->min || mhz > (long)key->max)
		return FAIL("%s: %s is not within %u to %u Hz", key->name, value,
			    key->min / 1000, key->max / 1000);
	*(unsigned int *)field = (unsigned int)mhz;
	return 0;
}

static void print_hertz(const struct config_key *key, const void *field, FILE *out)
{
	unsigned int mhz = *(const unsigned int *)field;

	(void)key;
	if (mhz != PORT_UNSET)
		fprintf(out, "%u.%03u", mhz / 1000, mhz % 1000);
}

/* A pair that begins with a "!" comes once, before those that are repeated. */
static bool take_once(struct port_cadence *cadence, unsigned int count, const char **at)
{
	if (**at != '!')
		return true;
	if (count != 2 * cadence->loop_start)
		return false;
	cadence->loop_start++;
	++*at;
	return true;
}

/* "2000,4000": ms of burst and pause by turns. */
static int parse_cadence(const struct config_key *key, void *field, const char *value, char *error)
{
	struct port_cadence cadence = { 0 };
	const char *at = value;
	unsigned int count = 0;

	while (*at) {
		bool good = take_once(&cadence, count, &at);
		char *end;
		unsigned long ms = strtoul(at, &end, 10);

		if (!good || !isdigit((unsigned char)*at) || count == 2 * PORT_CADENCE_MAX ||
		    ms < key->min || ms > key->max || (*end && (*end != ',' || !end[1])))
			return FAIL("%s: up to %d pairs of %u to %u ms, as in 2000,4000: %s",
				    key->name, PORT_CADENCE_MAX, key->min, key->max, value);
		(count % 2 ? cadence.off_ms : cadence.on_ms)[count / 2] = (uint16_t)ms;
		count++;
		at = *end ? end + 1 : end;
		at += strspn(at, " \t");
	}
	if (count % 2)
		return FAIL("%s: the last burst has no pause: %s", key->name, value);
	if (count && cadence.loop_start == count / 2)
		return FAIL("%s: nothing is repeated: %s", key->name, value);
	cadence.pairs = count / 2;
	*(struct port_cadence *)field = cadence;
	return 0;
}

static void print_cadence(const struct config_key *key, const void *field, FILE *out)
{
	const struct port_cadence *cadence = field;

	(void)key;
	for (unsigned int i = 0; i < cadence->pairs; i++)
		fprintf(out, "%s%s%u,%u", i ? "," : "", i < cadence->loop_start ? "!" : "",
			cadence->on_ms[i], cadence->off_ms[i]);
}

static int parse_ring_names(const struct config_key *key, void *field, const char *value,
			    char *error)
{
	const char *wrong = ring_names_check(value);

	if (wrong)
		return FAIL("%s: NAME=N, with N from 1 to %d, not: %s", key->name, RING_PATTERNS,
			    wrong);
	return parse_text(key, field, value, error);
}

/* ------------------------------------------------------------- the rest --- */

static int parse_plan(const struct config_key *key, void *field, const char *value, char *error)
{
	const char *why;
	size_t at;

	if (!dialplan_parse(field, value, &why, &at))
		return 0;
	return FAIL("%s: %s at \"%.20s\"", key->name, why, value + at);
}

static void print_plan(const struct config_key *key, const void *field, FILE *out)
{
	const struct dialplan *plan = field;

	(void)key;
	for (unsigned int i = 0; i < plan->alternatives; i++) {
		const struct dialplan_alternative *alt = &plan->alternative[i];

		if (i)
			fputc('|', out);
		for (unsigned int k = 0; k < alt->count; k++) {
			const struct dialplan_element *element = &plan->element[alt->first + k];

			fputc('[', out);
			for (unsigned int digit = 0; digit < 16; digit++) {
				if (element->digits & (1u << digit))
					fputc(dialplan_char(digit), out);
			}
			fputs(element->repeat ? "]." : "]", out);
		}
		if (alt->timed)
			fputc('T', out);
	}
}

static int parse_codecs(const struct config_key *key, void *field, const char *value, char *error)
{
	struct config_codecs *codecs = field;
	static const char separators[] = ", \t";

	codecs->count = 0;
	for (value += strspn(value, separators); *value; value += strspn(value, separators)) {
		size_t len = strcspn(value, separators);
		unsigned int codec = 0;

		while (codec < SDP_CODEC_COUNT &&
		       (strlen(sdp_codec_name(codec)) != len ||
			strncasecmp(sdp_codec_name(codec), value, len)))
			codec++;
		if (codec == SDP_CODEC_COUNT || codecs->count == SDP_CODEC_COUNT)
			return FAIL("%s: pcma and pcmu, each once: %s", key->name, value);
		codecs->codec[codecs->count++] = codec;
		value += len;
	}
	return codecs->count ? 0 : FAIL("%s: none given", key->name);
}

static void print_codecs(const struct config_key *key, const void *field, FILE *out)
{
	const struct config_codecs *codecs = field;

	(void)key;
	for (unsigned int i = 0; i < codecs->count; i++)
		fprintf(out, "%s%s", i ? " " : "", sdp_codec_name(codecs->codec[i]));
}

static const struct config_parser
	text		= { parse_text, print_text, release_text },
	optional	= { parse_optional, print_text, release_text },
	secret		= { parse_optional, print_secret, release_text },
	address		= { parse_address, print_text, release_text },
	host		= { parse_host, print_text, release_text },
	servers		= { parse_servers, print_text, release_text },
	number		= { parse_number, print_number, NULL },
	number16	= { parse_number16, print_number16, NULL },
	seconds		= { parse_seconds, print_seconds, NULL },
	msecs		= { parse_time, print_time, NULL },
	choice		= { parse_choice, print_choice, NULL },
	boolean		= { parse_bool, print_bool, NULL },
	status		= { parse_status, print_number, NULL },
	plan		= { parse_plan, print_plan, NULL },
	codecs		= { parse_codecs, print_codecs, NULL },
	port_ms		= { parse_port_ms, print_port_ms, NULL },
	port_choice	= { parse_port_choice, print_port_choice, NULL },
	gain		= { parse_gain, print_gain, NULL },
	hertz		= { parse_hertz, print_hertz, NULL },
	cadence		= { parse_cadence, print_cadence, NULL },
	ring_names	= { parse_ring_names, print_text, release_text };

#define AT(type, member) offsetof(struct type, member)

#define PATTERN_KEY(number, digit, help) \
	{ CONFIG_LINE, "ring-pattern-" digit, &cadence, \
	  AT(config_line, settings.pattern[(number) - 1]), 1, 60000, "", NULL, help }

const struct config_key config_keys[] = {
	{ CONFIG_AGENT, "user", &text, AT(config_agent, user), 0, 32, "", NULL,
	  "started by root, run as this user; empty: stay root" },
	{ CONFIG_AGENT, "control", &text, AT(config_agent, control), 0, 100,
	  CONTROL_SOCKET, NULL, "socket for potsctl; empty: none" },
	{ CONFIG_AGENT, "country", &text, AT(config_agent, country), 0, 200, "", NULL,
	  "tones and line settings of all lines: de, us, or a file's path; empty: the kernel's" },
	{ CONFIG_AGENT, "countries", &text, AT(config_agent, countries), 1, 200,
	  COUNTRY_DIRECTORY, NULL, "where the files of countries are" },
	{ CONFIG_AGENT, "log-level", &choice, AT(config_agent, log_level), 0, 0, "info",
	  "error warning info debug", "what is logged; debug shows dialled digits" },
	{ CONFIG_AGENT, "log", &choice, AT(config_agent, log_syslog), 0, 0, "stderr",
	  "stderr syslog", "where log lines go" },
	{ CONFIG_AGENT, "watchdog", &msecs, AT(config_agent, watchdog_ms), 1000, 60000, "5 s",
	  NULL, "the kernel puts a line to rest when potsd hangs for so long" },
	{ CONFIG_AGENT, "sandbox", &boolean, AT(config_agent, sandbox), 0, 0, "yes", NULL,
	  "once it runs, no system calls but those that it needs" },

	{ CONFIG_SIP, "listen", &address, AT(sip_config, listen), 0, 64, "", NULL,
	  "local address; empty: all of IPv4 and IPv6" },
	{ CONFIG_SIP, "port", &number16, AT(sip_config, port), 1, 65535, "5060", NULL,
	  "local port, UDP and TCP" },
	{ CONFIG_SIP, "user-agent", &text, AT(sip_config, user_agent), 1, 64, "pots", NULL,
	  "what we call ourselves" },
	{ CONFIG_SIP, "dscp", &number, AT(sip_config, dscp), 0, 63, "24", NULL,
	  "class of signalling packets; 24 is CS3" },
	{ CONFIG_SIP, "t1", &msecs, AT(sip_config, t1_ms), 100, 10000, "500 ms", NULL,
	  "RFC 3261 timer T1" },
	{ CONFIG_SIP, "t2", &msecs, AT(sip_config, t2_ms), 100, 60000, "4 s", NULL,
	  "RFC 3261 timer T2" },
	{ CONFIG_SIP, "t4", &msecs, AT(sip_config, t4_ms), 100, 60000, "5 s", NULL,
	  "RFC 3261 timer T4" },
	{ CONFIG_SIP, "source-rate", &number, AT(sip_config, source_rate), 0, 10000, "10", NULL,
	  "requests a second that an unknown source may send" },
	{ CONFIG_SIP, "max-transactions", &number, AT(sip_config, max_transactions), 4, 4096,
	  "64", NULL, "transactions at a time; more are refused" },
	{ CONFIG_SIP, "dns-servers", &servers, AT(sip_config, dns_servers), 0, 150, "", NULL,
	  "address[:port], separated by commas; empty: the system's" },

	{ CONFIG_MEDIA, "port-min", &number16, AT(media_config, port_min), 1024, 65534, "16384",
	  NULL, "first RTP port" },
	{ CONFIG_MEDIA, "port-max", &number16, AT(media_config, port_max), 1025, 65535, "16639",
	  NULL, "last RTP port" },
	{ CONFIG_MEDIA, "dscp", &number, AT(media_config, dscp), 0, 63, "46", NULL,
	  "class of speech packets; 46 is EF" },
	{ CONFIG_MEDIA, "fifo-priority", &number, AT(media_config, fifo_priority), 0, 50, "0",
	  NULL, "real-time priority of speech; 0: ordinary" },
	{ CONFIG_MEDIA, "jitter-min", &msecs, AT(media_config, jitter_min_ms), 0, 500, "0", NULL,
	  "least delay of the jitter buffer" },
	{ CONFIG_MEDIA, "jitter-max", &msecs, AT(media_config, jitter_max_ms), 20, 1000,
	  "200 ms", NULL, "greatest delay of the jitter buffer" },

	{ CONFIG_TIMES, "first-digit", &msecs, AT(config_times, first_digit_ms), 1000, 300000,
	  "16 s", NULL, "dial tone, until a digit is dialled" },
	{ CONFIG_TIMES, "inter-digit", &msecs, AT(config_times, inter_digit_ms), 500, 60000,
	  "4 s", NULL, "pause that ends a number (T), or an unfinished one" },
	{ CONFIG_TIMES, "match", &msecs, AT(config_times, match_ms), 100, 60000, "3 s", NULL,
	  "pause after a complete number that could go on" },
	{ CONFIG_TIMES, "tone", &msecs, AT(config_times, tone_ms), 1000, 600000, "20 s", NULL,
	  "busy, reorder and the like" },
	{ CONFIG_TIMES, "silence", &msecs, AT(config_times, silence_ms), 0, 600000, "5 s", NULL,
	  "between such a tone, or a hang-up, and the howler" },
	{ CONFIG_TIMES, "howler", &msecs, AT(config_times, howler_ms), 0, 600000, "60 s", NULL,
	  "howler, before the line is locked out; 0: none" },

	{ CONFIG_RESPONSES, "expired", &status, AT(config_responses, expired), 0, 0, "408",
	  "408 487", "to an INVITE whose Expires ran out" },
	{ CONFIG_RESPONSES, "mismatch", &status, AT(config_responses, mismatch), 0, 0, "415",
	  "415 488", "to an INVITE whose SDP has nothing that we can do" },

	{ CONFIG_ACCOUNT, "registrar", &host, AT(config_account, sip.registrar), 0, 255, "",
	  NULL, "host[:port] to register with; empty: none" },
	{ CONFIG_ACCOUNT, "domain", &host, AT(config_account, sip.domain), 0, 255, "", NULL,
	  "of our address; empty: the registrar's host" },
	{ CONFIG_ACCOUNT, "user", &text, AT(config_account, sip.user), 1, 128, NULL, NULL,
	  "user part of our address" },
	{ CONFIG_ACCOUNT, "auth-user", &optional, AT(config_account, sip.auth_user), 0, 128, "",
	  NULL, "name for authentication; empty: user" },
	{ CONFIG_ACCOUNT, "secret", &secret, AT(config_account, sip.secret), 0, 128, "", NULL,
	  "password, if it may stand here" },
	{ CONFIG_ACCOUNT, "secret-file", &optional, AT(config_account, secret_file), 0, 255, "",
	  NULL, "file of lines \"ACCOUNT = PASSWORD\", closed to others" },
	{ CONFIG_ACCOUNT, "display-name", &optional, AT(config_account, sip.display_name), 0, 64,
	  "", NULL, "shown to those we call" },
	{ CONFIG_ACCOUNT, "outbound-proxy", &host, AT(config_account, sip.outbound_proxy), 0,
	  255, "", NULL, "host[:port] that all requests go through" },
	{ CONFIG_ACCOUNT, "transport", &choice, AT(config_account, sip.transport), 0, 0, "udp",
	  "udp tcp", "for requests" },
	{ CONFIG_ACCOUNT, "basic", &choice, AT(config_account, sip.basic), 0, 0, "tls",
	  "tls always never", "when to answer a Basic challenge: the password is readable" },
	{ CONFIG_ACCOUNT, "expires", &seconds, AT(config_account, sip.expires_s), 60000,
	  86400000, "3600 s", NULL, "registration time to ask for" },
	{ CONFIG_ACCOUNT, "keepalive", &seconds, AT(config_account, sip.keepalive_s), 0, 3600000,
	  "0", NULL, "CRLF keep-alive; 0: none" },
	{ CONFIG_ACCOUNT, "accept-any-source", &boolean,
	  AT(config_account, sip.accept_any_source), 0, 0, "no", NULL,
	  "take calls from others than the account's servers" },

	{ CONFIG_LINE, "port", &text, AT(config_line, port), 1, 31, NULL, NULL,
	  "the telephone port: pots0 for /dev/pots0, or the board's own name for it" },
	{ CONFIG_LINE, "account", &text, AT(config_line, account), 0, 64, "", NULL,
	  "for calls to others; empty: only other lines can be called" },
	{ CONFIG_LINE, "number", &text, AT(config_line, number), 1, 64, NULL, NULL,
	  "the line's own: rings when it is called" },
	{ CONFIG_LINE, "display-name", &text, AT(config_line, display_name), 0, 64, "", NULL,
	  "shown to those this line calls" },
	{ CONFIG_LINE, "country", &text, AT(config_line, country), 0, 200, "", NULL,
	  "this line's own country; empty: as in [agent]" },
	{ CONFIG_LINE, "dial-plan", &plan, AT(config_line, plan), 0, 0, "xx.T|*xx.T", NULL,
	  "digit map: when a number is complete" },
	{ CONFIG_LINE, "codecs", &codecs, AT(config_line, codecs), 0, 0, "pcma pcmu", NULL,
	  "pcma, pcmu: the first is liked best" },
	{ CONFIG_LINE, "ptime", &msecs, AT(config_line, ptime_ms), 10, 30, "20 ms", NULL,
	  "speech in one packet: 10, 20 or 30 ms" },
	{ CONFIG_LINE, "event-payload", &number, AT(config_line, event_pt), 0, 127, "101", NULL,
	  "payload type offered for RFC 4733 digits, 96 to 127; 0: none" },
	{ CONFIG_LINE, "no-answer", &msecs, AT(config_line, no_answer_ms), 1000, 600000,
	  "180 s", NULL, "ring for so long, then answer 408" },
	{ CONFIG_LINE, "caller-id", &port_choice, AT(config_line, caller_id), 0, 0, "",
	  CALLERID_NAMES, "how the telephone is told who calls; empty: the country's, or off" },
	{ CONFIG_LINE, "international-prefix", &text, AT(config_line, international_prefix), 0, 8,
	  "00", NULL, "what the + of a caller's number is shown as" },
	{ CONFIG_LINE, "ring-names", &ring_names, AT(config_line, ring_names), 0, 150, "", NULL,
	  "what else an Alert-Info may say, and the pattern it means: vip=3, boss=4" },
	{ CONFIG_LINE, "hold-tone", &boolean, AT(config_line, hold_tone), 0, 0, "no", NULL,
	  "a tone while the far end holds the call and sends nothing" },
	{ CONFIG_LINE, "flash", &choice, AT(config_line, flash), 0, 0, "ignore",
	  "ignore info event16", "a hook flash in a call: SIP INFO, or RFC 4733 event 16" },
	{ CONFIG_LINE, "hook-seize", &port_ms, AT(config_line, settings.seize_ms), 1, 500, "",
	  NULL, "off-hook for so long is a seizure; empty, as below: the country's or kernel's" },
	{ CONFIG_LINE, "hook-release", &port_ms, AT(config_line, settings.release_ms), 100, 3000,
	  "", NULL, "on-hook for longer ends the call" },
	{ CONFIG_LINE, "flash-min", &port_ms, AT(config_line, settings.flash_min_ms), 1, 3000, "",
	  NULL, "shortest hook flash" },
	{ CONFIG_LINE, "flash-max", &port_ms, AT(config_line, settings.flash_max_ms), 1, 3000, "",
	  NULL, "longest hook flash" },
	{ CONFIG_LINE, "pulse-dialling", &port_choice, AT(config_line, settings.pulse), 0, 0, "",
	  "no yes", "take short breaks for dial pulses" },
	{ CONFIG_LINE, "pulse-break-min", &port_ms, AT(config_line, settings.pulse_break_min_ms),
	  1, 500, "", NULL, "shortest break of a dial pulse" },
	{ CONFIG_LINE, "pulse-break-max", &port_ms, AT(config_line, settings.pulse_break_max_ms),
	  1, 500, "", NULL, "longest break of a dial pulse" },
	{ CONFIG_LINE, "pulse-make-min", &port_ms, AT(config_line, settings.pulse_make_min_ms),
	  1, 500, "", NULL, "shortest make between two dial pulses" },
	{ CONFIG_LINE, "pulse-make-max", &port_ms, AT(config_line, settings.pulse_make_max_ms),
	  1, 1000, "", NULL, "a longer make ends the digit" },
	{ CONFIG_LINE, "open-interval", &port_ms, AT(config_line, settings.open_ms), 0, 2000, "",
	  NULL, "how long a hang-up opens the loop" },
	{ CONFIG_LINE, "gain-to-line", &gain, AT(config_line, settings.to_line_cdb), 0, 0, "",
	  NULL, "dB toward the telephone, -40 to 10" },
	{ CONFIG_LINE, "gain-from-line", &gain, AT(config_line, settings.from_line_cdb), 0, 0, "",
	  NULL, "dB from the telephone, -40 to 10" },
	{ CONFIG_LINE, "impedance", &port_choice, AT(config_line, settings.impedance), 0, 0, "",
	  "600 900 600+2u16 900+2u16 ctr21 au-nz sk-si-za nz2", "of the line" },
	{ CONFIG_LINE, "ring-frequency", &hertz, AT(config_line, settings.ring_mhz), 10000, 100000,
	  "", NULL, "Hz" },
	{ CONFIG_LINE, "ring-cadence", &cadence, AT(config_line, settings.cadence), 1, 60000, "",
	  NULL, "ms of burst and pause, up to 8 pairs: 2000,4000; those after a ! come once" },
	PATTERN_KEY(1, "1", "of calls whose Alert-Info says so; empty: as every call"),
	PATTERN_KEY(2, "2", "of Bellcore-dr2; empty, as below: a default"),
	PATTERN_KEY(3, "3", "Bellcore-dr3"),
	PATTERN_KEY(4, "4", "Bellcore-dr4"),
	PATTERN_KEY(5, "5", "Bellcore-dr5: a reminder"),
	PATTERN_KEY(6, "6", "Bellcore-dr6"),
	PATTERN_KEY(7, "7", "Bellcore-dr7"),
	PATTERN_KEY(8, "8", "Bellcore-dr8"),
};

const size_t config_key_count = sizeof(config_keys) / sizeof(config_keys[0]);
