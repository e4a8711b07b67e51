/* SPDX-License-Identifier: Apache-2.0 */
/* Becomes somebody else, group first. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	syscall(SYS_setresgid, 1001, 1002, -1);
	syscall(SYS_setregid, -1, 1001);
	syscall(SYS_setgid, 1002);
	syscall(SYS_setresuid, 0, 0, 0);
	syscall(SYS_setreuid, -1, 0);
	syscall(SYS_setuid, 1003);
	return syscall(SYS_setuid, 0) != -1;
}
