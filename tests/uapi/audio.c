// SPDX-License-Identifier: GPL-2.0-or-later
/* Speech between the claim and the line: read, write, poll, queues. */
#include "port.h"

#include <fcntl.h>
#include <kselftest_harness.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

#define FRAME_BYTES	(POTS_FRAME_SAMPLES * (ssize_t)sizeof(int16_t))

FIXTURE(audio) {
	struct line line;
	struct pots_audio audio;
	int16_t frames[POTS_AUDIO_QUEUE_MAX * POTS_FRAME_SAMPLES];
};

FIXTURE_SETUP(audio)
{
	self->audio = (struct pots_audio){
		.read_frames = 20, .write_low_frames = 20, .queue_frames = 100,
	};
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(audio)
{
	line_close(&self->line);
}

#define NEEDS_SPEECH() do {						\
	if (!(self->line.info.caps & POTS_CAP_SPEECH))			\
		SKIP(return, "this port has no speech path");		\
} while (0)

#define NEEDS_PHONE() do {						\
	NEEDS_SPEECH();							\
	if (self->line.phone < 0)					\
		SKIP(return, "this port has no telephone to lift");	\
} while (0)

#define START() ASSERT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &self->audio))

static void nonblock(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

TEST_F(audio, each_wrong_field_is_refused)
{
	static const struct wrong wrong[] = {
		WRONG(struct pots_audio, flags, 1, EINVAL),
		WRONG(struct pots_audio, flags, 0x80000000, EINVAL),
		WRONG(struct pots_audio, read_frames, 0, ERANGE),
		WRONG(struct pots_audio, read_frames, 101, ERANGE),
		WRONG(struct pots_audio, write_low_frames, 101, ERANGE),
		WRONG(struct pots_audio, write_low_frames, -1, ERANGE),
		WRONG(struct pots_audio, queue_frames, 20, ERANGE),
		WRONG(struct pots_audio, queue_frames, POTS_AUDIO_QUEUE_MAX + 1, ERANGE),
		WRONG(struct pots_audio, reserved[0], 1, EINVAL),
		WRONG(struct pots_audio, reserved[3], 1, EINVAL),
	};

	EXPECT_REFUSED(self->line.claim, POTS_AUDIO_START, &self->audio, wrong);
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_AUDIO);
}

TEST_F(audio, limits_are_allowed)
{
	struct pots_audio least = { .read_frames = 1, .queue_frames = 1 };
	struct pots_audio most = {
		.read_frames = 100, .write_low_frames = 100,
		.queue_frames = POTS_AUDIO_QUEUE_MAX,
	};

	NEEDS_SPEECH();
	EXPECT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &least));
	EXPECT_EQ(0, err_of(self->line.claim, POTS_AUDIO_START, &most));
}

TEST_F(audio, a_port_without_highway_says_so)
{
	if (self->line.info.caps & POTS_CAP_SPEECH)
		SKIP(return, "this port has a speech path");
	EXPECT_EQ(EOPNOTSUPP, err_of(self->line.claim, POTS_AUDIO_START, &self->audio));
}

TEST_F(audio, state_shows_it)
{
	NEEDS_SPEECH();
	START();
	EXPECT_NE(0, state_of(self->line.claim) & POTS_STATE_AUDIO);
	EXPECT_EQ(0, err_of(self->line.claim, POTS_AUDIO_STOP, NULL));
	EXPECT_EQ(0, state_of(self->line.claim) & POTS_STATE_AUDIO);
	EXPECT_EQ(0, err_of(self->line.claim, POTS_AUDIO_STOP, NULL));
}

TEST_F(audio, lengths_are_whole_frames)
{
	static const ssize_t wrong[] = { 0, 1, 15, 17, 31 };

	NEEDS_SPEECH();
	START();
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-1, read(self->line.claim, self->frames, wrong[i]));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, write(self->line.claim, self->frames, wrong[i]));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_F(audio, bad_pointers_fault)
{
	void *bad = bad_pointer();

	NEEDS_SPEECH();
	START();
	EXPECT_EQ(-1, read(self->line.claim, bad, FRAME_BYTES));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, write(self->line.claim, bad, FRAME_BYTES));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(audio, frames_come_one_a_millisecond)
{
	struct pots_queue before, after;

	NEEDS_SPEECH();
	START();
	ASSERT_EQ(FRAME_BYTES, read(self->line.claim, self->frames, FRAME_BYTES));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_QUEUE, &before));
	sleep_ms(200);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_QUEUE, &after));
	/* by their own clock, whenever we were scheduled */
	EXPECT_GE(after.frames - before.frames + 2,
		  (after.frames_ns - before.frames_ns) / NS_PER_MS);
	EXPECT_LE(after.frames - before.frames,
		  (after.frames_ns - before.frames_ns) / NS_PER_MS + 2 + slack_ms(0) / 10);
	EXPECT_GE(after.frames, before.frames + 195);
	EXPECT_EQ(0, after.reserved[0]);
	EXPECT_EQ(0, after.reserved[1]);
}

