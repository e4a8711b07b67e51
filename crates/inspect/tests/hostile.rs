//! Captures are data of strangers: whatever their bytes, the engine ends, says what it found and holds no
//! more than it may.

use std::io::Cursor;
use std::sync::atomic::AtomicBool;

use lanner_capture::{CaptureWriter, Compression};
use lanner_inspect::{EventDetail, EventList, Page, Selection, Summary, ViewName};
use lanner_model::snapshot::Machine;
use lanner_model::source::{Next, Source as _};
use lanner_testkit::{Script, file, process};
use proptest::prelude::*;

fn small_capture() -> Vec<u8> {
    let mut source = Script::new()
        .record(process(10, 1, "bash"))
        .record(file(10, 3, "/tmp/a"))
        .fork(10, 11)
        .execve(11, "/bin/cat", &["/etc/shadow"])
        .openat(11, 3, "/etc/shadow")
        .close(11, 3)
        .exit(11);
    let mut writer =
        CaptureWriter::create(Vec::new(), &Machine::default(), Compression::None).expect("a capture");
    loop {
        match source.next().expect("a script does not fail") {
            Next::Record(record) => writer.record(&record).expect("a record"),
            Next::Event(delivery) => writer.event(delivery.cpu, delivery.event).expect("an event"),
            Next::End => return writer.finish().expect("a whole file"),
            _ => {}
        }
    }
}

fn look_at(bytes: &[u8]) {
    let never = AtomicBool::new(false);
    let open = || lanner_inspect::open(Cursor::new(bytes.to_vec()));
    let Ok(mut source) = open() else { return };
    let all = Selection::default();
    let summary = Summary::read(&mut source, &all, &never).expect("nobody cancels");
    for view in ViewName::ALL {
        let table = summary.table(view);
        assert_eq!(summary.rows(view), table.rows.len() as u64 + table.beyond);
        for row in &table.rows {
            assert_eq!(row.cells.len(), table.columns.len());
        }
    }
    let mut source = open().expect("it opened before");
    let list = EventList::read(&mut source, &all, Page::After(0), 50, &never).expect("nobody cancels");
    if let Some(event) = list.events.last() {
        let mut source = open().expect("it opened before");
        EventDetail::read(&mut source, event.number, &never).expect("nobody cancels");
    }
}

proptest! {
    #[test]
    fn any_bytes_behind_a_beginning_are_survived(tail in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let mut bytes = small_capture();
        bytes.truncate(28);
        bytes.extend(tail);
        look_at(&bytes);
    }

    #[test]
    fn changed_and_cut_captures_are_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..24),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = small_capture();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        look_at(&bytes);
    }

    #[test]
    fn any_text_is_a_path_or_told(path in ".{0,200}", filter in ".{0,60}") {
        if let Ok(selection) = Selection::parse(&path, &filter) {
            for choice in &selection.choices {
                prop_assert_eq!(&Selection::parse(&choice.to_string(), "").expect("its own text").choices[0], choice);
            }
        }
    }
}

#[test]
fn nobody_waits_for_what_was_cancelled() {
    let mut script = Script::new().record(process(10, 1, "bash"));
    for _ in 0..2_000 {
        script = script.close(10, 3);
    }
    let cancelled = AtomicBool::new(true);
    assert!(Summary::read(&mut script, &Selection::default(), &cancelled).is_err());
}
