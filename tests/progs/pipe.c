/* SPDX-License-Identifier: Apache-2.0 */
/* Makes pipes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int one[2], two[2];
	struct stat first, second;

	syscall(SYS_pipe, one);
	syscall(SYS_pipe2, two, O_CLOEXEC | O_NONBLOCK);
	fstat(one[0], &first);
	fstat(two[1], &second);
	printf("r1=%d w1=%d ino1=%lu r2=%d w2=%d ino2=%lu\n", one[0], one[1], first.st_ino, two[0], two[1],
	       second.st_ino);
	return 0;
}
