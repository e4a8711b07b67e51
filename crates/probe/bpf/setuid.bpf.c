/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* setuid, setgid, setreuid, setregid, setresuid, setresgid: who a process acts as. */
#include "call.h"

CALL_PROGRAM(setuid)
{
	event_begin(s, SYSCALL_SETUID_X);
	push_s64(s, ret); /* res */
	push_u32(s, ARGUMENT(0)); /* uid */
	event_submit_critical(s);
}

CALL_PROGRAM(setgid)
{
	event_begin(s, SYSCALL_SETGID_X);
	push_s64(s, ret); /* res */
	push_u32(s, ARGUMENT(0)); /* gid */
	event_submit_critical(s);
}

CALL_PROGRAM(setreuid)
{
	event_begin(s, SYSCALL_SETREUID_X);
	push_s64(s, ret); /* res */
	push_u32(s, ARGUMENT(0)); /* ruid */
	push_u32(s, ARGUMENT(1)); /* euid */
	event_submit_critical(s);
}

CALL_PROGRAM(setregid)
{
	event_begin(s, SYSCALL_SETREGID_X);
	push_s64(s, ret); /* res */
	push_u32(s, ARGUMENT(0)); /* rgid */
	push_u32(s, ARGUMENT(1)); /* egid */
	event_submit_critical(s);
}

CALL_PROGRAM(setresuid)
{
	event_begin(s, SYSCALL_SETRESUID_X);
	push_s64(s, ret); /* res */
	push_u32(s, ARGUMENT(0)); /* ruid */
	push_u32(s, ARGUMENT(1)); /* euid */
	push_u32(s, ARGUMENT(2)); /* suid */
	event_submit_critical(s);
}

CALL_PROGRAM(setresgid)
{
	event_begin(s, SYSCALL_SETRESGID_X);
	push_s64(s, ret); /* res */
	push_u32(s, ARGUMENT(0)); /* rgid */
	push_u32(s, ARGUMENT(1)); /* egid */
	push_u32(s, ARGUMENT(2)); /* sgid */
	event_submit_critical(s);
}
