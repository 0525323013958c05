// SPDX-License-Identifier: GPL-2.0-or-later
#include "simboard.h"
#include "port.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOARDS	"/sys/kernel/config/pots-sim/"

static int open_attribute(const char *board, const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), BOARDS "%s/%s", board, name);
	return open(path, flags | O_CLOEXEC);
}

static int set(const char *board, const char *name, const char *value)
{
	int fd = open_attribute(board, name, O_WRONLY);
	int err = fd < 0 || write(fd, value, strlen(value)) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

int simboard_describe(const char *board, const char *attributes)
{
	char path[128], *words = strdup(attributes), *rest = words, *name, *value;
	int err;

	snprintf(path, sizeof(path), BOARDS "%s", board);
	err = mkdir(path, 0755) ? errno : 0;
	while (!err && (name = strsep(&rest, " ")) && (value = strsep(&rest, " ")))
		err = set(board, name, value);
	free(words);
	return err;
}

int simboard_live(const char *board, bool live)
{
	return set(board, "live", live ? "1" : "0");
}

bool simboard_is_live(const char *board)
{
	int fd = open_attribute(board, "live", O_RDONLY);
	char value = '0';

	if (fd < 0 || read(fd, &value, 1) != 1)
		value = '0';
	if (fd >= 0)
		close(fd);
	return value == '1';
}

int simboard_remove(const char *board)
{
	char path[128];

	snprintf(path, sizeof(path), BOARDS "%s", board);
	return rmdir(path) ? errno : 0;
}

static bool has_label(unsigned int id, const char *label)
{
	int fd = port_open(id, O_RDONLY);
	struct pots_info info = {};
	bool has;

	if (fd < 0)
		return false;
	has = !ioctl(fd, POTS_GET_INFO, &info) && !strcmp(info.label, label);
	close(fd);
	return has;
}

int simboard_port(const char *label, unsigned int timeout_ms)
{
	uint64_t end_ns = now_ns() + timeout_ms * NS_PER_MS;
	unsigned int ids[PORTS_MAX], count;

	do {
		count = port_list(ids);
		while (count--)
			if (has_label(ids[count], label))
				return ids[count];
		sleep_ms(10);
	} while (now_ns() < end_ns);
	return -1;
}
