// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PID 1 of the test machine: lays the host's root file system, or one of the
 * machine's own and the checkout, under a tmpfs,
 * runs one command in it and says how it ended.
 *
 * /arguments of the initramfs, NUL-separated: the writable build directory, the
 * directory of this run below it, the directory to run in, the directory to mount
 * on /lib/modules, and "virtual" or "real" (a kernel's command line has room for
 * 256 bytes on some machines). The run's directory holds `argv` and `env`, like it.
 * The command's output and the verdict leave by three virtio ports, so that a
 * chatty console cannot spoil either; a machine that dies says nothing on the
 * third, and that is a failure.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT_STDOUT	"/dev/vport0p1"
#define PORT_STDERR	"/dev/vport0p2"
#define PORT_RESULT	"/dev/vport0p3"
#define PORT_WAIT_MS	2000

#define ROOT		"/root"
/*
 * The host's numbers of errors mean other things on MIPS: that a file has no
 * attributes would be no answer there. The older protocol does not ask for them.
 */
#ifdef __mips__
#define NINEP_VERSION	"9p2000.u"
#else
#define NINEP_VERSION	"9p2000.L"
#endif
#define NINEP_OPTIONS	"trans=virtio,version=" NINEP_VERSION ",msize=512000,cache=loose"
#define PIPE_BYTES	65536
#define WORDS_MAX	4096

static int result_fd = -1;

static void stop_machine(void)
{
	sync();
	reboot(RB_AUTOBOOT);
	_exit(1);
}

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
{
	int error = errno;
	va_list ap;

	dprintf(2, "init: ");
	va_start(ap, format);
	vdprintf(2, format, ap);
	va_end(ap);
	dprintf(2, ": %s\n", strerror(error));
	stop_machine();
	_exit(1);
}

static void mkdirs(const char *path)
{
	char part[4096];
	char *slash;

	snprintf(part, sizeof(part), "%s", path);
	for (slash = part + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdir(part, 0755);
	}
	mkdir(part, 0755);
}

static void must_mount(const char *what, const char *where, const char *type,
		       unsigned long flags, const char *options)
{
	mkdirs(where);
	if (mount(what, where, type, flags, options))
		die("mount %s on %s", what, where);
}

/* What a kernel lacks (configfs, before its module is loaded) is no fault. */
static void try_mount(const char *type, const char *where)
{
	if (mount(type, where, type, 0, NULL) && errno != ENODEV && errno != ENOENT)
		die("mount %s", where);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_module(const struct dirent *entry)
{
	return !!strstr(entry->d_name, ".ko");
}

/* The host numbered them in the order of their dependencies. */
static void load_modules(const char *directory)
{
	struct dirent **entry;
	char path[512];
	int fd, i, n;

	n = scandir(directory, &entry, is_module, by_name);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
			die("load %s", path);
		close(fd);
		free(entry[i]);
	}
	free(entry);
}

static int open_port(const char *path)
{
	int fd, waited_ms;

	for (waited_ms = 0; waited_ms < PORT_WAIT_MS; waited_ms++) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		usleep(1000);
	}
	die("open %s", path);
}

/*
 * A checkout below /tmp would vanish under the fresh /tmp: it is put back.
 */
static void fresh_tmp(const char *cwd)
{
	char path[4096];

	snprintf(path, sizeof(path), ROOT "%s", cwd);
	mkdirs(path);
	must_mount(path, "/keep", NULL, MS_BIND, NULL);
	must_mount("tmpfs", ROOT "/tmp", "tmpfs", MS_NOSUID, "mode=1777");
	if (!strncmp(cwd, "/tmp/", 5)) {
		mkdirs(path);
		must_mount("/keep", path, NULL, MS_MOVE, NULL);
	} else {
		umount2("/keep", MNT_DETACH);
	}
}

