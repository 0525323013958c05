// SPDX-License-Identifier: GPL-2.0-or-later
/* The table for people, and the JSON for programs. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

static const char *const unit_name[] = {
	[UNIT_MS] = "ms",
	[UNIT_MS_A_SECOND] = "ms/s",
	[UNIT_MB] = "MB",
	[UNIT_SECONDS] = "s",
	[UNIT_COUNT] = "",
};

void figure_add(struct figure *figure, double value)
{
	if (figure->count == RUNS_MAX)
		fail("%s: more than %d runs", figure->name, RUNS_MAX);
	figure->value[figure->count++] = value;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct summary {
	double median, worst;
	bool kept;
};

static struct summary summarise(const struct figure *figure)
{
	double sorted[RUNS_MAX];
	struct summary sum;
	unsigned int i;

	for (i = 0; i < figure->count; i++)
		sorted[i] = figure->value[i];
	qsort(sorted, figure->count, sizeof(sorted[0]), compare);
	sum.median = sorted[figure->count / 2];
	sum.worst = sorted[figure->count - 1];
	sum.kept = sum.median <= figure->limit &&
		   (!figure->worst_limit || sum.worst <= figure->worst_limit);
	return sum;
}

static void print_row(const struct figure *figure)
{
	struct summary sum;

	if (!figure->count)
		return;
	sum = summarise(figure);
	printf("%-58s %8.3f %8.3f %8.3g %-5s %3u  %s\n", figure->what, sum.median,
	       sum.worst, figure->limit, unit_name[figure->unit], figure->count,
	       sum.kept ? "kept" : "MISSED");
}

static void print_json(FILE *out, const struct figure *figure, const char *end)
{
	struct summary sum = summarise(figure);
	unsigned int i;

	fprintf(out, "  \"%s\": {\"unit\": \"%s\", \"median\": %.4f, \"worst\": %.4f, "
		"\"limit\": %g, \"kept\": %s, \"runs\": [", figure->name,
		unit_name[figure->unit], sum.median, sum.worst, figure->limit,
		sum.kept ? "true" : "false");
	for (i = 0; i < figure->count; i++)
		fprintf(out, "%s%.4f", i ? ", " : "", figure->value[i]);
	fprintf(out, "]}%s\n", end);
}

void figures_print(const struct figure *figures, size_t count, const char *json_path)
{
	FILE *out = fopen(json_path, "w");
	size_t i, last = 0;

	if (!out)
		fail("%s: cannot be written", json_path);
	printf("%-58s %8s %8s %8s %-5s %3s\n", "measure", "median", "worst", "at most",
	       "", "n");
	for (i = 0; i < count; i++) {
		print_row(&figures[i]);
		if (figures[i].count)
			last = i;
	}
	fprintf(out, "{\n");
	for (i = 0; i <= last; i++)
		if (figures[i].count)
			print_json(out, &figures[i], i < last ? "," : "");
	fprintf(out, "}\n");
	fclose(out);
}
