// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uapi_fuzz: structured random use of ports and of their netlink family.
 *
 * usage: uapi_fuzz [-n OPERATIONS] [-s SEED] [-t THREADS] [-u]
 *
 * Each thread draws operations: valid ones, valid ones with fields made wrong,
 * and nonsense, on descriptors that all threads share and close under each
 * other. With -u a driver is unbound and bound again now and then. Whether the
 * kernel minds is for the kernel to say (KASAN, lockdep, a warning, a hang).
 * This program says whether an answer was one that the contract knows, and
 * whether the lines come to rest after it. The seed repeats a thread's draws.
 */
#include "facing.h"
#include "fuzz.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define FDS		24
#define THREADS_MAX	8
#define TICK_US		20000	/* a blocked call is interrupted after so long */

static int fds[FDS];		/* shared without a lock: races are the purpose */
static unsigned int ports[PORTS_MAX];
static unsigned int port_count;
static int phones[PORTS_MAX];	/* or exchanges */
static void *unmapped;		/* faults */
static char *frozen;		/* may be read only */

static struct {
	unsigned long operations;
	uint64_t seed;
	unsigned int threads;
	bool unplug;
} options = { .operations = 20000, .threads = 2 };

static unsigned long strange;	/* answers that no contract knows */

/* What a caller may be told; anything else is a fault of the kernel's. */
static bool is_known(int error)
{
	static const int known[] = {
		0, EAGAIN, EBADF, EBUSY, EFAULT, EINTR, EINVAL, EIO, EMFILE, ENODATA, ENODEV,
		ENOENT, ENOLINK, ENOMEM, ENOTTY, ENXIO, EOPNOTSUPP, EPERM, ERANGE,
		ETIMEDOUT,
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == error)
			return true;
	return false;
}

static void judge(long result, const char *what, unsigned long which)
{
	int error = result < 0 ? errno : 0;

	if (is_known(error))
		return;
	__atomic_add_fetch(&strange, 1, __ATOMIC_RELAXED);
	printf("# %s %#lx: errno %d\n", what, which, error);
}

/* ---------------------------------------------------------- descriptors --- */

static int *any_slot(struct draw *draw)
{
	return &fds[draw_below(draw, FDS)];
}

static int any_fd(struct draw *draw)
{
	return *any_slot(draw);
}

static void keep(struct draw *draw, int fd)
{
	int old;

	if (fd < 0)
		return;
	if (draw_chance(draw, 3, 4))
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	old = __atomic_exchange_n(any_slot(draw), fd, __ATOMIC_RELAXED);
	if (old >= 0)
		close(old);
}

static void do_open(struct draw *draw)
{
	static const int modes[] = { O_RDONLY, O_RDWR, O_RDWR, O_WRONLY };
	unsigned int id = ports[draw_below(draw, port_count)];
	int fd = port_open(id, modes[draw_below(draw, 4)]);

	judge(fd, "open of port", id);
	keep(draw, fd);
}

static void do_close(struct draw *draw)
{
	int fd = __atomic_exchange_n(any_slot(draw), -1, __ATOMIC_RELAXED);

	if (fd >= 0)
		close(fd);
}

static void do_claim(struct draw *draw)
{
	struct pots_claim claim = {};
	int result;

	fuzz_fill(draw, POTS_CLAIM, &claim);
	if (draw_chance(draw, 1, 4))
		fuzz_spoil(draw, &claim, sizeof(claim));
	result = ioctl(any_fd(draw), POTS_CLAIM, &claim);
	judge(result, "claim", 0);
	if (!result)
		keep(draw, claim.fd);
}

/* -------------------------------------------------------------- commands --- */

