//! The newest live table of each node, and whether anyone looks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lanner_model::id::NodeName;
use lanner_model::resource::LiveTable;
use lanner_model::time::WallMs;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// Seconds between two tables while somebody looks.
pub(crate) const LOOKED_AT_S: u32 = 2;
/// Seconds between two tables while nobody does.
pub(crate) const UNWATCHED_S: u32 = 10;
/// How long one request counts as looking.
const REQUEST_COUNTS: Duration = Duration::from_secs(10);
/// A node that sent no table for so long is not shown as if it were now.
const TABLE_LIVES_MS: i64 = 60_000;

/// The newest table of each node.
#[derive(Debug)]
pub(crate) struct LiveTables {
    tables: Mutex<HashMap<NodeName, Arc<LiveTable>>>,
    changes: watch::Sender<u64>,
}

impl LiveTables {
    pub(crate) fn new() -> Self {
        Self { tables: Mutex::default(), changes: watch::Sender::new(0) }
    }

    /// Takes a table, unless a newer one of the node is here.
    pub(crate) fn put(&self, table: LiveTable) {
        let mut tables = self.lock();
        if tables.get(&table.node).is_some_and(|known| known.time > table.time) {
            return;
        }
        tables.insert(table.node.clone(), Arc::new(table));
        drop(tables);
        self.changes.send_modify(|change| *change += 1);
    }

    /// The tables of the last minute, in the order of their nodes.
    pub(crate) fn current(&self, now: WallMs) -> Vec<Arc<LiveTable>> {
        let mut tables = self.lock();
        tables.retain(|_, table| table.time.0 > now.0 - TABLE_LIVES_MS);
        let mut current: Vec<Arc<LiveTable>> = tables.values().cloned().collect();
        drop(tables);
        current.sort_by(|a, b| a.node.cmp(&b.node));
        current
    }

    /// Changes whenever there is a new table.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<NodeName, Arc<LiveTable>>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether anyone looks at live tables: an open stream, or a request within the last 10 s.
#[derive(Debug)]
pub(crate) struct LiveInterest {
    looks: Mutex<Looks>,
    interval_s: watch::Sender<u32>,
    woken: Notify,
}

#[derive(Debug, Default)]
struct Looks {
    streams: usize,
    last_request: Option<Instant>,
}

/// An open stream; dropped when the page goes.
#[derive(Debug)]
pub(crate) struct Looking(Arc<LiveInterest>);

impl LiveInterest {
    pub(crate) fn new() -> Self {
        Self { looks: Mutex::default(), interval_s: watch::Sender::new(UNWATCHED_S), woken: Notify::new() }
    }

    /// Someone looks as long as the guard lives.
    pub(crate) fn begin(self: &Arc<Self>) -> Looking {
        self.lock().streams += 1;
        self.update();
        Looking(Arc::clone(self))
    }

    /// Someone looked just now.
    pub(crate) fn request(&self) {
        self.lock().last_request = Some(Instant::now());
        self.update();
    }

    /// Seconds between two tables that agents are told.
    pub(crate) fn interval_s(&self) -> watch::Receiver<u32> {
        self.interval_s.subscribe()
    }

    /// Notices when the last request is long enough ago; to be run as a task.
    pub(crate) async fn run(&self) {
        loop {
            let woken = self.woken.notified();
            match self.update() {
                Some(end) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(end) => {}
                        () = woken => {}
                    }
                }
                None => woken.await,
            }
        }
    }

    /// Sets the interval that is due; gives the moment at which a request stops to count.
    fn update(&self) -> Option<Instant> {
        let looks = self.lock();
        let end = looks.last_request.map(|last| last + REQUEST_COUNTS).filter(|end| *end > Instant::now());
        let due = if looks.streams > 0 || end.is_some() { LOOKED_AT_S } else { UNWATCHED_S };
        drop(looks);
        let changed = self.interval_s.send_if_modified(|interval| std::mem::replace(interval, due) != due);
        if changed {
            self.woken.notify_one();
        }
        end
    }

    fn lock(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        {
            let mut looks = self.0.lock();
            looks.streams = looks.streams.saturating_sub(1);
            // A page that reconnects must not make agents change back and forth.
            looks.last_request = Some(Instant::now());
        }
        self.0.woken.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(node: &str, time: i64) -> LiveTable {
        LiveTable { node: node.into(), time: WallMs(time), ..LiveTable::default() }
    }

    #[test]
    fn the_newest_table_of_each_node_is_kept_for_a_minute() {
        let tables = LiveTables::new();
        let mut changes = tables.changes();
        changes.mark_unchanged();
        for table in [table("b", 5), table("a", 9), table("b", 3)] {
            tables.put(table);
        }
        assert!(changes.has_changed().expect("the sender lives"));
        let at = |now: i64| {
            let current = tables.current(WallMs(now));
            current.iter().map(|table| (table.node.to_string(), table.time.0)).collect::<Vec<_>>()
        };
        assert_eq!(at(10), [("a".to_owned(), 9), ("b".to_owned(), 5)]);
        assert_eq!(at(TABLE_LIVES_MS + 6), [("a".to_owned(), 9)]);
    }

    #[tokio::test(start_paused = true)]
    async fn agents_hurry_while_someone_looks_and_ten_seconds_longer() {
        let interest = Arc::new(LiveInterest::new());
        let mut interval = interest.interval_s();
        let task = tokio::spawn({
            let interest = Arc::clone(&interest);
            async move { interest.run().await }
        });
        assert_eq!(*interval.borrow_and_update(), UNWATCHED_S);

        let start = Instant::now();
        interest.request();
        assert_eq!(*interval.borrow_and_update(), LOOKED_AT_S);
        interval.changed().await.expect("the sender lives");
        assert_eq!((*interval.borrow_and_update(), start.elapsed().as_secs()), (UNWATCHED_S, 10));

        let looking = interest.begin();
        interval.changed().await.expect("the sender lives");
        assert_eq!(*interval.borrow_and_update(), LOOKED_AT_S);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(!interval.has_changed().expect("the sender lives"));
        let start = Instant::now();
        drop(looking);
        interval.changed().await.expect("the sender lives");
        assert_eq!((*interval.borrow_and_update(), start.elapsed().as_secs()), (UNWATCHED_S, 10));
        task.abort();
    }
}
