// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the config file and the secrets.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "callerid.h"
#include "config_keys.h"
#include "country.h"
#include "ini_file.h"

#define INSTANCES_MAX	64	/* of accounts, and of lines */

struct reader {
	struct config *config;
	struct ini_file file;
	bool failed;
	bool bad_section;	/* the present one is refused: pass its keys over */
	const char *secret_for;	/* reading a secrets file: the account's name */
	char **secret;
	config_report_fn *report;
	void *ctx;
};

__attribute__((format(printf, 3, 4)))
static void report(struct reader *reader, int line, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reader->failed = true;
	reader->report(reader->ctx, reader->file.path, line, text);
}

static void report_line(void *user, const char *text)
{
	struct reader *reader = user;

	report(reader, reader->file.line, "%s", text);
}

/* ------------------------------------------------------------- sections --- */

struct instance {
	enum config_section section;
	void *base;
	uint64_t *seen;
};

static void *section_base(struct config *config, enum config_section section)
{
	switch (section) {
	case CONFIG_AGENT:
		return &config->agent;
	case CONFIG_SIP:
		return &config->sip;
	case CONFIG_MEDIA:
		return &config->media;
	case CONFIG_TIMES:
		return &config->times;
	case CONFIG_RESPONSES:
		return &config->responses;
	case CONFIG_TREATMENT:
		return &config->treatments;
	case CONFIG_ACCOUNT:
	case CONFIG_LINE:
	case CONFIG_TRUNK:
	case CONFIG_SECTION_COUNT:
	case CONFIG_BOTH:
		break;
	}
	return NULL;
}

static int set_defaults(enum config_section section, void *base)
{
	char error[CONFIG_ERROR_MAX];

	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (!config_key_is_in(key, section) || !key->value)
			continue;
		if (key->parser->parse(key, (char *)base + key->offset, key->value, error))
			return -EINVAL;
	}
	return 0;
}

/*
 * One more element at the end of an array, zeroed, with its name and defaults.
 * One that lacks some of them stays: they are freed with the others.
 */
static void *add_element(void **array, unsigned int *count, size_t size,
			 enum config_section section, const char *name)
{
	char *grown, *element, *copy;

	if (*count == INSTANCES_MAX)
		return NULL;
	copy = strdup(name);
	grown = copy ? realloc(*array, (*count + 1) * size) : NULL;
	if (!grown) {
		free(copy);
		return NULL;
	}
	*array = grown;
	element = grown + *count * size;
	memset(element, 0, size);
	*(char **)element = copy;	/* the first member of both */
	(*count)++;
	return set_defaults(section, element) ? NULL : element;
}

_Static_assert(!offsetof(struct config_account, name) && !offsetof(struct config_line, name),
	       "the name is the first member");

static struct config_account *get_account(struct config *config, const char *name, int line)
{
	struct config_account *account;

	for (unsigned int i = 0; i < config->account_count; i++) {
		if (!strcmp(config->accounts[i].name, name))
			return &config->accounts[i];
	}
	account = add_element((void **)&config->accounts, &config->account_count,
			      sizeof(*account), CONFIG_ACCOUNT, name);
	if (account) {
		account->sip.name = account->name;
		account->line = line;
	}
	return account;
}

/* A trunk has what a line has, where its own keys do not say otherwise. */
static struct config_line *get_line(struct config *config, enum config_section section,
				    const char *name, int line)
{
	bool is_trunk = section == CONFIG_TRUNK;
	struct config_line *found;

	for (unsigned int i = 0; i < config->line_count; i++) {
		found = &config->lines[i];
		if (found->is_trunk == is_trunk && !strcmp(found->name, name))
			return found;
	}
	found = add_element((void **)&config->lines, &config->line_count, sizeof(*found),
			    CONFIG_LINE, name);
	if (!found || (is_trunk && set_defaults(CONFIG_TRUNK, found)))
		return NULL;
	found->is_trunk = is_trunk;
	found->line = line;
	if (asprintf(&found->title, "%s %s", config_section_names[section], name) < 0)
		found->title = NULL;
	return found->title ? found : NULL;
}

