// SPDX-License-Identifier: GPL-2.0-or-later
#include "plans.h"

#include <stdio.h>
#include <stdlib.h>

#define PLANS_MAX	300
#define LINE_MAX_	8192

const struct plan_tone plan_tones[PLAN_TONES] = {
	{ "dial", POTS_TONE_DIAL }, { "ringback", POTS_TONE_RINGBACK },
	{ "busy", POTS_TONE_BUSY }, { "reorder", POTS_TONE_REORDER },
	{ "unobtainable", POTS_TONE_UNOBTAINABLE }, { "sit", POTS_TONE_SIT },
};

/* MS:MHZ@CDB,MHZ@CDB*MHZ%DEPTH */
static bool read_step(struct pots_tone_step *step, char *word)
{
	unsigned int i = 0;

	step->samples = strtoul(word, &word, 10) * 8;
	if (*word++ != ':')
		return false;
	while (*word && *word != '*' && i < POTS_TONE_FREQS_MAX) {
		step->freq_mhz[i] = strtoul(word, &word, 10);
		if (*word++ != '@')
			return false;
		step->level_cdb[i++] = strtol(word, &word, 10);
		word += *word == ',';
	}
	if (*word == '*') {
		step->flags = POTS_STEP_F_AM;
		step->freq_mhz[1] = strtoul(word + 1, &word, 10);
		step->am_depth = strtoul(word + 1, &word, 10);
	}
	return !*word;
}

static bool read_program(struct pots_tone_program *program, char *words)
{
	char *word = strtok(words, " \n");
	u32 i;

	for (i = 0; i < program->count; i++) {
		if (!word || !read_step(&program->step[i], word))
			return false;
		word = strtok(NULL, " \n");
	}
	return !word;
}

static bool read_line(struct plan *plan, unsigned int *count, char *line)
{
	char country[8], name[20];
	struct pots_tone_program program = {};
	int used;
	u32 i;

	if (sscanf(line, "%7s %19s %u %u %u %n", country, name, &program.count,
		   &program.loop_start, &program.repeat, &used) < 5 || *country == '#')
		return true;
	for (i = 0; i < PLAN_TONES && strcmp(name, plan_tones[i].name); i++)
		;
	if (i == PLAN_TONES)
		return true;
	if (program.count > POTS_TONE_STEPS_MAX || !read_program(&program, line + used))
		return false;
	if (!*count || strcmp(plan[*count - 1].country, country)) {
		if (*count == PLANS_MAX)
			return false;
		strcpy(plan[(*count)++].country, country);
	}
	plan[*count - 1].tone[i] = program;
	return true;
}

struct plan *plans_read(const char *path, unsigned int *count)
{
	struct plan *plan = calloc(PLANS_MAX, sizeof(*plan));
	FILE *file = fopen(path, "r");
	char line[LINE_MAX_];
	bool good = file && plan;

	*count = 0;
	while (good && fgets(line, sizeof(line), file))
		good = read_line(plan, count, line);
	if (file)
		fclose(file);
	if (good && *count)
		return plan;
	free(plan);
	return NULL;
}