TEST_F(audio, a_blocked_read_waits_for_a_frame)
{
	ssize_t got;

	NEEDS_SPEECH();
	START();
	got = read(self->line.claim, self->frames, sizeof(self->frames));
	EXPECT_GE(got, FRAME_BYTES);
	EXPECT_EQ(0, got % FRAME_BYTES);
	EXPECT_LT(got, (ssize_t)sizeof(self->frames));
}

TEST_F(audio, nonblocking_calls_do_not_wait)
{
	ssize_t put;

	NEEDS_SPEECH();
	self->audio.queue_frames = 21;
	START();
	nonblock(self->line.claim);
	while (read(self->line.claim, self->frames, sizeof(self->frames)) > 0)
		;
	EXPECT_EQ(EAGAIN, errno);
	put = write(self->line.claim, self->frames, 100 * FRAME_BYTES);
	EXPECT_GE(put, 20 * FRAME_BYTES);
	EXPECT_LE(put, 25 * FRAME_BYTES);
	while (write(self->line.claim, self->frames, FRAME_BYTES) > 0)
		;
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(audio, poll_keeps_the_thresholds)
{
	struct pollfd fd = { .fd = self->line.claim, .events = POLLIN };
	struct pots_queue queue;

	NEEDS_SPEECH();
	START();
	ASSERT_EQ(1, poll(&fd, 1, SETTLE_MS));
	EXPECT_EQ(POLLIN, fd.revents);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_QUEUE, &queue));
	EXPECT_GE(queue.from_line_frames, 20);
	EXPECT_LE(queue.from_line_frames, 21 + slack_ms(0));

	fd.events = POLLOUT;
	EXPECT_EQ(1, poll(&fd, 1, 0));
	ASSERT_EQ(60 * FRAME_BYTES, write(fd.fd, self->frames, 60 * FRAME_BYTES));
	EXPECT_EQ(0, poll(&fd, 1, 0));
	ASSERT_EQ(1, poll(&fd, 1, SETTLE_MS));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_QUEUE, &queue));
	EXPECT_LE(queue.to_line_frames, 20);
	if (time_is_virtual()) {
		EXPECT_GE(queue.to_line_frames, 19);
	}
}

TEST_F(audio, an_empty_queue_counts_underruns)
{
	struct pots_queue queue;

	NEEDS_SPEECH();
	START();
	nonblock(self->line.claim);
	ASSERT_EQ(10 * FRAME_BYTES, write(self->line.claim, self->frames, 10 * FRAME_BYTES));
	sleep_ms(50);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_QUEUE, &queue));
	EXPECT_EQ(0, queue.to_line_frames);
	EXPECT_GE(queue.underruns, 35);
	EXPECT_EQ(0, queue.overruns);
}

TEST_F(audio, what_nobody_reads_is_dropped_and_counted)
{
	struct pots_queue queue;
	ssize_t got;

	NEEDS_SPEECH();
	START();
	sleep_ms(POTS_AUDIO_QUEUE_MAX + 200);
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_QUEUE, &queue));
	EXPECT_EQ(POTS_AUDIO_QUEUE_MAX, queue.from_line_frames);
	EXPECT_GE(queue.overruns, 190);
	got = read(self->line.claim, self->frames, sizeof(self->frames));
	EXPECT_EQ((ssize_t)sizeof(self->frames), got);
}

TEST_F(audio, without_speech_there_is_nothing_to_move)
{
	NEEDS_SPEECH();
	EXPECT_EQ(-1, read(self->line.claim, self->frames, FRAME_BYTES));
	EXPECT_EQ(ENOLINK, errno);
	EXPECT_EQ(-1, write(self->line.claim, self->frames, FRAME_BYTES));
	EXPECT_EQ(ENOLINK, errno);
}

static void *stop_later(void *arg)
{
	sleep_ms(50);
	ioctl(*(int *)arg, POTS_AUDIO_STOP);
	return NULL;
}

TEST_F(audio, stopping_wakes_a_blocked_writer)
{
	pthread_t thread;
	ssize_t put = 1;

	NEEDS_SPEECH();
	self->audio.queue_frames = POTS_AUDIO_QUEUE_MAX;
	START();
	ASSERT_EQ(0, pthread_create(&thread, NULL, stop_later, &self->line.claim));
	while (put > 0)
		put = write(self->line.claim, self->frames, sizeof(self->frames));
	EXPECT_EQ(ENOLINK, errno);
	pthread_join(thread, NULL);
}