/* "line 1" -> the section and its name "1", "" if it has none. */
static enum config_section split_section(const char *header, const char **name)
{
	size_t len = strcspn(header, " \t");
	unsigned int section = 0;

	*name = header + len + strspn(header + len, " \t");
	while (section < CONFIG_SECTION_COUNT &&
	       (strlen(config_section_names[section]) != len ||
		memcmp(config_section_names[section], header, len)))
		section++;
	return section;
}

static bool find_instance(struct reader *reader, const char *header, struct instance *instance)
{
	struct config *config = reader->config;
	struct config_account *account;
	struct config_line *line;
	const char *name;

	instance->section = split_section(header, &name);
	if (instance->section == CONFIG_ACCOUNT) {
		account = *name ? get_account(config, name, reader->file.line) : NULL;
		instance->base = account;
		instance->seen = account ? &account->seen : NULL;
	} else if (instance->section == CONFIG_LINE || instance->section == CONFIG_TRUNK) {
		line = *name ? get_line(config, instance->section, name, reader->file.line)
			     : NULL;
		instance->base = line;
		instance->seen = line ? &line->seen : NULL;
	} else {
		instance->base = *name ? NULL : section_base(config, instance->section);
		instance->seen = &config->seen[instance->section %
					       (sizeof(config->seen) / sizeof(uint64_t))];
	}
	return instance->base;
}

static bool is_repeatable(enum config_section section)
{
	return section == CONFIG_ACCOUNT || section == CONFIG_LINE;
}

/* A header counts even if no key follows it. */
static void open_section(void *user, const char *text)
{
	struct reader *reader = user;
	struct instance instance;
	char header[200];
	size_t len = strcspn(text, "]\r\n");

	if (*text != '[')
		return;
	reader->bad_section = true;
	if (text[len] != ']' || len > sizeof(header))
		return;		/* the lexer complains */
	text++;
	len--;
	memcpy(header, text, len);
	header[len] = 0;
	if (find_instance(reader, header, &instance))
		reader->bad_section = false;
	else if (is_repeatable(instance.section) && strpbrk(header, " \t"))
		report(reader, reader->file.line, "no room for [%s]", header);
	else
		report(reader, reader->file.line, "no such section: [%s]", header);
}

/* ----------------------------------------------------------------- keys --- */

static void set_treatment(struct reader *reader, const char *name, const char *value)
{
	switch (treatment_set(&reader->config->treatments, name, value)) {
	case 0:
		return;
	case -ENOENT:
		report(reader, reader->file.line, "no such response or cause: %s", name);
		return;
	default:
		report(reader, reader->file.line, "%s: hang-up, silence or tone NAME, not: %s",
		       name, value);
	}
}

/* Only our own sections have few enough keys for the bits of one word. */
static bool first_time(struct reader *reader, struct instance *instance, unsigned int place,
		       const char *name)
{
	if (*instance->seen & (1ULL << place)) {
		report(reader, reader->file.line, "%s is set twice", name);
		return false;
	}
	*instance->seen |= 1ULL << place;
	return true;
}

static void set_key(struct reader *reader, struct instance *instance, const char *name,
		    const char *value)
{
	char error[CONFIG_ERROR_MAX];
	unsigned int place = 0;

	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (!config_key_is_in(key, instance->section))
			continue;
		if (strcmp(key->name, name)) {
			place++;
			continue;
		}
		if (first_time(reader, instance, place, name) &&
		    key->parser->parse(key, (char *)instance->base + key->offset, value, error))
			report(reader, reader->file.line, "%s", error);
		return;
	}
	report(reader, reader->file.line, "no such key in [%s]: %s",
	       config_section_names[instance->section], name);
}

static int on_key(void *user, const char *section, const char *name, const char *value)
{
	struct reader *reader = user;
	struct instance instance;

	if (reader->bad_section)
		return 1;
	if (!*section)
		report(reader, reader->file.line, "%s is before the first section", name);
	else if (!find_instance(reader, section, &instance))
		return 1;
	else if (instance.section == CONFIG_TREATMENT)
		set_treatment(reader, name, value);
	else
		set_key(reader, &instance, name, value);
	return 1;
}

/* -------------------------------------------------------------- secrets --- */

