/* SPDX-License-Identifier: Apache-2.0 */
/* Sends itself a signal that it ignores, and one to nobody; a child dies of a third. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t child;

	signal(SIGUSR1, SIG_IGN);
	kill(getpid(), SIGUSR1);
	kill(0x7ffffff0, 0);
	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	printf("child=%d\n", child);
	return 0;
}
