// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the file of a country. The keys of [line] and [exchange] are those of
 * potsd.conf that set a port toward a telephone or an exchange, with their
 * ranges, and are not repeated here.
 */
#include "country.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_keys.h"
#include "ini_file.h"
#include "tones.h"
#include "treatment.h"

#define LINE_MAX_LENGTH	200	/* inih's buffer */
#define WORDS		" \t,"	/* what separates the words of a list */

enum section { SECTION_COUNTRY, SECTION_LINE, SECTION_EXCHANGE, SECTION_TONES, SECTION_COUNT };

static const char *const sections[SECTION_COUNT] = { "country", "line", "exchange", "tones" };

struct reader {
	struct country *country;
	struct ini_file file;
	char text[LINE_MAX_LENGTH];	/* the line, as inih gets it */
	bool failed;
	country_report_fn *report;
	void *ctx;
};

/* @at is within the present line, NULL = the whole of it. */
__attribute__((format(printf, 3, 4)))
static void report(struct reader *reader, const char *at, const char *format, ...)
{
	int column = at ? (int)(at - reader->text) + reader->file.indent + 1 : 0;
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reader->failed = true;
	reader->report(reader->ctx, reader->file.path, reader->file.line, column, text);
}

static void report_line(void *user, const char *text)
{
	report(user, NULL, "%s", text);
}

/* ---------------------------------------------------------- sets of keys --- */

enum { KEY_NAME, KEY_SOURCE, KEY_UNSURE, KEY_CALLER_ID, COUNTRY_KEYS };

static const char *const country_keys[COUNTRY_KEYS] = { "name", "source", "unsure", "caller-id" };

/* In [tones], below the tones themselves. */
enum { KEY_LEVEL = POTS_TONE_COUNT - 3, KEY_DTMF_LOW, KEY_DTMF_HIGH };

static const char *tone_key(unsigned int place)
{
	switch (place) {
	case KEY_LEVEL:
		return "level";
	case KEY_DTMF_LOW:
		return "dtmf-low";
	case KEY_DTMF_HIGH:
		return "dtmf-high";
	default:
		return treatment_tone_name(place);
	}
}

/* Keys of a section of potsd.conf, and where the fields that they set begin. */
static const struct settings {
	enum config_section section;
	size_t from, size;		/* in struct config_line */
	size_t to;			/* in struct country */
} settings[SECTION_COUNT] = {
	[SECTION_LINE] = {
		CONFIG_LINE, offsetof(struct config_line, settings),
		sizeof(struct port_settings), offsetof(struct country, settings),
	},
	[SECTION_EXCHANGE] = {
		CONFIG_TRUNK, offsetof(struct config_line, trunk.port.exchange),
		sizeof(struct port_exchange), offsetof(struct country, exchange),
	},
};

static const struct config_key *setting_key(enum section section, unsigned int place)
{
	const struct settings *set = &settings[section];

	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (key->section == set->section && key->offset >= set->from &&
		    key->offset < set->from + set->size && !place--)
			return key;
	}
	return NULL;
}

static void *setting_field(const struct country *country, enum section section,
			   const struct config_key *key)
{
	return (char *)country + settings[section].to + key->offset - settings[section].from;
}

static const char *key_name(enum section section, unsigned int place)
{
	const struct config_key *setting;

	switch (section) {
	case SECTION_COUNTRY:
		return place < COUNTRY_KEYS ? country_keys[place] : NULL;
	case SECTION_LINE:
	case SECTION_EXCHANGE:
		setting = setting_key(section, place);
		return setting ? setting->name : NULL;
	case SECTION_TONES:
		return tone_key(place);
	case SECTION_COUNT:
		break;
	}
	return NULL;
}

/* The place of a key in its section, or -1. */
static int find_key(enum section section, const char *name, size_t len)
{
	for (unsigned int place = 0; place < POTS_TONE_COUNT; place++) {
		const char *key = key_name(section, place);

		if (key && strlen(key) == len && !memcmp(key, name, len))
			return (int)place;
	}
	return -1;
}

/* --------------------------------------------------------------- values --- */

static void set_text(struct reader *reader, char **text, const char *value)
{
	*text = strdup(value);
	if (!*text)
		report(reader, NULL, "out of memory");
}

/* May be given several times: the lists are joined. */
static void add_unsure(struct reader *reader, const char *value)
{
	char **list = &reader->country->unsure, *joined;

	for (const char *at = value + strspn(value, WORDS); *at; at += strspn(at, WORDS)) {
		size_t len = strcspn(at, WORDS);

		unsigned int section = 0;

		while (section < SECTION_COUNT && find_key(section, at, len) < 0)
			section++;
		if (section == SECTION_COUNT)
			report(reader, at, "no such key: %.*s", (int)len, at);
		at += len;
	}
	if (asprintf(&joined, "%s%s%s", *list ? *list : "", *list ? " " : "", value) < 0) {
		report(reader, NULL, "out of memory");
		return;
	}
	free(*list);
	*list = joined;
}

