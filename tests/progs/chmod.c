/* SPDX-License-Identifier: Apache-2.0 */
/* Changes permissions three ways. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int fd = open("file", O_CREAT | O_WRONLY, 0600);

	printf("fd=%d\n", fd);
	syscall(SYS_chmod, "file", 04755);
	syscall(SYS_fchmod, fd, 01644);
	syscall(SYS_fchmodat, AT_FDCWD, "absent", 0111);
	return 0;
}
