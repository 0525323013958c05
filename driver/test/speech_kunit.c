// SPDX-License-Identifier: GPL-2.0-only
/* Speech: queues that wrap, run dry and run over, and what a frame is made of. */
#include "fixture.h"

#include <linux/string.h>

#define FRAME	POTS_FRAME_LEN

static void numbered(s16 *samples, unsigned int frames, s16 from)
{
	unsigned int i;

	for (i = 0; i < frames * FRAME; i++)
		samples[i] = from + i;
}

static void fifo_wraps(struct kunit *test)
{
	s16 room[5 * FRAME], in[4 * FRAME], out[4 * FRAME], want[4 * FRAME];
	struct pots_fifo fifo = { .samples = room, .size = 5 };
	unsigned int i;

	for (i = 0; i < 20; i++) {
		numbered(in, 4, i * 100);
		pots_fifo_push(&fifo, in, 3);
		pots_fifo_push(&fifo, in + 3 * FRAME, 1);
		KUNIT_EXPECT_EQ(test, 4u, fifo.count);
		pots_fifo_pop(&fifo, out, 1);
		pots_fifo_pop(&fifo, out + FRAME, 3);
		numbered(want, 4, i * 100);
		KUNIT_EXPECT_EQ(test, 0, memcmp(want, out, sizeof(out)));
		KUNIT_EXPECT_EQ(test, 0u, fifo.count);
	}
}

static void queue(struct fixture *f, struct pots_queue *queue)
{
	KUNIT_ASSERT_EQ(f->test, 0, pots_command(f->port, POTS_GET_QUEUE, queue));
}

/* As a write() would, which this context cannot do. */
static void give(struct fixture *f, const s16 *samples, u32 frames)
{
	spin_lock_bh(&f->port->audio_lock);
	pots_fifo_push(&f->port->speech.to_line, samples, frames);
	f->port->speech.primed = true;
	spin_unlock_bh(&f->port->audio_lock);
}

static void goes_through_and_runs_dry(struct kunit *test)
{
	s16 in[6 * FRAME], out[POTS_FRAMES_MAX * FRAME];
	struct fixture *f = test->priv;
	struct pots_queue now;

	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 5, 2, 8));
	fixture_frames(f, 4, out);
	queue(f, &now);
	KUNIT_EXPECT_EQ(test, 0u, now.underruns);	/* nothing was written yet */

	numbered(in, 6, 1);
	give(f, in, 6);
	fixture_frames(f, 4, out);
	KUNIT_EXPECT_EQ(test, 0, memcmp(in, out, 4 * FRAME * sizeof(*in)));
	queue(f, &now);
	KUNIT_EXPECT_EQ(test, 2u, now.to_line_frames);
	KUNIT_EXPECT_EQ(test, 8u, now.from_line_frames);

	fixture_frames(f, 4, out);
	KUNIT_EXPECT_EQ(test, 0, memcmp(in + 4 * FRAME, out, 2 * FRAME * sizeof(*in)));
	KUNIT_EXPECT_NULL(test, memchr_inv(out + 2 * FRAME, 0, 2 * FRAME * sizeof(*in)));
	queue(f, &now);
	KUNIT_EXPECT_EQ(test, 2u, now.underruns);
	KUNIT_EXPECT_EQ(test, 12ull, now.frames);
}

static void nobody_reads(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_queue now;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 5, 2, 8));
	for (i = 0; i < POTS_AUDIO_QUEUE_MAX / 20 + 2; i++)
		fixture_frames(f, 20, NULL);
	queue(f, &now);
	KUNIT_EXPECT_EQ(test, (u32)POTS_AUDIO_QUEUE_MAX, now.from_line_frames);
	KUNIT_EXPECT_EQ(test, 40u, now.overruns);
}

static void gain_toward_the_line(struct kunit *test)
{
	s16 in[FRAME] = { 1000, -1000, 20000, -20000, 32767, -32768, 1, 0 };
	struct fixture *f = test->priv;
	struct pots_settings settings;
	s16 out[FRAME];

	KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_GET_SETTINGS, &settings));
	settings.to_line_cdb = 1000;
	KUNIT_ASSERT_EQ(test, 0, pots_command(f->port, POTS_SET_SETTINGS, &settings));
	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 5, 2, 8));
	give(f, in, 1);
	fixture_frames(f, 1, out);
	KUNIT_EXPECT_LE(test, abs(out[0] - 3162), 4);
	KUNIT_EXPECT_LE(test, abs(out[1] + 3162), 4);
	KUNIT_EXPECT_EQ(test, 32767, (int)out[2]);
	KUNIT_EXPECT_EQ(test, -32768, (int)out[3]);
}

static void late_frames_are_counted(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_stats stats;

	KUNIT_ASSERT_EQ(test, 0, fixture_audio(f, 5, 2, 8));
	fixture_frames(f, 4, NULL);
	fixture_frames(f, 4, NULL);
	fixture_frames(f, 12, NULL);
	pots_port_stats_fill(f->port, &stats);
	KUNIT_EXPECT_EQ(test, 20ull, stats.frames);
	KUNIT_EXPECT_EQ(test, 8u, stats.late_frames);
}

static void wrong_arguments(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct pots_audio audio = {
		.read_frames = 5, .write_low_frames = 2, .queue_frames = 8, .flags = 1,
	};

	KUNIT_EXPECT_EQ(test, -EINVAL, pots_command(f->port, POTS_AUDIO_START, &audio));
	KUNIT_EXPECT_EQ(test, -ERANGE, fixture_audio(f, 0, 2, 8));
	KUNIT_EXPECT_EQ(test, -ERANGE, fixture_audio(f, 101, 2, 8));
	KUNIT_EXPECT_EQ(test, -ERANGE, fixture_audio(f, 5, 101, 200));
	KUNIT_EXPECT_EQ(test, -ERANGE, fixture_audio(f, 5, 8, 8));
	KUNIT_EXPECT_EQ(test, -ERANGE, fixture_audio(f, 5, 2, POTS_AUDIO_QUEUE_MAX + 1));
	KUNIT_EXPECT_EQ(test, 0, pots_command(f->port, POTS_AUDIO_STOP, NULL));
	KUNIT_EXPECT_EQ(test, 0u, f->logged);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(fifo_wraps),
	KUNIT_CASE(goes_through_and_runs_dry),
	KUNIT_CASE(nobody_reads),
	KUNIT_CASE(gain_toward_the_line),
	KUNIT_CASE(late_frames_are_counted),
	KUNIT_CASE(wrong_arguments),
	{ }
};

struct kunit_suite pots_speech_suite = {
	.name = "pots-speech", .init = fixture_init, .exit = fixture_exit,
	.test_cases = cases,
};
