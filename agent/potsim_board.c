// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsim: makes boards in configfs, and takes them away.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "potsim.h"

#define CONFIGFS	"/sys/kernel/config/pots-sim"

static void check_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (!len || name[len] || len > 15)
		wrong("a board's name is 1 to 15 of a-z 0-9 _, not \"%s\"", name);
}

static void check_configfs(void)
{
	if (!access(CONFIGFS, F_OK))
		return;
	if (access("/sys/kernel/config", F_OK))
		fail("no configfs: modprobe configfs; mount -t configfs none /sys/kernel/config");
	fail("%s is not there: modprobe pots-sim; and is configfs mounted?", CONFIGFS);
}

static int write_attribute(const char *board, const char *key, const char *value)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", board, key);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		ret = errno;
		fprintf(stderr, "potsim: writing %s to %s: %s\n", value, path,
			strerror(ret));
	}
	if (fd >= 0)
		close(fd);
	return ret;
}

static bool read_attribute(const char *board, const char *key, char *value, size_t size)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", board, key);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(value, size, file))
		*value = 0;
	value[strcspn(value, "\n")] = 0;
	fclose(file);
	return true;
}

static int write_number(const char *board, const char *key, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	return write_attribute(board, key, text);
}

static int board_create(const char *name, const struct options *o)
{
	char *const *set = o->set;
	char path[PATH_MAX];
	int err;

	check_name(name);
	check_configfs();
	snprintf(path, sizeof(path), CONFIGFS "/%s", name);
	if (mkdir(path, 0755))
		fail("%s: %s", path, errno == EEXIST ? "there is such a board already" :
						       strerror(errno));
	err = write_number(name, "fxs", o->fxs);
	if (!err && o->fxo)
		err = write_number(name, "fxo", o->fxo);
	for (; !err && *set; set++) {
		char *value = strchr(*set, '=');

		if (!value)
			wrong("--set takes KEY=VALUE, not \"%s\"", *set);
		*value++ = 0;
		err = write_attribute(name, *set, value);
	}
	if (!err)
		err = write_attribute(name, "live", "1");
	if (err)
		rmdir(path);
	return err ? EXIT_ERROR : 0;
}

static int board_remove(const char *name)
{
	char path[PATH_MAX];

	check_name(name);
	check_configfs();
	snprintf(path, sizeof(path), CONFIGFS "/%s", name);
	if (access(path, F_OK))
		fail("there is no board \"%s\" (%s)", name, path);
	if (write_attribute(name, "live", "0"))
		return EXIT_ERROR;
	if (rmdir(path))
		fail("%s: %s", path, strerror(errno));
	return 0;
}

static void print_board(const char *name, const char *fxs, const char *fxo, bool live,
			bool json)
{
	static const char *comma = "";

	if (json)
		printf("%s{\"name\":\"%s\",\"fxs\":%s,\"fxo\":%s,\"live\":%s}", comma, name,
		       fxs, fxo, live ? "true" : "false");
	else
		printf("%s: %s telephones, %s exchanges%s\n", name, fxs, fxo,
		       live ? "" : ", not live");
	comma = ",";
}

static bool read_parameter(const char *name, char *value, size_t size)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/pots_sim/parameters/%s", name);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(value, size, file))
		*value = 0;
	value[strcspn(value, "\n")] = 0;
	fclose(file);
	return true;
}

/* The board that the module made by itself has no directory. */
static void list_own(bool json)
{
	char fxs[16], fxo[16];

	if (read_parameter("fxs", fxs, sizeof(fxs)) && read_parameter("fxo", fxo, sizeof(fxo)) &&
	    (atoi(fxs) || atoi(fxo)))
		print_board("sim", fxs, fxo, true, json);
}

static void list_made(bool json)
{
	DIR *dir = opendir(CONFIGFS);
	char fxs[16], fxo[16], live[16];
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    read_attribute(entry->d_name, "fxs", fxs, sizeof(fxs)) &&
		    read_attribute(entry->d_name, "fxo", fxo, sizeof(fxo)) &&
		    read_attribute(entry->d_name, "live", live, sizeof(live)))
			print_board(entry->d_name, fxs, fxo, *live == '1', json);
	if (dir)
		closedir(dir);
}

static int board_list(bool json)
{
	if (access("/sys/module/pots_sim", F_OK))
		fail("the module is not there: modprobe pots-sim");
	if (json)
		putchar('[');
	list_own(json);
	list_made(json);
	if (json)
		puts("]");
	return 0;
}

int do_board(int argc, char **argv, struct options *o)
{
	const char *verb = argc ? argv[0] : "";

	if (!strcmp(verb, "create") && argc == 2)
		return board_create(argv[1], o);
	if (!strcmp(verb, "remove") && argc == 2)
		return board_remove(argv[1]);
	if (!strcmp(verb, "list") && argc == 1)
		return board_list(o->json);
	wrong("board create NAME | remove NAME | list");
}
