// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A 32-bit program on a 64-bit kernel: the same structs through the compat
 * system call, which a 64-bit program reaches by int 0x80 with its arguments
 * below 4 GB.
 */
#include "port.h"

#include <kselftest_harness.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define COMPAT_NR_GETPID	20
#define COMPAT_NR_IOCTL		54

FIXTURE(compat) {
	struct line line;
	void *low;		/* a page below 4 GB */
};

/* A kernel without 32-bit emulation kills who tries. */
static bool has_compat(void)
{
	int status = -1;
#ifdef __x86_64__
	pid_t child = fork();

	if (!child) {
		long pid = COMPAT_NR_GETPID;

		asm volatile("int $0x80" : "+a" (pid) : : "memory", "r8", "r9", "r10", "r11");
		_exit(0);
	}
	waitpid(child, &status, 0);
#endif
	return !status;
}

FIXTURE_SETUP(compat)
{
	self->low = MAP_FAILED;
#ifdef __x86_64__
	if (has_compat())
		self->low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
#endif
	ASSERT_EQ(0, line_open(&self->line, 0));
}

FIXTURE_TEARDOWN(compat)
{
	line_close(&self->line);
}

/* 0 or an errno; ENOSYS where the machine has no such entry. */
static int compat_ioctl(int fd, unsigned long command, void *argument)
{
	long result = -ENOSYS;

#ifdef __x86_64__
	asm volatile("int $0x80" : "=a" (result)
		     : "a" (COMPAT_NR_IOCTL), "b" (fd), "c" (command), "d" (argument)
		     : "memory", "r8", "r9", "r10", "r11");
	result = (int)result;
#endif
	return result < 0 ? -result : 0;
}

#define NEEDS_COMPAT() do {						\
	if (self->low == MAP_FAILED)					\
		SKIP(return, "no 32-bit entry into this kernel");	\
} while (0)

TEST_F(compat, info_and_state)
{
	struct pots_state *state = self->low;
	struct pots_info *info = self->low;

	NEEDS_COMPAT();
	ASSERT_EQ(0, compat_ioctl(self->line.observer, POTS_GET_INFO, info));
	EXPECT_EQ(0, memcmp(info, &self->line.info, sizeof(*info)));
	ASSERT_EQ(0, compat_ioctl(self->line.claim, POTS_GET_STATE, state));
	EXPECT_NE(0, state->state & POTS_STATE_CLAIMED);
}

TEST_F(compat, claim)
{
	struct pots_claim *claim = self->low;

	NEEDS_COMPAT();
	EXPECT_EQ(EBUSY, compat_ioctl(self->line.observer, POTS_CLAIM, claim));
	close(self->line.claim);
	ASSERT_EQ(0, compat_ioctl(self->line.observer, POTS_CLAIM, claim));
	self->line.claim = claim->fd;
	EXPECT_EQ(0, compat_ioctl(self->line.claim, POTS_FEED_WATCHDOG, NULL));
}

TEST_F(compat, settings_and_tones)
{
	struct pots_settings *settings = self->low;
	struct pots_set_tone *set = self->low;

	NEEDS_COMPAT();
	ASSERT_EQ(0, compat_ioctl(self->line.claim, POTS_GET_SETTINGS, settings));
	EXPECT_EQ(0, compat_ioctl(self->line.claim, POTS_SET_SETTINGS, settings));
	*set = (struct pots_set_tone){
		.tone = POTS_TONE_USER,
		.flags = POTS_SET_TONE_F_DEFAULT,
	};
	EXPECT_EQ(0, compat_ioctl(self->line.claim, POTS_SET_TONE, set));
	set->program.step[63].flags = 1;
	EXPECT_EQ(EINVAL, compat_ioctl(self->line.claim, POTS_SET_TONE, set));
}

TEST_F(compat, wrong_calls)
{
	NEEDS_COMPAT();
	EXPECT_EQ(ENOTTY, compat_ioctl(self->line.claim, _IO(POTS_IOC_MAGIC, 0x2f), NULL));
	EXPECT_EQ(EPERM, compat_ioctl(self->line.observer, POTS_HANGUP, self->low));
	EXPECT_EQ(EFAULT, compat_ioctl(self->line.claim, POTS_HANGUP, NULL));
}

TEST_HARNESS_MAIN
