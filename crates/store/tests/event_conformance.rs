//! What every store of findings must do, asked of each.

use lanner_model::finding::{Finding, MatchedCondition, Priority, ProcessNode, Severity};
use lanner_model::id::{CgroupId, ContainerId, NodeName};
use lanner_model::resource::{ContainerInfo, ContainerRuntime};
use lanner_model::time::WallNs;
use lanner_store::{
    AppendReport, Cursor, EmbeddedEvents, EventFilter, EventOptions, EventStore, MemoryEvents, Projection,
    QuerySpec, StoreError, batch_of, event_schema, findings_of,
};
use proptest::prelude::*;

const HOUR: u64 = 3_600_000_000_000;
const START: u64 = 472_222 * HOUR;

/// Small, so that segments are written early.
fn options() -> EventOptions {
    EventOptions { retention_ns: 100 * HOUR, max_buffered: 50, ..EventOptions::default() }
}

/// Runs a case on each kind of store.
fn on_each(case: impl AsyncFn(&dyn EventStore)) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(async {
        case(&MemoryEvents::new(options())).await;
        let folder = tempfile::tempdir().expect("folder");
        let (store, recovery) = EmbeddedEvents::open(folder.path(), options()).expect("open");
        assert!(recovery.is_clean());
        case(&store).await;
        assert_eq!(store.set_aside(), []);
    });
}

/// Finding number `n`, that many minutes after the start. Kinds take turns.
fn finding(n: u32) -> Finding {
    let time = WallNs(START + u64::from(n) * HOUR / 60);
    let node = NodeName::from(["node-a", "node-b"][n as usize % 2]);
    let container = (!n.is_multiple_of(3)).then(|| ContainerInfo {
        id: ContainerId::from(["0123456789abcdef", "fedcba9876543210"][n as usize % 2]),
        runtime: ContainerRuntime::Containerd,
        name: format!("shop-{}", n % 5),
        image: "registry.example/Shop:1".to_owned(),
        pod_uid: "7d2f".to_owned(),
        cgroup_path: "/kubepods/pod7d2f/x".to_owned(),
        cgroup: CgroupId(u64::from(n)),
    });
    Finding {
        id: Finding::make_id(time, n, &node),
        time,
        node,
        rule: ["Shell in a container", "Read of a credential file"][n as usize / 2 % 2].to_owned(),
        priority: Priority::ALL[n as usize % 8],
        tags: vec!["mitre_execution".to_owned(); n as usize % 3],
        output: format!("cat read /etc/shadow, number {n} \"quoted\" Ünïcode"),
        event_number: u64::from(n) + 1,
        event_type: "openat".to_owned(),
        fields: vec![
            ("proc.name".to_owned(), format!("Cat{n}")),
            ("fd.name".to_owned(), "a\"b\\c".to_owned()),
        ],
        matched: vec![MatchedCondition {
            text: "fd.name = /etc/shadow".to_owned(),
            field: "fd.name".to_owned(),
            value: n.is_multiple_of(2).then(|| "/etc/shadow".to_owned()),
            negated: n % 4 == 1,
        }],
        ancestry: vec![ProcessNode {
            pid: 100 + i64::from(n),
            vpid: 7,
            comm: "cat".to_owned(),
            exepath: "/bin/cat".to_owned(),
            cmdline: "cat /etc/shadow".to_owned(),
            user: "root".to_owned(),
            uid: 0,
            start: WallNs(START),
            container: ContainerId::default(),
        }],
        container,
        capture: (n % 5 == 2).then(|| format!("{n:016x}-7b1f").into()),
    }
}

fn findings(numbers: impl IntoIterator<Item = u32>) -> Vec<Finding> {
    numbers.into_iter().map(finding).collect()
}

/// What a query gives, page by page, as numbers; pages have at most `limit`.
async fn ask(store: &dyn EventStore, filter: EventFilter, limit: usize) -> Vec<u32> {
    let mut spec = QuerySpec { filter, limit, ..QuerySpec::default() };
    let mut numbers = Vec::new();
    loop {
        let page = store.query(&spec).await.expect("query");
        assert_eq!(page.damaged_segments, 0);
        let findings = page.findings().expect("findings");
        assert!(findings.len() <= limit);
        for found in &findings {
            let number = found.event_number as u32 - 1;
            assert_eq!(*found, finding(number), "it is as it was given");
            numbers.push(number);
        }
        match page.next {
            // Through its text, as a URL has it.
            Some(next) => spec.after = Some(next.to_string().parse::<Cursor>().expect("cursor")),
            None => return numbers,
        }
    }
}

async fn fill(store: &dyn EventStore) {
    for batch in [0..30u32, 30..60, 60..130, 130..200] {
        let report = store.append(&findings(batch.clone())).await.expect("append");
        assert_eq!(report, AppendReport { accepted: batch.len() as u64, duplicates: 0 });
    }
}

