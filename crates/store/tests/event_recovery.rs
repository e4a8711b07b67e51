//! What the embedded store of findings has after a restart, with and without damage.

use std::fs;
use std::path::{Path, PathBuf};

use lanner_model::finding::{Finding, Priority};
use lanner_model::id::NodeName;
use lanner_model::time::WallNs;
use lanner_store::{EmbeddedEvents, EventFilter, EventOptions, EventStore, QuerySpec, StoreRecovery};

const HOUR: u64 = 3_600_000_000_000;
const START: u64 = 472_222 * HOUR;

fn open(folder: &Path) -> (EmbeddedEvents, StoreRecovery) {
    EmbeddedEvents::open(folder, EventOptions::default()).expect("open")
}

/// Finding number `n`, that many minutes after the start.
fn finding(n: u32) -> Finding {
    let time = WallNs(START + u64::from(n) * HOUR / 60);
    let node = NodeName::from("node");
    Finding {
        id: Finding::make_id(time, n, &node),
        time,
        node,
        rule: "rule".to_owned(),
        priority: Priority::Warning,
        tags: vec![],
        output: format!("number {n}"),
        event_number: u64::from(n),
        event_type: "openat".to_owned(),
        fields: vec![],
        matched: vec![],
        ancestry: vec![],
        container: None,
        capture: None,
    }
}

fn findings(numbers: std::ops::Range<u32>) -> Vec<Finding> {
    numbers.map(finding).collect()
}

async fn all(store: &EmbeddedEvents) -> Vec<u32> {
    let page = store.query(&QuerySpec { limit: 10_000, ..QuerySpec::default() }).await.expect("query");
    page.findings().expect("findings").iter().map(|finding| finding.event_number as u32).collect()
}

fn newest_first(numbers: std::ops::Range<u32>) -> Vec<u32> {
    numbers.rev().collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).expect("list").map(|entry| entry.expect("entry").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    paths.sort();
    paths
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    store.append(&findings(0..130)).await.expect("append");
    let done = store.maintain(WallNs(START + 2 * HOUR + HOUR / 2)).await.expect("maintain");
    assert_eq!(done.written_segments, 2);
    drop(store);
    let (store, recovery) = open(folder.path());
    assert!(recovery.is_clean());
    assert_eq!(all(&store).await, newest_first(0..130));
    let stats = store.stats().await;
    assert_eq!((stats.stored, stats.buffered, stats.segments), (120, 10, 2));
}

#[tokio::test]
async fn an_hour_that_is_just_over_waits_for_late_findings() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    store.append(&findings(0..30)).await.expect("append");
    let minute = HOUR / 60;
    assert_eq!(store.maintain(WallNs(START + HOUR + minute)).await.expect("maintain").written_segments, 0);
    assert_eq!(
        store.maintain(WallNs(START + HOUR + 3 * minute)).await.expect("maintain").written_segments,
        1
    );
    assert_eq!(
        store.maintain(WallNs(START + HOUR + 4 * minute)).await.expect("maintain").written_segments,
        0
    );
}

#[tokio::test]
async fn a_crash_between_segment_and_log_stores_nothing_twice() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    store.append(&findings(0..90)).await.expect("append");
    // The log as it was before the segments were written is the log of a store that was stopped
    // right after.
    let log = files(&folder.path().join("log"), "log").remove(0);
    let before = fs::read(&log).expect("read");
    store.maintain(WallNs(START + 10 * HOUR)).await.expect("maintain");
    drop(store);
    fs::write(&log, before).expect("write");
    // A file that was being written, too.
    fs::write(folder.path().join("new.tmp"), b"half a segment").expect("write");

    let (store, recovery) = open(folder.path());
    assert_eq!(recovery.replayed, 0);
    assert_eq!(all(&store).await, newest_first(0..90));
    assert!(!folder.path().join("new.tmp").exists());
    assert_eq!(store.append(&findings(0..90)).await.expect("append").duplicates, 90);
}

#[tokio::test]
async fn findings_of_a_log_that_was_let_go_do_not_come_back() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    store.append(&findings(0..10)).await.expect("append");
    store.append(&findings(60..70)).await.expect("append");
    assert_eq!(store.forget_before(WallNs(START + HOUR)).await.expect("forget"), 10);
    drop(store);
    let (store, recovery) = open(folder.path());
    assert_eq!(recovery.replayed, 10);
    assert_eq!(all(&store).await, newest_first(60..70));
}

