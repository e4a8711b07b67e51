/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of HTTP and their answers through every pair of calls, and as much that looks alike and is none. It
 * waits at its end until standard input says a byte. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char request[] = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n";
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
static const char noise[] = "\x16\x03\x01GET /one HTTP/1.1 but behind other bytes";

enum call { PLAIN, SOCKET, VECTOR, MESSAGE, CALLS };

static int put(enum call call, int fd, const char *text)
{
	struct iovec parts[2] = { { (void *)text, 12 }, { (void *)text + 12, strlen(text) - 12 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	switch (call) {
	case PLAIN:
		return write(fd, text, strlen(text));
	case SOCKET:
		return send(fd, text, strlen(text), MSG_NOSIGNAL);
	case VECTOR:
		return writev(fd, parts, 2);
	default:
		return sendmsg(fd, &message, 0);
	}
}

static int take(enum call call, int fd)
{
	static char data[200];
	struct iovec parts[2] = { { data, 10 }, { data + 10, sizeof(data) - 10 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	switch (call) {
	case PLAIN:
		return read(fd, data, sizeof(data));
	case SOCKET:
		return recv(fd, data, sizeof(data), 0);
	case VECTOR:
		return readv(fd, parts, 2);
	default:
		return recvmsg(fd, &message, 0);
	}
}

static void exchange(enum call call, int client, int served)
{
	if (put(call, client, request) < 0 || take(call, served) < 0 || put(call, served, answer) < 0 ||
	    take(call, client) < 0)
		_exit(3);
}

static int wait_for_end(void)
{
	char end;

	printf("\n");
	fflush(stdout);
	return read(0, &end, 1);
}

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client, served, pair[2], i;
	socklen_t length = sizeof(to);
	enum call call;
	char data[200];

	if (bind(listener, (struct sockaddr *)&to, sizeof(to)) || listen(listener, 1))
		return 1;
	getsockname(listener, (struct sockaddr *)&to, &length);
	printf("port=%d ", ntohs(to.sin_port));

	/* One connection that is kept: 4 calls, 5 times each. */
	client = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(client, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	served = accept(listener, NULL, NULL);
	for (call = PLAIN; call < CALLS; call++)
		for (i = 0; i < 5; i++)
			exchange(call, client, served);
	/* Looked at, and taken after. */
	if (put(PLAIN, client, request) < 0 || recv(served, data, sizeof(data), MSG_PEEK) < 0)
		return 2;
	take(PLAIN, served);
	put(PLAIN, served, answer);
	take(PLAIN, client);
	/* No beginning of a message, and one that is too short to be told. */
	put(SOCKET, client, noise);
	take(SOCKET, served);
	if (write(client, "GET", 3) != 3 || read(served, data, 3) != 3)
		return 2;
	close(client);
	close(served);

	/* A child for each connection, which reads from 0 and writes to 1, as inetd has it. */
	for (i = 0; i < 3; i++) {
		client = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(client, (struct sockaddr *)&to, sizeof(to)))
			return 1;
		served = accept(listener, NULL, NULL);
		if (!fork()) {
			dup2(served, 0);
			dup2(served, 1);
			close(served);
			close(client);
			if (take(PLAIN, 0) < 0 || put(PLAIN, 1, answer) < 0)
				_exit(1);
			_exit(0);
		}
		close(served);
		if (put(PLAIN, client, request) < 0 || take(PLAIN, client) < 0)
			return 2;
		wait(NULL);
		close(client);
	}
	/* Over what is no TCP. */
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return 1;
	for (call = PLAIN; call < CALLS; call++)
		exchange(call, pair[0], pair[1]);
	if (pipe(pair) || write(pair[1], request, strlen(request)) < 0 || read(pair[0], data, sizeof(data)) < 0)
		return 1;
	/* One that gets no answer. */
	client = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(client, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	served = accept(listener, NULL, NULL);
	put(PLAIN, client, request);
	take(PLAIN, served);
	close(client);
	close(served);
	wait_for_end();
	return 0;
}
