// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sandbox, entered by children of the test: what the daemon lives on goes
 * on, and what an attacker wants does not.
 */
#include "sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"

/* The status of a child that went in and did it; 99 = there is no sandbox. */
static int inside(int (*act)(void))
{
	int status, err;
	pid_t pid = fork();

	if (!pid) {
		err = sandbox_enter();
		_exit(err == -EOPNOTSUPP ? 99 : err ? 98 : act());
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int nothing(void)
{
	return 0;
}

#define INSIDE(act) do { \
	if (inside(nothing) == 99) \
		SKIP(return, "no seccomp here"); \
	EXPECT_EQ(0, inside(act)); \
} while (0)

static int refused(long result)
{
	return result != -1 || errno != ENOSYS;
}

static int try_no_program(void)
{
	char *const args[] = { (char *)"/bin/true", NULL };

	return refused(execve(args[0], args, args + 1));
}

/* By every way there is. */
static int try_no_process(void)
{
	if (refused(syscall(__NR_clone, SIGCHLD, 0, 0, 0, 0)) ||
	    refused(syscall(__NR_clone3, NULL, 0)))
		return 1;
#ifdef __NR_fork
	if (refused(syscall(__NR_fork)) || refused(syscall(__NR_vfork)))
		return 2;
#endif
	return 0;
}

static int try_nothing_of_others(void)
{
	return refused(ptrace(PTRACE_ATTACH, 1, 0, 0)) || refused(mount("a", "/", "tmpfs", 0, "")) ||
	       refused(syscall(__NR_bpf, 0, NULL, 0)) || refused(kill(1, 0)) ||
	       refused(setuid(0)) || refused(syscall(__NR_process_vm_readv, 1, 0, 0, 0, 0, 0));
}

static void *in_thread(void *arg)
{
	*(int *)arg = refused(syscall(__NR_bpf, 0, NULL, 0));
	return NULL;
}

static int try_threads_go_on(void)
{
	pthread_t thread;
	int status = 1;

	if (pthread_create(&thread, NULL, in_thread, &status) || pthread_join(thread, NULL))
		return 2;
	return status;
}

static int try_sockets_and_files_go_on(void)
{
	struct timespec nap = { .tv_nsec = 1000 };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct epoll_event event;
	char byte;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1)
		return 1;
	if (socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC) < 0)
		return 2;
	fd = open("/dev/zero", O_RDONLY);
	if (fd < 0 || read(fd, &byte, 1) != 1 || close(fd))
		return 3;
	fd = epoll_create1(0);
	return fd < 0 || epoll_wait(fd, &event, 1, 1) || nanosleep(&nap, NULL) ? 4 : 0;
}

/* A thread that was there before is in it as well. */
static int go, was_refused;

static void *waits(void *arg)
{
	while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
		sched_yield();
	was_refused = !refused(syscall(__NR_bpf, 0, NULL, 0));
	return NULL;
}

TEST(earlier_threads_are_in_it)
{
	int status;
	pid_t pid;

	if (inside(nothing) == 99)
		SKIP(return, "no seccomp here");
	pid = fork();
	if (!pid) {
		pthread_t thread;

		pthread_create(&thread, NULL, waits, NULL);
		if (sandbox_enter())
			_exit(2);
		__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		_exit(!was_refused);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST(no_program)
{
	INSIDE(try_no_program);
}

TEST(no_process)
{
	INSIDE(try_no_process);
}

TEST(nothing_of_others)
{
	INSIDE(try_nothing_of_others);
}

TEST(threads_go_on)
{
	INSIDE(try_threads_go_on);
}

TEST(sockets_and_files_go_on)
{
	INSIDE(try_sockets_and_files_go_on);
}

TEST_HARNESS_MAIN