/* Its names and the list of them are potsd.conf's. */
static const struct config_key *caller_id_key(void)
{
	const struct config_key *key = config_keys;

	while (strcmp(key->name, country_keys[KEY_CALLER_ID]))
		key++;
	return key;
}

static void set_caller_id(struct reader *reader, const char *value)
{
	const struct config_key *key = caller_id_key();
	char error[CONFIG_ERROR_MAX];

	if (key->parser->parse(key, &reader->country->caller_id, value, error))
		report(reader, value, "%s", error);
}

static void set_country_key(struct reader *reader, unsigned int place, const char *value)
{
	switch (place) {
	case KEY_NAME:
		set_text(reader, &reader->country->name, value);
		return;
	case KEY_SOURCE:
		set_text(reader, &reader->country->source, value);
		return;
	case KEY_UNSURE:
		add_unsure(reader, value);
		return;
	case KEY_CALLER_ID:
		set_caller_id(reader, value);
		return;
	}
}

static void set_setting(struct reader *reader, enum section section, unsigned int place,
			const char *value)
{
	const struct config_key *key = setting_key(section, place);
	char error[CONFIG_ERROR_MAX];

	if (key->parser->parse(key, setting_field(reader->country, section, key), value, error))
		report(reader, value, "%s", error);
}

static void set_level(struct reader *reader, int *level_cdb, const char *value)
{
	const char *why;
	size_t at;

	if (tones_parse_level(level_cdb, value, &why, &at))
		report(reader, value + at, "%s", why);
}

static void set_tone(struct reader *reader, unsigned int place, const char *value)
{
	struct country *country = reader->country;
	struct pots_tone_program program;
	const char *why;
	size_t at;

	if (place == KEY_LEVEL)
		set_level(reader, &country->level_cdb, value);
	else if (place == KEY_DTMF_LOW)
		set_level(reader, &country->dtmf_low_cdb, value);
	else if (place == KEY_DTMF_HIGH)
		set_level(reader, &country->dtmf_high_cdb, value);
	else if (tones_parse(&program, value, COUNTRY_LEVEL_CDB, &why, &at))
		report(reader, value + at, "%s", why);
	else
		set_text(reader, &country->tones[place], value);
}

/* -------------------------------------------------------------- the file --- */

/* Where a value begins in the line that was read. */
static char *find_value(struct reader *reader)
{
	char *at = reader->text + strcspn(reader->text, "=:");

	at += *at != 0;
	return at + strspn(at, " \t");
}

static bool set_before(struct country *country, enum section section, unsigned int place)
{
	uint64_t bit = (uint64_t)1 << place;
	bool before = country->seen[section] & bit;

	country->seen[section] |= bit;
	return before && !(section == SECTION_COUNTRY && place == KEY_UNSURE);
}

static void set_key(struct reader *reader, enum section section, const char *name,
		    const char *value)
{
	int place = find_key(section, name, strlen(name));

	if (place < 0)
		report(reader, reader->text, "no such key in [%s]: %s", sections[section], name);
	else if (set_before(reader->country, section, (unsigned int)place))
		report(reader, reader->text, "%s is set twice", name);
	else if (!*value)
		report(reader, find_value(reader), "%s: nothing is given", name);
	else if (section == SECTION_COUNTRY)
		set_country_key(reader, (unsigned int)place, value);
	else if (section != SECTION_TONES)
		set_setting(reader, section, (unsigned int)place, value);
	else
		set_tone(reader, (unsigned int)place, value);
}

/* The value is taken from our copy of the line, so that its place is known. */
static int on_key(void *user, const char *header, const char *name, const char *value)
{
	struct reader *reader = user;
	char *start = find_value(reader);
	unsigned int section = 0;

	while (section < SECTION_COUNT && strcmp(sections[section], header))
		section++;
	if (section == SECTION_COUNT) {
		report(reader, NULL, *header ? "no such section: [%s]" : "a key before any section",
		       header);
		return 1;
	}
	start[strlen(value)] = 0;
	set_key(reader, section, name, start);
	return 1;
}

/* The lexer cuts values out of its own copy; ours keeps their places. */
static void keep_line(void *user, const char *text)
{
	struct reader *reader = user;

	snprintf(reader->text, sizeof(reader->text), "%s", text);
}

static bool is_set(int level_cdb)
{
	return level_cdb != PORT_GAIN_UNSET;
}

