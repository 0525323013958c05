// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsctl: what there is and what goes on. Ports and counters come from the
 * kernel over netlink, calls and accounts from potsd's socket.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/pots.h>

#include "control.h"
#include "country.h"
#include "kernel_nl.h"
#include "potsctl_tones.h"

static const char *socket_path = CONTROL_SOCKET;
static const char *countries_path = COUNTRY_DIRECTORY;
static bool as_json;

/* ------------------------------------------------------------------- ports --- */

static const char *const state_names[] = {
	"off-hook", "parked", "claimed", "ringing", "tone", "audio", "hangup", "alarm",
	"no-battery", "in-use", "reversed", "dialling",
};

static const char *const cap_names[] = {
	"speech", "chip-tone", "ring", "reverse", "open", "dtmf",
	"caller-id", "progress", "billing", "meter", "lamp",
};

static const char *const feed_names[] = {
	"open", "forward", "reverse", "oht-forward", "oht-reverse", "ringing",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *type_name(uint32_t type)
{
	return type == POTS_PORT_TYPE_FXS ? "fxs" : type == POTS_PORT_TYPE_FXO ? "fxo" : "?";
}

static const char *feed_name(uint32_t feed)
{
	return feed < COUNT(feed_names) ? feed_names[feed] : "?";
}

/* The names of the bits that are set, with blanks between. */
static void print_bits(uint32_t bits, const char *const *names, size_t count)
{
	const char *blank = "";

	for (size_t i = 0; i < count; i++) {
		if (!(bits & (1u << i)))
			continue;
		printf("%s%s", blank, names[i]);
		blank = " ";
	}
	putchar('\n');
}

static struct json_object *bits_array(uint32_t bits, const char *const *names, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		if (bits & (1u << i))
			json_object_array_add(array, json_object_new_string(names[i]));
	}
	return array;
}

static void add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

static struct json_object *port_object(const struct kernel_port *port)
{
	struct json_object *object = json_object_new_object(), *stats;

	add_string(object, "name", port->name);
	add_string(object, "type", type_name(port->type));
	add_string(object, "chip", port->chip);
	add_string(object, "label", port->label);
	add_string(object, "feed", feed_name(port->feed));
	json_object_object_add(object, "caps",
			       bits_array(port->caps, cap_names, COUNT(cap_names)));
	json_object_object_add(object, "state",
			       bits_array(port->state, state_names, COUNT(state_names)));
	if (!port->stats_count)
		return object;
	stats = json_object_new_object();
	for (unsigned int i = 0; i < port->stats_count; i++)
		json_object_object_add(stats, kernel_stat_name(i),
				       json_object_new_int64((int64_t)port->stats[i]));
	json_object_object_add(object, "stats", stats);
	return object;
}

static void print_object(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	fflush(stdout);
	json_object_put(object);
}

struct listing {
	const char *name;		/* NULL = every port */
	bool details;
	unsigned int count;
	struct json_object *array;
};

static void print_details(const struct kernel_port *port)
{
	printf("%s\n  type   %s\n  chip   %s\n  label  %s\n  feed   %s\n  state  ", port->name,
	       type_name(port->type), port->chip, port->label, feed_name(port->feed));
	print_bits(port->state, state_names, COUNT(state_names));
	printf("  can    ");
	print_bits(port->caps, cap_names, COUNT(cap_names));
	for (unsigned int i = 0; i < port->stats_count; i++)
		printf("  %-15s %llu\n", kernel_stat_name(i), (unsigned long long)port->stats[i]);
}

static void on_listed(void *ctx, enum kernel_change change, const struct kernel_port *port)
{
	struct listing *listing = ctx;

	(void)change;
	if (listing->name && strcmp(listing->name, port->name))
		return;
	listing->count++;
	if (as_json) {
		json_object_array_add(listing->array, port_object(port));
	} else if (listing->details) {
		print_details(port);
	} else {
		printf("%-8s %-4s %-10s %-16s ", port->name, type_name(port->type), port->chip,
		       port->label);
		print_bits(port->state, state_names, COUNT(state_names));
	}
}

