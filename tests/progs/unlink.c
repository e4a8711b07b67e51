/* SPDX-License-Identifier: Apache-2.0 */
/* Removes files, by path and below a folder. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int dir;

	mkdir("dir", 0700);
	dir = open("dir", O_RDONLY | O_DIRECTORY);
	printf("dir=%d\n", dir);
	close(open("here", O_CREAT | O_WRONLY, 0600));
	syscall(SYS_unlink, "here");
	syscall(SYS_unlink, "not here");
	syscall(SYS_unlinkat, dir, "absent", 0);
	syscall(SYS_unlinkat, AT_FDCWD, "dir", AT_REMOVEDIR);
	return 0;
}
