//! What is said over connections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use lanner_model::source::{Next, Source};
use lanner_probe::{ConnectionId, Direction, Heard, LinkSide};

use crate::link::{Running, probe};

/// What was heard. Other tests' programs are heard too, so all is kept by port.
#[derive(Debug, Default)]
struct Told {
    /// By side, direction and the first word.
    segments: BTreeMap<u16, BTreeMap<(LinkSide, bool, String), usize>>,
    connections: BTreeMap<u16, BTreeSet<ConnectionId>>,
    ended: Vec<ConnectionId>,
    names: BTreeMap<u16, BTreeSet<String>>,
}

fn take(told: &Mutex<Told>, heard: Heard<'_>) {
    let mut told = told.lock().unwrap();
    match heard {
        Heard::Segment(segment) => {
            let text = String::from_utf8_lossy(segment.data);
            let word = text.split(' ').next().unwrap_or_default().to_owned();
            let is_sent = segment.direction == Direction::Sent;
            let link = segment.link;
            *told.segments.entry(link.port).or_default().entry((link.side, is_sent, word)).or_default() += 1;
            told.connections.entry(link.port).or_default().insert(segment.connection);
            told.names.entry(link.port).or_default().insert(link.comm.text().into_owned());
            assert!(
                text.starts_with("GET /one HTTP/1.1\r\n") || text.starts_with("HTTP/1.1 200 OK\r\n"),
                "{text}"
            );
        }
        Heard::End { connection, .. } => told.ended.push(connection),
    }
}

#[test]
fn requests_and_answers_are_told_of_every_call_and_nothing_else_is() {
    let Some(mut probe) = probe() else { return };
    let _reader = probe.links().unwrap();
    let told = Arc::new(Mutex::new(Told::default()));
    let to = Arc::clone(&told);
    probe.hear(move |heard| take(&to, heard)).unwrap();
    let mut run = Running::start("l7", &[], &[]);
    run.wait();
    let mut idle = 0;
    // Idle for the third time: what happened before the first is old enough to be handed on.
    while idle < 3 {
        match probe.next().unwrap() {
            Next::Event(delivery) => {
                assert!(
                    delivery.event.fd_info().is_none(),
                    "no event that was not asked for: {:?}",
                    delivery.event
                );
            }
            Next::Idle => idle += 1,
            _ => {}
        }
    }
    let port = run.fact("port").unwrap() as u16;
    run.end();
    let told = told.lock().unwrap();
    // 20 by every call, one looked at before, 3 of children; and one without an answer.
    let expected = [
        ((LinkSide::Client, false, "HTTP/1.1".to_owned()), 24),
        ((LinkSide::Client, true, "GET".to_owned()), 25),
        ((LinkSide::Server, false, "GET".to_owned()), 25),
        ((LinkSide::Server, true, "HTTP/1.1".to_owned()), 24),
    ];
    assert_eq!(told.segments[&port], BTreeMap::from(expected));
    assert_eq!(told.names[&port], BTreeSet::from(["l7".to_owned()]));
    let connections = &told.connections[&port];
    assert_eq!(connections.len(), 10, "both ends of five");
    let ended: Vec<_> = told.ended.iter().filter(|ended| connections.contains(ended)).collect();
    assert_eq!(ended.iter().collect::<BTreeSet<_>>().len(), 10);
    assert_eq!(ended.len(), 10, "each ends once");
}
