//! Every event of every shared capture, compared with what the reference implementation prints.
//!
//! The captures and the expected lines are data of others (`../shared/data/scap`). Four values decide:
//! type, thread, process name, descriptor name; at least 99 % of a file's events must have all four
//! right. The others are counted and held by a floor of their own, so that none of them gets worse
//! unseen. The reference prints `<NA>`, `<unknown>`, an empty text or -1 where it knows nothing; Lanner
//! has no value there, which counts as the same. Where they differ for good: after a `connect` of an
//! IPv6 datagram socket to an IPv4 address the reference loses the protocol and names the socket
//! `<unknown>`; Lanner names its ends.

#![allow(clippy::print_stdout, reason = "percentages for who reads the log")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use lanner_capture::CaptureReader;
use lanner_model::field::FieldRef;
use lanner_model::source::{Next, Source};
use lanner_rules::{Facts, Value};
use lanner_state::{Budget, State};

/// The fields that decide.
const DECIDING: [&str; 4] = ["evt.type", "thread.tid", "proc.name", "fd.name"];

/// All fields of the expected lines, each with the share of events of a file that must agree.
const FIELDS: [(&str, f64); 11] = [
    ("evt.type", 1.0),
    ("evt.dir", 1.0),
    ("evt.rawtime", 1.0),
    ("thread.tid", 1.0),
    ("proc.name", 1.0),
    ("proc.pid", 1.0),
    ("proc.ppid", 1.0),
    ("fd.num", 1.0),
    ("fd.name", 0.99),
    ("evt.res", 1.0),
    ("evt.args", 0.99),
];

#[test]
fn every_event_reads_as_the_reference_reads_it() {
    let Some(folder) = shared("data/scap") else { return };
    let mut captures: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder can be listed")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "scap"))
        .collect();
    captures.sort();
    assert!(!captures.is_empty(), "no capture in {}", folder.display());
    let failures: Vec<String> = captures.iter().flat_map(|capture| compare(capture)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Compares one capture and prints the figures; what is below its floor is returned.
fn compare(capture: &Path) -> Vec<String> {
    let name = capture.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let expected = expected(capture);
    let mut agreed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all_four = 0;
    let mut unexpected = 0;
    let mut seen = 0;
    let mut shown = 0;

    let file = std::fs::File::open(capture).expect("the capture is there");
    let mut source = CaptureReader::open(file).expect("the capture opens");
    let mut state = State::new(Budget::default());
    loop {
        match source.next().expect("the capture reads") {
            Next::Record(record) => state.record(&record),
            Next::Event(delivery) => {
                let view = state.observe(&delivery);
                if !view.is_shown() {
                    continue;
                }
                let Some(line) = expected.get(&delivery.number) else {
                    unexpected += 1;
                    if unexpected <= 3 {
                        println!("{name} #{}: not expected: {:?}", delivery.number, delivery.event);
                    }
                    continue;
                };
                seen += 1;
                let mut decided = true;
                for (field, _) in FIELDS {
                    let got = ours(view.value(&FieldRef::parse(field).expect("the field is known")));
                    let want = theirs(&line[field]);
                    if got == want {
                        *agreed.entry(field).or_default() += 1;
                        continue;
                    }
                    decided &= !DECIDING.contains(&field);
                    if shown < 12 {
                        shown += 1;
                        let (want, got) = from_first_difference(&want, &got);
                        println!(
                            "{name} #{} {}: {field}\n  want {want:?}\n  got  {got:?}",
                            delivery.number, line["evt.type"]
                        );
                    }
                }
                all_four += usize::from(decided);
            }
            Next::End => break,
            _ => {}
        }
    }

    let share = |count: usize| count as f64 / expected.len().max(1) as f64;
    let percent = |count| format!("{:.2} %", 100.0 * share(count));
    print!(
        "{name}: {} events, {seen} read, {unexpected} unexpected; all four {}",
        expected.len(),
        percent(all_four)
    );
    for (field, _) in FIELDS {
        print!(", {field} {}", percent(agreed.get(field).copied().unwrap_or(0)));
    }
    println!();

    let mut failures = Vec::new();
    if share(all_four) < 0.99 {
        failures.push(format!(
            "{name}: type, thread, process and descriptor agree on {} only",
            percent(all_four)
        ));
    }
    if unexpected > 0 {
        failures.push(format!("{name}: {unexpected} events that the reference does not have"));
    }
    for (field, floor) in FIELDS {
        let count = agreed.get(field).copied().unwrap_or(0);
        if share(count) < floor {
            failures.push(format!("{name}: {field} agrees on {} only", percent(count)));
        }
    }
    failures
}

/// Two texts from a little before where they begin to differ.
fn from_first_difference(one: &str, other: &str) -> (String, String) {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let cut = |text: &str| text.chars().skip(same.saturating_sub(20)).take(160).collect();
    (cut(one), cut(other))
}

/// A value as the expected lines have it.
fn ours(value: Value<'_>) -> String {
    value.to_text().unwrap_or_default()
}

/// What stands in an expected line; the reference's words for "not known" become no text.
fn theirs(value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if ["<NA>", "<unknown>", "-1"].contains(&text.as_str()) { String::new() } else { text }
}

/// The expected lines of a capture by event number.
fn expected(capture: &Path) -> BTreeMap<u64, serde_json::Value> {
    let stem = capture.file_stem().unwrap_or_default().to_string_lossy();
    let path = capture.with_file_name("expected").join(format!("{stem}.jsonl.gz"));
    let file = std::fs::File::open(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    BufReader::new(flate2::read::GzDecoder::new(file))
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
            (value["evt.num"].as_u64().expect("a number"), value)
        })
        .collect()
}

/// A folder of the shared data; without it the test is skipped, unless data is required.
fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LANNER_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
    assert!(!required.split([',', ' ']).any(|part| part == "data"), "../shared/data is required and absent");
    println!("skipped: ../shared/data absent");
    None
}