static int fail(const char *what, int err)
{
	fprintf(stderr, "potsctl: %s: %s\n", what, strerror(-err));
	return EXIT_FAILURE;
}

static int list_ports(struct listing *listing)
{
	struct kernel_nl *nl;
	int err = kernel_nl_new(&nl, on_listed, listing);

	if (err)
		return fail("netlink", err);
	listing->array = json_object_new_array();
	err = kernel_nl_dump(nl, listing->details);
	kernel_nl_free(nl);
	if (err == -ENODEV)
		fputs("potsctl: the module pots is not loaded\n", stderr);
	else if (err)
		return fail("netlink", err);
	if (!err && as_json)
		print_object(json_object_get(listing->array));
	json_object_put(listing->array);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int do_list(int argc, char **argv)
{
	struct listing listing = { 0 };

	(void)argc;
	(void)argv;
	return list_ports(&listing);
}

static int do_show(int argc, char **argv)
{
	struct listing listing = { .name = argc > 1 ? argv[1] : NULL, .details = true };
	int status = list_ports(&listing);

	if (!status && listing.name && !listing.count) {
		fprintf(stderr, "potsctl: there is no port %s\n", listing.name);
		return EXIT_FAILURE;
	}
	return status;
}

/* ----------------------------------------------------------- potsd's socket --- */

static FILE *ask_daemon(const char *command)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *file;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return NULL;
	file = fdopen(fd, "r+");
	if (file) {
		fprintf(file, "{\"command\":\"%s\"}\n", command);
		fflush(file);
	}
	return file;
}

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(object, key, &value) && value
		       ? json_object_get_string(value) : "";
}

struct column {
	const char *key;
	int width;
};

static void print_row(struct json_object *row, const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%-*s%s", columns[i].width, text_of(row, columns[i].key),
		       i + 1 < count ? " " : "\n");
	fflush(stdout);
}

static void print_rows(struct json_object *rows, const struct column *columns, size_t count)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		print_row(json_object_array_get_idx(rows, i), columns, count);
}

static const struct column call_columns[] = {
	{ "kind", 5 }, { "line", 4 }, { "port", 7 }, { "number", 10 }, { "state", 10 },
	{ "peer", 16 }, { "codec", 5 }, { "messages", 8 }, { "seconds", 0 },
};

static const struct column account_columns[] = {
	{ "account", 12 }, { "user", 16 }, { "registrar", 24 }, { "state", 0 },
};

static int query(const char *command, const struct column *columns, size_t count)
{
	FILE *file = ask_daemon(command);
	struct json_object *answer;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return fail(socket_path, -errno);
	answer = getline(&line, &size, file) > 0 ? json_tokener_parse(line) : NULL;
	free(line);
	fclose(file);
	if (!json_object_is_type(answer, json_type_array)) {
		json_object_put(answer);
		fputs("potsctl: potsd gave no answer\n", stderr);
		return EXIT_FAILURE;
	}
	if (as_json) {
		print_object(answer);
		return EXIT_SUCCESS;
	}
	print_rows(answer, columns, count);
	json_object_put(answer);
	return EXIT_SUCCESS;
}

static int do_calls(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return query("calls", call_columns, COUNT(call_columns));
}

static int do_accounts(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return query("accounts", account_columns, COUNT(account_columns));
}

/* ----------------------------------------------------------------- monitor --- */

static void on_change(void *ctx, enum kernel_change change, const struct kernel_port *port)
{
	static const char *const names[] = {
		[KERNEL_PORT_PRESENT]	= "present",
		[KERNEL_PORT_ADDED]	= "added",
		[KERNEL_PORT_CHANGED]	= "changed",
		[KERNEL_PORT_REMOVED]	= "removed",
	};
	struct json_object *object;

	(void)ctx;
	if (as_json) {
		object = port_object(port);
		add_string(object, "change", names[change]);
		print_object(object);
		return;
	}
	printf("%-8s %-8s %-12s ", port->name, names[change], feed_name(port->feed));
	print_bits(port->state, state_names, COUNT(state_names));
	fflush(stdout);
}

