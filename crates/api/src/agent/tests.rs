//! What comes in from anyone is refused by name, what goes out is never refused.

use lanner_model::finding::{Finding, Priority};
use lanner_model::resource::{LiveTable, ProcessUsage};
use lanner_model::series::{Labels, METRIC_NAME, Sample};
use lanner_model::time::{WallMs, WallNs};
use prost::Message;

use super::generated as wire;
use super::*;

#[test]
fn hostile_batches_are_refused_by_name() {
    let series = |labels: &[u32], times: &[i64], values: &[f64]| wire::Series {
        labels: labels.to_vec(),
        times_ms: times.to_vec(),
        values: values.to_vec(),
    };
    let symbols = || vec![METRIC_NAME.to_owned(), "up".to_owned()];
    let cases: Vec<(wire::Batch, &str)> = vec![
        (
            wire::Batch {
                series: vec![series(&[0], &[1], &[1.0])],
                symbols: symbols(),
                ..Default::default()
            },
            "series.labels: the value of the last label is missing",
        ),
        (
            wire::Batch {
                series: vec![series(&[0, 9], &[1], &[1.0])],
                symbols: symbols(),
                ..Default::default()
            },
            "series.labels has the value 9, which means nothing",
        ),
        (
            wire::Batch {
                series: vec![series(&[0, 1], &[1], &[])],
                symbols: symbols(),
                ..Default::default()
            },
            "series.values: one per time is missing",
        ),
        (
            wire::Batch { series: vec![series(&[], &[1], &[1.0])], symbols: symbols(), ..Default::default() },
            "__name__ is missing",
        ),
        (
            wire::Batch {
                series: vec![series(&[0, 1], &[-1], &[1.0])],
                symbols: symbols(),
                ..Default::default()
            },
            "series.times_ms has the value -1, which means nothing",
        ),
        (
            wire::Batch {
                series: vec![series(&[0; 200], &[1], &[1.0])],
                symbols: symbols(),
                ..Default::default()
            },
            "series.labels has length 200, more than 128",
        ),
        (
            wire::Batch { series: vec![wire::Series::default(); MAX_SERIES + 1], ..Default::default() },
            "batch.series has length 20001, more than 20000",
        ),
        (
            wire::Batch {
                series: vec![series(&[0, 1], &[1; MAX_SAMPLES + 1], &[1.0; MAX_SAMPLES + 1])],
                symbols: symbols(),
                ..Default::default()
            },
            "batch samples has length 100001, more than 100000",
        ),
        (
            wire::Batch { symbols: vec!["x".repeat(5000)], ..Default::default() },
            "batch.symbols has length 5000, more than 4096",
        ),
        (
            wire::Batch { findings: vec![wire::Finding::default()], ..Default::default() },
            "finding.id is missing",
        ),
    ];
    for (batch, expected) in cases {
        assert_eq!(Batch::try_from(batch).expect_err(expected).to_string(), expected);
    }
}

#[test]
fn hostile_tables_and_greetings_are_refused_by_name() {
    let table = || wire::LiveTable { node: "a".into(), ..Default::default() };
    let process = |process: wire::ProcessUsage| wire::LiveTable { processes: vec![process], ..table() };
    let usage = |cpu: f64| wire::Usage { cpu_cores: Some(cpu), ..Default::default() };
    let cases = [
        (wire::LiveTable::default(), "live_table.node is missing"),
        (
            wire::LiveTable { time_ms: i64::MAX, ..table() },
            "live_table.time_ms has the value 9223372036854775807, which means nothing",
        ),
        (
            wire::LiveTable { host: Some(usage(f64::NAN)), ..table() },
            "usage.cpu_cores has the value NaN, which means nothing",
        ),
        (
            wire::LiveTable { host: Some(usage(-1.0)), ..table() },
            "usage.cpu_cores has the value -1, which means nothing",
        ),
        (
            wire::LiveTable { containers: vec![Default::default()], ..table() },
            "container_usage.container is missing",
        ),
        (process(Default::default()), "process_usage.state has the value 0, which means nothing"),
        (
            process(wire::ProcessUsage { state: 0xd800, ..Default::default() }),
            "process_usage.state has the value 55296, which means nothing",
        ),
        (
            process(wire::ProcessUsage { state: 'R' as u32, start_ns: u64::MAX, ..Default::default() }),
            "process_usage.start_ns has the value 18446744073709551615, which means nothing",
        ),
        (
            wire::LiveTable { processes: vec![Default::default(); MAX_PROCESSES + 1], ..table() },
            "live_table.processes has length 20001, more than 20000",
        ),
    ];
    for (table, expected) in cases {
        assert_eq!(LiveTable::try_from(table).expect_err(expected).to_string(), expected);
    }
    let hello = wire::Hello { agent_id: "a".into(), ..Default::default() };
    assert_eq!(Hello::try_from(hello), Err(WireError::Missing { field: "hello.node" }));
    for bad in ["../a", ".a", "a/b", "a b", "ä"] {
        let hello = wire::Hello { agent_id: bad.into(), node: "n".into(), ..Default::default() };
        let expected = WireError::Value { field: "hello.agent_id", value: bad.into() };
        assert_eq!(Hello::try_from(hello), Err(expected));
    }
    let rule = wire::Rule { name: "r".into(), priority: 99, ..Default::default() };
    let expected = WireError::Value { field: "priority", value: "99".into() };
    assert_eq!(Rule::try_from(rule), Err(expected));
    assert_eq!(FromAgent::try_from(AgentMessage { kind: None }), Err(WireError::UnknownKind));
}

