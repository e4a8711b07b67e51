/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Sockets and their addresses: as parameters, and in the form of a list of descriptors. */
#ifndef LANNER_TUPLE_H
#define LANNER_TUPLE_H

#include "file.h"

#include <bpf/bpf_endian.h>

#define SOCK_STREAM 1
#define TCP_LISTEN 10
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_RAW 255
#define UNIX_PATH_BYTES 108
#define EPHEMERAL_PORT 32768

enum direction { INBOUND, OUTBOUND };

/* Both ends of an internet socket; addresses as the network has them, ports as numbers. */
struct ends {
	struct in6_addr local, remote;
	u16 local_port, remote_port;
	u32 size;
};

/* The socket behind an open file; NULL when it is none. */
static __always_inline struct sock *sock_of(struct file *file)
{
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : NULL;
}

static __always_inline void read_ends(struct ends *ends, struct sock *sk, u16 family)
{
	__builtin_memset(ends, 0, sizeof(*ends));
	ends->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	ends->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (family == AF_INET) {
		ends->size = 4;
		ends->local.in6_u.u6_addr32[0] = BPF_CORE_READ((struct inet_sock *)sk, inet_saddr);
		ends->remote.in6_u.u6_addr32[0] = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	} else {
		ends->size = 16;
		BPF_CORE_READ_INTO(&ends->local, (struct inet_sock *)sk, pinet6, saddr);
		BPF_CORE_READ_INTO(&ends->remote, sk, __sk_common.skc_v6_daddr);
	}
}

static __always_inline void put_ip(struct scratch *s, const struct in6_addr *ip, u32 size)
{
	if (size == 4) {
		PUT(s, u32, ip->in6_u.u6_addr32[0]);
	} else {
		put_at(s, s->end, ip, sizeof(*ip));
		s->end += sizeof(*ip);
	}
}

/* The path of a unix socket without its NUL. The name of an abstract one begins with a NUL, which
 * becomes `abstract`, or nothing when that is 0. */
static __always_inline void put_unix_path(struct scratch *s, struct sock *sk, char abstract)
{
	struct unix_address *address = sk ? BPF_CORE_READ((struct unix_sock *)sk, addr) : NULL;
	const char *path;
	char first = 0;

	if (!address || BPF_CORE_READ(address, len) <= (int)sizeof(u16))
		return;
	path = (void *)address + bpf_core_field_offset(struct unix_address, name) +
	       bpf_core_field_offset(struct sockaddr_un, sun_path);
	bpf_probe_read_kernel(&first, sizeof(first), path);
	if (!first) {
		path++;
		if (abstract)
			PUT(s, u8, abstract);
	}
	if (put_kernel_text(s, path, UNIX_PATH_BYTES))
		s->end--;
}

/* The transport as files have it: its own numbers, not those of IP. */
static __always_inline u8 l4_protocol(u16 ip_protocol)
{
	switch (ip_protocol) {
	case IPPROTO_TCP:
		return SCAP_L4_TCP;
	case IPPROTO_UDP:
		return SCAP_L4_UDP;
	case IPPROTO_ICMP:
		return SCAP_L4_ICMP;
	case IPPROTO_RAW:
		return SCAP_L4_RAW;
	default:
		return SCAP_L4_UNKNOWN;
	}
}

/* Appends kind and body of a socket in the form of a list of descriptors. */
static __always_inline void put_socket(struct scratch *s, struct socket *socket)
{
	struct sock *sk = socket ? BPF_CORE_READ(socket, sk) : NULL;
	u16 family = sk ? BPF_CORE_READ(sk, __sk_common.skc_family) : 0;

	if (family == AF_INET || family == AF_INET6) {
		u8 protocol = BPF_CORE_READ(sk, sk_protocol);
		struct ends ends;

		read_ends(&ends, sk, family);
		if (protocol == IPPROTO_TCP && BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_LISTEN) {
			PUT(s, u8, family == AF_INET ? SCAP_FD_IPV4_SERVSOCK : SCAP_FD_IPV6_SERVSOCK);
			put_ip(s, &ends.local, ends.size);
			PUT(s, u16, ends.local_port);
			PUT(s, u8, l4_protocol(protocol));
			return;
		}
		PUT(s, u8, family == AF_INET ? SCAP_FD_IPV4_SOCK : SCAP_FD_IPV6_SOCK);
		/* The source is the end that began. A socket does not know whether that was its own:
		 * the end with the port of a service is taken for the other's target. */
		if (ends.remote_port >= EPHEMERAL_PORT && ends.local_port < EPHEMERAL_PORT) {
			put_ip(s, &ends.remote, ends.size);
			put_ip(s, &ends.local, ends.size);
			PUT(s, u16, ends.remote_port);
			PUT(s, u16, ends.local_port);
		} else {
			put_ip(s, &ends.local, ends.size);
			put_ip(s, &ends.remote, ends.size);
			PUT(s, u16, ends.local_port);
			PUT(s, u16, ends.remote_port);
		}
		PUT(s, u8, l4_protocol(protocol));
		return;
	}
	if (family == AF_UNIX) {
		struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
		u32 at, from;
		u16 length;

		PUT(s, u8, SCAP_FD_UNIX_SOCK);
		PUT(s, u64, (u64)sk);
		PUT(s, u64, (u64)peer);
		at = s->end;
		s->end += sizeof(u16);
		from = s->end;
		put_unix_path(s, sk, '@');
		if (s->end == from)
			put_unix_path(s, peer, '@');
		length = s->end - from;
		put_at(s, at, &length, sizeof(length));
		return;
	}
	PUT(s, u8, family == AF_NETLINK ? SCAP_FD_NETLINK : SCAP_FD_UNSUPPORTED);
	PUT(s, u16, 0);
}

