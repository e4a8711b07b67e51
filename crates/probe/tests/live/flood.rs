//! Nothing is lost silently: what a full ring refuses is counted.

use std::process::{Command, Stdio};

use lanner_model::event::EventType;
use lanner_model::id::Pid;
use lanner_model::loss::LossCause;
use lanner_model::source::{Next, Source};
use lanner_probe::{Interest, Probe, ProbeConfig, Scope, Snapshot};

use crate::watch::{able, compile};

#[test]
fn what_a_full_ring_refuses_is_counted_to_the_last_event() {
    let Some(mut decisions) = able() else { return };
    decisions.rings.cpu_ring_bytes = 1024 * 1024;
    let dir = tempfile::tempdir().unwrap();
    let program = compile("flood", dir.path());
    // It waits for its standard input to end. Only it is watched: other tests' children write, too.
    let flood = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let config = ProbeConfig {
        interest: Interest::nothing().with(EventType::SYSCALL_WRITE_X).with(EventType::PROCEXIT_1_E),
        scope: Scope::Only { processes: vec![Pid(i64::from(flood.id()))], cgroups: Vec::new() },
        snapshot: Snapshot::None,
        ..ProbeConfig::default()
    };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    // Nobody reads while it runs.
    let output = flood.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let writes: u64 = text.trim().strip_prefix("writes=").unwrap().parse().unwrap();
    let (mut told, mut losses) = (0, Vec::new());
    loop {
        match probe.next().unwrap() {
            Next::Event(delivery) if delivery.event.event_type() == EventType::SYSCALL_WRITE_X => told += 1,
            Next::Loss(loss) => losses.push(loss),
            Next::Idle => break,
            _ => {}
        }
    }
    let full: u64 =
        probe.losses().iter().filter(|loss| loss.cause == LossCause::RingFull).map(|loss| loss.count).sum();
    assert!(full > 0, "{writes} writes fit into the ring");
    // Beside the flood: the write of its last line, and its end, which may have been refused as well.
    let all = told + full;
    assert!((writes..=writes + 2).contains(&all), "{told} told and {full} lost of {writes}");
    assert!(
        losses.iter().any(|loss| loss.cause == LossCause::RingFull),
        "the stream says so too: {losses:?}"
    );
}