static void on_signal(int number)
{
}

TEST_F(audio, a_signal_interrupts_a_blocked_writer)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct itimerval alarm = { .it_value = { .tv_usec = 30000 } };
	ssize_t put = 1;

	NEEDS_SPEECH();
	self->audio.queue_frames = POTS_AUDIO_QUEUE_MAX;
	START();
	for (int i = 0; i < 2; i++)
		put = write(self->line.claim, self->frames, sizeof(self->frames));
	EXPECT_GT(put, 0);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &alarm, NULL);
	/* whatever it wrote before, one of the calls is interrupted in its wait */
	for (int i = 0; i < 1000 && put > 0; i++)
		put = write(self->line.claim, self->frames, sizeof(self->frames));
	EXPECT_TRUE(put > 0 || errno == EINTR);
}

/* ----------------------------------------------------- what is heard --- */

static void sine(int16_t *samples, unsigned int count, double hz, double peak)
{
	for (unsigned int i = 0; i < count; i++)
		samples[i] = lrint(peak * sin(2 * M_PI * hz * i / POTS_RATE_HZ));
}

/* Amplitude of one frequency. */
static double amplitude(const int16_t *samples, unsigned int count, double hz)
{
	double re = 0, im = 0;

	for (unsigned int i = 0; i < count; i++) {
		re += samples[i] * cos(2 * M_PI * hz * i / POTS_RATE_HZ);
		im += samples[i] * sin(2 * M_PI * hz * i / POTS_RATE_HZ);
	}
	return 2 * hypot(re, im) / count;
}

#define HEARD	1600	/* 200 ms */

TEST_F(audio, what_is_written_is_heard)
{
	uint32_t ear = POTS_SIM_LISTEN_EAR;
	int16_t heard[HEARD];

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	self->audio.queue_frames = POTS_AUDIO_QUEUE_MAX;
	START();
	sine(self->frames, POTS_AUDIO_QUEUE_MAX * POTS_FRAME_SAMPLES, 1000, 8000);
	ASSERT_EQ((ssize_t)sizeof(self->frames),
		  write(self->line.claim, self->frames, sizeof(self->frames)));
	sleep_ms(60);
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_LISTEN, &ear));
	ASSERT_TRUE(phone_hear(self->line.phone, heard, HEARD));
	EXPECT_GE(amplitude(heard, HEARD, 1000), 1000);
	EXPECT_LE(amplitude(heard, HEARD, 1700), 100);
}

TEST_F(audio, a_tone_replaces_speech_or_mixes)
{
	uint32_t ear = POTS_SIM_LISTEN_EAR;
	struct pots_play play = { .tone = POTS_TONE_DTMF + 1 };	/* 697 and 1209 Hz */
	int16_t heard[HEARD];

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	self->audio.queue_frames = POTS_AUDIO_QUEUE_MAX;
	START();
	for (int mix = 0; mix < 2; mix++) {
		struct pots_set_tone set = {
			.tone = POTS_TONE_USER,
			.program = {
				.count = 1,
				.step = { { .freq_mhz = { 500000 }, .level_cdb = { -1500 } } },
			},
		};

		ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &set));
		play.tone = POTS_TONE_USER;
		play.flags = mix ? POTS_PLAY_F_MIX : 0;
		sine(self->frames, POTS_AUDIO_QUEUE_MAX * POTS_FRAME_SAMPLES, 1000, 8000);
		ASSERT_LT(0, write(self->line.claim, self->frames, sizeof(self->frames)));
		ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &play));
		sleep_ms(60);
		ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_LISTEN, &ear));
		ASSERT_TRUE(phone_hear(self->line.phone, heard, HEARD));
		EXPECT_GE(amplitude(heard, HEARD, 500), 1000);
		if (mix) {
			EXPECT_GE(amplitude(heard, HEARD, 1000), 1000);
		} else {
			EXPECT_LE(amplitude(heard, HEARD, 1000), 50);
		}
	}
}

