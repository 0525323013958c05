// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json: is every line of the standard input a JSON value, and do the objects
 * of it have these keys? An array's elements are its objects.
 *
 *	usage: json KEY...
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned int objects;

static bool has_keys(struct json_object *object, char **keys)
{
	objects++;
	for (; *keys; keys++) {
		if (json_object_object_get_ex(object, *keys, NULL))
			continue;
		printf("no %s in: %s\n", *keys, json_object_to_json_string(object));
		return false;
	}
	return true;
}

static bool is_right(const char *line, char **keys)
{
	enum json_tokener_error error;
	struct json_object *value = json_tokener_parse_verbose(line, &error);

	if (error != json_tokener_success) {
		printf("%s: %s", json_tokener_error_desc(error), line);
		return false;
	}
	if (json_object_is_type(value, json_type_object))
		return has_keys(value, keys);
	if (!json_object_is_type(value, json_type_array)) {
		printf("neither object nor array: %s", line);
		return false;
	}
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		if (!has_keys(json_object_array_get_idx(value, i), keys))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;

	(void)argc;
	while (getline(&line, &size, stdin) > 0) {
		if (!is_right(line, argv + 1))
			return EXIT_FAILURE;
	}
	printf("%u objects\n", objects);
	return objects ? EXIT_SUCCESS : EXIT_FAILURE;
}