#[test]
fn hostile_captures_are_refused_by_name() {
    let scope = || Some(wire::CaptureScope { kind: Some(wire::capture_scope::Kind::Host(wire::Host {})) });
    let state = || wire::CaptureState { id: "c".into(), phase: 2, scope: scope(), ..Default::default() };
    let cases = [
        (
            wire::CaptureState { id: "../c".into(), ..state() },
            "capture_state.id has the value ../c, which means nothing",
        ),
        (wire::CaptureState { id: String::new(), ..state() }, "capture_state.id is missing"),
        (
            wire::CaptureState { phase: 9, ..state() },
            "capture_state.phase has the value 9, which means nothing",
        ),
        (wire::CaptureState { scope: None, ..state() }, "capture_scope.kind is missing"),
        (
            wire::CaptureState { asked_before_ms: 600_001, ..state() },
            "capture_state.asked_before_ms has the value 600001, which means nothing",
        ),
    ];
    for (state, expected) in cases {
        assert_eq!(CaptureState::try_from(state).expect_err(expected).to_string(), expected);
    }
    let end = |size: u64, bytes: usize| Some(wire::CaptureEnd { size, sha256: vec![0; bytes] });
    let part = || wire::CapturePart { id: "c".into(), offset: 4, data: vec![1, 2], end: None };
    let cases = [
        (
            wire::CapturePart { data: vec![0; MAX_CAPTURE_PART_BYTES + 1], ..part() },
            "capture_part.data has length 262145, more than 262144",
        ),
        (
            wire::CapturePart { offset: u64::MAX, ..part() },
            "capture_part.offset has the value 18446744073709551615, which means nothing",
        ),
        (
            wire::CapturePart { end: end(7, 32), ..part() },
            "capture_end.size has the value 7, which means nothing",
        ),
        (
            wire::CapturePart { end: end(6, 31), ..part() },
            "capture_end.sha256 has the value 31 bytes, which means nothing",
        ),
    ];
    for (part, expected) in cases {
        assert_eq!(CapturePart::try_from(part).expect_err(expected).to_string(), expected);
    }
    let start = wire::StartCapture { id: "c".into(), scope: scope(), ..Default::default() };
    let error = StartCapture::try_from(start).expect_err("no duration");
    assert_eq!(error, WireError::Missing { field: "start_capture.duration_ms" });
}

#[test]
fn what_an_agent_encodes_a_server_accepts() {
    let long = "ü".repeat(50_000);
    let finding = Finding {
        id: Finding::make_id(WallNs(1), 1, &"a".into()),
        time: WallNs(1_700_000_000_000_000_000),
        node: "a".into(),
        rule: long.clone(),
        priority: Priority::Alert,
        tags: vec![long.clone(); 1000],
        output: long.clone(),
        event_number: 1,
        event_type: "openat".into(),
        fields: vec![("proc.name".into(), long.clone()); 1000],
        matched: Vec::new(),
        ancestry: Vec::new(),
        container: None,
        capture: None,
    };
    let encoded = encode_batches(&[], &[finding.clone(), finding]);
    assert_eq!(encoded.batches.len(), 2, "each is larger than a batch should be");
    for bytes in &encoded.batches {
        assert!(bytes.len() < MAX_MESSAGE_BYTES);
        assert_eq!(decode_batch(bytes).expect("accepted").findings.len(), 1);
    }
}

#[test]
fn a_table_is_never_larger_than_a_message() {
    let process = ProcessUsage {
        cmdline: "x".repeat(600),
        exepath: "y".repeat(600),
        user: "z".repeat(300),
        state: 'S',
        ..ProcessUsage::default()
    };
    let table =
        LiveTable { node: "a".into(), processes: vec![process; MAX_PROCESSES], ..LiveTable::default() };
    let message = AgentMessage::from(FromAgent::LiveTable(table));
    assert!(message.encoded_len() < MAX_MESSAGE_BYTES);
    let FromAgent::LiveTable(table) = FromAgent::try_from(message).expect("accepted") else { panic!() };
    assert!((5_000..MAX_PROCESSES).contains(&table.processes.len()), "{}", table.processes.len());
}

#[test]
fn batches_stay_within_the_limits_and_lose_nothing() {
    let samples: Vec<Sample> = (0..50_000)
        .map(|n| Sample {
            labels: Labels::new("lanner_process_cpu_seconds_total", [("pid", n.to_string())]),
            time: WallMs(1_700_000_000_000),
            value: f64::from(n),
        })
        .collect();
    let encoded = encode_batches(&samples, &[]);
    assert!(encoded.batches.len() >= 3);
    let decoded: Vec<Sample> =
        encoded.batches.iter().flat_map(|bytes| decode_batch(bytes).expect("accepted").samples).collect();
    assert!(decoded == samples);
}

#[test]
fn samples_that_no_server_takes_are_counted() {
    let sample = |labels: Labels, time: i64| Sample { labels, time: WallMs(time), value: 0.0 };
    let no_name = Labels::from_pairs([("job".into(), "x".into())]);
    let many = Labels::new("m", (0..80).map(|n| (format!("label_{n}"), "x")));
    let encoded = encode_batches(
        &[sample(no_name, 1), sample(many, 1), sample(Labels::new("up", [("a", "b")]), -5)],
        &[],
    );
    assert_eq!(encoded, EncodedBatches { batches: Vec::new(), samples_left_out: 3 });
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_a_batch_or_an_error(bytes: Vec<u8>) {
        let _ = decode_batch(&bytes);
    }
}
