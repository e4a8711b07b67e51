/* SPDX-License-Identifier: Apache-2.0 */
/* Duplicates a descriptor three ways. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0600);

	printf("fd=%d dup=%ld\n", fd, syscall(SYS_dup, fd));
	syscall(SYS_dup2, fd, 100);
	syscall(SYS_dup3, fd, 101, O_CLOEXEC);
	syscall(SYS_dup, 777);
	return 0;
}
