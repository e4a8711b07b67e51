/* SPDX-License-Identifier: Apache-2.0 */
/* Tries to load modules that are none. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/dev/null", O_RDONLY);

	printf("fd=%d init=%ld", fd, syscall(SYS_init_module, "no module", 9, "option=1"));
	printf(" finit=%ld\n", syscall(SYS_finit_module, fd, "option=2", 1));
	return 0;
}
