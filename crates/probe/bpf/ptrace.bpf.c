/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* ptrace. */
#include "call.h"

/* What the first byte of `addr` and `data` says of the rest. */
#define PTRACE_NUMBER 0
#define PTRACE_SIGNAL 1

/* Requests in the format's numbers, by those of the kernel: the old ones, and those from 0x4200 on. */
static const u8 requests[32] = {
	[0] = SCAP_PTRACE_TRACEME,	[1] = SCAP_PTRACE_PEEKTEXT,
	[2] = SCAP_PTRACE_PEEKDATA,	[3] = SCAP_PTRACE_PEEKUSR,
	[4] = SCAP_PTRACE_POKETEXT,	[5] = SCAP_PTRACE_POKEDATA,
	[6] = SCAP_PTRACE_POKEUSR,	[7] = SCAP_PTRACE_CONT,
	[8] = SCAP_PTRACE_KILL,		[9] = SCAP_PTRACE_SINGLESTEP,
	[16] = SCAP_PTRACE_ATTACH,	[17] = SCAP_PTRACE_DETACH,
	[24] = SCAP_PTRACE_SYSCALL,
#if defined(__TARGET_ARCH_x86)
	[12] = SCAP_PTRACE_GETREGS,	[13] = SCAP_PTRACE_SETREGS,
	[14] = SCAP_PTRACE_GETFPREGS,	[15] = SCAP_PTRACE_SETFPREGS,
	[18] = SCAP_PTRACE_GETFPXREGS,	[19] = SCAP_PTRACE_SETFPXREGS,
	[21] = SCAP_PTRACE_OLDSETOPTIONS, [25] = SCAP_PTRACE_GET_THREAD_AREA,
	[26] = SCAP_PTRACE_SET_THREAD_AREA, [30] = SCAP_PTRACE_ARCH_PRCTL,
	[31] = SCAP_PTRACE_SYSEMU,
#elif defined(__TARGET_ARCH_arm64)
	[31] = SCAP_PTRACE_SYSEMU,
#endif
};
static const u8 newer_requests[16] = {
	[0] = SCAP_PTRACE_SETOPTIONS,	[1] = SCAP_PTRACE_GETEVENTMSG,
	[2] = SCAP_PTRACE_GETSIGINFO,	[3] = SCAP_PTRACE_SETSIGINFO,
	[4] = SCAP_PTRACE_GETREGSET,	[5] = SCAP_PTRACE_SETREGSET,
	[6] = SCAP_PTRACE_SEIZE,	[7] = SCAP_PTRACE_INTERRUPT,
	[8] = SCAP_PTRACE_LISTEN,	[9] = SCAP_PTRACE_PEEKSIGINFO,
	[10] = SCAP_PTRACE_GETSIGMASK,	[11] = SCAP_PTRACE_SETSIGMASK,
};
#define NEWER_REQUESTS 0x4200

static __always_inline u16 ptrace_request(u64 request)
{
	if (request < 32)
		return requests[request & 31];
	if (request == 32)
		return SCAP_PTRACE_SYSEMU_SINGLESTEP;
	if (request == 33)
		return SCAP_PTRACE_SINGLEBLOCK;
	if (request >= NEWER_REQUESTS && request < NEWER_REQUESTS + 16)
		return newer_requests[(request - NEWER_REQUESTS) & 15];
	return SCAP_PTRACE_UNKNOWN;
}

static __always_inline void push_number(struct scratch *s, u64 number)
{
	u32 from = s->end;

	PUT(s, u8, PTRACE_NUMBER);
	PUT(s, u64, number);
	end_param(s, from);
}

static __always_inline void push_ptrace_data(struct scratch *s, long ret, u16 request, u64 data)
{
	u32 from = s->end;
	u64 word = 0;

	if (ret < 0) {
		push_number(s, 0);
		return;
	}
	switch (request) {
	case SCAP_PTRACE_PEEKTEXT:
	case SCAP_PTRACE_PEEKDATA:
	case SCAP_PTRACE_PEEKUSR:
		bpf_probe_read_user(&word, sizeof(word), (void *)data);
		push_number(s, word);
		return;
	case SCAP_PTRACE_CONT:
	case SCAP_PTRACE_SINGLESTEP:
	case SCAP_PTRACE_DETACH:
	case SCAP_PTRACE_SYSCALL:
		PUT(s, u8, PTRACE_SIGNAL);
		PUT(s, u8, data);
		end_param(s, from);
		return;
	default:
		push_number(s, data);
	}
}

CALL_PROGRAM(ptrace)
{
	u16 request = ptrace_request(ARGUMENT(0));

	event_begin(s, SYSCALL_PTRACE_X);
	push_s64(s, ret); /* res */
	push_number(s, ret < 0 ? 0 : ARGUMENT(2)); /* addr */
	push_ptrace_data(s, ret, request, ARGUMENT(3));
	push_u16(s, request);
	push_s64(s, (s32)ARGUMENT(1)); /* pid */
	event_submit_critical(s);
}
