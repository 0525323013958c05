// SPDX-License-Identifier: GPL-2.0-or-later
/* potsd as a process: started, stopped, and what it uses. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

pid_t agent_start(const char *program, const char *config, const char *preload)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		if (preload)
			setenv("LD_PRELOAD", preload, 1);
		execl(program, program, "-c", config, NULL);
		_exit(127);
	}
	return pid;
}

void agent_stop(pid_t pid)
{
	kill(pid, SIGTERM);
	if (waitpid(pid, NULL, 0) != pid)
		fail("potsd did not end");
}

/* Sums @get over the threads of the process. */
static uint64_t sum_threads(pid_t pid, const char *file, uint64_t (*get)(FILE *in))
{
	char path[300];
	struct dirent *entry;
	uint64_t sum = 0;
	FILE *in;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		fail("potsd has ended");
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", pid, entry->d_name, file);
		in = fopen(path, "r");
		if (!in)
			continue;
		sum += get(in);
		fclose(in);
	}
	closedir(dir);
	return sum;
}

static uint64_t get_cpu_ns(FILE *in)
{
	unsigned long long ns = 0;

	if (fscanf(in, "%llu", &ns) != 1)
		fail("schedstat cannot be read");
	return ns;
}

static uint64_t get_wakeups(FILE *in)
{
	unsigned long long count;
	char line[200];

	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "voluntary_ctxt_switches: %llu", &count) == 1)
			return count;
	fail("no count of context switches");
}

uint64_t agent_cpu_ns(pid_t pid)
{
	return sum_threads(pid, "schedstat", get_cpu_ns);
}

uint64_t agent_wakeups(pid_t pid)
{
	return sum_threads(pid, "status", get_wakeups);
}

double agent_pss_mb(pid_t pid)
{
	char path[64], line[200];
	unsigned long kib;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	in = fopen(path, "r");
	if (!in)
		fail("%s cannot be read", path);
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "Pss: %lu kB", &kib) == 1) {
			fclose(in);
			return kib / 1024.0;
		}
	}
	fail("no PSS in %s", path);
}