static int check(struct reader *reader)
{
	const struct country *country = reader->country;
	const char *overlap = port_settings_overlap(&country->settings);

	if (!country->name)
		report(reader, NULL, "[country] needs: name");
	if (overlap)
		report(reader, NULL, "[line]: %s", overlap);
	if (is_set(country->dtmf_low_cdb) != is_set(country->dtmf_high_cdb))
		report(reader, NULL, "[tones] has one of dtmf-low and dtmf-high, not both");
	return reader->failed ? -EINVAL : 0;
}

static void set_defaults(struct country *country)
{
	const struct config_key *key;
	char error[CONFIG_ERROR_MAX];

	*country = (struct country){
		.level_cdb = COUNTRY_LEVEL_CDB,
		.dtmf_low_cdb = PORT_GAIN_UNSET,
		.dtmf_high_cdb = PORT_GAIN_UNSET,
	};
	for (unsigned int section = SECTION_LINE; section <= SECTION_EXCHANGE; section++) {
		for (unsigned int place = 0; (key = setting_key(section, place)); place++)
			key->parser->parse(key, setting_field(country, section, key), key->value,
					   error);
	}
}

int country_load(struct country *country, const char *path, country_report_fn *report_fn, void *ctx)
{
	struct reader reader = {
		.country = country,
		.file = {
			.path = path,
			.user = &reader,
			.report = report_line,
			.see_line = keep_line,
		},
		.report = report_fn,
		.ctx = ctx,
	};
	int err;

	set_defaults(country);
	err = ini_file_read(&reader.file, on_key);
	if (err || reader.failed)
		return err ? err : -EINVAL;
	return check(&reader);
}

void country_free(struct country *country)
{
	free(country->name);
	free(country->source);
	free(country->unsure);
	for (unsigned int i = 0; i < POTS_TONE_COUNT; i++)
		free(country->tones[i]);
	memset(country, 0, sizeof(*country));
}

/* -------------------------------------------------------------- the rest --- */

static void make_digit(const struct country *country, unsigned int digit,
		       struct pots_tone_program *program)
{
	static const __u32 low_hz[] = { 697, 770, 852, 941 };
	static const __u32 high_hz[] = { 1209, 1336, 1477, 1633 };
	static const unsigned char keypad[POTS_DIGIT_COUNT] = {
		1, 2, 3, POTS_DIGIT_A,
		4, 5, 6, POTS_DIGIT_A + 1,
		7, 8, 9, POTS_DIGIT_A + 2,
		POTS_DIGIT_STAR, 0, POTS_DIGIT_HASH, POTS_DIGIT_A + 3,
	};
	const unsigned char *key = memchr(keypad, (int)digit, sizeof(keypad));
	size_t place = (size_t)(key - keypad);
	__s16 low = (__s16)country->dtmf_low_cdb, high = (__s16)country->dtmf_high_cdb;

	*program = (struct pots_tone_program){
		.count = 1,
		.repeat = 1,
		.step = { {
			.freq_mhz = { low_hz[place / 4] * 1000, high_hz[place % 4] * 1000 },
			.level_cdb = { low, high },
			.samples = POTS_RATE_HZ / 10,
		} },
	};
}

int country_tone(const struct country *country, unsigned int tone,
		 struct pots_tone_program *program)
{
	const char *why;
	size_t at;

	if (tone >= POTS_TONE_DTMF && tone < POTS_TONE_DTMF + POTS_DIGIT_COUNT &&
	    is_set(country->dtmf_low_cdb)) {
		make_digit(country, tone - POTS_TONE_DTMF, program);
		return 0;
	}
	if (tone >= POTS_TONE_COUNT || !country->tones[tone])
		return -ENOENT;
	return tones_parse(program, country->tones[tone], country->level_cdb, &why, &at);
}

int country_path(char path[COUNTRY_PATH_MAX], const char *directory, const char *name)
{
	bool is_path = strchr(name, '/');
	int len = snprintf(path, COUNTRY_PATH_MAX, "%s%s%s%s", is_path ? "" : directory,
			   is_path ? "" : "/", name, is_path ? "" : ".conf");

	return len < COUNTRY_PATH_MAX ? 0 : -ENAMETOOLONG;
}

static void print_value(const struct config_key *key, const void *field,
			char value[COUNTRY_VALUE_MAX])
{
	FILE *out;

	value[0] = 0;
	out = fmemopen(value, COUNTRY_VALUE_MAX, "w");
	if (!out)
		return;
	key->parser->print(key, field, out);
	fclose(out);
}

void country_caller_id(const struct country *country, char value[COUNTRY_VALUE_MAX])
{
	print_value(caller_id_key(), &country->caller_id, value);
}

const char *country_setting(const struct country *country, bool of_exchange, unsigned int place,
			    char value[COUNTRY_VALUE_MAX])
{
	enum section section = of_exchange ? SECTION_EXCHANGE : SECTION_LINE;
	const struct config_key *key = setting_key(section, place);

	if (!key)
		return NULL;
	print_value(key, setting_field(country, section, key), value);
	return key->name;
}
