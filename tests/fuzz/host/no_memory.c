// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each input of a target again and again: the first allocation fails, then the
 * second instead, and so on until none did. Nothing may crash, hang or leak,
 * and the target's own promises hold. The files of the agent get their memory here; the
 * target does not, nor does libosip2, which is not up to it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mbedtls/md.h>
#include <stdarg.h>
#include <unistd.h>

#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>

#include "input.h"

#define INPUT_MAX	(1 << 20)
#define FAIL_MAX	100000

void *fail_malloc(size_t size);
void *fail_calloc(size_t count, size_t size);
void *fail_realloc(void *p, size_t size);
char *fail_strdup(const char *s);
char *fail_strndup(const char *s, size_t len);
int fail_asprintf(char **to, const char *format, ...);

static unsigned int nth, count, failures;
static char doing[PATH_MAX + 32];

static bool fails(void)
{
	count++;
	if (count != nth)
		return false;
	failures++;
	errno = ENOMEM;
	return true;
}

void *fail_malloc(size_t size)
{
	return fails() ? NULL : malloc(size);
}

void *fail_calloc(size_t n, size_t size)
{
	return fails() ? NULL : calloc(n, size);
}

void *fail_realloc(void *p, size_t size)
{
	return fails() ? NULL : realloc(p, size);
}

char *fail_strdup(const char *s)
{
	return fails() ? NULL : strdup(s);
}

char *fail_strndup(const char *s, size_t len)
{
	return fails() ? NULL : strndup(s, len);
}

/* glibc's leaves *@to undefined. */
int fail_asprintf(char **to, const char *format, ...)
{
	va_list args;
	int len;

	if (fails()) {
		*to = (char *)0x5a5a;
		return -1;
	}
	va_start(args, format);
	len = vasprintf(to, format, args);
	va_end(args);
	return len;
}

int __real_mbedtls_md_setup(mbedtls_md_context_t *md, const mbedtls_md_info_t *info, int hmac);
int __wrap_mbedtls_md_setup(mbedtls_md_context_t *md, const mbedtls_md_info_t *info, int hmac);

int __wrap_mbedtls_md_setup(mbedtls_md_context_t *md, const mbedtls_md_info_t *info, int hmac)
{
	return fails() ? MBEDTLS_ERR_MD_ALLOC_FAILED : __real_mbedtls_md_setup(md, info, hmac);
}

static void tell_where(void)
{
	fprintf(stderr, "# %s, allocation %u failed\n", doing, nth);
}

static bool starve(const char *path)
{
	static uint8_t data[INPUT_MAX];
	int fd = open(path, O_RDONLY);
	ssize_t size = read(fd, data, sizeof(data));

	close(fd);
	if (size < 0)
		return false;
	snprintf(doing, sizeof(doing), "%s", path);
	for (nth = 1; nth < FAIL_MAX; nth++) {
		unsigned int before = failures;

		count = 0;
		LLVMFuzzerTestOneInput(data, (size_t)size);
		if (failures == before)
			break;
	}
	if (__lsan_do_recoverable_leak_check()) {
		printf("# %s leaks\n", path);
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	char path[PATH_MAX];
	bool good = true;
	DIR *dir = argc > 1 ? opendir(argv[1]) : NULL;

	__asan_set_death_callback(tell_where);
	printf("KTAP version 1\n1..1\n");
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		if (entry->d_name[0] != '.')
			good = starve(path) && good;
	}
	if (dir)
		closedir(dir);
	printf("%sok 1 %s: %u allocations failed\n", good && failures ? "" : "not ",
	       program_invocation_short_name, failures);
	return !good || !failures;
}