static void do_command(struct draw *draw)
{
	uint64_t argument[4096 / sizeof(uint64_t)];
	unsigned long command = fuzz_command(draw);
	size_t size = _IOC_SIZE(command);
	void *pointer = argument;

	if (command == POTS_CLAIM)	/* its descriptor would be lost */
		return;
	memset(argument, 0, sizeof(argument));
	fuzz_fill(draw, command, argument);
	if (draw_chance(draw, 1, 3))
		fuzz_spoil(draw, argument, size);
	if (draw_chance(draw, 1, 20))
		pointer = unmapped;
	else if (draw_chance(draw, 1, 20))
		pointer = frozen;
	else if (draw_chance(draw, 1, 20))
		pointer = frozen + 4096 - draw_below(draw, size + 1);
	judge(ioctl(any_fd(draw), command, pointer), "command", command);
}

static void do_nonsense(struct draw *draw)
{
	uint64_t argument[4096 / sizeof(uint64_t)];
	unsigned long command = draw_bits(draw) & 0xffffffff;

	for (size_t i = 0; i < sizeof(argument) / sizeof(argument[0]); i++)
		argument[i] = draw_bits(draw);
	if (draw_chance(draw, 3, 4))
		command = (command & ~0xffffUL) | POTS_IOC_MAGIC << 8 |
			  draw_below(draw, 0x30);
	judge(ioctl(any_fd(draw), command, argument), "nonsense", command);
}

static void do_read(struct draw *draw)
{
	static __thread char buffer[8192];
	size_t size = draw_below(draw, sizeof(buffer));

	if (draw_chance(draw, 3, 4))
		size &= ~31UL;
	judge(read(any_fd(draw), draw_chance(draw, 1, 20) ? unmapped : buffer, size),
	      "read of", size);
}

static void do_write(struct draw *draw)
{
	static __thread char buffer[8192];
	size_t size = draw_below(draw, sizeof(buffer));

	if (draw_chance(draw, 3, 4))
		size &= ~15UL;
	judge(write(any_fd(draw), draw_chance(draw, 1, 20) ? unmapped : buffer, size),
	      "write of", size);
}

static void do_poll(struct draw *draw)
{
	struct pollfd polled[3];

	for (int i = 0; i < 3; i++)
		polled[i] = (struct pollfd){ any_fd(draw), draw_bits(draw), 0 };
	judge(poll(polled, 3, draw_below(draw, 3)), "poll", 0);
}

/* --------------------------------------------------------- surroundings --- */

/* What a telephone does is EINVAL at an exchange, and the other way round. */
static void do_exchange(struct draw *draw)
{
	int far = phones[draw_below(draw, port_count)];
	unsigned int kind = POTS_SIM_STEP_RING +
			    draw_below(draw, POTS_SIM_STEP_PARALLEL - POTS_SIM_STEP_RING + 1);

	if (far >= 0)
		far_do(far, kind, draw_below(draw, 3), draw_below(draw, 1000),
		       draw_below(draw, 1000));
}

static void do_phone(struct draw *draw)
{
	int phone = phones[draw_below(draw, port_count)];

	if (phone < 0)
		return;
	switch (draw_below(draw, 4)) {
	case 0:
		phone_lift(phone);
		break;
	case 1:
		phone_hang(phone);
		break;
	case 2:
		phone_flash(phone, draw_below(draw, 900000) + 1);
		break;
	default:
		phone_dial(phone, draw_below(draw, 10) + 1,
			   draw_below(draw, 90000) + 1, draw_below(draw, 90000) + 1);
	}
}

static void do_netlink(struct draw *draw)
{
	int error = fuzz_netlink(draw, ports[draw_below(draw, port_count)]);

	if (!is_known(error)) {
		errno = error;
		judge(-1, "netlink", 0);
	}
}

static void do_wait(struct draw *draw)
{
	usleep(draw_below(draw, 5000));
}

/* One at a time: what port_plug() brings back is what was taken last. */
static void do_unplug(struct draw *draw)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	if (!options.unplug || pthread_mutex_trylock(&lock))
		return;
	if (!port_unplug(ports[draw_below(draw, port_count)])) {
		usleep(draw_below(draw, 20000));
		while (port_plug())
			usleep(10000);
		usleep(draw_below(draw, 400000));
	}
	pthread_mutex_unlock(&lock);
}

