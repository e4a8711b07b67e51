//! The process that holds the probe is left out, unless it wants to be told.

use std::process::Command;

use lanner_model::event::EventType;
use lanner_model::source::{Next, Source};
use lanner_probe::{Interest, OwnEvents, Probe, ProbeConfig, Snapshot};

use crate::watch::{able, skip};

/// How often this process's own call is told. It is one that nobody else makes, and it fails.
fn told(own_events: OwnEvents) -> Option<usize> {
    let decisions = able()?;
    let interest = Interest::nothing().with_call("setdomainname").unwrap();
    let config = ProbeConfig { interest, own_events, snapshot: Snapshot::None, ..ProbeConfig::default() };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    // SAFETY: the length is refused before the pointer is looked at.
    let result = unsafe { libc::setdomainname(std::ptr::null(), 1 << 20) };
    assert_eq!(result, -1);
    let (mut told, mut idle) = (0, 0);
    // Idle for the third time: what happened before the first is long old enough to be handed on.
    while idle < 3 {
        match probe.next().unwrap() {
            Next::Event(delivery) => told += usize::from(delivery.event.event_type() == EventType::GENERIC_X),
            Next::Idle => idle += 1,
            _ => {}
        }
    }
    Some(told)
}

#[test]
fn own_calls_are_left_out() {
    if let Some(told) = told(OwnEvents::LeftOut) {
        assert_eq!(told, 0);
    }
}

#[test]
fn own_calls_are_told_when_that_is_wanted() {
    if let Some(told) = told(OwnEvents::Told) {
        assert_eq!(told, 1);
    }
}

#[test]
fn own_calls_are_left_out_in_a_pid_namespace_too() {
    if able().is_none() {
        return;
    }
    let test = std::env::current_exe().unwrap();
    let output = Command::new("unshare")
        .args(["--pid", "--fork"])
        .arg(test)
        .args(["--exact", "own::own_calls_are_left_out", "--nocapture"])
        .output();
    match output {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && text.contains("1 passed"), "{text}");
        }
        Err(error) => skip(&format!("unshare cannot be run: {error}")),
    }
}
