// SPDX-License-Identifier: GPL-2.0-or-later
/* The table for people, and the JSON for programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const char *const unit_name[] = {
	[UNIT_MS] = "ms",
	[UNIT_MS_A_SECOND] = "ms/s",
	[UNIT_MB] = "MB",
	[UNIT_KB] = "kB",
	[UNIT_SECONDS] = "s",
	[UNIT_COUNT] = "",
	[UNIT_INSTRUCTIONS] = "instr",
};

void figure_add(struct figure *figure, double value)
{
	if (figure->count == RUNS_MAX)
		fail("%s: more than %d runs", figure->name, RUNS_MAX);
	figure->value[figure->count++] = value;
}

void figures_read(struct figure *figures, size_t count, const char *path)
{
	FILE *in = fopen(path, "r");
	char name[64];
	double value;

	if (!in)
		fail("%s cannot be read", path);
	while (fscanf(in, "%63s %lf", name, &value) == 2)
		for (size_t i = 0; i < count; i++)
			if (!strcmp(figures[i].name, name))
				figure_add(&figures[i], value);
	fclose(in);
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

static const char *verdict(const struct figure *figure)
{
	if (!figure->count)
		return "NOT MEASURED";
	return summarise(figure).kept ? "kept" : "MISSED";
}

static bool is_kept(const struct figure *figure)
{
	return figure->count && summarise(figure).kept;
}

static void print_row(const struct figure *figure)
{
	struct summary sum = { 0 };
	char worst_limit[20] = "";

	if (figure->count)
		sum = summarise(figure);
	if (figure->worst_limit)
		snprintf(worst_limit, sizeof(worst_limit), "(%g)", figure->worst_limit);
	printf("%-58s %8.3f %8.3f %8.3g %-5s %-5s %3u  %s\n", figure->what, sum.median,
	       sum.worst, figure->limit, worst_limit, unit_name[figure->unit],
	       figure->count, verdict(figure));
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

static void write_json(const struct figure *figures, size_t count, const char *path)
{
	FILE *out = fopen(path, "w");
	size_t i, last = 0;

	if (!out)
		fail("%s: cannot be written", path);
	for (i = 0; i < count; i++)
		if (figures[i].count)
			last = i;
	fprintf(out, "{\n");
	for (i = 0; i <= last; i++)
		if (figures[i].count)
			print_json(out, &figures[i], i < last ? "," : "");
	fprintf(out, "}\n");
	fclose(out);
}

unsigned int figures_print(const struct figure *figures, size_t count,
			   const char *json_path)
{
	unsigned int missed = 0;
	size_t i;

	write_json(figures, count, json_path);
	printf("\n%-58s %8s %8s %8s %-5s %-5s %3s\n", "measure", "median", "worst",
	       "at most", "", "", "n");
	for (i = 0; i < count; i++)
		print_row(&figures[i]);
	for (i = 0; i < count; i++) {
		if (is_kept(&figures[i]))
			continue;
		printf("%s: %s\n", verdict(&figures[i]), figures[i].what);
		missed++;
	}
	printf("%zu promises kept, %u not\n", count - missed, missed);
	return missed;
}
