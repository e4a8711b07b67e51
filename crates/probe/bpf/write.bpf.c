/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* write, pwrite64, writev, pwritev. A write that failed is told with the data that it was to write. */
#include "call.h"
#include "data.h"
#include "descriptor.h"

CALL_PROGRAM(write)
{
	event_begin_with_descriptor(s, SYSCALL_WRITE_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(1), ret > 0 ? ret : (s64)ARGUMENT(2));
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, ARGUMENT(2)); /* size */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(pwrite64)
{
	event_begin_with_descriptor(s, SYSCALL_PWRITE_X);
	push_s64(s, ret); /* res */
	push_data(s, ARGUMENT(1), ret > 0 ? ret : (s64)ARGUMENT(2));
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, ARGUMENT(2)); /* size */
	push_u64(s, ARGUMENT(3)); /* pos */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(writev)
{
	event_begin_with_descriptor(s, SYSCALL_WRITEV_X);
	push_s64(s, ret); /* res */
	push_vector_data(s, ARGUMENT(1), ARGUMENT(2), ret > 0 ? ret : ALL_OF_IT);
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, vector_size(ARGUMENT(1), ARGUMENT(2))); /* size */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}

CALL_PROGRAM(pwritev)
{
	event_begin_with_descriptor(s, SYSCALL_PWRITEV_X);
	push_s64(s, ret); /* res */
	push_vector_data(s, ARGUMENT(1), ARGUMENT(2), ret > 0 ? ret : ALL_OF_IT);
	push_s64(s, ARGUMENT_FD(0)); /* fd */
	push_u32(s, vector_size(ARGUMENT(1), ARGUMENT(2))); /* size */
	push_u64(s, ARGUMENT(3)); /* pos */
	push_descriptor(s, ARGUMENT_FD(0));
	event_submit(s);
}
