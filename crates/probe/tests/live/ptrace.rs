//! `ptrace`.

use lanner_model::event::EventType;

use crate::expect::{Expect, Is, check};
use crate::watch::watch;

/// A value with the byte before it that says how it is to be read.
fn number(value: i64) -> Expect {
    Expect::Bytes([&[0][..], &value.to_le_bytes()].concat())
}

#[test]
fn tracing_tells_request_target_and_word() {
    let Some(run) = watch("ptrace") else { return };
    let (child, word) = (run.number("child"), run.number("address"));
    let request = |number| run.only(EventType::SYSCALL_PTRACE_X, |e| e.u64(3) == Some(number)).unwrap();
    let expected = |res, addr, data, request, pid| {
        [("res", Is(res)), ("addr", number(addr)), ("data", data), ("request", Is(request)), ("pid", Is(pid))]
    };
    check(&request(11), &expected(0, 0, number(0), 11, child)).unwrap();
    check(&request(3), &expected(0, word, number(0x1122_3344_5566_7788), 3, child)).unwrap();
    // Detaching hands a signal on: SIGKILL.
    check(&request(12), &expected(0, 0, Expect::Bytes(vec![1, 9]), 12, child)).unwrap();
    check(&request(20), &expected(-3, 0, number(0), 20, 0x7fff_fff0)).unwrap();
}
