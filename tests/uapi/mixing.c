// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tones mixed over speech, at the ear: what is left when the speech is taken off is
 * the tone as it is alone, to the sample; before and after it, and in its pauses,
 * there is nothing but the speech.
 */
#include "port.h"

#include <kselftest_harness.h>
#include <math.h>
#include <stdlib.h>

#define STEP		(POTS_RATE_HZ / 10)	/* samples that are spoken and heard at a time */
#define STEPS		12
#define FIRST		2			/* step at which the tone begins */
#define STOP		8
#define PERIOD		POTS_FRAME_SAMPLES	/* of the speech, 1000 Hz */
#define SPEECH_PEAK	16000			/* louder than any of the tones */

FIXTURE(mixing) {
	struct line line;
	int16_t speech[STEP];
	int16_t alone[STEPS * STEP], mixed[STEPS * STEP];
};

FIXTURE_SETUP(mixing)
{
	ASSERT_EQ(0, line_open(&self->line, 0));
	if (!(self->line.info.caps & POTS_CAP_SPEECH))
		SKIP(return, "this port has no speech path");
	if (self->line.phone < 0)
		SKIP(return, "this port has no telephone to lift");
}

FIXTURE_TEARDOWN(mixing)
{
	line_close(&self->line);
}

/* False when the speech ran dry, or something was refused. */
static bool record(FIXTURE_DATA(mixing) *self, const struct pots_play *wanted, int16_t *heard)
{
	struct pots_audio audio = {
		.read_frames = 20, .write_low_frames = 20, .queue_frames = POTS_AUDIO_QUEUE_MAX,
	};
	uint32_t ear = POTS_SIM_LISTEN_EAR;
	struct pots_play play = *wanted;
	struct pots_stop stop = {};
	struct pots_queue queue;
	bool good = !err_of(self->line.claim, POTS_AUDIO_START, &audio);

	for (int i = 0; i < 3; i++)
		good &= write(self->line.claim, self->speech, sizeof(self->speech)) > 0;
	sleep_ms(60);
	good &= !err_of(self->line.phone, POTS_SIM_LISTEN, &ear);
	for (int i = 0; i < STEPS; i++) {
		if (i == FIRST)
			good &= !err_of(self->line.claim, POTS_PLAY_TONE, &play);
		if (i == STOP)
			good &= !err_of(self->line.claim, POTS_STOP_TONE, &stop);
		good &= write(self->line.claim, self->speech, sizeof(self->speech)) > 0;
		good &= phone_hear(self->line.phone, heard + i * STEP, STEP);
	}
	good &= !err_of(self->line.claim, POTS_GET_QUEUE, &queue) && !queue.underruns;
	return good && !err_of(self->line.claim, POTS_AUDIO_STOP, NULL);
}

static void take_off_speech(int16_t *heard)
{
	int16_t speech[PERIOD];

	memcpy(speech, heard, sizeof(speech));
	for (int i = 0; i < STEPS * STEP; i++)
		heard[i] -= speech[i % PERIOD];
}

static int first_sound(const int16_t *samples)
{
	int i = 0;

	while (i < STEPS * STEP && !samples[i])
		i++;
	return i;
}

TEST_F_TIMEOUT(mixing, special_tones_leave_no_gap_in_speech, 120)
{
	static const unsigned int tones[] = {
		POTS_TONE_RECALL, POTS_TONE_CALL_WAITING, POTS_TONE_CALL_WAITING_2,
		POTS_TONE_CALL_WAITING_3, POTS_TONE_CALL_WAITING_4, POTS_TONE_CONFIRMATION,
		POTS_TONE_HOLD, POTS_TONE_WARNING, POTS_TONE_SIT, POTS_TONE_SIT_INTERCEPT,
		POTS_TONE_SIT_VACANT, POTS_TONE_SIT_REORDER, POTS_TONE_SIT_NO_CIRCUIT,
	};

	ASSERT_TRUE(line_lift(&self->line));
	for (size_t i = 0; i < ARRAY_SIZE(tones); i++) {
		struct pots_play play = { .tone = tones[i], .flags = POTS_PLAY_F_MIX };
		int from, to, left = STEPS * STEP, different = 0, peak = 0;

		memset(self->speech, 0, sizeof(self->speech));
		ASSERT_TRUE(record(self, &play, self->alone));
		for (int n = 0; n < STEP; n++)
			self->speech[n] = lrint(SPEECH_PEAK * sin(2 * M_PI * (n % PERIOD + 0.5) / PERIOD));
		ASSERT_TRUE(record(self, &play, self->mixed));
		EXPECT_NE(0, self->mixed[1]);
		take_off_speech(self->mixed);
		from = first_sound(self->alone);
		to = first_sound(self->mixed);
		EXPECT_GE(from, (FIRST - 1) * STEP);
		EXPECT_LT(from, (FIRST + 1) * STEP);
		EXPECT_GE(to, (FIRST - 1) * STEP);
		EXPECT_LT(to, (FIRST + 1) * STEP);
		/* the command to stop comes a frame or two earlier or later */
		left -= from > to ? from : to;
		if (left > (STOP - FIRST) * STEP - 100)
			left = (STOP - FIRST) * STEP - 100;
		for (int n = 0; n < left; n++)
			different += self->alone[from + n] != self->mixed[to + n];
		EXPECT_EQ(0, different)
			TH_LOG("tone %u", tones[i]);
		/* nor is there a gap where it fades */
		for (int n = 0; n < STEPS * STEP; n++)
			peak = abs(self->alone[n]) > peak ? abs(self->alone[n]) : peak;
		for (int n = 0; n < STEPS * STEP; n++)
			different += abs(self->mixed[n]) > peak;
		for (int n = (STOP + 1) * STEP; n < STEPS * STEP; n++)
			different += self->mixed[n] != 0;
		EXPECT_EQ(0, different)
			TH_LOG("after tone %u", tones[i]);
	}
}

TEST_HARNESS_MAIN
