// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a key's value may be: from text and back, one pair of functions each.
 */
#include "config_values.h"

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
		return FAIL("%s: %s%s is not within %u to %u ms", key->name, value,
			    *end ? "" : " s", key->min, key->max);
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

static int parse_port_number(const struct config_key *key, void *field, const char *value,
			     char *error)
{
	*(unsigned int *)field = PORT_UNSET;
	return *value ? parse_number(key, field, value, error) : 0;
}

static void print_port_number(const struct config_key *key, const void *field, FILE *out)
{
	if (*(const unsigned int *)field != PORT_UNSET)
		print_number(key, field, out);
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

/* "3.350" is the choice "3.35". */
static bool is_number_of(const char *choices, long thousandths)
{
	while (*choices) {
		char *end;

		if ((long)(strtod(choices, &end) * 1000 + 0.5) == thousandths)
			return true;
		choices = end + strspn(end, " ");
	}
	return false;
}

/* Hz or V in the file, min and max in thousandths; or one of the choices. */
static int parse_milli(const struct config_key *key, void *field, const char *value, char *error,
		       const char *unit)
{
	long thousandths;

	*(unsigned int *)field = PORT_UNSET;
	if (!*value)
		return 0;
	if (!parse_decimal(value, 1000, &thousandths))
		return FAIL("%s: not a number of %s: %s", key->name, unit, value);
	if (key->choices && !is_number_of(key->choices, thousandths))
		return FAIL("%s: one of: %s", key->name, key->choices);
	if (!key->choices && (thousandths < (long)key->min || thousandths > (long)key->max))
		return FAIL("%s: %s is not within %u to %u %s", key->name, value,
			    key->min / 1000, key->max / 1000, unit);
	*(unsigned int *)field = (unsigned int)thousandths;
	return 0;
}

static int parse_hertz(const struct config_key *key, void *field, const char *value, char *error)
{
	return parse_milli(key, field, value, error, "Hz");
}

static int parse_volts(const struct config_key *key, void *field, const char *value, char *error)
{
	return parse_milli(key, field, value, error, "V");
}

static void print_milli(const struct config_key *key, const void *field, FILE *out)
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

/* Where "" matches nothing. */
static int parse_some_plan(const struct config_key *key, void *field, const char *value,
			   char *error)
{
	if (*value)
		return parse_plan(key, field, value, error);
	memset(field, 0, sizeof(struct dialplan));
	return 0;
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

/* Numbers as they are dialled, with blanks between. */
static int parse_numbers(const struct config_key *key, void *field, const char *value, char *error)
{
	if (value[strspn(value, "0123456789*# ")])
		return FAIL("%s: numbers with blanks between, not: %s", key->name, value);
	return parse_text(key, field, value, error);
}

/* A number of choices, with blanks between: a bit each, by their places. */
static int parse_set(const struct config_key *key, void *field, const char *value, char *error)
{
	unsigned int set = 0;

	for (value += strspn(value, ", \t"); *value; value += strspn(value, ", \t")) {
		size_t len = strcspn(value, ", \t");
		char word[16];
		int place;

		snprintf(word, sizeof(word), "%.*s", (int)len, value);
		place = len < sizeof(word) ? find_choice(key->choices, word) : -1;
		if (place < 0)
			return FAIL("%s: some of: %s", key->name, key->choices);
		set |= 1u << place;
		value += len;
	}
	*(unsigned int *)field = set;
	return 0;
}

static void print_set(const struct config_key *key, const void *field, FILE *out)
{
	unsigned int set = *(const unsigned int *)field;
	const char *at = key->choices, *blank = "";

	for (; *at; set >>= 1) {
		size_t len = strcspn(at, " ");

		if (set & 1) {
			fprintf(out, "%s%.*s", blank, (int)len, at);
			blank = " ";
		}
		at += len;
		at += strspn(at, " ");
	}
}

const struct config_parser
	config_value_text = { parse_text, print_text, release_text },
	config_value_optional = { parse_optional, print_text, release_text },
	config_value_secret = { parse_optional, print_secret, release_text },
	config_value_address = { parse_address, print_text, release_text },
	config_value_host = { parse_host, print_text, release_text },
	config_value_servers = { parse_servers, print_text, release_text },
	config_value_number = { parse_number, print_number, NULL },
	config_value_number16 = { parse_number16, print_number16, NULL },
	config_value_seconds = { parse_seconds, print_seconds, NULL },
	config_value_msecs = { parse_time, print_time, NULL },
	config_value_choice = { parse_choice, print_choice, NULL },
	config_value_boolean = { parse_bool, print_bool, NULL },
	config_value_status = { parse_status, print_number, NULL },
	config_value_plan = { parse_plan, print_plan, NULL },
	config_value_some_plan = { parse_some_plan, print_plan, NULL },
	config_value_numbers = { parse_numbers, print_text, release_text },
	config_value_set = { parse_set, print_set, NULL },
	config_value_codecs = { parse_codecs, print_codecs, NULL },
	config_value_port_ms = { parse_port_ms, print_port_ms, NULL },
	config_value_port_number = { parse_port_number, print_port_number, NULL },
	config_value_port_choice = { parse_port_choice, print_port_choice, NULL },
	config_value_gain = { parse_gain, print_gain, NULL },
	config_value_hertz = { parse_hertz, print_milli, NULL },
	config_value_volts = { parse_volts, print_milli, NULL },
	config_value_cadence = { parse_cadence, print_cadence, NULL },
	config_value_ring_names = { parse_ring_names, print_text, release_text };
