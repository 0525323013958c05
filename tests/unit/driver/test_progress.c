// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * progress.c against the tones of the countries, as driver/tone.c plays them and
 * as a line spoils them: weaker, off frequency, in noise.
 */
#include "../ktap.h"
#include "plans.h"
#include "progress.h"
#include "signal.h"
#include "tone.h"

#include <math.h>
#include <stdlib.h>

#define SECOND		8000
#define PERIODS		3
#define MS		8		/* samples */
#define NOISE_SAMPLES	65536
#define LISTEN_MAX	(60 * SECOND)

static struct plan *plans;
static unsigned int plan_count;
static bool full;

static const struct condition {
	const char *name;
	int level_cdb;		/* of the strongest sine */
	double stretch;		/* of frequencies */
	double noise_db;	/* above it, 0 = none */
} conditions[] = {
	{ "-10 dBm0", -1000, 1, 0 },
	{ "-30 dBm0", -3000, 1, 0 },
	{ "-20 dBm0, 1.5 % high", -2000, 1.015, 0 },
	{ "-20 dBm0, 1.5 % low", -2000, 0.985, 0 },
	{ "-10 dBm0, in noise", -1000, 1, -20 },
	{ "-30 dBm0, 1.5 % high, in noise", -3000, 1.015, -20 },
	{ "-20 dBm0, 1.5 % low, in noise", -2000, 0.985, -20 },
};

/* Modulation has one level. */
static u32 sines_of(const struct pots_tone_step *step)
{
	return step->flags & POTS_STEP_F_AM ? 1 : POTS_TONE_FREQS_MAX;
}

/* The loudest sine of the step in which that is weakest. */
static int level_of(const struct pots_tone_program *program)
{
	int weakest = 9000;
	u32 i, k;

	for (i = 0; i < program->count; i++) {
		const struct pots_tone_step *step = &program->step[i];
		int level = -9000;

		for (k = 0; k < sines_of(step); k++)
			if (step->freq_mhz[k] && step->level_cdb[k] > level)
				level = step->level_cdb[k];
		if (level > -9000 && level < weakest)
			weakest = level;
	}
	return weakest;
}

struct source {
	struct pots_tone_program program;
	struct pots_tone_player player;
	double noise_gain;
	u32 at;
};

static void source_start(struct source *source, const struct pots_tone_program *program,
			 const struct condition *condition)
{
	u32 i, k;

	source->program = *program;
	for (i = 0; i < program->count; i++)
		for (k = 0; k < POTS_TONE_FREQS_MAX; k++)
			source->program.step[i].freq_mhz[k] *= condition->stretch;
	source->noise_gain = condition->noise_db ?
		pow(10, (condition->level_cdb / 100. + condition->noise_db) / 20) : 0;
	source->at = 0;
	pots_tone_start(&source->player, &source->program,
			condition->level_cdb - level_of(program), 0);
}

static void source_frame(struct source *source, s16 *frame)
{
	static s16 noise[NOISE_SAMPLES];	/* of 0 dBm0 less 20 dB */
	unsigned int seed = 3, i;

	if (!noise[0])
		add_noise(noise, NOISE_SAMPLES, -20, &seed);
	pots_tone_render(&source->player, frame, POTS_FRAME_SAMPLES, false);
	if (!source->noise_gain)
		return;
	for (i = 0; i < POTS_FRAME_SAMPLES; i++, source->at++)
		frame[i] = clip(frame[i] + source->noise_gain * 10 *
				noise[source->at % NOISE_SAMPLES]);
}

static void set_plan(struct pots_progress *p, const struct plan *plan)
{
	unsigned int i;
	int ret;

	pots_progress_init(p, PERIODS);
	for (i = 0; i < PLAN_TONES; i++) {
		if (!plan->tone[i].count)
			continue;
		ret = pots_progress_set(p, plan_tones[i].tone, &plan->tone[i]);
		CHECK(!ret, "%s %s: %d", plan->country, plan_tones[i].name, ret);
	}
}

static const char *name_of(u32 tone)
{
	unsigned int i;

	for (i = 0; i < PLAN_TONES; i++)
		if (plan_tones[i].tone == tone)
			return plan_tones[i].name;
	return tone ? "?" : "nothing";
}