/* Address and port of the other end as the caller named it, where the socket is not connected. */
static __always_inline void read_user_remote(struct ends *ends, const void *address)
{
	struct {
		u16 family;
		__be16 port;
		__be32 word[5];
	} user = {};

	/* IPv4: address behind the port. IPv6: 4 bytes of flow label between. */
	if (bpf_probe_read_user(&user, ends->size == 4 ? 8 : 24, address))
		return;
	ends->remote_port = bpf_ntohs(user.port);
	if (ends->size == 4)
		ends->remote.in6_u.u6_addr32[0] = user.word[0];
	else
		__builtin_memcpy(&ends->remote, &user.word[1], sizeof(ends->remote));
}

/*
 * Appends a SOCKTUPLE: one byte of family, then source and target. Outbound, the source is the local
 * end. Of unix sockets two kernel addresses and the path of the end that was there first.
 */
__attribute__((noinline)) int put_tuple(s64 fd, u32 direction, u64 user_address)
{
	struct scratch *s = scratch_here();
	struct sock *sk = sock_of(file_of(fd));
	struct ends ends;
	u16 family;

	if (!s || !sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == AF_INET || family == AF_INET6) {
		read_ends(&ends, sk, family);
		if (!ends.remote_port && user_address)
			read_user_remote(&ends, (void *)user_address);
		PUT(s, u8, family);
		if (direction == OUTBOUND) {
			put_ip(s, &ends.local, ends.size);
			PUT(s, u16, ends.local_port);
			put_ip(s, &ends.remote, ends.size);
			PUT(s, u16, ends.remote_port);
		} else {
			put_ip(s, &ends.remote, ends.size);
			PUT(s, u16, ends.remote_port);
			put_ip(s, &ends.local, ends.size);
			PUT(s, u16, ends.local_port);
		}
	} else if (family == AF_UNIX) {
		struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);

		PUT(s, u8, family);
		PUT(s, u64, direction == OUTBOUND ? (u64)peer : (u64)sk);
		PUT(s, u64, direction == OUTBOUND ? (u64)sk : (u64)peer);
		put_unix_path(s, direction == OUTBOUND ? peer : sk, 0);
		PUT(s, u8, 0);
	}
	return 0;
}

static __always_inline void push_tuple(struct scratch *s, s64 fd, enum direction direction, u64 user_address)
{
	u32 from = s->end;

	put_tuple(fd, direction, user_address);
	end_param(s, from);
}

/* Appends a SOCKADDR that the caller gave: one byte of family, then address and port or path. */
__attribute__((noinline)) int put_user_address(u64 address, u32 length)
{
	struct scratch *s = scratch_here();
	struct ends ends = {};
	u16 family = 0;

	if (!s || !address || length < sizeof(family) ||
	    bpf_probe_read_user(&family, sizeof(family), (void *)address))
		return 0;
	if (family == AF_INET || family == AF_INET6) {
		ends.size = family == AF_INET ? 4 : 16;
		read_user_remote(&ends, (void *)address);
		PUT(s, u8, family);
		put_ip(s, &ends.remote, ends.size);
		PUT(s, u16, ends.remote_port);
	} else if (family == AF_UNIX) {
		const char *path = (void *)(address + sizeof(family));
		u32 room = length - sizeof(family);
		char first = 0;

		PUT(s, u8, family);
		if (room) {
			bpf_probe_read_user(&first, sizeof(first), path);
			/* An abstract name goes without the NUL it begins with. */
			if (!first) {
				path++;
				room--;
			}
		}
		if (room > UNIX_PATH_BYTES)
			room = UNIX_PATH_BYTES;
		/* The caller's length ends a path that has no NUL; one more byte for ours. */
		room++;
		barrier_var(room);
		if (room > UNIX_PATH_BYTES + 1)
			return 0;
		if (!put_user_text(s, path, room))
			PUT(s, u8, 0);
	}
	return 0;
}

static __always_inline void push_user_address(struct scratch *s, u64 address, u32 length)
{
	u32 from = s->end;

	put_user_address(address, length);
	end_param(s, from);
}

#endif
