/* SPDX-License-Identifier: Apache-2.0 */
/* Renames a file three ways. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	close(open("a", O_CREAT | O_WRONLY, 0600));
	syscall(SYS_rename, "a", "b");
	syscall(SYS_renameat, AT_FDCWD, "b", AT_FDCWD, "c");
	syscall(SYS_renameat2, AT_FDCWD, "c", AT_FDCWD, "d", RENAME_NOREPLACE);
	return syscall(SYS_rename, "gone", "b") != -1;
}
