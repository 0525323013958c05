// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From root to the configured user.
 */
#include "priv.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What only root can prepare: the socket's directory, real-time priority. */
static void prepare(const struct config *config, const struct passwd *pw)
{
	struct rlimit priority = { (rlim_t)config->media.fifo_priority,
				   (rlim_t)config->media.fifo_priority };
	char *directory = strdup(config->agent.control);
	char *slash = directory ? strrchr(directory, '/') : NULL;

	if (slash && slash != directory) {
		*slash = 0;
		if (!mkdir(directory, 0755) && chown(directory, pw->pw_uid, pw->pw_gid))
			fprintf(stderr, "potsd: %s: %s\n", directory, strerror(errno));
	}
	free(directory);
	if (priority.rlim_cur)
		setrlimit(RLIMIT_RTPRIO, &priority);
}

/* The devices are opened with the user's own rights, so nothing is kept. */
int priv_drop(const struct config *config)
{
	const char *user = *config->agent.user ? config->agent.user : "root";
	const struct passwd *pw;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	if (geteuid())
		return 0;
	errno = 0;
	pw = getpwnam(user);
	if (!pw) {
		fprintf(stderr, "potsd: there is no user %s\n", user);
		return -ENOENT;
	}
	prepare(config, pw);
	if (!*config->agent.user)
		return 0;
	if (initgroups(user, pw->pw_gid) || setgid(pw->pw_gid) || setuid(pw->pw_uid)) {
		fprintf(stderr, "potsd: cannot become %s: %s\n", user, strerror(errno));
		return -EPERM;
	}
	return 0;
}