static bool print_daemon_line(FILE *daemon)
{
	struct json_object *object;
	char *line = NULL;
	size_t size = 0;
	bool alive = getline(&line, &size, daemon) > 0;

	object = alive ? json_tokener_parse(line) : NULL;
	free(line);
	if (!object)
		return false;
	if (as_json)
		print_object(json_object_get(object));
	else if (json_object_is_type(object, json_type_array))
		print_rows(object, call_columns, COUNT(call_columns));
	else
		print_row(object, call_columns, COUNT(call_columns));
	json_object_put(object);
	return true;
}

/* Ports are watched without potsd, too. */
static int do_monitor(int argc, char **argv)
{
	FILE *daemon = ask_daemon("monitor");
	struct pollfd fds[2];
	struct kernel_nl *nl;
	int err;

	(void)argc;
	(void)argv;
	err = kernel_nl_new(&nl, on_change, NULL);
	if (err)
		return fail("netlink", err);
	if (daemon)
		setvbuf(daemon, NULL, _IONBF, 0);
	kernel_nl_dump(nl, false);
	fds[0] = (struct pollfd){ .fd = kernel_nl_fd(nl), .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = daemon ? fileno(daemon) : -1, .events = POLLIN };
	while (!err && poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			err = kernel_nl_dispatch(nl);
		if (fds[1].revents && !print_daemon_line(daemon))
			fds[1].fd = -1;
	}
	kernel_nl_free(nl);
	return err ? fail("netlink", err) : EXIT_SUCCESS;
}

static int do_tones(int argc, char **argv)
{
	return potsctl_tones(argc, argv, countries_path, as_json);
}

/* --------------------------------------------------------------- subcommands --- */

static const struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv);
	int args_max;
	const char *help;
} subcommands[] = {
	{ "list", do_list, 0, "the ports, and what goes on there" },
	{ "show", do_show, 1, "[PORT]: everything about it, counters included" },
	{ "monitor", do_monitor, 0, "tell of every change, until interrupted" },
	{ "calls", do_calls, 0, "potsd's lines and trunks, and their calls" },
	{ "accounts", do_accounts, 0, "potsd's accounts and their registration" },
	{ "tones", do_tones, 2, "list | show COUNTRY | check FILE: tones and lines of countries" },
};

static void usage(FILE *out)
{
	fputs("usage: potsctl [--json] [--socket PATH] [--countries DIR] SUBCOMMAND\n", out);
	for (size_t i = 0; i < COUNT(subcommands); i++)
		fprintf(out, "  %-10s %s\n", subcommands[i].name, subcommands[i].help);
	fputs("  --json          one JSON value a line\n"
	      "  --socket PATH   potsd's socket, instead of " CONTROL_SOCKET "\n"
	      "  --countries DIR files of countries, instead of " COUNTRY_DIRECTORY "\n"
	      "  --help, --version\n", out);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "socket", required_argument, NULL, 's' },
		{ "countries", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "js:c:h", options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			as_json = true;
			break;
		case 's':
			socket_path = optarg;
			break;
		case 'c':
			countries_path = optarg;
			break;
		case 'h':
			usage(stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("potsctl " POTS_VERSION);
			return EXIT_SUCCESS;
		default:
			usage(stderr);
			return 2;
		}
	}
	for (size_t i = 0; optind < argc && i < COUNT(subcommands); i++) {
		if (!strcmp(argv[optind], subcommands[i].name) &&
		    argc - optind - 1 <= subcommands[i].args_max)
			return subcommands[i].run(argc - optind, argv + optind);
	}
	usage(stderr);
	return 2;
}
