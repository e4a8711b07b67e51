//! Calls that have no program of their own come as the generic event, if they are asked for.

use lanner_model::event::{EventType, syscall};
use lanner_probe::Interest;

use crate::expect::{Is, check};
use crate::watch::{Setup, watch_with};

#[test]
fn only_the_generic_calls_that_were_asked_for_are_told() {
    let interest = Interest::lives().with_call("sethostname").unwrap();
    let Some(run) = watch_with("generic", &Setup { interest: Some(interest), ..Setup::default() }) else {
        return;
    };
    let code = i64::from(syscall::code("sethostname").unwrap());
    let told = run.only(EventType::GENERIC_X, |_| true).unwrap();
    check(&told, &[("ID", Is(code)), ("nativeID", Is(libc::SYS_sethostname))]).unwrap();
    let mut types: Vec<&str> = run.events.iter().map(|event| event.event().event_type().name()).collect();
    types.dedup();
    assert_eq!(types, ["execve", "syscall", "procexit"]);
}