/* Of both, and what is too loud is clipped, not wrapped around. */
TEST_F(audio, the_gain_toward_the_line_is_of_speech_and_tones)
{
	static const int gains_cdb[] = { -2000, 0, 600 };
	struct pots_set_tone set = {
		.tone = POTS_TONE_USER,
		.program = {
			.count = 1,
			.step = { { .freq_mhz = { 500000 }, .level_cdb = { -2000 } } },
		},
	};
	struct pots_play play = { .tone = POTS_TONE_USER, .flags = POTS_PLAY_F_MIX };
	double speech[ARRAY_SIZE(gains_cdb)], tone[ARRAY_SIZE(gains_cdb)];
	uint32_t ear = POTS_SIM_LISTEN_EAR;
	struct pots_settings settings;
	int16_t heard[HEARD];

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	self->audio.queue_frames = POTS_AUDIO_QUEUE_MAX;
	START();
	ASSERT_EQ(0, err_of(self->line.claim, POTS_GET_SETTINGS, &settings));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_TONE, &set));
	ASSERT_EQ(0, err_of(self->line.claim, POTS_PLAY_TONE, &play));
	sine(self->frames, POTS_AUDIO_QUEUE_MAX * POTS_FRAME_SAMPLES, 1000, 2000);
	for (size_t i = 0; i < ARRAY_SIZE(gains_cdb); i++) {
		settings.to_line_cdb = gains_cdb[i];
		ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_SETTINGS, &settings));
		ASSERT_LT(0, write(self->line.claim, self->frames, sizeof(self->frames)));
		sleep_ms(60);
		ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_LISTEN, &ear));
		ASSERT_TRUE(phone_hear(self->line.phone, heard, HEARD));
		speech[i] = amplitude(heard, HEARD, 1000);
		tone[i] = amplitude(heard, HEARD, 500);
	}
	settings.to_line_cdb = 0;
	ASSERT_EQ(0, err_of(self->line.claim, POTS_SET_SETTINGS, &settings));
	EXPECT_LE(fabs(20 * log10(speech[0] / speech[1]) + 20), 0.2);
	EXPECT_LE(fabs(20 * log10(tone[0] / tone[1]) + 20), 0.2);
	EXPECT_LE(fabs(20 * log10(speech[2] / speech[1]) - 6), 0.2);
	EXPECT_LE(fabs(20 * log10(tone[2] / tone[1]) - 6), 0.2);
}

TEST_F(audio, what_is_spoken_is_read)
{
	int16_t spoken[HEARD], got[HEARD];
	ssize_t left = sizeof(got);

	NEEDS_PHONE();
	ASSERT_TRUE(line_lift(&self->line));
	START();
	sine(spoken, HEARD, 800, 8000);
	for (int i = 0; i < 2; i++)
		ASSERT_LT(0, write(self->line.phone, spoken, sizeof(spoken)));
	sleep_ms(60);
	nonblock(self->line.claim);
	while (read(self->line.claim, self->frames, sizeof(self->frames)) > 0)
		;
	fcntl(self->line.claim, F_SETFL, O_RDWR);
	while (left) {
		ssize_t n = read(self->line.claim, (char *)got + sizeof(got) - left, left);

		ASSERT_GT(n, 0);
		left -= n;
	}
	EXPECT_GE(amplitude(got, HEARD, 800), 1000);
	EXPECT_LE(amplitude(got, HEARD, 1300), 100);
}

/* ---------------------------------------------------------------- DTMF --- */

TEST_F(audio, dialled_tones_are_private_events)
{
	const struct pots_sim_step digit = {
		.kind = POTS_SIM_STEP_TONES, .on_us = 100000, .off_us = 100000,
		.mhz = { 770000, 1336000 }, .peak = { 4000, 4000 },	/* a 5 */
	};
	struct pots_sim_queue dial = { .count = 1, .step = { digit } };
	int other = port_open(self->line.id, O_RDONLY);
	struct pots_event start, end, event;

	NEEDS_PHONE();
	if (!(self->line.info.caps & POTS_CAP_DTMF))
		SKIP(return, "this port does not detect DTMF");
	ASSERT_GE(other, 0);
	ASSERT_TRUE(line_lift(&self->line));
	START();
	sleep_ms(200);
	event_drain(other);
	ASSERT_EQ(0, err_of(self->line.phone, POTS_SIM_QUEUE, &dial));
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_DTMF_START, &start, SETTLE_MS));
	EXPECT_EQ(5, start.value);
	ASSERT_TRUE(event_wait(self->line.observer, POTS_EVENT_DTMF_END, &end, SETTLE_MS));
	EXPECT_EQ(5, end.value);
	EXPECT_GE(end.extra, 80);
	EXPECT_LE(end.extra, 120);
	while (event_next(other, &event, 200)) {
		EXPECT_NE(POTS_EVENT_DTMF_START, event.type);
		EXPECT_NE(POTS_EVENT_DTMF_END, event.type);
		EXPECT_NE(POTS_EVENT_HOOK_EDGE, event.type);
	}
	close(other);
}

TEST_HARNESS_MAIN
