/* SPDX-License-Identifier: Apache-2.0 */
/* Opens files in every way there is; one does not exist. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_BENEATH };
	int dir, absent, made, through, by_how;
	struct stat facts;

	umask(0);
	mkdir("sub", 0755);
	symlink("sub", "link");
	dir = open(".", O_RDONLY | O_DIRECTORY);
	absent = syscall(SYS_openat, AT_FDCWD, "no/such/file", O_RDONLY);
	made = syscall(SYS_openat, dir, "sub/made", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	through = syscall(SYS_open, "link/made", O_WRONLY | O_APPEND);
	by_how = syscall(SYS_openat2, dir, "sub/made", &how, sizeof(how));
	fstat(made, &facts);
	printf("dir=%d absent=%d made=%d through=%d by_how=%d ino=%lu dev=%lu\n", dir, absent, made, through, by_how,
	       facts.st_ino, facts.st_dev);
	return syscall(SYS_creat, "sub/by_creat", 0600) < 0;
}
