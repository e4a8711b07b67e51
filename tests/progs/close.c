/* SPDX-License-Identifier: Apache-2.0 */
/* Closes a descriptor, and one that is not open. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/dev/null", O_RDONLY);

	printf("fd=%d\n", fd);
	close(fd);
	close(777);
	return 0;
}
