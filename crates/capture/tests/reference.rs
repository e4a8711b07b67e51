//! Real captures are read as the reference implementation reads them.

#![allow(clippy::print_stderr, reason = "a test that cannot run says so, one that compares says how much")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use lanner_capture::CaptureReader;
use lanner_model::event::{EventRef, EventType, syscall};
use lanner_model::snapshot::Record;
use lanner_model::source::{Next, Source};

/// The folder of other people's captures; `None`, said aloud, where it is absent and may be.
fn captures() -> Option<PathBuf> {
    let folder = std::env::var("LANNER_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let folder = PathBuf::from(folder).join("data/scap");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
    assert!(!required.contains("data"), "../shared/data is required but absent");
    eprintln!("skipped: ../shared/data absent");
    None
}

/// What is compared of an event.
#[derive(Debug, PartialEq)]
struct Seen {
    time: u64,
    tid: i64,
    name: String,
    direction: &'static str,
}

fn seen(event: &EventRef<'_>) -> Seen {
    let event_type = event.event_type();
    // The generic event is known by the name of its system call.
    let is_generic = event_type == EventType::GENERIC_X;
    let code = event.u64(0).filter(|_| is_generic).and_then(|code| u16::try_from(code).ok());
    let name = code.and_then(syscall::name).unwrap_or_else(|| event_type.name());
    Seen {
        time: event.time().0,
        tid: event.tid().0,
        name: name.to_owned(),
        direction: if event_type.is_enter() { ">" } else { "<" },
    }
}

fn read(path: &PathBuf) -> (BTreeMap<u64, Seen>, [usize; 4]) {
    let file = std::fs::File::open(path).unwrap();
    let mut reader = CaptureReader::open(file).unwrap();
    let mut events = BTreeMap::new();
    let mut records = [0; 4];
    loop {
        match reader.next().unwrap_or_else(|error| panic!("{}: {error:?}", path.display())) {
            Next::Event(delivery) => {
                events.insert(delivery.number, seen(&delivery.event));
            }
            Next::Record(Record::Machine(machine)) => assert!(machine.cpus > 0),
            Next::Record(Record::Thread(thread)) => {
                assert!(thread.tid.0 > 0, "{thread:?}");
                records[0] += 1;
            }
            Next::Record(Record::Fd(_)) => records[1] += 1,
            Next::Record(Record::User(_) | Record::Group(_)) => records[2] += 1,
            Next::Record(Record::Interface(_)) => records[3] += 1,
            Next::Loss(loss) => panic!("{}: {loss:?}", path.display()),
            Next::End => return (events, records),
            Next::Idle => panic!("a file is never idle"),
        }
    }
}

/// The texts of one line of expected output: `"key":"text"` or `"key":number`.
fn value<'l>(line: &'l str, key: &str) -> &'l str {
    let start = line.find(&format!("\"{key}\":")).unwrap() + key.len() + 3;
    let rest = &line[start..];
    match rest.strip_prefix('"') {
        Some(text) => &text[..text.find('"').unwrap()],
        None => &rest[..rest.find([',', '}']).unwrap()],
    }
}

#[test]
fn real_captures_of_every_age_give_the_reference_s_events() {
    let Some(folder) = captures() else { return };
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "scap") {
            continue;
        }
        let (events, records) = read(&path);
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(records.iter().all(|count| *count > 0), "{name}: {records:?}");

        let expected = folder.join(format!("expected/{name}.jsonl.gz"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(expected).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        let mut equal = 0;
        for line in text.lines() {
            let number: u64 = value(line, "evt.num").parse().unwrap();
            let wanted = Seen {
                time: value(line, "evt.rawtime").parse().unwrap(),
                tid: value(line, "thread.tid").parse().unwrap(),
                name: value(line, "evt.type").to_owned(),
                direction: if value(line, "evt.dir") == ">" { ">" } else { "<" },
            };
            assert_eq!(events.get(&number), Some(&wanted), "{name}, event {number}");
            equal += 1;
        }
        eprintln!("{name}: {equal} events equal, {} read, records {records:?}", events.len());
        files += 1;
    }
    assert!(files >= 12, "only {files} captures");
}
