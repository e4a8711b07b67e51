/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a call the 32-bit way, whose number is getpid() there and writev() here. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int pid = -1;

#ifdef __x86_64__
	asm volatile("int $0x80" : "=a"(pid) : "a"(20) : "r8", "r9", "r10", "r11", "memory");
#endif
	printf("pid=%d compat=%d\n", getpid(), pid);
	return 0;
}