/* Runs until an event, @max samples at most. The samples that it took. */
static u32 listen(struct pots_progress *p, struct source *source, u32 max,
		  struct pots_progress_event *event)
{
	s16 frame[POTS_FRAME_SAMPLES];
	u32 at;

	event->tone = 0;
	for (at = 0; at < max; at += POTS_FRAME_SAMPLES) {
		source_frame(source, frame);
		if (pots_progress_run(p, frame, event))
			break;
	}
	return at;
}


static const struct pots_tone_step *step_at(const struct pots_tone_program *program, u32 ms)
{
	u64 left = ms * 8;
	u32 i = 0;

	for (;;) {
		const struct pots_tone_step *step = &program->step[i];

		if (!step->samples || left < step->samples)
			return step;
		left -= step->samples;
		i = i + 1 < program->count ? i + 1 : program->loop_start;
	}
}

static bool same_sines(const struct pots_tone_step *a, const struct pots_tone_step *b)
{
	u32 i, freq_a, freq_b;

	for (i = 0; i < POTS_TONE_FREQS_MAX; i++) {
		freq_a = i < sines_of(a) ? a->freq_mhz[i] : 0;
		freq_b = i < sines_of(b) ? b->freq_mhz[i] : 0;
		if (freq_a != freq_b)
			return false;
	}
	return true;
}

/* Modulation and level are nothing to go by. */
static bool same_to_the_ear(const struct pots_tone_program *a,
			    const struct pots_tone_program *b)
{
	u32 ms;

	if (!a->count || !b->count)
		return false;
	for (ms = 5; ms < 20000; ms += 10)
		if (!same_sines(step_at(a, ms), step_at(b, ms)))
			return false;
	return true;
}

/*
 * What is to be heard of a tone: it, or one before it in the plan that is the same,
 * or dial tone when it is on for longer than two seconds at a time.
 */
static unsigned int expected(const struct plan *plan, unsigned int tone)
{
	const struct pots_tone_program *dial = &plan->tone[0], *is = &plan->tone[tone];
	unsigned int i, ms;

	for (ms = 0; tone && !dial->step[0].samples && ms < 2400 &&
	     same_sines(step_at(is, ms), &dial->step[0]); ms += 10)
		;
	if (ms >= 2400)
		return 0;
	for (i = 0; i < tone; i++)
		if (same_to_the_ear(&plan->tone[i], is))
			return i;
	return tone;
}

static void check_heard(const struct plan *plan, unsigned int tone,
			const struct condition *condition)
{
	const struct pots_tone_program *program = &plan->tone[tone];
	unsigned int wanted = expected(plan, tone);
	struct pots_progress_event event;
	struct pots_progress p;
	struct source source;
	u32 at;

	set_plan(&p, plan);
	source_start(&source, program, condition);
	at = listen(&p, &source, LISTEN_MAX, &event);
	CHECK(event.tone == plan_tones[wanted].tone && event.on,
	      "%s %s, %s: %s after %u ms, not %s", plan->country, plan_tones[tone].name,
	      condition->name, name_of(event.tone), at / MS, plan_tones[wanted].name);
	if (event.tone != plan_tones[wanted].tone || wanted != tone || program->repeat)
		return;
	/* it stays */
	at = listen(&p, &source, 15 * SECOND, &event);
	CHECK(!event.tone, "%s %s, %s: %s %s after another %u ms", plan->country,
	      plan_tones[tone].name, condition->name, name_of(event.tone),
	      event.on ? "on" : "off", at / MS);
}

static bool is_wanted(const struct plan *plan)
{
	static const char sample[][8] = {
		"us", "us-old", "gb", "de", "fr", "jp", "au", "br", "tr", "za", "kr",
		"nz", "eg", "it", "se",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sample); i++)
		if (!strcmp(plan->country, sample[i]))
			return true;
	return full;
}

static void test_countries(void)
{
	unsigned int i, tone, k, countries = 0;

	CHECK(plan_count >= 150, "%u countries", plan_count);
	for (i = 0; i < plan_count; i++) {
		if (!is_wanted(&plans[i]))
			continue;
		countries++;
		for (tone = 0; tone < PLAN_TONES; tone++)
			for (k = 0; plans[i].tone[tone].count && k < ARRAY_SIZE(conditions); k++)
				check_heard(&plans[i], tone, &conditions[k]);
	}
	NOTE("%u countries", countries);
}

