/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A web server and clients that count for themselves, to hold a map of connections against.
 *
 *   http serve PORT DELAY_US                 answers every request after DELAY_US, connections are kept
 *   http ask PORT PATH PER_SECOND keep|close asks at that rate; one connection, or one for each request
 *   http die PORT                            sends a request and ends at once, without its answer
 *
 * `ask` prints one line a second: its clock (ns since the epoch), answers so far, the nanoseconds all of
 * them took together from before the request was sent until the first byte of the answer was there.
 * On 127.0.0.1; compiled with -static it runs in an empty container.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull

static unsigned long long clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static void sleep_until(unsigned long long ns)
{
	struct timespec until = { ns / SECOND, ns % SECOND };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

static struct sockaddr_in address(const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	at.sin_port = htons(atoi(port));
	return at;
}

static int connected(const char *port)
{
	struct sockaddr_in to = address(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	while (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		usleep(100000);
	return fd;
}

/* Reads until the end of a header; 0 at the end of the connection. */
static int read_header(int fd, unsigned long long *first_byte)
{
	char data[4096];
	size_t length = 0;

	while (length < sizeof(data) - 1) {
		ssize_t got = read(fd, data + length, sizeof(data) - 1 - length);

		if (got <= 0)
			return 0;
		if (length == 0 && first_byte)
			*first_byte = clock_ns(CLOCK_MONOTONIC);
		length += got;
		data[length] = 0;
		if (strstr(data, "\r\n\r\n"))
			return 1;
	}
	return 0;
}

static void answer(int fd, long delay_us)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n";

	while (read_header(fd, NULL)) {
		usleep(delay_us);
		if (write(fd, text, sizeof(text) - 1) < 0)
			break;
	}
	_exit(0);
}

static _Noreturn void serve(const char *port, long delay_us)
{
	struct sockaddr_in at = address(port);
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 128))
		exit(1);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (fork() == 0) {
			close(listener);
			answer(fd, delay_us);
		}
		close(fd);
	}
}

static _Noreturn void ask(const char *port, const char *path, long per_second, int keep)
{
	char text[256];
	int length = snprintf(text, sizeof(text), "GET %.200s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
	unsigned long long next = clock_ns(CLOCK_MONOTONIC), tell = next, took = 0, answers = 0;
	int fd = -1;

	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		unsigned long long begun, first;

		if (fd < 0)
			fd = connected(port);
		begun = clock_ns(CLOCK_MONOTONIC);
		if (write(fd, text, length) == length && read_header(fd, &first)) {
			took += first - begun;
			answers++;
		} else {
			keep = 0;
		}
		if (!keep) {
			char rest[4096];

			while (shutdown(fd, SHUT_WR), read(fd, rest, sizeof(rest)) > 0)
				;
			close(fd);
			fd = -1;
		}
		if (clock_ns(CLOCK_MONOTONIC) >= tell) {
			printf("%llu %llu %llu\n", clock_ns(CLOCK_REALTIME), answers, took);
			fflush(stdout);
			tell += SECOND;
		}
		next += SECOND / per_second;
		sleep_until(next);
	}
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "serve"))
		serve(argv[2], atol(argv[3]));
	if (argc == 6 && !strcmp(argv[1], "ask"))
		ask(argv[2], argv[3], atol(argv[4]), !strcmp(argv[5], "keep"));
	if (argc == 3 && !strcmp(argv[1], "die")) {
		int fd = connected(argv[2]);

		if (write(fd, "GET /never HTTP/1.1\r\n\r\n", 23) != 23)
			return 1;
		return 0;
	}
	fprintf(stderr, "usage: http serve PORT DELAY_US | ask PORT PATH PER_SECOND keep|close | die PORT\n");
	return 2;
}