static int on_secret(void *user, const char *section, const char *name, const char *value)
{
	struct reader *reader = user;

	if (*section || strcmp(name, reader->secret_for))
		return 1;
	free(*reader->secret);
	*reader->secret = strdup(value);
	if (!*reader->secret)
		report(reader, reader->file.line, "out of memory");
	return 1;
}

static void check_mode(struct reader *reader)
{
	struct stat st;

	if (!stat(reader->file.path, &st) && (st.st_mode & S_IRWXO))
		report(reader, 0, "must be closed to others (chmod o-rwx)");
}

/* In itself; files of secrets have not been read yet. */
static bool holds_secret(const struct config *config)
{
	for (unsigned int i = 0; i < config->account_count; i++) {
		if (config->accounts[i].sip.secret)
			return true;
	}
	return false;
}

static void load_secret(struct reader *main_reader, struct config_account *account)
{
	struct reader reader = *main_reader;

	if (account->sip.secret) {
		report(main_reader, account->line, "[account %s] has both secret and secret-file",
		       account->name);
		return;
	}
	reader.file.path = account->secret_file;
	reader.file.user = &reader;
	reader.file.see_line = NULL;
	reader.failed = false;
	reader.secret_for = account->name;
	reader.secret = (char **)&account->sip.secret;
	check_mode(&reader);
	if (!reader.failed && !ini_file_read(&reader.file, on_secret) && !reader.failed &&
	    !account->sip.secret)
		report(&reader, 0, "no line \"%s = ...\"", account->name);
	if (reader.failed)
		main_reader->failed = true;
}

/* --------------------------------------------------------------- checks --- */

static void check_required(struct reader *reader, enum config_section section, const char *name,
			   int line, const void *base)
{
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (config_key_is_in(key, section) && !key->value &&
		    !*(char *const *)((const char *)base + key->offset))
			report(reader, line, "[%s %s] needs: %s", config_section_names[section],
			       name, key->name);
	}
}

static void check_account(struct reader *reader, struct config_account *account)
{
	check_required(reader, CONFIG_ACCOUNT, account->name, account->line, account);
	if (account->secret_file)
		load_secret(reader, account);
	if (!account->sip.registrar && !account->sip.domain && !account->sip.outbound_proxy)
		report(reader, account->line,
		       "[account %s] needs a registrar, a domain or an outbound-proxy",
		       account->name);
}

static void check_alike(struct reader *reader, const struct config_line *line,
			const struct config_line *other)
{
	if (line->port && other->port && !strcmp(line->port, other->port))
		report(reader, line->line, "[%s]: [%s] has the same port", line->title,
		       other->title);
	if (line->number && *line->number && other->number && !strcmp(line->number, other->number))
		report(reader, line->line, "[%s]: [%s] has the same number", line->title,
		       other->title);
}

/* Whom shall its callers reach? */
static void check_route(struct reader *reader, const struct config_line *trunk)
{
	const struct config *config = reader->config;

	if (*trunk->account)
		return;
	for (unsigned int i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];

		if (!line->is_trunk && line->number && !strcmp(line->number, trunk->trunk.route))
			return;
	}
	report(reader, trunk->line, "[%s] needs an account, or the number of a line as its route",
	       trunk->title);
}

static void check_line(struct reader *reader, unsigned int index)
{
	struct config *config = reader->config;
	const struct config_line *line = &config->lines[index];
	bool known = !*line->account;

	check_required(reader, line->is_trunk ? CONFIG_TRUNK : CONFIG_LINE, line->name,
		       line->line, line);
	for (unsigned int i = 0; i < config->account_count; i++)
		known = known || !strcmp(config->accounts[i].name, line->account);
	if (!known)
		report(reader, line->line, "[%s]: there is no [account %s]", line->title,
		       line->account);
	if (line->is_trunk)
		check_route(reader, line);
	if (line->ptime_ms % 10)
		report(reader, line->line, "[%s]: ptime is 10, 20 or 30 ms", line->title);
	if (line->event_pt && line->event_pt < 96)
		report(reader, line->line, "[%s]: event-payload is 0 or 96 to 127", line->title);
	for (unsigned int i = 0; i < index; i++)
		check_alike(reader, line, &config->lines[i]);
}