static const struct plan *plan_of(const char *country)
{
	unsigned int i;

	for (i = 0; i < plan_count && strcmp(plans[i].country, country); i++)
		;
	return &plans[i < plan_count ? i : 0];
}

/* ------------------------------------------------------------------ times --- */

/* Milliseconds from the first sample of a tone, and from its last one. */
static void check_times(const char *country, unsigned int tone, u32 on_ms, u32 off_ms)
{
	const struct plan *plan = plan_of(country);
	const struct pots_tone_program silence = { .count = 1 };
	struct pots_progress_event event;
	struct pots_progress p;
	struct source source;
	u32 on, off, end;

	set_plan(&p, plan);
	source_start(&source, &plan->tone[tone], &conditions[0]);
	on = listen(&p, &source, LISTEN_MAX, &event) / MS;
	CHECK(event.on && event.tone == plan_tones[tone].tone, "%s %s: %s", country,
	      plan_tones[tone].name, name_of(event.tone));
	/* to the end of a sound, so that all of the pause is counted */
	for (end = on; step_at(&source.program, end)->freq_mhz[0] &&
	     source.program.count > 1 && !source.program.repeat; end++)
		listen(&p, &source, MS, &event);
	pots_tone_start(&source.player, &silence, 0, 0);
	off = listen(&p, &source, LISTEN_MAX, &event) / MS;
	CHECK(!event.on && event.tone == plan_tones[tone].tone, "%s %s: does not end",
	      country, plan_tones[tone].name);
	end = listen(&p, &source, 3 * SECOND, &event) / MS;
	CHECK(!event.tone, "%s %s: again, after %u ms", country, plan_tones[tone].name, end);
	NOTE("%s %s: on after %u ms, off after %u", country, plan_tones[tone].name, on, off);
	CHECK(on <= on_ms && off <= off_ms, "not %u and %u", on_ms, off_ms);
	CHECK(on >= on_ms * 3 / 4, "sooner than %u may be something else", on_ms * 3 / 4);
}

static void test_times(void)
{
	check_times("us", 0, 680, 100);
	check_times("us", 1, 3600, 4700);
	check_times("us", 2, 2600, 700);
	check_times("us", 3, 1350, 400);
	check_times("us", 4, 1150, 200);
	check_times("de", 0, 1300, 100);
	check_times("de", 2, 2500, 700);
	check_times("de", 4, 1100, 1300);
	check_times("gb", 3, 4800, 700);
}

/* Wherever in a period it is heard first, one period more is enough. */
static void test_joined_late(void)
{
	static const struct {
		const char *country;
		unsigned int tone;
		u32 period_ms, within_ms;
	} cases[] = {
		{ "us", 2, 1000, 3700 }, { "us", 3, 500, 1900 }, { "us", 1, 6000, 9700 },
		{ "de", 2, 960, 3600 }, { "de", 3, 480, 1900 }, { "de", 4, 1990, 3200 },
		{ "gb", 3, 1500, 6200 }, { "fr", 2, 1000, 3700 },
	};
	struct pots_progress_event event;
	s16 frame[POTS_FRAME_SAMPLES];
	struct pots_progress p;
	struct source source;
	u32 i, skip, at;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct plan *plan = plan_of(cases[i].country);

		for (skip = 1; skip < cases[i].period_ms; skip += 37) {
			set_plan(&p, plan);
			source_start(&source, &plan->tone[cases[i].tone], &conditions[0]);
			for (at = 0; at < skip; at++)
				source_frame(&source, frame);
			at = listen(&p, &source, LISTEN_MAX, &event) / MS;
			CHECK(event.tone == plan_tones[cases[i].tone].tone && event.on &&
			      at <= cases[i].within_ms, "%s %s, from %u ms on: %s after %u",
			      plan->country, plan_tones[cases[i].tone].name, skip,
			      name_of(event.tone), at);
		}
	}
}

/* --------------------------------------------------------------- foreign --- */

#define ON_OFF(hz_a, hz_b, on_ms, off_ms) { \
	.count = (off_ms) ? 2 : 1, \
	.step = { { .freq_mhz = { (hz_a) * 1000, (hz_b) * 1000 }, .samples = (on_ms) * MS }, \
		  { .samples = (off_ms) * MS } } }

