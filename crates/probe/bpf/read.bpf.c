/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* read, pread64, readv, preadv. */
#include "call.h"
#include "data.h"
#include "descriptor.h"

CALL_PROGRAM(read)
{
	event_begin_with_descriptor(s, SYSCALL_READ_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(1), ret);
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, ARGUMENT(2)); /* size */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(pread64)
{
	event_begin_with_descriptor(s, SYSCALL_PREAD_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(1), ret);
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, ARGUMENT(2)); /* size */
	push_u64(s, ARGUMENT(3)); /* pos */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(readv)
{
	event_begin_with_descriptor(s, SYSCALL_READV_X);
	push_s64(s, ret); /* res */
	push_u32(s, ret > 0 ? ret : 0); /* size */
	push_vector_data(s, ARGUMENT(1), ARGUMENT(2), ret);
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(preadv)
{
	event_begin_with_descriptor(s, SYSCALL_PREADV_X);
	push_s64(s, ret); /* res */
	push_u32(s, ret > 0 ? ret : 0); /* size */
	push_vector_data(s, ARGUMENT(1), ARGUMENT(2), ret);
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u64(s, ARGUMENT(3)); /* pos */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
