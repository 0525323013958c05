// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port: what the kernel says of a port.
 *
 *	port settings NODE		its settings, "KEY VALUE" a line; claims it
 *	port strike NODE PID SIGNAL	sends the signal; the ms until the port is
 *					at rest and nobody's, to stdout
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include <linux/pots.h>

#define BUSY (POTS_STATE_CLAIMED | POTS_STATE_RINGING | POTS_STATE_TONE | POTS_STATE_AUDIO)
#define PATIENCE_MS 20000

static int settings(int fd)
{
	struct pots_settings s = { 0 };
	struct pots_claim claim = { 0 };

	if (ioctl(fd, POTS_CLAIM, &claim) || ioctl(claim.fd, POTS_GET_SETTINGS, &s)) {
		perror("settings");
		return EXIT_FAILURE;
	}
	printf("pulse %u\nimpedance %u\nseize_ms %u\nrelease_ms %u\nflash_min_ms %u\n"
	       "flash_max_ms %u\nopen_ms %u\nring_mhz %u\nto_line_cdb %d\nfrom_line_cdb %d\ncadence",
	       !!(s.flags & POTS_SETTING_F_PULSE), s.impedance, s.seize_ms, s.release_ms,
	       s.flash_min_ms, s.flash_max_ms, s.open_ms, s.ring_mhz, s.to_line_cdb,
	       s.from_line_cdb);
	for (int i = 0; i < s.ring_pairs; i++)
		printf(" %u %u", s.ring_on_ms[i], s.ring_off_ms[i]);
	putchar('\n');
	return EXIT_SUCCESS;
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* A stopped owner keeps the claim: then the line's rest is all there is. */
static int strike(int fd, pid_t pid, int signal)
{
	unsigned int busy = signal == SIGSTOP ? BUSY & ~POTS_STATE_CLAIMED : BUSY;
	struct timespec nap = { .tv_nsec = 200000 };
	struct pots_state state = { 0 };
	double begin = now_ms();

	if (kill(pid, signal)) {
		perror("kill");
		return EXIT_FAILURE;
	}
	do {
		if (ioctl(fd, POTS_GET_STATE, &state)) {
			perror("POTS_GET_STATE");
			return EXIT_FAILURE;
		}
		if (!(state.state & busy)) {
			printf("%.1f\n", now_ms() - begin);
			return EXIT_SUCCESS;
		}
		nanosleep(&nap, NULL);
	} while (now_ms() - begin < PATIENCE_MS);
	fprintf(stderr, "the line's state is still 0x%x\n", state.state);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	int fd = argc > 2 ? open(argv[2], O_RDWR | O_NONBLOCK) : -1;

	if (fd < 0) {
		perror(argc > 2 ? argv[2] : "port");
		return EXIT_FAILURE;
	}
	if (!strcmp(argv[1], "settings"))
		return settings(fd);
	if (!strcmp(argv[1], "strike") && argc == 5)
		return strike(fd, atoi(argv[3]), atoi(argv[4]));
	return EXIT_FAILURE;
}