static void lay_root(const char *build, const char *cwd, const char *modules)
{
	char path[4096];

	must_mount("root", "/host", "9p", MS_RDONLY, NINEP_OPTIONS);
	must_mount("tmpfs", "/top", "tmpfs", 0, "size=75%");
	mkdirs("/top/upper");
	mkdirs("/top/work");
	must_mount("overlay", ROOT, "overlay", 0,
		   "lowerdir=/host,upperdir=/top/upper,workdir=/top/work");
	must_mount("devtmpfs", ROOT "/dev", "devtmpfs", 0, NULL);
	must_mount("proc", ROOT "/proc", "proc", 0, NULL);
	must_mount("sysfs", ROOT "/sys", "sysfs", 0, NULL);
	must_mount("tmpfs", ROOT "/run", "tmpfs", MS_NOSUID, "mode=755");
	fresh_tmp(cwd);

	/* A machine of another kind has a root of its own. */
	snprintf(path, sizeof(path), "/host%s", cwd);
	if (access(path, F_OK)) {
		snprintf(path, sizeof(path), ROOT "%s", cwd);
		must_mount("top", path, "9p", MS_RDONLY, NINEP_OPTIONS);
	}
	snprintf(path, sizeof(path), ROOT "%s", build);
	must_mount("build", path, "9p", 0, NINEP_OPTIONS);
	snprintf(path, sizeof(path), ROOT "%s", modules);
	must_mount(path, ROOT "/lib/modules", NULL, MS_BIND, NULL);
	if (chdir(ROOT) || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		die("change root");
}

static void finish_root(void)
{
	mkdir("/dev/pts", 0755);
	mkdir("/dev/shm", 01777);
	try_mount("devpts", "/dev/pts");
	try_mount("tmpfs", "/dev/shm");
	try_mount("debugfs", "/sys/kernel/debug");
	try_mount("tracefs", "/sys/kernel/tracing");
	try_mount("configfs", "/sys/kernel/config");
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		die("loopback");
	close(fd);
}

/* The words of a NUL-separated file. */
static char **read_words(const char *directory, const char *name)
{
	static char *words[3][WORDS_MAX + 1];
	static int taken;
	char **list = words[taken++];
	size_t length = 0, room = 0;
	char path[4096], *text = NULL, *at;
	int n = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "re");
	if (!file)
		die("open %s", path);
	while (getdelim(&text, &room, '\0', file) > 0 && n < WORDS_MAX) {
		length = strlen(text);
		at = malloc(length + 1);
		if (!at)
			die("memory");
		memcpy(at, text, length + 1);
		list[n++] = at;
	}
	fclose(file);
	return list;
}

struct stream {
	int pipe[2];
	int port;
};

static void open_stream(struct stream *stream, const char *port)
{
	stream->port = open_port(port);
	if (pipe2(stream->pipe, O_CLOEXEC))
		die("pipe");
	fcntl(stream->pipe[0], F_SETFL, O_NONBLOCK);
}

/* Moves what is there; false when there was nothing. */
static int pump(struct stream *stream)
{
	static char buffer[PIPE_BYTES];
	ssize_t n = read(stream->pipe[0], buffer, sizeof(buffer));
	ssize_t done = 0, written;

	if (n <= 0)
		return 0;
	while (done < n) {
		written = write(stream->port, buffer + done, n - done);
		if (written < 0)
			die("write to the host");
		done += written;
	}
	return 1;
}

static pid_t start(const char *run, const char *cwd, struct stream *out, struct stream *err)
{
	char **argv = read_words(run, "argv");
	char **env = read_words(run, "env");
	pid_t pid = fork();
	sigset_t none;

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(out->pipe[1], 1);
	dup2(err->pipe[1], 2);
	environ = env;
	if (!chdir(cwd))
		execvp(argv[0], argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Reaps everybody; true when the command itself is among them. */
static int reap(pid_t command, int *status)
{
	int ended = 0, one;
	pid_t pid;

	while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		*status = WIFEXITED(one) ? WEXITSTATUS(one) : 128 + WTERMSIG(one);
		ended = 1;
	}
	return ended;
}

static int run(const char *directory, const char *cwd)
{
	struct signalfd_siginfo info;
	struct stream out, err;
	int status = 255, child_fd, ended = 0;
	sigset_t child;
	pid_t command;

	open_stream(&out, PORT_STDOUT);
	open_stream(&err, PORT_STDERR);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	child_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	command = start(directory, cwd, &out, &err);
	while (!ended) {
		struct pollfd fds[] = {
			{ .fd = out.pipe[0], .events = POLLIN },
			{ .fd = err.pipe[0], .events = POLLIN },
			{ .fd = child_fd, .events = POLLIN },
		};

		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			die("poll");
		pump(&out);
		pump(&err);
		while (read(child_fd, &info, sizeof(info)) > 0)
			;
		ended = reap(command, &status);
	}
	while (pump(&out) || pump(&err))
		;
	return status;
}

/* Background processes of the command would keep the build share busy. */
static void end_everything(const char *build)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	sync();
	umount2(build, MNT_DETACH);
	sync();
}

static int count_words(char **list)
{
	int n = 0;

	while (list[n])
		n++;
	return n;
}

int main(void)
{
	char **arguments = read_words("", "arguments");
	int status;

	if (count_words(arguments) != 5) {
		errno = EINVAL;
		die("wants BUILD RUN CWD MODULES TIME");
	}
	must_mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	load_modules("/modules");
	if (!strcmp(arguments[4], "virtual"))
		load_modules("/modules/virtual");
	result_fd = open_port(PORT_RESULT);
	lay_root(arguments[0], arguments[2], arguments[3]);
	finish_root();
	sethostname("localhost", 9);
	loopback_up();
	status = run(arguments[1], arguments[2]);
	chdir("/");
	end_everything(arguments[0]);
	dprintf(result_fd, "exit %d\n", status);
	stop_machine();
}
