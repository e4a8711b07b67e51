/* SPDX-License-Identifier: Apache-2.0 */
/* Makes folders. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	syscall(SYS_mkdir, "one", 0750);
	syscall(SYS_mkdir, "one", 0750);
	syscall(SYS_mkdirat, AT_FDCWD, "one/two", 0700);
	return 0;
}