#[test]
fn findings_become_columns_and_come_back_whole() {
    let given = findings(0..40);
    let batch = batch_of(&given.iter().collect::<Vec<_>>()).expect("to columns");
    assert_eq!(batch.schema(), event_schema());
    assert_eq!(findings_of(&batch).expect("from columns"), given);
    assert_eq!(findings_of(&batch_of(&[]).expect("to columns")).expect("from columns"), []);
}

#[test]
fn pages_go_from_the_newest_to_the_oldest() {
    on_each(async |store| {
        fill(store).await;
        for limit in [1, 7, 50, 1000] {
            assert_eq!(ask(store, EventFilter::default(), limit).await, (0..200).rev().collect::<Vec<_>>());
        }
    });
}

#[test]
fn a_filter_chooses_by_each_of_its_parts() {
    on_each(async |store| {
        fill(store).await;
        let all = EventFilter::default;
        let time = |n: u32| finding(n).time;
        type Case = (EventFilter, fn(u32) -> bool);
        let cases: Vec<Case> = vec![
            (EventFilter { from: time(10), to: time(20), ..all() }, |n| (10..20).contains(&n)),
            (EventFilter { severities: vec![Severity::Critical], ..all() }, |n| n % 8 >= 5),
            (EventFilter { severities: vec![Severity::Info, Severity::High], ..all() }, |n| {
                [0, 1, 4].contains(&(n % 8))
            }),
            (EventFilter { rules: vec!["Shell in a container".to_owned()], ..all() }, |n| n / 2 % 2 == 0),
            (EventFilter { rules: vec!["Shell".to_owned()], ..all() }, |_| false),
            (EventFilter { nodes: vec!["node-b".into()], ..all() }, |n| n % 2 == 1),
            (EventFilter { containers: vec!["0123456789abcdef".into()], ..all() }, |n| {
                n % 3 != 0 && n % 2 == 0
            }),
            (EventFilter { containers: vec![ContainerId::default()], ..all() }, |n| n % 3 == 0),
            (EventFilter { ids: vec![finding(3).id, finding(150).id, "none".to_owned()], ..all() }, |n| {
                n == 3 || n == 150
            }),
            (EventFilter { text: "NUMBER 12".to_owned(), ..all() }, |n| n == 12 || (120..130).contains(&n)),
            (EventFilter { text: "cat19".to_owned(), ..all() }, |n| n == 19 || (190..200).contains(&n)),
            (EventFilter { text: "ünïCODE".to_owned(), ..all() }, |_| true),
            (EventFilter { text: "A\"b\\C".to_owned(), ..all() }, |_| true),
            (EventFilter { text: "shop:1".to_owned(), ..all() }, |n| n % 3 != 0),
            (EventFilter { text: "proc.name".to_owned(), ..all() }, |_| false),
            (
                EventFilter {
                    nodes: vec!["node-a".into()],
                    severities: vec![Severity::Critical],
                    from: time(100),
                    ..all()
                },
                |n| n % 2 == 0 && n % 8 >= 5 && n >= 100,
            ),
        ];
        for (filter, expected) in cases {
            let expected: Vec<u32> = (0..200).rev().filter(|n| expected(*n)).collect();
            assert_eq!(ask(store, filter.clone(), 9).await, expected, "{filter:?}");
        }
    });
}

#[test]
fn a_finding_given_twice_is_stored_once() {
    on_each(async |store| {
        fill(store).await;
        // In memory, in segments, and twice in one batch.
        let again = findings((0..200).chain([200, 200]));
        let report = store.append(&again).await.expect("append");
        assert_eq!(report, AppendReport { accepted: 1, duplicates: 201 });
        assert_eq!(ask(store, EventFilter::default(), 500).await.len(), 201);
        assert_eq!(store.stats().await.duplicates, 201);
    });
}

#[test]
fn late_findings_get_to_their_place() {
    on_each(async |store| {
        store.append(&findings((0..120).filter(|n| n % 2 == 0))).await.expect("append");
        store.maintain(WallNs(START + 10 * HOUR)).await.expect("maintain");
        store.append(&findings((0..120).filter(|n| n % 2 == 1))).await.expect("append");
        assert_eq!(ask(store, EventFilter::default(), 13).await, (0..120).rev().collect::<Vec<_>>());
        store.maintain(WallNs(START + 10 * HOUR)).await.expect("maintain");
        assert_eq!(ask(store, EventFilter::default(), 13).await, (0..120).rev().collect::<Vec<_>>());
    });
}

#[test]
fn a_summary_leaves_the_heavy_parts_out() {
    on_each(async |store| {
        fill(store).await;
        let spec = QuerySpec { projection: Projection::Summary, limit: 200, ..QuerySpec::default() };
        let page = store.query(&spec).await.expect("query");
        for found in page.findings().expect("findings") {
            let whole = finding(found.event_number as u32 - 1);
            let summary = Finding { fields: vec![], matched: vec![], ancestry: vec![], ..whole };
            assert_eq!(found, summary);
        }
    });
}

