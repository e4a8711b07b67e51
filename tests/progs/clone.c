/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a child by fork, one by vfork, a thread, and a child in a pid namespace of its own. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *run(void *unused)
{
	printf("thread=%d\n", gettid());
	return unused;
}

int main(void)
{
	pthread_t thread;
	pid_t child;

	fflush(stdout);
	child = syscall(SYS_fork);
	if (!child)
		_exit(3);
	waitpid(child, NULL, 0);
	printf("forked=%d\n", child);
	fflush(stdout);
	child = vfork();
	if (!child)
		_exit(4);
	waitpid(child, NULL, 0);
	printf("vforked=%d\n", child);
	pthread_create(&thread, NULL, run, NULL);
	pthread_join(thread, NULL);
	if (unshare(CLONE_NEWPID))
		return 1;
	fflush(stdout);
	child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!child)
		_exit(5);
	waitpid(child, NULL, 0);
	printf("first=%d pid=%d\n", child, getpid());
	return 0;
}
