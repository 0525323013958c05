// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsctl tones: which countries there are, what one of them says, and what is
 * wrong with a file.
 */
#include "potsctl_tones.h"

#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "country.h"
#include "treatment.h"

#define SUFFIX		".conf"
#define NAME_LENGTH(name) (strlen(name) - strlen(SUFFIX))

static void print_error(void *ctx, const char *file, int line, int column, const char *text)
{
	(void)ctx;
	fflush(stdout);
	fputs(file, stderr);
	if (line)
		fprintf(stderr, ":%d", line);
	if (column)
		fprintf(stderr, ":%d", column);
	fprintf(stderr, ": %s\n", text);
}

static int load(struct country *country, const char *directory, const char *name)
{
	char path[COUNTRY_PATH_MAX];
	int err = country_path(path, directory, name);

	if (!err)
		return country_load(country, path, print_error, NULL);
	*country = (struct country){ 0 };
	fprintf(stderr, "potsctl: %s: %s\n", name, strerror(-err));
	return err;
}

static void add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value ? value : ""));
}

static void print_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

/* -------------------------------------------------------------------- list --- */

static int is_country(const struct dirent *entry)
{
	const char *name = entry->d_name;

	return strlen(name) > strlen(SUFFIX) && !strcmp(name + NAME_LENGTH(name), SUFFIX);
}

static void list_one(const char *code, const struct country *country, struct json_object *array)
{
	struct json_object *object;

	if (!array) {
		printf("%-8s %s\n", code, country->name);
		return;
	}
	object = json_object_new_object();
	add_string(object, "country", code);
	add_string(object, "name", country->name);
	json_object_array_add(array, object);
}

static int list(const char *directory, bool as_json)
{
	struct json_object *array = as_json ? json_object_new_array() : NULL;
	int status = EXIT_SUCCESS, count;
	struct dirent **entries;

	count = scandir(directory, &entries, is_country, alphasort);
	if (count < 0) {
		fprintf(stderr, "potsctl: %s: %s\n", directory, strerror(errno));
		return EXIT_FAILURE;
	}
	for (int i = 0; i < count; i++) {
		char *code = entries[i]->d_name;
		struct country country;

		code[NAME_LENGTH(code)] = 0;
		if (load(&country, directory, code))
			status = EXIT_FAILURE;
		else
			list_one(code, &country, array);
		country_free(&country);
		free(entries[i]);
	}
	free(entries);
	if (as_json)
		print_json(array);
	return status;
}

/* -------------------------------------------------------------------- show --- */

static void show_settings(const struct country *country, bool of_exchange)
{
	char value[COUNTRY_VALUE_MAX];
	const char *key;

	printf("\n[%s]\n", of_exchange ? "exchange" : "line");
	for (unsigned int place = 0; (key = country_setting(country, of_exchange, place, value));
	     place++) {
		if (*value)
			printf("%s = %s\n", key, value);
	}
}

static void show_text(const struct country *country)
{
	char value[COUNTRY_VALUE_MAX];

	printf("[country]\nname = %s\n", country->name);
	if (country->source)
		printf("source = %s\n", country->source);
	if (country->unsure)
		printf("unsure = %s\n", country->unsure);
	country_caller_id(country, value);
	printf("caller-id = %s\n", value);
	show_settings(country, false);
	show_settings(country, true);
	printf("\n[tones]\nlevel = %.2f\n", country->level_cdb / 100.);
	for (unsigned int tone = 0; tone < POTS_TONE_COUNT; tone++) {
		if (country->tones[tone])
			printf("%s = %s\n", treatment_tone_name(tone), country->tones[tone]);
	}
	if (country->dtmf_low_cdb != PORT_GAIN_UNSET)
		printf("dtmf-high = %.2f\ndtmf-low = %.2f\n", country->dtmf_high_cdb / 100.,
		       country->dtmf_low_cdb / 100.);
}

static struct json_object *step_object(const struct pots_tone_step *step)
{
	struct json_object *object = json_object_new_object();
	struct json_object *hz = json_object_new_array(), *dbm0 = json_object_new_array();

	for (unsigned int i = 0; i < POTS_TONE_FREQS_MAX && step->freq_mhz[i]; i++) {
		json_object_array_add(hz, json_object_new_double(step->freq_mhz[i] / 1000.));
		json_object_array_add(dbm0, json_object_new_double(step->level_cdb[i] / 100.));
	}
	json_object_object_add(object, "hz", hz);
	json_object_object_add(object, "dbm0", dbm0);
	json_object_object_add(object, "samples", json_object_new_int64(step->samples));
	if (step->flags & POTS_STEP_F_AM)
		json_object_object_add(object, "am_depth", json_object_new_int(step->am_depth));
	return object;
}

/* The text and what it is compiled to. */
static struct json_object *tone_object(const struct country *country, unsigned int tone)
{
	struct json_object *object = json_object_new_object(), *steps = json_object_new_array();
	struct pots_tone_program program;

	add_string(object, "text", country->tones[tone]);
	country_tone(country, tone, &program);
	json_object_object_add(object, "loop_start", json_object_new_int64(program.loop_start));
	json_object_object_add(object, "repeat", json_object_new_int64(program.repeat));
	for (unsigned int i = 0; i < program.count; i++)
		json_object_array_add(steps, step_object(&program.step[i]));
	json_object_object_add(object, "steps", steps);
	return object;
}

static struct json_object *settings_object(const struct country *country, bool of_exchange)
{
	struct json_object *object = json_object_new_object();
	char value[COUNTRY_VALUE_MAX];
	const char *key;

	for (unsigned int place = 0; (key = country_setting(country, of_exchange, place, value));
	     place++) {
		if (*value)
			add_string(object, key, value);
	}
	return object;
}

static void show_json(const struct country *country)
{
	struct json_object *object = json_object_new_object();
	struct json_object *tones = json_object_new_object();
	char value[COUNTRY_VALUE_MAX];

	add_string(object, "name", country->name);
	add_string(object, "source", country->source);
	add_string(object, "unsure", country->unsure);
	country_caller_id(country, value);
	add_string(object, "caller-id", value);
	json_object_object_add(object, "line", settings_object(country, false));
	json_object_object_add(object, "exchange", settings_object(country, true));
	for (unsigned int tone = 0; tone < POTS_TONE_COUNT; tone++) {
		if (country->tones[tone])
			json_object_object_add(tones, treatment_tone_name(tone),
					       tone_object(country, tone));
	}
	json_object_object_add(object, "tones", tones);
	print_json(object);
}

static int show(const char *directory, const char *name, bool as_json)
{
	struct country country;
	int err = load(&country, directory, name);

	if (!err)
		(as_json ? show_json : show_text)(&country);
	country_free(&country);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A name without a slash may be a file here, or a country. */
static int check(const char *directory, const char *name)
{
	struct country country;
	int err;

	if (strchr(name, '.'))
		err = country_load(&country, name, print_error, NULL);
	else
		err = load(&country, directory, name);
	country_free(&country);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int potsctl_tones(int argc, char **argv, const char *directory, bool as_json)
{
	if (argc == 2 && !strcmp(argv[1], "list"))
		return list(directory, as_json);
	if (argc == 3 && !strcmp(argv[1], "show"))
		return show(directory, argv[2], as_json);
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(directory, argv[2]);
	fputs("usage: potsctl tones list | show COUNTRY | check FILE\n", stderr);
	return 2;
}