static void on_country_error(void *ctx, const char *file, int line, int column, const char *text)
{
	struct reader *reader = ctx;
	char where[256];

	snprintf(where, sizeof(where), "column %d: %s", column, text);
	reader->failed = true;
	reader->report(reader->ctx, file, line, column ? where : text);
}

static void load_country(struct reader *reader, struct config_line *line)
{
	const struct config_agent *agent = &reader->config->agent;
	const char *name = *line->country ? line->country : agent->country;
	char path[COUNTRY_PATH_MAX];

	if (!*name)
		return;
	line->national = calloc(1, sizeof(*line->national));
	if (!line->national || country_path(path, agent->countries, name))
		report(reader, line->line, "[%s]: no room for the country", line->title);
	else
		country_load(line->national, path, on_country_error, reader);
}

/* Each may be right alone: the line's and the country's. */
static void check_windows(struct reader *reader, const struct config_line *line)
{
	struct port_settings all = line->settings;
	const char *overlap;

	if (line->national)
		port_settings_inherit(&all, &line->national->settings);
	overlap = port_settings_overlap(&all);
	if (overlap)
		report(reader, line->line, "[%s]%s: %s", line->title,
		       line->national ? " with its country" : "", overlap);
}

static void set_country(struct reader *reader, struct config_line *line)
{
	load_country(reader, line);
	if (!reader->failed)
		check_windows(reader, line);
	if (line->caller_id == PORT_UNSET)
		line->caller_id = line->national ? line->national->caller_id : CALLERID_OFF;
	line->trunk.port.caller_id = line->caller_id;
}

static void check(struct reader *reader)
{
	struct config *config = reader->config;

	if (holds_secret(config))
		check_mode(reader);
	for (unsigned int i = 0; i < config->account_count; i++)
		check_account(reader, &config->accounts[i]);
	for (unsigned int i = 0; i < config->line_count; i++)
		check_line(reader, i);
	for (unsigned int i = 0; i < config->line_count; i++)
		set_country(reader, &config->lines[i]);
	if (!config->line_count)
		report(reader, 0, "no [line ...] and no [trunk ...]: there is nothing to do");
	if (config->media.port_max < config->media.port_min + 3)
		report(reader, 0, "[media]: two even ports must lie within port-min and port-max");
}

/* --------------------------------------------------------------- public --- */

int config_load(struct config *config, const char *path, config_report_fn *report_fn, void *ctx)
{
	struct reader reader = {
		.config = config,
		.file = {
			.path = path,
			.user = &reader,
			.report = report_line,
			.see_line = open_section,
		},
		.report = report_fn,
		.ctx = ctx,
	};

	memset(config, 0, sizeof(*config));
	treatment_init(&config->treatments);
	for (unsigned int section = 0; section < CONFIG_SECTION_COUNT; section++) {
		void *base = section_base(config, section);

		if (base && set_defaults(section, base)) {
			report(&reader, 0, "out of memory");
			return -ENOMEM;
		}
	}
	if (!ini_file_read(&reader.file, on_key) && !reader.failed)
		check(&reader);
	return reader.failed ? -EINVAL : 0;
}

static void free_texts(enum config_section section, void *base)
{
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (config_key_is_in(key, section) && key->parser->release)
			key->parser->release((char *)base + key->offset);
	}
}

void config_free(struct config *config)
{
	for (unsigned int section = 0; section < CONFIG_SECTION_COUNT; section++) {
		void *base = section_base(config, section);

		if (base)
			free_texts(section, base);
	}
	for (unsigned int i = 0; i < config->account_count; i++) {
		free_texts(CONFIG_ACCOUNT, &config->accounts[i]);
		free(config->accounts[i].name);
	}
	for (unsigned int i = 0; i < config->line_count; i++) {
		free_texts(CONFIG_LINE, &config->lines[i]);
		free_texts(CONFIG_TRUNK, &config->lines[i]);
		free(config->lines[i].name);
		free(config->lines[i].title);
		if (config->lines[i].national)
			country_free(config->lines[i].national);
		free(config->lines[i].national);
	}
	free(config->accounts);
	free(config->lines);
	memset(config, 0, sizeof(*config));
}
