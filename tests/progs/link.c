/* SPDX-License-Identifier: Apache-2.0 */
/* Connections to itself with known bytes, over IPv4 and IPv6; attempts that fail; one that stays open until
 * standard input says a byte. With an argument it has only that one, open before anybody looks. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMES 20

static char data[100000];

static int port_of(int fd)
{
	struct sockaddr_in6 name;
	socklen_t length = sizeof(name);

	getsockname(fd, (struct sockaddr *)&name, &length);
	return ntohs(name.sin6_port); /* at the same place in IPv4 */
}

/* In pieces that fit into the buffers of a socket, so that one thread can do both ends. */
static void carry(int from, int to, int count)
{
	while (count > 0) {
		int piece = count < 1000 ? count : 1000;

		if (send(from, data, piece, 0) != piece || recv(to, data, piece, MSG_WAITALL) != piece)
			_exit(3);
		count -= piece;
	}
}

static int listen_at(struct sockaddr *at, socklen_t length)
{
	int fd = socket(at->sa_family, SOCK_STREAM, 0);

	if (bind(fd, at, length) || listen(fd, 5))
		return -1;
	((struct sockaddr_in *)at)->sin_port = htons(port_of(fd));
	return fd;
}

static int connect_to(struct sockaddr *to, socklen_t length)
{
	int fd = socket(to->sa_family, SOCK_STREAM, 0);

	if (connect(fd, to, length)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Until the kernel has no trace of a connection: the end of the second end comes a moment later. */
static void close_both(int first, int second)
{
	char byte;

	close(first);
	while (read(second, &byte, 1) > 0)
		;
	close(second);
}

static void wait_for_end(void)
{
	char end;

	printf("\n");
	fflush(stdout);
	(void)!read(0, &end, 1);
}

static unsigned netns(void)
{
	struct stat stat_of;

	stat("/proc/self/ns/net", &stat_of);
	return stat_of.st_ino;
}

int main(int count, char **arguments)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in6 mapped = { .sin6_family = AF_INET6 };
	int listener = listen_at((struct sockaddr *)&v4, sizeof(v4)), listener6, open_end, accepted, i;

	if (listener < 0)
		return 1;
	printf("port=%d netns=%u ", port_of(listener), netns());
	open_end = connect_to((struct sockaddr *)&v4, sizeof(v4));
	accepted = accept(listener, NULL, NULL);
	carry(open_end, accepted, 5000);
	if (count > 1) {
		wait_for_end();
		carry(open_end, accepted, 700);
		wait_for_end();
		return 0;
	}
	for (i = 0; i < TIMES; i++) {
		int client = connect_to((struct sockaddr *)&v4, sizeof(v4));
		int served = i % 2 ? accept(listener, NULL, NULL) : accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		carry(client, served, 2000);
		carry(served, client, 300);
		if (i % 2)
			close_both(client, served);
		else
			close_both(served, client);
	}
	/* A child serves, and the parent has no hand in it any more. */
	for (i = 0; i < TIMES; i++) {
		int client = connect_to((struct sockaddr *)&v4, sizeof(v4));
		int served = accept(listener, NULL, NULL);

		if (!fork()) {
			close(client);
			if (recv(served, data, 40, MSG_WAITALL) != 40 || send(served, data, 7, 0) != 7)
				_exit(1);
			_exit(0);
		}
		close(served);
		if (send(client, data, 40, 0) != 40 || recv(client, data, 8, MSG_WAITALL) != 7)
			return 2;
		wait(NULL);
		close(client);
	}
	/* Nobody listens at port 1. */
	v4.sin_port = htons(1);
	for (i = 0; i < 3; i++)
		connect_to((struct sockaddr *)&v4, sizeof(v4));

	listener6 = listen_at((struct sockaddr *)&v6, sizeof(v6));
	if (listener6 >= 0) {
		int client = connect_to((struct sockaddr *)&v6, sizeof(v6)), served = accept(listener6, NULL, NULL);

		carry(client, served, 60);
		close_both(client, served);
		printf("port6=%d ", port_of(listener6));
	}
	/* A socket of IPv6 that connects to an IPv4 address. */
	mapped.sin6_addr.s6_addr32[2] = htonl(0xffff);
	mapped.sin6_addr.s6_addr32[3] = htonl(INADDR_LOOPBACK);
	mapped.sin6_port = htons(port_of(listener));
	i = connect_to((struct sockaddr *)&mapped, sizeof(mapped));
	if (i >= 0) {
		int served = accept(listener, NULL, NULL);

		carry(i, served, 11);
		close_both(i, served);
		printf("mapped=1 ");
	}
	wait_for_end();
	close_both(open_end, accepted);
	wait_for_end();
	return 0;
}
