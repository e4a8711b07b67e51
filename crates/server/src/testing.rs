//! What unit tests build their cases from.

use lanner_model::finding::{Finding, Priority, ProcessNode};
use lanner_model::time::{WallMs, WallNs};

/// A finding of process 42 on node `a` at a millisecond.
pub(crate) fn finding(time_ms: i64, priority: Priority) -> Finding {
    let time = WallMs(time_ms).nanos();
    let node = "a".into();
    Finding {
        id: Finding::make_id(time, 0, &node),
        time,
        node,
        rule: "Read of a credential file".into(),
        priority,
        tags: vec!["filesystem".into()],
        output: "cat read /etc/shadow".into(),
        event_number: 7,
        event_type: "openat".into(),
        fields: vec![("fd.name".into(), "/etc/shadow".into())],
        matched: Vec::new(),
        ancestry: vec![ProcessNode {
            pid: 42,
            vpid: 42,
            comm: "cat".into(),
            exepath: "/bin/cat".into(),
            cmdline: "cat /etc/shadow".into(),
            user: "root".into(),
            start: WallNs(1_000_000_000),
            ..ProcessNode::default()
        }],
        container: None,
        capture: None,
    }
}
