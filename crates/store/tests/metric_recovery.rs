//! What the embedded store of series has after a restart, with and without damage.

use std::fs;
use std::path::{Path, PathBuf};

use lanner_model::series::{Labels, Matcher, Sample};
use lanner_model::time::WallMs;
use lanner_store::{EmbeddedMetrics, MetricOptions, MetricStore, SeriesData, StoreRecovery};

const START: i64 = 1_700_000_000_000;

/// A checkpoint is due at every maintenance.
fn eager() -> MetricOptions {
    MetricOptions { checkpoint_log_bytes: 0, ..MetricOptions::default() }
}

fn open(folder: &Path) -> (EmbeddedMetrics, StoreRecovery) {
    EmbeddedMetrics::open(folder, eager()).expect("open")
}

fn batch(series: u64, at: i64) -> Vec<Sample> {
    let sample = |n: u64| Sample {
        labels: Labels::new("m", [("n", n.to_string())]),
        time: WallMs(START + at * 1000),
        value: n as f64 + at as f64 / 10.0,
    };
    (0..series).map(sample).collect()
}

async fn all(store: &EmbeddedMetrics) -> Vec<SeriesData> {
    store.range(&[], WallMs(i64::MIN), WallMs(i64::MAX)).await.expect("range")
}

fn checkpoints(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).expect("list").map(|entry| entry.expect("entry").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "series")).collect();
    paths.sort();
    paths
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    for at in 0..300 {
        store.write(&batch(5, at * 10)).await.expect("write");
    }
    let before = all(&store).await;
    drop(store);
    let (store, recovery) = open(folder.path());
    assert!(recovery.is_clean());
    assert_eq!(recovery.replayed, 1500);
    assert_eq!(all(&store).await, before);
}

#[tokio::test]
async fn a_checkpoint_takes_the_place_of_the_log() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    for at in 0..130 {
        store.write(&batch(5, at * 10)).await.expect("write");
    }
    let done = store.maintain(WallMs(START)).await.expect("maintain");
    assert!(done.checkpoint_bytes.is_some());
    // Both parts are needed to have all: the checkpoint, and the log behind it.
    for at in 130..150 {
        store.write(&batch(7, at * 10)).await.expect("write");
    }
    let before = all(&store).await;
    drop(store);
    let (store, recovery) = open(folder.path());
    assert!(recovery.is_clean());
    assert_eq!(recovery.replayed, 20 * 7);
    assert_eq!(all(&store).await, before);
    // And again, so that a chunk is reopened twice.
    store.maintain(WallMs(START)).await.expect("maintain");
    store.write(&batch(7, 1500)).await.expect("write");
    let before = all(&store).await;
    assert_eq!(checkpoints(folder.path()).len(), 1);
    drop(store);
    let (store, _) = open(folder.path());
    assert_eq!(all(&store).await, before);
    let stats = store.stats().await;
    assert!(stats.checkpoint_bytes > 0 && stats.log_bytes > 0);
}

#[tokio::test]
async fn a_series_that_was_dropped_and_came_back_is_whole_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let options = MetricOptions { checkpoint_log_bytes: u64::MAX, ..MetricOptions::default() };
    let (store, _) = EmbeddedMetrics::open(folder.path(), options.clone()).expect("open");
    let day = 24 * 3600;
    store.write(&batch(2, 0)).await.expect("write");
    store.maintain(WallMs(START + (day + 10) * 1000)).await.expect("maintain");
    assert!(all(&store).await.is_empty());
    store.write(&batch(2, day + 20)).await.expect("write");
    drop(store);
    let (store, recovery) = EmbeddedMetrics::open(folder.path(), options).expect("open");
    assert_eq!(recovery.unreadable, 0);
    let one = [Matcher::equal("n", "1")];
    let newest = store.range(&one, WallMs(START + day * 1000), WallMs(i64::MAX)).await.expect("range");
    assert_eq!(newest[0].points.len(), 1);
    // The series goes on under the number it has.
    assert_eq!(store.write(&batch(2, day + 30)).await.expect("write").accepted, 2);
}

#[tokio::test]
async fn any_flipped_bit_of_a_checkpoint_is_noticed_and_the_rest_is_served() {
    let original = tempfile::tempdir().expect("folder");
    let (store, _) = open(original.path());
    for at in 0..3 {
        store.write(&batch(3, at * 10)).await.expect("write");
    }
    store.maintain(WallMs(START)).await.expect("maintain");
    store.write(&batch(4, 30)).await.expect("write");
    drop(store);
    let bytes = fs::read(&checkpoints(original.path())[0]).expect("read");
    for at in (0..bytes.len()).step_by(3) {
        let copy = tempfile::tempdir().expect("folder");
        copy_folder(original.path(), copy.path());
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        fs::write(&checkpoints(copy.path())[0], damaged).expect("write");

        let (store, recovery) = open(copy.path());
        assert_eq!(recovery.set_aside.len(), 1, "byte {at}");
        assert!(recovery.set_aside[0].path.exists(), "byte {at}");
        // The series that began after the checkpoint is untouched.
        let later =
            store.range(&[Matcher::equal("n", "3")], WallMs(0), WallMs(i64::MAX)).await.expect("range");
        assert_eq!(later[0].points.len(), 1, "byte {at}");
        let served = all(&store).await;
        drop(store);
        // It is reported once; what was good was written down again.
        let (store, recovery) = open(copy.path());
        assert!(recovery.set_aside.is_empty(), "byte {at}: {recovery:?}");
        assert_eq!(all(&store).await, served, "byte {at}");
    }
}

#[tokio::test]
async fn a_log_that_was_deleted_does_not_hide_what_comes_after() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    for at in 0..5 {
        store.write(&batch(2, at)).await.expect("write");
    }
    store.maintain(WallMs(START)).await.expect("maintain");
    drop(store);
    fs::remove_dir_all(folder.path().join("log")).expect("remove");
    let (store, _) = open(folder.path());
    store.write(&batch(2, 10)).await.expect("write");
    let before = all(&store).await;
    assert_eq!(before[0].points.len(), 6);
    drop(store);
    let (store, _) = open(folder.path());
    assert_eq!(all(&store).await, before);
}

#[tokio::test]
async fn a_damaged_log_loses_what_is_damaged_and_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let (store, _) = open(folder.path());
    for at in 0..4 {
        store.write(&batch(2, at)).await.expect("write");
    }
    drop(store);
    let log = folder.path().join("log/00000000000000000001.log");
    let mut bytes = fs::read(&log).expect("read");
    bytes[24 + 17 + 3] ^= 1; // in the first record, which has the labels of both series
    fs::write(&log, bytes).expect("write");
    let (store, recovery) = open(folder.path());
    assert_eq!(recovery.log.damaged_records(), 1);
    assert_eq!(recovery.unreadable, 6, "samples whose series is not known");
    assert!(!recovery.is_clean());
    assert!(all(&store).await.is_empty());
    // The store goes on, under numbers that the log has not used.
    store.write(&batch(2, 10)).await.expect("write");
    drop(store);
    let (store, _) = open(folder.path());
    assert_eq!(all(&store).await.iter().map(|series| series.points.len()).sum::<usize>(), 2);
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
