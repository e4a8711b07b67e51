/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a part of a file into another, and from a descriptor that is none. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(void)
{
	int from = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600), to = open("copy", O_WRONLY | O_CREAT, 0600);
	off_t offset = 3;

	if (write(from, "0123456789", 10) != 10)
		return 1;
	printf("from=%d\nto=%d\n", from, to);
	if (sendfile(to, from, &offset, 5) != 5)
		return 1;
	sendfile(to, 777, NULL, 9);
	return 0;
}
