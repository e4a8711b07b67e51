/* SPDX-License-Identifier: Apache-2.0 */
/* Writes more than a ring holds. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define WRITES 40000

int main(void)
{
	static const char data[64];
	int null = open("/dev/null", O_WRONLY);
	char byte;

	/* Until whoever watches is ready and closes our standard input. */
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	for (int i = 0; i < WRITES; i++)
		if (write(null, data, sizeof(data)) < 0)
			return 1;
	printf("writes=%d\n", WRITES);
	return 0;
}