/* ------------------------------------------------------------------ main --- */

static const struct {
	unsigned int weight;
	void (*run)(struct draw *draw);
} operations[] = {
	{ 400, do_command }, { 60, do_nonsense }, { 100, do_claim }, { 60, do_open },
	{ 40, do_close }, { 80, do_read }, { 80, do_write }, { 40, do_poll },
	{ 40, do_phone }, { 20, do_exchange }, { 60, do_netlink }, { 19, do_wait }, { 1, do_unplug },
};

static void draw_operation(struct draw *draw)
{
	unsigned int at = draw_below(draw, 1000);

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (at < operations[i].weight) {
			operations[i].run(draw);
			return;
		}
		at -= operations[i].weight;
	}
}

static void *fuzz(void *arg)
{
	struct draw draw;

	draw_seed(&draw, options.seed + (uintptr_t)arg);
	for (unsigned long i = 0; i < options.operations / options.threads; i++)
		draw_operation(&draw);
	return NULL;
}

static void on_tick(int number)
{
}

/* Each thread gets its own signal: the kernel would give all of them to one. */
static void run_threads(void)
{
	struct sigaction action = { .sa_handler = on_tick };
	pthread_t threads[THREADS_MAX];

	sigaction(SIGUSR1, &action, NULL);
	for (uintptr_t i = 0; i < options.threads; i++)
		pthread_create(&threads[i], NULL, fuzz, (void *)i);
	for (unsigned int i = 0; i < options.threads; i++) {
		while (pthread_tryjoin_np(threads[i], NULL)) {
			usleep(TICK_US);
			for (unsigned int k = i; k < options.threads; k++)
				pthread_kill(threads[k], SIGUSR1);
		}
	}
}

/*
 * Polarity is against what the port saw first, and who says at which voltage a
 * line is in use may say that it always is.
 */
#define AT_REST		(~(uint32_t)(POTS_STATE_REVERSED | POTS_STATE_IN_USE))
#define RINGS_MS	61000	/* after the last burst, by the longest setting */

/* After all is closed and put down, every line is at rest. */
static bool comes_to_rest(void)
{
	bool rest = true;

	for (int i = 0; i < FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (unsigned int i = 0; i < port_count; i++) {
		int fd;

		if (phones[i] >= 0 && !phone_hang(phones[i]))
			far_rest(phones[i]);
		fd = port_open(ports[i], O_RDONLY);
		if (!state_wait(fd, AT_REST, 0, RINGS_MS)) {
			printf("# pots%u stays in state %#x\n", ports[i], state_of(fd));
			rest = false;
		}
		close(fd);
	}
	return rest;
}

static void set_up(void)
{
	port_count = port_list(ports);
	for (unsigned int i = 0; i < port_count; i++)
		phones[i] = phone_open(ports[i]);
	for (int i = 0; i < FDS; i++)
		fds[i] = -1;
	unmapped = bad_pointer();
	frozen = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(frozen + 4096, 4096, PROT_NONE);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

int main(int argc, char **argv)
{
	bool rest;
	int option;

	options.seed = now_ns();
	while ((option = getopt(argc, argv, "n:s:t:u")) > 0) {
		switch (option) {
		case 'n':
			options.operations = strtoul(optarg, NULL, 0);
			break;
		case 's':
			options.seed = strtoull(optarg, NULL, 0);
			break;
		case 't':
			options.threads = strtoul(optarg, NULL, 0);
			break;
		case 'u':
			options.unplug = true;
			break;
		default:
			return 2;
		}
	}
	if (!options.threads || options.threads > THREADS_MAX)
		return 2;

	set_up();
	puts("KTAP version 1\n1..2");
	printf("# seed %llu, %lu operations\n", (unsigned long long)options.seed,
	       options.operations);
	run_threads();
	printf("%sok 1 answers-are-in-the-contract\n", strange ? "not " : "");
	rest = comes_to_rest();
	printf("%sok 2 lines-come-to-rest\n", rest ? "" : "not ");
	return strange || !rest;
}