#[test]
fn a_finding_is_found_by_its_id() {
    on_each(async |store| {
        fill(store).await;
        let odd = Finding { id: "made elsewhere".to_owned(), ..finding(5) };
        store.append(std::slice::from_ref(&odd)).await.expect("append");
        store.maintain(WallNs(START + 2 * HOUR)).await.expect("maintain");
        for n in [0, 60, 199] {
            assert_eq!(store.get(&finding(n).id).await.expect("get"), Some(finding(n)));
        }
        assert_eq!(store.get("made elsewhere").await.expect("get"), Some(odd));
        assert_eq!(store.get("ffff").await.expect("get"), None);
        assert_eq!(store.get(&finding(999).id).await.expect("get"), None);
    });
}

#[test]
fn a_histogram_counts_each_step_and_severity() {
    on_each(async |store| {
        fill(store).await;
        let filter =
            EventFilter { from: WallNs(START), to: WallNs(START + 4 * HOUR), ..EventFilter::default() };
        let steps = store.histogram(&filter, HOUR).await.expect("histogram");
        assert_eq!(steps.len(), 4);
        for (hour, step) in (0..).zip(&steps) {
            assert_eq!(step.start, WallNs(START + u64::from(hour) * HOUR));
            let there: Vec<Finding> = findings((hour * 60..hour * 60 + 60).filter(|n| *n < 200));
            let count = |severity| there.iter().filter(|f| f.priority.severity() == severity).count() as u64;
            assert_eq!(step.counts, Severity::ALL.map(count), "hour {hour}");
        }
        let high = EventFilter { severities: vec![Severity::High], ..filter };
        let total: u64 = store
            .histogram(&high, HOUR / 7)
            .await
            .expect("histogram")
            .iter()
            .map(|s| s.counts.iter().sum::<u64>())
            .sum();
        assert_eq!(total, 25);
        let endless = store.histogram(&EventFilter::default(), HOUR).await;
        assert!(matches!(endless, Err(StoreError::TooManySteps { .. })), "{endless:?}");
    });
}

#[test]
fn what_is_older_than_the_retention_goes() {
    on_each(async |store| {
        fill(store).await;
        store.maintain(WallNs(START + 5 * HOUR)).await.expect("maintain");
        let before = store.stats().await;
        assert_eq!((before.oldest, before.newest), (Some(finding(0).time), Some(finding(199).time)));
        let done = store.maintain(WallNs(START + 102 * HOUR)).await.expect("maintain");
        assert!(done.dropped > 0);
        let left = ask(store, EventFilter::default(), 100).await;
        assert!(left.contains(&199) && !left.contains(&0), "{left:?}");
        store.forget_before(WallNs(u64::MAX)).await.expect("forget");
        assert!(ask(store, EventFilter::default(), 100).await.is_empty());
        assert_eq!(store.stats().await.oldest, None);
    });
}

#[test]
fn text_that_is_no_cursor_is_refused() {
    for text in ["", "12", "xyz.id", "1ffffffffffffffff.id"] {
        assert!(matches!(text.parse::<Cursor>(), Err(StoreError::Cursor { .. })), "{text}");
    }
    let odd = Cursor { time: WallNs(7), id: "a.b.c".to_owned() };
    assert_eq!(odd.to_string().parse::<Cursor>().expect("cursor"), odd);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is given and asked, both stores say the same of it.
    #[test]
    fn both_stores_answer_alike(
        batches in prop::collection::vec(prop::collection::vec(0u32..300, 0..80), 1..6),
        maintained_at in prop::collection::vec(0u64..8, 6),
        from in 0u32..300,
        span in 1u32..300,
        severity in 0usize..6,
        text in prop::sample::select(vec!["", "number 1", "cat2", "SHOP-3", "fedc", "node-A", "A\"B\\", "\\c", "\"", "nothing"]),
        limit in 1usize..40,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("folder");
            let memory = MemoryEvents::new(options());
            let (embedded, _) = EmbeddedEvents::open(folder.path(), options()).expect("open");
            for (batch, hour) in batches.into_iter().zip(maintained_at) {
                let batch = findings(batch);
                assert_eq!(memory.append(&batch).await.expect("append"), embedded.append(&batch).await.expect("append"));
                embedded.maintain(WallNs(START + hour * HOUR)).await.expect("maintain");
            }
            let filter = EventFilter {
                from: finding(from).time,
                to: finding(from + span).time,
                severities: Severity::ALL.get(severity).copied().into_iter().collect(),
                text: text.to_owned(),
                ..EventFilter::default()
            };
            assert_eq!(ask(&memory, filter.clone(), limit).await, ask(&embedded, filter.clone(), limit).await);
            assert_eq!(
                memory.histogram(&filter, HOUR / 2).await.expect("histogram"),
                embedded.histogram(&filter, HOUR / 2).await.expect("histogram")
            );
        });
    }
}
