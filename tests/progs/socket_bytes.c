/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes over a TCP connection to itself, 100,000 one way and 3,000 the other. One end has two descriptors, and
 * a child holds both ends. They stay open until standard input ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char data[100000];

static unsigned long inode_of(int fd)
{
	struct stat stat;

	fstat(fd, &stat);
	return stat.st_ino;
}

/* In pieces that fit into the buffers of a socket, so that one thread can do both ends. */
static int carry(int from, int to, int count)
{
	while (count > 0) {
		int piece = count < 1000 ? count : 1000;

		if (send(from, data, piece, 0) != piece || recv(to, data, piece, MSG_WAITALL) != piece)
			return 1;
		count -= piece;
	}
	return 0;
}

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), accepted, child;
	socklen_t length = sizeof(to);
	char end;

	if (bind(listener, (struct sockaddr *)&to, sizeof(to)) || listen(listener, 1))
		return 1;
	getsockname(listener, (struct sockaddr *)&to, &length);
	if (connect(client, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	accepted = accept(listener, NULL, NULL);
	if (carry(client, accepted, sizeof(data)) || carry(accepted, client, 3000))
		return 1;
	dup(client);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		return 0;
	}
	printf("listener=%lu client=%lu accepted=%lu child=%d\n", inode_of(listener), inode_of(client),
	       inode_of(accepted), child);
	fflush(stdout);
	while (read(0, &end, 1) > 0)
		;
	kill(child, SIGKILL);
	return 0;
}
