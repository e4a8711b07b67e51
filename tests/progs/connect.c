/* SPDX-License-Identifier: Apache-2.0 */
/* A TCP connection to itself over IPv4 and over IPv6, a refused one, and a unix socket. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int port_of(int fd)
{
	struct sockaddr_in6 name;
	socklen_t length = sizeof(name);

	getsockname(fd, (struct sockaddr *)&name, &length);
	return ntohs(name.sin6_port); /* at the same place in IPv4 */
}

int main(void)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_un local = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	int listener6 = socket(AF_INET6, SOCK_STREAM, 0), client6 = socket(AF_INET6, SOCK_STREAM, 0);
	int unix_listener = socket(AF_UNIX, SOCK_STREAM, 0), unix_client = socket(AF_UNIX, SOCK_STREAM, 0);
	int refused = socket(AF_INET, SOCK_STREAM, 0), accepted;

	if (bind(listener, (struct sockaddr *)&v4, sizeof(v4)) || listen(listener, 5) ||
	    bind(unix_listener, (struct sockaddr *)&local, sizeof(local)) || listen(unix_listener, 1))
		return 1;
	v4.sin_port = htons(port_of(listener));
	connect(client, (struct sockaddr *)&v4, sizeof(v4));
	accepted = accept(listener, NULL, NULL);
	printf("listener=%d client=%d accepted=%d port=%d client_port=%d\n", listener, client, accepted,
	       port_of(listener), port_of(client));
	connect(unix_client, (struct sockaddr *)&local, sizeof(local));
	printf("unix_listener=%d unix_client=%d\n", unix_listener, unix_client);
	v4.sin_port = htons(1);
	connect(refused, (struct sockaddr *)&v4, sizeof(v4));
	printf("refused=%d\n", refused);
	if (!bind(listener6, (struct sockaddr *)&v6, sizeof(v6)) && !listen(listener6, 5)) {
		v6.sin6_port = htons(port_of(listener6));
		connect(client6, (struct sockaddr *)&v6, sizeof(v6));
		accepted = accept4(listener6, NULL, NULL, SOCK_NONBLOCK);
		printf("listener6=%d client6=%d accepted6=%d port6=%d client_port6=%d\n", listener6, client6,
		       accepted, port_of(listener6), port_of(client6));
	}
	return 0;
}
