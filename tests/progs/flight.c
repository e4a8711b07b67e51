/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a file, writes its number into it, reads it back and closes it, as often as the argument says. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments)
{
	int rounds = count > 1 ? atoi(arguments[1]) : 1;

	for (int round = 0; round < rounds; round++) {
		char name[32], text[32];
		int length = snprintf(name, sizeof(name), "number-%d", round);
		int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);

		if (fd < 0 || write(fd, name, length) != length || lseek(fd, 0, SEEK_SET) ||
		    read(fd, text, sizeof(text)) != length)
			return 1;
		close(fd);
	}
	return 0;
}
