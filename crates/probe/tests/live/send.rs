//! The send and receive families.

use lanner_model::event::EventType;

use crate::expect::{Absent, Is, bytes, check, local, tuple};
use crate::watch::watch;

#[test]
fn datagrams_tell_their_data_and_both_addresses() {
    let Some(run) = watch("send") else { return };
    let (sender, receiver) = (run.number("sender"), run.number("receiver"));
    let (to, from) = (local(run.number("port")), local(run.number("sender_port")));
    // A sender that is bound to no address has none, only a port.
    let unbound = ([0, 0, 0, 0], from.port()).into();

    let sent = run.only(EventType::SOCKET_SENDTO_X, |e| e.i64(2) == Some(sender)).unwrap();
    check(
        &sent,
        &[
            ("res", Is(10)),
            ("data", bytes(b"a datagram")),
            ("fd", Is(sender)),
            ("size", Is(10)),
            ("tuple", tuple(unbound, to)),
        ],
    )
    .unwrap();
    let got = run.only(EventType::SOCKET_RECVFROM_X, |_| true).unwrap();
    check(
        &got,
        &[
            ("res", Is(10)),
            ("data", bytes(b"a datagram")),
            ("tuple", tuple(from, to)),
            ("fd", Is(receiver)),
            ("size", Is(64)),
        ],
    )
    .unwrap();
    let sent = run.only(EventType::SOCKET_SENDMSG_X, |_| true).unwrap();
    check(
        &sent,
        &[
            ("res", Is(12)),
            ("data", bytes(b"first second")),
            ("fd", Is(sender)),
            ("size", Is(12)),
            ("tuple", tuple(unbound, to)),
        ],
    )
    .unwrap();
    let got = run.only(EventType::SOCKET_RECVMSG_X, |_| true).unwrap();
    check(
        &got,
        &[
            ("res", Is(12)),
            ("size", Is(12)),
            ("data", bytes(b"first second")),
            ("tuple", tuple(from, to)),
            ("msgcontrol", Absent),
            ("fd", Is(receiver)),
        ],
    )
    .unwrap();
    let lost = run.only(EventType::SOCKET_SENDTO_X, |e| e.i64(2) == Some(777)).unwrap();
    check(
        &lost,
        &[("res", Is(-9)), ("data", bytes(b"nowhere")), ("fd", Is(777)), ("size", Is(7)), ("tuple", Absent)],
    )
    .unwrap();
}