#[tokio::test]
async fn any_flipped_bit_of_a_segment_is_noticed_and_the_rest_is_served() {
    let original = tempfile::tempdir().expect("folder");
    let (store, _) = open(original.path());
    for hour in [0..60, 60..120, 120..130] {
        store.append(&findings(hour)).await.expect("append");
    }
    store.maintain(WallNs(START + 2 * HOUR + HOUR / 2)).await.expect("maintain");
    drop(store);
    let damaged = &files(original.path(), "parquet")[0];
    let bytes = fs::read(damaged).expect("read");
    for at in (0..bytes.len()).step_by(bytes.len() / 40) {
        let copy = tempfile::tempdir().expect("folder");
        copy_folder(original.path(), copy.path());
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let target = copy.path().join(damaged.file_name().expect("name"));
        fs::write(&target, changed).expect("write");

        let (store, _) = open(copy.path());
        let page = store.query(&QuerySpec { limit: 500, ..QuerySpec::default() }).await.expect("query");
        assert_eq!(page.damaged_segments, 1, "byte {at}");
        assert_eq!(page.findings().expect("findings").len(), 70, "byte {at}");
        let set_aside = store.set_aside();
        assert_eq!(set_aside.len(), 1);
        assert!(set_aside[0].path.exists() && !target.exists(), "byte {at}");
        // It is told once; the next page is whole as far as the store knows.
        assert_eq!(all(&store).await, newest_first(60..130));
        assert_eq!(store.stats().await.damaged_segments, 1);
    }
}

#[tokio::test]
async fn a_damaged_segment_whose_findings_are_still_in_the_log_costs_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    // One record of the log; the last ten findings still need it when two segments are written.
    store.append(&findings(0..130)).await.expect("append");
    store.maintain(WallNs(START + 2 * HOUR + HOUR / 2)).await.expect("maintain");
    drop(store);
    let segment = &files(folder.path(), "parquet")[0];
    let mut bytes = fs::read(segment).expect("read");
    bytes[100] ^= 1;
    fs::write(segment, bytes).expect("write");
    let (store, recovery) = open(folder.path());
    assert_eq!(recovery.set_aside.len(), 1);
    assert_eq!(recovery.replayed, 70);
    assert_eq!(all(&store).await, newest_first(0..130));
}

#[tokio::test]
async fn a_file_that_is_no_segment_is_set_aside() {
    let folder = tempfile::tempdir().expect("folder");
    drop(open(folder.path()));
    // A good name, but cut, and a name that says nothing.
    fs::write(folder.path().join("0000000000000001-0000000000000002-5-00000000.parquet"), b"PAR1PAR1")
        .expect("write");
    fs::write(folder.path().join("holiday.parquet"), b"").expect("write");
    let (store, recovery) = open(folder.path());
    assert_eq!(recovery.set_aside.len(), 1);
    store.append(&findings(0..5)).await.expect("append");
    assert_eq!(all(&store).await, newest_first(0..5));
    assert_eq!(store.stats().await.damaged_segments, 2);
    assert_eq!(files(folder.path(), "damaged").len(), 2);
}

#[tokio::test]
async fn a_segment_that_someone_deleted_is_missed() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    store.append(&findings(0..130)).await.expect("append");
    store.maintain(WallNs(START + 10 * HOUR)).await.expect("maintain");
    fs::remove_file(&files(folder.path(), "parquet")[1]).expect("remove");
    drop(store);
    let (store, _) = open(folder.path());
    fs::remove_file(&files(folder.path(), "parquet")[0]).expect("remove");
    let filter = EventFilter { text: "number".to_owned(), ..EventFilter::default() };
    let page = store.query(&QuerySpec { filter, ..QuerySpec::default() }).await.expect("query");
    assert_eq!(page.damaged_segments, 1);
}

#[tokio::test]
async fn a_full_memory_becomes_segments_without_losing_what_waits() {
    let folder = tempfile::tempdir().expect("folder");
    let options = EventOptions { max_buffered: 20, ..EventOptions::default() };
    let (store, _) = EmbeddedEvents::open(folder.path(), options).expect("open");
    // Many at once, so that appends wait together and share a sync.
    let batches: Vec<Vec<Finding>> = (0..40).map(|n| findings(n * 10..n * 10 + 10)).collect();
    let reports = futures_join(batches.iter().map(|batch| store.append(batch))).await;
    assert!(reports.into_iter().all(|report| report.expect("append").accepted == 10));
    drop(store);
    let (store, recovery) = open(folder.path());
    assert!(recovery.is_clean());
    assert_eq!(all(&store).await, newest_first(0..400));
    assert!(store.stats().await.segments > 3);
}

/// Waits for all, polled together.
async fn futures_join<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, result) in waiting.iter_mut().filter(|(_, result)| result.is_none()) {
            if let std::task::Poll::Ready(done) = future.as_mut().poll(context) {
                *result = Some(done);
            }
        }
        if waiting.iter().all(|(_, result)| result.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, result)| result).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("list") {
        let path = entry.expect("entry").path();
        let target = to.join(path.file_name().expect("name"));
        if path.is_dir() {
            fs::create_dir(&target).expect("make");
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copy");
        }
    }
}
