/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces itself: an exec that fails, then one that works, which ends with status 7. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "again"))
		return 7;

	char *again[] = { "renamed", "again", "two words", NULL };
	char *env[] = { "LANNER=here", "EMPTY=", NULL };

	printf("pid=%d ppid=%d pgid=%d uid=%d gid=%d\n", getpid(), getppid(), getpgrp(), geteuid(), getegid());
	fflush(stdout);
	if (chdir("/"))
		return 1;
	execve("/no/such/program", again, env);
	execve("/proc/self/exe", again, env);
	return 1;
}
