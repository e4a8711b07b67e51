/* SPDX-License-Identifier: Apache-2.0 */
/* Watches a child of its own: attaches, reads a word of its memory, lets it go. */
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static long word = 0x1122334455667788;

int main(void)
{
	pid_t child = fork();

	if (!child) {
		pause();
		_exit(0);
	}
	printf("child=%d address=%lld\n", child, (long long)&word);
	ptrace(PTRACE_ATTACH, child, NULL, NULL);
	waitpid(child, NULL, 0);
	if (ptrace(PTRACE_PEEKDATA, child, &word, NULL) != word)
		return 1;
	ptrace(PTRACE_DETACH, child, NULL, (void *)SIGKILL);
	waitpid(child, NULL, 0);
	ptrace(PTRACE_SEIZE, 0x7ffffff0, NULL, NULL);
	return 0;
}
