/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts a file system of its own where nobody else sees it; then one that cannot be. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

int main(void)
{
	mkdir("place", 0700);
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 1;
	mount("none", "place", "tmpfs", MS_MGC_VAL | MS_NOSUID | MS_NODEV, "size=64k");
	mount("/dev/none", "place", "no-such-kind", MS_RDONLY, NULL);
	return 0;
}