static const struct foreigner {
	const char *plan, *name;
	struct pots_tone_program program;
} foreigners[] = {
	{ "us", "425 Hz", ON_OFF(425, 0, 0, 0) },
	{ "us", "440 Hz alone", ON_OFF(440, 0, 0, 0) },
	{ "us", "350 Hz alone", ON_OFF(350, 0, 0, 0) },
	{ "us", "dial tone 5 % off", ON_OFF(367, 462, 0, 0) },
	{ "us", "busy of 425 Hz", ON_OFF(425, 0, 500, 500) },
	{ "us", "480 Hz alone", ON_OFF(480, 0, 500, 500) },
	{ "us", "busy, 750 ms", ON_OFF(480, 620, 750, 750) },
	{ "us", "busy, 560 ms", ON_OFF(480, 620, 560, 560) },
	{ "us", "busy, short pauses", ON_OFF(480, 620, 500, 300) },
	{ "us", "reorder, 150 ms", ON_OFF(480, 620, 150, 150) },
	{ "us", "ringback, 1 s", ON_OFF(440, 480, 1000, 4000) },
	{ "us", "fax calling", ON_OFF(1100, 0, 500, 3000) },
	{ "us", "fax answering", ON_OFF(2100, 0, 0, 0) },
	{ "us", "digit 5", ON_OFF(770, 1336, 100, 100) },
	{ "de", "busy of 400 Hz", ON_OFF(400, 0, 480, 480) },
	{ "de", "busy of 450 Hz", ON_OFF(450, 0, 480, 480) },
	{ "de", "between busy and reorder", ON_OFF(425, 0, 350, 350) },
	{ "de", "400 and 450 Hz", ON_OFF(400, 450, 480, 480) },
	{ "de", "fax calling", ON_OFF(1100, 0, 500, 3000) },
	{ "de", "dial tone of 350 and 440 Hz", ON_OFF(350, 440, 0, 0) },
	{ "fr", "busy of 400 Hz", ON_OFF(400, 0, 500, 500) },
	{ "gb", "busy of 425 Hz", ON_OFF(425, 0, 375, 375) },
	/* a note that is repeated freely: 350 ms are an average only */
	{ "cn", "a melody", {
		.count = 4,
		.step = { { .freq_mhz = { 450000 }, .samples = 390 * MS },
			  { .samples = 350 * MS },
			  { .freq_mhz = { 450000 }, .samples = 310 * MS },
			  { .samples = 350 * MS } } } },
};

static void check_nothing(const char *country, const char *name,
			  const struct pots_tone_program *program,
			  const struct condition *condition)
{
	struct pots_progress_event event;
	struct pots_progress p;
	struct source source;
	u32 at;

	set_plan(&p, plan_of(country));
	source_start(&source, program, condition);
	at = listen(&p, &source, 20 * SECOND, &event);
	CHECK(!event.tone, "%s, %s, %s: %s after %u ms", country, name, condition->name,
	      name_of(event.tone), at / MS);
}

static void test_foreign(void)
{
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(foreigners); i++)
		for (k = 0; k < 2; k++)
			check_nothing(foreigners[i].plan, foreigners[i].name,
				      &foreigners[i].program, &conditions[k]);
}

static void test_too_weak_or_covered(void)
{
	static const struct condition weak = { "-43 dBm0", -4300, 1, 0 };
	static const struct condition covered = { "in as much noise", -2000, 1, 3 };
	unsigned int tone;

	for (tone = 0; tone < 4; tone++) {
		check_nothing("us", plan_tones[tone].name, &plan_of("us")->tone[tone], &weak);
		check_nothing("de", plan_tones[tone].name, &plan_of("de")->tone[tone],
			      &covered);
	}
}

/* -------------------------------------------------------------- the plan --- */

