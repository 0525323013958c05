// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target without libFuzzer: runs the inputs in the directories it is given,
 * and says so in KTAP. The name of an input stands before it, so that a crash
 * tells which one it was.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "input.h"

#define INPUT_MAX	(1 << 20)

static bool replay(const char *path)
{
	uint8_t *data = malloc(INPUT_MAX);
	int fd = open(path, O_RDONLY);	/* a target may have an fopen() of its own */
	ssize_t size = read(fd, data, INPUT_MAX);

	close(fd);
	if (size >= 0)
		LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return size >= 0;
}

static unsigned int replay_all(const char *directory)
{
	DIR *dir = opendir(directory);
	unsigned int count = 0;
	struct dirent *entry;
	char path[PATH_MAX];

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		printf("# %s\n", path);
		fflush(stdout);
		count += replay(path);
	}
	if (dir)
		closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	unsigned int count = 0;
	int i;

	printf("KTAP version 1\n1..1\n");
	for (i = 1; i < argc; i++)
		count += replay_all(argv[i]);
	printf("%sok 1 %s: %u inputs\n", count ? "" : "not ", program_invocation_short_name,
	       count);
	return !count;
}
