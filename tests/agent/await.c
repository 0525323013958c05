// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * await: waits until potsd has a line in a state, told by its socket, so that
 * nobody need ask again and again.
 *
 *	usage: await SOCKET LINE STATE SECONDS
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char last[32];

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(object, key, &value) ? json_object_get_string(value) : "";
}

static bool is_it(struct json_object *object, char **argv)
{
	if (strcmp(text_of(object, "line"), argv[2]))
		return false;
	snprintf(last, sizeof(last), "%s", text_of(object, "state"));
	return !strcmp(last, argv[3]);
}

/* At first all lines come as an array, then each that changes. */
static bool tells_it(const char *line, char **argv)
{
	struct json_object *value = json_tokener_parse(line);
	bool found = false;

	if (json_object_is_type(value, json_type_object))
		found = is_it(value, argv);
	for (size_t i = 0; json_object_is_type(value, json_type_array) &&
	     i < json_object_array_length(value); i++)
		found = found || is_it(json_object_array_get_idx(value, i), argv);
	json_object_put(value);
	return found;
}

static FILE *listen_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    dprintf(fd, "{\"command\":\"monitor\"}\n") < 0)
		return NULL;
	return fdopen(fd, "r");
}

int main(int argc, char **argv)
{
	FILE *daemon = argc == 5 ? listen_to(argv[1]) : NULL;
	struct timeval patience = { 0 };
	char *line = NULL;
	size_t size = 0;

	if (!daemon) {
		perror("await");
		return EXIT_FAILURE;
	}
	/* Of silence: nothing here changes for ever. */
	patience.tv_sec = atoi(argv[4]);
	setsockopt(fileno(daemon), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while (getline(&line, &size, daemon) > 0) {
		if (tells_it(line, argv))
			return EXIT_SUCCESS;
	}
	printf("line %s is in %s, not in %s\n", argv[2], last, argv[3]);
	return EXIT_FAILURE;
}
