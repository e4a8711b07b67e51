/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that have no event of their own. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	syscall(SYS_getppid);
	syscall(SYS_sethostname, NULL, 100000);
	return 0;
}