static void test_plan(void)
{
	static const struct pots_tone_program silent = { .count = 1 },
		high = ON_OFF(2000, 0, 500, 500), low = ON_OFF(150, 0, 500, 500),
		quick = ON_OFF(425, 0, 40, 40), busy = ON_OFF(425, 0, 500, 500);
	struct pots_tone_program once = ON_OFF(425, 0, 500, 0), many = {};
	struct pots_progress_event event;
	struct pots_progress p;
	struct source source;
	u32 i, at;

	pots_progress_init(&p, 2);
	once.repeat = 1;
	many.count = 40;
	for (i = 0; i < many.count; i++)
		many.step[i] = (struct pots_tone_step){
			.freq_mhz = { 300000 + 20000 * i }, .samples = 800 };
	CHECK(pots_progress_set(&p, POTS_TONE_HOLD, &busy) == -EINVAL, "hold");
	CHECK(pots_progress_set(&p, POTS_TONE_BUSY, &silent) == -EINVAL, "silence");
	CHECK(pots_progress_set(&p, POTS_TONE_BUSY, &high) == -EINVAL, "2000 Hz");
	CHECK(pots_progress_set(&p, POTS_TONE_BUSY, &low) == -EINVAL, "150 Hz");
	CHECK(pots_progress_set(&p, POTS_TONE_BUSY, &quick) == -EINVAL, "40 ms");
	CHECK(pots_progress_set(&p, POTS_TONE_BUSY, &once) == -EINVAL, "a burst");
	CHECK(pots_progress_set(&p, POTS_TONE_BUSY, &many) == -EINVAL, "too much");

	/* what was refused left nothing behind: all of this must find room */
	for (i = 0; i < 100; i++) {
		struct pots_tone_program other = ON_OFF(300 + 5 * i, 800 + 5 * i, 500, 500);

		CHECK(!pots_progress_set(&p, POTS_TONE_BUSY, &other), "change %u", i);
	}
	CHECK(!pots_progress_set(&p, POTS_TONE_BUSY, &busy), "busy");
	source_start(&source, &busy, &conditions[0]);
	listen(&p, &source, 5 * SECOND, &event);
	CHECK(event.tone == POTS_TONE_BUSY && event.on, "%s", name_of(event.tone));

	/* reset: as if it had never been heard */
	pots_progress_reset(&p);
	at = listen(&p, &source, 5 * SECOND, &event) / MS;
	CHECK(event.tone == POTS_TONE_BUSY && event.on && at > 1500, "%s after %u ms",
	      name_of(event.tone), at);
	CHECK(!pots_progress_set(&p, POTS_TONE_BUSY, NULL), "none");
	listen(&p, &source, 5 * SECOND, &event);
	CHECK(!event.tone, "%s", name_of(event.tone));
}

/* Speech ends a busy tone, and busy a ringback. */
static void test_one_after_the_other(void)
{
	const struct plan *plan = plan_of("us");
	struct pots_progress_event event;
	struct pots_progress p;
	struct source source;
	u32 at;

	set_plan(&p, plan);
	source_start(&source, &plan->tone[1], &conditions[0]);
	listen(&p, &source, LISTEN_MAX, &event);
	CHECK(event.tone == POTS_TONE_RINGBACK && event.on, "%s", name_of(event.tone));
	source_start(&source, &plan->tone[2], &conditions[0]);
	at = listen(&p, &source, LISTEN_MAX, &event);
	CHECK(event.tone == POTS_TONE_RINGBACK && !event.on && at < 200 * MS, "%s after %u ms",
	      name_of(event.tone), at / MS);
	at += listen(&p, &source, LISTEN_MAX, &event);
	CHECK(event.tone == POTS_TONE_BUSY && event.on && at < 2700 * MS, "%s after %u ms",
	      name_of(event.tone), at / MS);
	source_start(&source, &foreigners[0].program, &conditions[0]);
	at = listen(&p, &source, LISTEN_MAX, &event);
	CHECK(event.tone == POTS_TONE_BUSY && !event.on && at < 200 * MS, "%s after %u ms",
	      name_of(event.tone), at / MS);
}

int main(int argc, char **argv)
{
	static const struct ktap_test tests[] = {
		TEST(test_countries), TEST(test_times), TEST(test_joined_late),
		TEST(test_foreign), TEST(test_too_weak_or_covered), TEST(test_plan),
		TEST(test_one_after_the_other),
	};
	const char *path = getenv("TONES");

	full = getenv("POTS_FULL") && *getenv("POTS_FULL");
	plans = plans_read(path ? path : "../agent/tones-expected.txt", &plan_count);
	if (!plans) {
		printf("Bail out! no tones to read\n");
		return 1;
	}
	return ktap_run(tests, ARRAY_SIZE(tests), argc, argv);
}
