/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams to itself: to a named address, over a connected socket, and out of several buffers. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, from;
	int receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
	struct iovec parts[2] = { { "first ", 6 }, { "second", 6 } };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = parts, .msg_iovlen = 2 };
	socklen_t length = sizeof(to);
	char buffer[64];

	if (bind(receiver, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	getsockname(receiver, (struct sockaddr *)&to, &length);
	printf("receiver=%d sender=%d port=%d\n", receiver, sender, ntohs(to.sin_port));
	sendto(sender, "a datagram", 10, 0, (struct sockaddr *)&to, sizeof(to));
	length = sizeof(from);
	recvfrom(receiver, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &length);
	printf("sender_port=%d\n", ntohs(from.sin_port));
	sendmsg(sender, &message, 0);
	message.msg_name = &from;
	parts[0].iov_base = buffer;
	parts[0].iov_len = sizeof(buffer);
	message.msg_iovlen = 1;
	recvmsg(receiver, &message, 0);
	sendto(777, "nowhere", 7, 0, NULL, 0);
	return 0;
}
