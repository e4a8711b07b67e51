//! `socket`, `bind`, `listen`, `connect`, `accept`: one connection from both sides.

use lanner_model::event::{EventType, FdInfo, SockTuple};

use crate::expect::{Absent, Expect, Is, Within, address, check, check_descriptor, local, local6, tuple};
use crate::watch::{skip, watch};

#[test]
fn a_tcp_connection_is_told_from_both_ends_with_its_addresses() {
    let Some(run) = watch("connect") else { return };
    let (listener, client, accepted) = (run.number("listener"), run.number("client"), run.number("accepted"));
    let (server, from) = (local(run.number("port")), local(run.number("client_port")));

    let socket = run.only(EventType::SOCKET_SOCKET_X, |e| e.i64(0) == Some(client)).unwrap();
    let cloexec = 0o2_000_000;
    check(
        &socket,
        &[
            ("fd", Is(client)),
            ("domain", Is(2)),
            ("type", Is(1 | cloexec)),
            ("proto", Is(6)),
            ("flags", Is(0x1000)),
        ],
    )
    .unwrap();

    let bind = run.only(EventType::SOCKET_BIND_X, |e| e.i64(2) == Some(listener)).unwrap();
    check(&bind, &[("res", Is(0)), ("addr", address(local(0))), ("fd", Is(listener))]).unwrap();

    let listen = run.only(EventType::SOCKET_LISTEN_X, |e| e.i64(1) == Some(listener)).unwrap();
    check(&listen, &[("res", Is(0)), ("fd", Is(listener)), ("backlog", Is(5))]).unwrap();
    let inode = listen.fd_info().unwrap().inode();
    check_descriptor(&listen, &FdInfo::Listener { address: server, protocol: 6, inode }).unwrap();

    let connect = run.only(EventType::SOCKET_CONNECT_X, |e| e.i64(2) == Some(client)).unwrap();
    check(
        &connect,
        &[("res", Is(0)), ("tuple", tuple(from, server)), ("fd", Is(client)), ("addr", address(server))],
    )
    .unwrap();

    let accept = run.only(EventType::SOCKET_ACCEPT_5_X, |_| true).unwrap();
    check(
        &accept,
        &[
            ("fd", Is(accepted)),
            ("tuple", tuple(from, server)),
            ("queuepct", Is(0)),
            ("queuelen", Is(0)),
            ("queuemax", Is(5)),
        ],
    )
    .unwrap();
    let Some(FdInfo::Socket { tuple: SockTuple::Inet { source, target }, protocol: 6, inode }) =
        accept.fd_info()
    else {
        panic!("accepted {:?}", accept.fd_info());
    };
    assert_ne!(inode, 0);
    // Both ports are ephemeral here, so either end may be taken for the source.
    assert!((source, target) == (server, from) || (source, target) == (from, server));

    let refused = run.only(EventType::SOCKET_CONNECT_X, |e| e.i64(2) == Some(run.number("refused"))).unwrap();
    let expected = [
        ("res", Is(-111)),
        ("tuple", Absent),
        ("fd", Is(run.number("refused"))),
        ("addr", address(local(1))),
    ];
    check(&refused, &expected).unwrap();
}

#[test]
fn an_ipv6_connection_has_sixteen_byte_addresses() {
    let Some(run) = watch("connect") else { return };
    if !run.has("client6") {
        skip("no IPv6 on the loopback interface");
        return;
    }
    let (server, from) = (local6(run.number("port6")), local6(run.number("client_port6")));
    let client = run.number("client6");
    let connect = run.only(EventType::SOCKET_CONNECT_X, |e| e.i64(2) == Some(client)).unwrap();
    check(
        &connect,
        &[("res", Is(0)), ("tuple", tuple(from, server)), ("fd", Is(client)), ("addr", address(server))],
    )
    .unwrap();
    let accept = run.only(EventType::SOCKET_ACCEPT4_6_X, |_| true).unwrap();
    check(
        &accept,
        &[
            ("fd", Is(run.number("accepted6"))),
            ("tuple", tuple(from, server)),
            ("queuepct", Is(0)),
            ("queuelen", Is(0)),
            ("queuemax", Is(5)),
            ("flags", Is(0x40)),
        ],
    )
    .unwrap();
}

#[test]
fn a_unix_socket_is_told_by_its_path() {
    let Some(run) = watch("connect") else { return };
    let listener = run.number("unix_listener");
    let path = |name: &str| Expect::Bytes([&[1], name.as_bytes(), &[0]].concat());
    let bind = run.only(EventType::SOCKET_BIND_X, |e| e.i64(2) == Some(listener)).unwrap();
    check(&bind, &[("res", Is(0)), ("addr", path("socket")), ("fd", Is(listener))]).unwrap();

    let client = run.number("unix_client");
    let connect = run.only(EventType::SOCKET_CONNECT_X, |e| e.i64(2) == Some(client)).unwrap();
    let tuple = connect.param(1).unwrap();
    let expected = [
        ("res", Is(0)),
        ("tuple", Expect::Bytes(tuple.to_vec())),
        ("fd", Is(client)),
        ("addr", path("socket")),
    ];
    check(&connect, &expected).unwrap();
    // Family, two kernel addresses, the path of the listener.
    assert_eq!((tuple[0], &tuple[17..]), (1, &b"socket\0"[..]));
    let Some(FdInfo::Socket { tuple: SockTuple::Unix { path, .. }, .. }) = connect.fd_info() else {
        panic!("connected {:?}", connect.fd_info());
    };
    assert_eq!(path, b"socket");
    let listen = run.only(EventType::SOCKET_LISTEN_X, |e| e.i64(1) == Some(listener)).unwrap();
    check(&listen, &[("res", Is(0)), ("fd", Is(listener)), ("backlog", Within(1, 1))]).unwrap();
}
