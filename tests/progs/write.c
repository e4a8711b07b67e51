/* SPDX-License-Identifier: Apache-2.0 */
/* Writes in every way there is. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	struct iovec parts[3] = { { "one", 3 }, { "", 0 }, { "two", 3 } };
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char much[100];

	for (int i = 0; i < 100; i++)
		much[i] = 'a' + i % 26;
	printf("fd=%d\n", fd);
	write(fd, much, sizeof(much));
	pwrite(fd, "at seven", 8, 7);
	writev(fd, parts, 3);
	pwritev(fd, parts, 3, 40);
	write(777, "lost", 4);
	return 0;
}
