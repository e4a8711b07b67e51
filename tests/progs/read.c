/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a file that it did not open while it was watched, a pipe, and an empty place. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	char first[8], second[200], text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct iovec parts[2] = { { first, 4 }, { second, sizeof(second) } };
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600), ends[2];

	write(fd, text, sizeof(text) - 1);
	lseek(fd, 2, SEEK_SET);
	printf("fd=%d\n", fd);
	read(fd, second, 5);
	pread(fd, second, 3, 10);
	lseek(fd, 0, SEEK_SET);
	readv(fd, parts, 2);
	preadv(fd, parts, 1, 30);
	read(fd, second, 100);
	read(777, second, 7);
	if (pipe(ends))
		return 1;
	printf("read_end=%d\n", ends[0]);
	write(ends[1], "through", 7);
	read(ends[0], second, 50);
	return 0;
}
