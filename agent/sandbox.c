// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A seccomp filter: a list of system calls that are allowed. Any other one is
 * answered as a kernel would that does not know it: libraries have a way round
 * that, and an attacker has none.
 */
#include "sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__) && !defined(__ILP32__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define NATIVE AUDIT_ARCH_I386
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define NATIVE AUDIT_ARCH_AARCH64
#elif defined(__arm__) && !defined(__ARMEB__)
#define NATIVE AUDIT_ARCH_ARM
#elif defined(__mips__) && !defined(__mips64) && defined(__MIPSEB__)
#define NATIVE AUDIT_ARCH_MIPS
#elif defined(__mips__) && !defined(__mips64) && defined(__MIPSEL__)
#define NATIVE AUDIT_ARCH_MIPSEL
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE AUDIT_ARCH_RISCV64
#else
#define NATIVE 0
#endif

/* On 32 bits musl names what takes a short time so that nobody uses it unawares. */
#ifdef __NR_clock_gettime32
#define __NR_clock_gettime	__NR_clock_gettime32
#define __NR_clock_getres	__NR_clock_getres_time32
#define __NR_clock_nanosleep	__NR_clock_nanosleep_time32
#define __NR_gettimeofday	__NR_gettimeofday_time32
#define __NR_timerfd_settime	__NR_timerfd_settime32
#endif

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_WORD 4
#else
#define LOW_WORD 0
#endif

/* Those of speech and of calls come first: the filter is read from the top. */
static const unsigned int allowed[] = {
	__NR_read, __NR_write, __NR_sendto, __NR_recvfrom, __NR_ioctl, __NR_epoll_pwait,
	__NR_epoll_ctl, __NR_sendmsg, __NR_recvmsg, __NR_futex, __NR_clock_gettime,
	__NR_timerfd_settime,

	/* sockets */
	__NR_socket, __NR_bind, __NR_listen, __NR_accept4, __NR_connect, __NR_shutdown,
	__NR_getsockname, __NR_getpeername, __NR_setsockopt, __NR_getsockopt,
	/* files: ports, configuration, the resolver's, the time zone */
	__NR_openat, __NR_close, __NR_lseek, __NR_fcntl, __NR_fstat, __NR_statx, __NR_readv,
	__NR_writev, __NR_unlinkat, __NR_fchmod, __NR_fchmodat, __NR_faccessat, __NR_readlinkat,
	/* the loop */
	__NR_epoll_create1, __NR_eventfd2, __NR_timerfd_create, __NR_ppoll, __NR_pipe2,
	__NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_restart_syscall,
	__NR_nanosleep, __NR_clock_nanosleep, __NR_clock_getres, __NR_gettimeofday,
	/* memory and threads */
	__NR_mmap, __NR_munmap, __NR_mprotect, __NR_mremap, __NR_madvise, __NR_brk,
	__NR_set_robust_list, __NR_rseq, __NR_sched_yield, __NR_sched_setscheduler,
	__NR_sched_getscheduler, __NR_sched_getparam, __NR_sched_get_priority_min,
	__NR_sched_get_priority_max, __NR_sched_getaffinity, __NR_getpid, __NR_gettid,
	__NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid, __NR_uname, __NR_getrandom,
	__NR_prlimit64, __NR_sigaltstack, __NR_exit, __NR_exit_group, __NR_tgkill,

#ifdef __NR_newfstatat
	__NR_newfstatat,
#endif
	/* what newer architectures were spared */
#ifdef __NR_open
	__NR_open, __NR_poll, __NR_epoll_wait, __NR_stat, __NR_lstat, __NR_access,
	__NR_readlink, __NR_unlink, __NR_chmod, __NR_pipe,
#endif
#ifdef __NR_time
	__NR_time,
#endif
	/* 32 bit */
#ifdef __NR_mmap2
	__NR_mmap2, __NR__llseek, __NR_fcntl64, __NR_fstat64, __NR_stat64, __NR_fstatat64,
#endif
#ifdef __NR_clock_gettime64
	__NR_clock_gettime64, __NR_clock_nanosleep_time64, __NR_futex_time64,
	__NR_timerfd_settime64, __NR_ppoll_time64, __NR_recvmmsg_time64,
#endif
#ifdef __NR_sigreturn
	__NR_sigreturn,
#endif
#ifdef __NR_socketcall
	__NR_socketcall,
#endif
#ifdef __NR_send
	__NR_send, __NR_recv,
#endif
};

#define ALLOWED		(sizeof(allowed) / sizeof(allowed[0]))
#define HEAD		7	/* instructions before those of the list */

/* A jump reaches 255 instructions. */
_Static_assert(ALLOWED < 200, "the list is too long for one jump");

#define LOAD(member, at) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member) + (at))
#define IF_EQUAL(value, then, otherwise) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise)
#define RETURN(what)	BPF_STMT(BPF_RET | BPF_K, what)

/* clone() makes threads only; clone3() is refused, so that libraries use it. */
static size_t write_filter(struct sock_filter *filter)
{
	const struct sock_filter head[HEAD] = {
		LOAD(arch, 0),
		IF_EQUAL(NATIVE, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr, 0),
		IF_EQUAL(__NR_clone, 0, 2),
		LOAD(args[0], LOW_WORD),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, ALLOWED + 1, ALLOWED),
	};
	size_t n = 0;

	for (; n < HEAD; n++)
		filter[n] = head[n];
	for (size_t i = 0; i < ALLOWED; i++)
		filter[n++] = (struct sock_filter)IF_EQUAL(allowed[i], ALLOWED - i, 0);
	filter[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | ENOSYS);
	filter[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	return n;
}

int sandbox_enter(void)
{
	struct sock_filter filter[HEAD + ALLOWED + 2];
	struct sock_fprog program = { .filter = filter };

	if (!NATIVE)
		return -EOPNOTSUPP;
	program.len = (unsigned short)write_filter(filter);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program))
		return errno == EINVAL || errno == ENOSYS ? -EOPNOTSUPP : -errno;
	return 0;
}
