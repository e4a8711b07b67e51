/* SPDX-License-Identifier: Apache-2.0 */
/* Changes its working directory, and runs a program there. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	int root;

	mkdir("below", 0700);
	root = open("/usr", O_RDONLY | O_DIRECTORY);
	printf("root=%d\n", root);
	chdir("below");
	chdir("nowhere");
	fchdir(root);
	return 0;
}
