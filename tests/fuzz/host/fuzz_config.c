// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * potsd.conf, with a country beside it: refused with at least one report, or
 * taken, and then it can be printed.
 */
#include <errno.h>

#include "config.h"
#include "country.h"
#include "input.h"
#include "text_file.h"

static const char country[] = "[country]\nname = U\n[tones]\ndial = 425\n";
static unsigned int reports;

static void report(void *ctx, const char *file, int line, const char *text)
{
	MUST(file && line >= 0 && *text);
	reports++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *sink;
	struct config config;
	int err;

	if (!sink)
		sink = fmemopen(NULL, 65536, "w");
	text_file_set(0, "potsd.conf", data, size);
	text_file_set(1, COUNTRY_DIRECTORY "/xx.conf", country, strlen(country));
	reports = 0;
	err = config_load(&config, "potsd.conf", report, NULL);
	MUST(!err == !reports);
	if (!err) {
		rewind(sink);
		config_dump(&config, sink);
	}
	config_free(&config);
	return 0;
}
