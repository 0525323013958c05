// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Printing the table of keys, and a config as it was understood.
 */
#include "config.h"
#include "config_keys.h"

static const char *const section_titles[CONFIG_SECTION_COUNT] = {
	[CONFIG_AGENT]		= "[agent]",
	[CONFIG_SIP]		= "[sip]",
	[CONFIG_MEDIA]		= "[media]",
	[CONFIG_TIMES]		= "[times]",
	[CONFIG_RESPONSES]	= "[responses]",
	[CONFIG_ACCOUNT]	= "[account NAME]   any number of them",
	[CONFIG_LINE]		= "[line NAME]   any number of them",
	[CONFIG_TRUNK]		= "[trunk NAME]   any number of them",
	[CONFIG_TREATMENT]	= "[treatment]   hang-up, silence or tone NAME",
};

static void help_key(const struct config_key *key, FILE *out)
{
	fprintf(out, "  %-18s %s", key->name, key->help);
	if (key->choices)
		fprintf(out, "; one of: %s", key->choices);
	if (!key->value)
		fputs(" (required)", out);
	else if (*key->value)
		fprintf(out, " (%s)", key->value);
	fputc('\n', out);
}

void config_help(FILE *out)
{
	for (unsigned int section = 0; section < CONFIG_SECTION_COUNT; section++) {
		fprintf(out, "%s%s\n", section ? "\n" : "", section_titles[section]);
		for (size_t i = 0; i < config_key_count; i++) {
			if (config_key_is_in(&config_keys[i], section))
				help_key(&config_keys[i], out);
		}
	}
	for (size_t i = 0; i < treatment_default_count; i++)
		fprintf(out, "  %-18s (%s)\n", treatment_defaults[i].key,
			treatment_defaults[i].value);
}

static void dump_section(enum config_section section, const char *name, const void *base,
			 FILE *out)
{
	fprintf(out, "[%s%s%s]\n", config_section_names[section], name ? " " : "",
		name ? name : "");
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (!config_key_is_in(key, section))
			continue;
		fprintf(out, "%s = ", key->name);
		key->parser->print(key, (const char *)base + key->offset, out);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void dump_treatment(const char *key, struct treatment treatment, FILE *out)
{
	const char *tone;

	switch ((enum treatment_action)treatment.action) {
	case TREATMENT_UNSET:
		return;
	case TREATMENT_HANGUP:
		fprintf(out, "%s = hang-up\n", key);
		return;
	case TREATMENT_SILENCE:
		fprintf(out, "%s = silence\n", key);
		return;
	case TREATMENT_TONE:
		tone = treatment_tone_name(treatment.tone);
		fprintf(out, "%s = tone %s\n", key, tone ? tone : "");
		return;
	}
}

static void dump_treatments(const struct treatment_table *table, FILE *out)
{
	char key[8];

	fputs("[treatment]\n", out);
	for (unsigned int i = 0; i <= TREATMENT_CODE_MAX - TREATMENT_CODE_MIN; i++) {
		snprintf(key, sizeof(key), "%u", TREATMENT_CODE_MIN + i);
		dump_treatment(key, table->code[i], out);
	}
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(key, sizeof(key), "%uxx", i + 3);
		dump_treatment(key, table->class[i], out);
	}
	for (unsigned int i = 1; i < TREATMENT_CAUSE_COUNT; i++)
		dump_treatment(treatment_cause_name(i), table->cause[i], out);
}

void config_dump(const struct config *config, FILE *out)
{
	dump_section(CONFIG_AGENT, NULL, &config->agent, out);
	dump_section(CONFIG_SIP, NULL, &config->sip, out);
	dump_section(CONFIG_MEDIA, NULL, &config->media, out);
	dump_section(CONFIG_TIMES, NULL, &config->times, out);
	dump_section(CONFIG_RESPONSES, NULL, &config->responses, out);
	for (unsigned int i = 0; i < config->account_count; i++)
		dump_section(CONFIG_ACCOUNT, config->accounts[i].name, &config->accounts[i], out);
	for (unsigned int i = 0; i < config->line_count; i++)
		dump_section(config->lines[i].is_trunk ? CONFIG_TRUNK : CONFIG_LINE,
			     config->lines[i].name, &config->lines[i], out);
	dump_treatments(&config->treatments, out);
}
