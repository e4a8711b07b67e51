//! `close`.

use lanner_model::event::EventType;

use crate::expect::{Is, check};
use crate::watch::watch;

#[test]
fn close_tells_result_and_number() {
    let Some(run) = watch("close") else { return };
    let fd = run.number("fd");
    let opened = run.events.iter().position(|event| {
        event.event().fd_info().is_some_and(|info| info.kind() == 16 && event.event().i64(0) == Some(fd))
    });
    let closed = run.only(EventType::SYSCALL_CLOSE_X, |event| event.i64(1) == Some(777)).unwrap();
    check(&closed, &[("res", Is(-9)), ("fd", Is(777))]).unwrap();
    let mut closes = run.events.iter().skip(opened.unwrap()).map(|event| event.event());
    let closed = closes.find(|event| event.event_type() == EventType::SYSCALL_CLOSE_X).unwrap();
    check(&closed, &[("res", Is(0)), ("fd", Is(fd))]).unwrap();
}
