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
#include <linux/pots_netlink.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define FDS		24
#define THREADS_MAX	8
#define CALL_EVERY	2500	/* operations */
#define TICK_US		20000	/* a blocked call is interrupted after so long */

static int fds[FDS];		/* shared without a lock: races are the purpose */

static struct port {
	unsigned int id;
	bool faces;		/* an exchange, not a telephone */
	int far;		/* that; -1 where it is not ours */
	int claim;		/* the last one, which may be closed since */
	uint64_t far_next_ns;	/* the far end does nothing before */
} ports[PORTS_MAX];

static unsigned int port_count;
static struct pots_exchange first_exchange;	/* settings, as they were */
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

/* As judge(), of what is meant to succeed now and then. */
static void count(long result, const char *what, unsigned long which)
{
	judge(result, what, which);
	tally(what, result >= 0);
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

static struct port *any_port(struct draw *draw)
{
	return &ports[draw_below(draw, port_count)];
}

static bool is_for_exchange(unsigned long command)
{
	unsigned int number = _IOC_NR(command);

	return number >= _IOC_NR(POTS_SEIZE) && number <= _IOC_NR(POTS_READ_CID);
}

/* Mostly the claim of a port of the kind that knows the command. */
static int fd_for(struct draw *draw, unsigned long command)
{
	struct port *port = any_port(draw);

	if (draw_chance(draw, 1, 5))
		return any_fd(draw);
	if (draw_chance(draw, 1, 4))
		return port->claim;
	for (unsigned int i = 0; i < port_count && port->faces != is_for_exchange(command); i++)
		port = &ports[(port - ports + 1) % port_count];
	return port->claim;
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
	unsigned int id = any_port(draw)->id;
	int fd = port_open(id, modes[draw_below(draw, 4)]);

	judge(fd, "open of port", id);
	keep(draw, fd);
}

static void close_all(void)
{
	for (int i = 0; i < FDS; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

static void do_close(struct draw *draw)
{
	int fd = __atomic_exchange_n(any_slot(draw), -1, __ATOMIC_RELAXED);

	if (fd >= 0)
		close(fd);
}

static void keep_claim(struct draw *draw, int fd)
{
	struct pots_info info = {};

	ioctl(fd, POTS_GET_INFO, &info);
	for (unsigned int i = 0; i < port_count; i++)
		if (ports[i].id == info.id)
			ports[i].claim = fd;
	keep(draw, fd);
}

static void do_claim(struct draw *draw)
{
	struct pots_claim claim = {};
	int result;

	fuzz_fill(draw, POTS_CLAIM, &claim);
	if (draw_chance(draw, 1, 4))
		fuzz_spoil(draw, &claim, sizeof(claim));
	result = ioctl(any_fd(draw), POTS_CLAIM, &claim);
	count(result, "POTS_CLAIM", 0);
	if (!result)
		keep_claim(draw, claim.fd);
}

/* -------------------------------------------------------------- commands --- */

static void do_command(struct draw *draw)
{
	uint64_t argument[4096 / sizeof(uint64_t)];
	const struct fuzz_kind *kind = fuzz_kind(draw);
	size_t size = _IOC_SIZE(kind->command);
	void *pointer = argument;
	int fd;

	memset(argument, 0, sizeof(argument));
	fuzz_fill(draw, kind->command, argument);
	if (draw_chance(draw, 1, 3))
		fuzz_spoil(draw, argument, size);
	if (draw_chance(draw, 1, 20))
		pointer = unmapped;
	else if (draw_chance(draw, 1, 20))
		pointer = frozen;
	else if (draw_chance(draw, 1, 20))
		pointer = frozen + 4096 - draw_below(draw, size + 1);
	fd = fd_for(draw, kind->command);
	count(ioctl(fd, kind->command, pointer), kind->name, kind->command);
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

	int fd = draw_chance(draw, 1, 2) ? any_fd(draw) : any_port(draw)->claim;

	if (draw_chance(draw, 3, 4))
		size &= ~31UL;
	count(read(fd, draw_chance(draw, 1, 20) ? unmapped : buffer, size), "read", size);
}

static void do_write(struct draw *draw)
{
	static __thread char buffer[8192];
	size_t size = draw_below(draw, sizeof(buffer));

	int fd = fd_for(draw, POTS_AUDIO_START);

	if (draw_chance(draw, 3, 4))
		size &= ~15UL;
	count(write(fd, draw_chance(draw, 1, 20) ? unmapped : buffer, size), "write", size);
}

static void do_poll(struct draw *draw)
{
	struct pollfd polled[3];

	for (int i = 0; i < 3; i++)
		polled[i] = (struct pollfd){ any_fd(draw), draw_bits(draw), 0 };
	judge(poll(polled, 3, draw_below(draw, 3)), "poll", 0);
}

/* --------------------------------------------------------- surroundings --- */

/* Nothing is quick there: a handset that never lies a second is never rung. */
static bool is_time(struct draw *draw, struct port *port)
{
	if (port->far < 0 || now_ns() < port->far_next_ns)
		return false;
	port->far_next_ns = now_ns() + draw_below(draw, 3000) * NS_PER_MS;
	return true;
}

static void do_exchange(struct draw *draw, struct port *port)
{
	unsigned int kind = POTS_SIM_STEP_RING +
			    draw_below(draw, POTS_SIM_STEP_PARALLEL - POTS_SIM_STEP_RING + 1);

	if (draw_chance(draw, 1, 2))
		far_rest(port->far);
	else
		far_do(port->far, kind, draw_below(draw, 3), draw_below(draw, 1000),
		       draw_below(draw, 1000));
}

static void do_phone(struct draw *draw, struct port *port)
{
	switch (draw_below(draw, 5)) {
	case 0:
		phone_lift(port->far);
		break;
	case 1:
		phone_flash(port->far, draw_below(draw, 900000) + 1);
		break;
	case 2:
		phone_dial(port->far, draw_below(draw, 10) + 1,
			   draw_below(draw, 90000) + 1, draw_below(draw, 90000) + 1);
		break;
	default:
		phone_hang(port->far);
	}
}

static void do_far(struct draw *draw)
{
	struct port *port = any_port(draw);

	if (!is_time(draw, port))
		return;
	if (port->faces)
		do_exchange(draw, port);
	else
		do_phone(draw, port);
}

/* Whether this thread's calls are interrupted. */
static void ticks(int how)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	pthread_sigmask(how, &signals, NULL);
}

/*
 * What takes seconds, which nobody leaves a port here: an exchange calls, and says
 * who it is. For a thread that is alone.
 */
static void hear_caller(struct draw *draw)
{
	struct pots_exchange exchange = first_exchange;
	struct pots_settings settings = {};
	struct pots_caller_id caller;
	struct facing facing;
	struct port *port = ports;
	int error;

	while (port < ports + port_count && (!port->faces || port->far < 0))
		port++;
	if (port == ports + port_count)
		return;
	close_all();
	error = facing_open(&facing);
	if (error) {
		printf("# the port that faces an exchange does not come to rest: errno %d\n", error);
		facing_close(&facing);
		return;
	}
	fuzz_listens(&exchange);
	ioctl(facing.claim, POTS_SET_SETTINGS, &settings);
	ticks(SIG_BLOCK);
	if (!ioctl(facing.claim, POTS_SET_EXCHANGE, &exchange) && fuzz_calls(facing.far))
		event_wait(facing.observer, POTS_EVENT_CALLER_ID, NULL, 5000);
	ticks(SIG_UNBLOCK);
	count(ioctl(facing.claim, POTS_READ_CID, &caller), "POTS_READ_CID", 0);
	facing_close(&facing);
}

static void do_netlink(struct draw *draw)
{
	unsigned int command;
	int error = fuzz_netlink(draw, any_port(draw)->id, &command);

	errno = error;
	if (command == POTS_CMD_PORT_GET)
		count(-error, "POTS_CMD_PORT_GET", command);
	else if (command == POTS_CMD_STATS_GET)
		count(-error, "POTS_CMD_STATS_GET", command);
	else
		judge(-error, "netlink command", command);
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
	if (!port_unplug(any_port(draw)->id)) {
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
	{ 60, do_far }, { 60, do_netlink }, { 19, do_wait }, { 1, do_unplug },
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
	for (unsigned long i = 0; i < options.operations / options.threads; i++) {
		if (options.threads == 1 && i % CALL_EVERY == CALL_EVERY / 2)
			hear_caller(&draw);
		draw_operation(&draw);
	}
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
	struct pots_sim_state far = {};
	bool rest = true;

	close_all();
	for (struct port *port = ports; port < ports + port_count; port++) {
		int fd;

		if (port->far >= 0 && !phone_hang(port->far))
			far_rest(port->far);
		fd = port_open(port->id, O_RDONLY);
		if (!state_wait(fd, AT_REST, 0, RINGS_MS)) {
			phone_state(port->far, &far);
			printf("# pots%u stays in state %#x, its telephone in %#x\n", port->id,
			       state_of(fd), far.state);
			rest = false;
		}
		close(fd);
	}
	return rest;
}

static struct port port_of(unsigned int id)
{
	struct port port = { .id = id, .far = phone_open(id), .claim = -1 };
	struct pots_info info = {};
	int fd = port_open(id, O_RDONLY);

	ioctl(fd, POTS_GET_INFO, &info);
	close(fd);
	port.faces = info.type == POTS_PORT_TYPE_FXO;
	return port;
}

static void set_up(void)
{
	unsigned int ids[PORTS_MAX];
	struct facing facing;

	port_count = port_list(ids);
	for (unsigned int i = 0; i < port_count; i++)
		ports[i] = port_of(ids[i]);
	for (int i = 0; i < FDS; i++)
		fds[i] = -1;
	if (!facing_open(&facing))
		first_exchange = facing.exchange;
	facing_close(&facing);
	unmapped = bad_pointer();
	frozen = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(frozen + 4096, 4096, PROT_NONE);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

int main(int argc, char **argv)
{
	bool rest, all;
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
	puts("KTAP version 1\n1..3");
	printf("# seed %llu, %lu operations\n", (unsigned long long)options.seed,
	       options.operations);
	run_threads();
	printf("%sok 1 answers-are-in-the-contract\n", strange ? "not " : "");
	rest = comes_to_rest();
	printf("%sok 2 lines-come-to-rest\n", rest ? "" : "not ");
	/* by chance, and a port that is disturbed all the time is not called */
	all = tally_tell() || options.operations < 10000 || options.threads > 1;
	printf("%sok 3 each-command-succeeds\n", all ? "" : "not ");
	return strange || !rest || !all;
}
