//! Reading captures off the async threads.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lanner_api::http::{InspectEventDetail, InspectEvents, InspectOverview, InspectTable};
use lanner_capture::CaptureReader;
use lanner_inspect::{Cancelled, EventDetail, EventList, Page, Summary, ViewName};
use lanner_model::time::WallMs;
use tokio::sync::Semaphore;

use super::answer;
use super::ask::Ask;
use super::cache::Cache;
use super::error::InspectError;
use super::looks::Looks;
use crate::captures::Captures;

/// Captures that are read at a time: each takes a processor.
const AT_ONCE: usize = 2;

/// Reads captures for those who look.
pub(crate) struct Inspector {
    cache: Cache,
    looks: Looks,
    turns: Semaphore,
}

impl Inspector {
    pub(crate) fn new() -> Self {
        Self { cache: Cache::default(), looks: Looks::default(), turns: Semaphore::new(AT_ONCE) }
    }

    /// Whether somebody opens a capture, and does not only look on.
    pub(crate) fn opens(&self, who: &str, id: &str, now: WallMs) -> bool {
        self.looks.begins(who, id, now)
    }

    /// A capture at one look.
    pub(crate) async fn overview(
        &self,
        captures: &Captures,
        id: &str,
        ask: &Ask,
        steps: usize,
    ) -> Result<InspectOverview, InspectError> {
        let whole = self.summary(captures, id, &ask.whole()).await?;
        let window = if ask.has_window() { Some(self.summary(captures, id, ask).await?) } else { None };
        let size_bytes = captures.get(id).await?.size_bytes;
        Ok(answer::overview(&whole, window.as_deref(), size_bytes, steps))
    }

    /// A table of a capture.
    pub(crate) async fn table(
        &self,
        captures: &Captures,
        id: &str,
        ask: &Ask,
        view: ViewName,
        (sort, text, limit): (Option<&str>, &str, usize),
    ) -> Result<InspectTable, InspectError> {
        let summary = self.summary(captures, id, ask).await?;
        let mut table = summary.table(view);
        let order = sort.map_or_else(|| table.sort.clone(), str::to_owned);
        table.sort_by(&order)?;
        table.keep_with(text);
        Ok(answer::table(view, table, limit))
    }

    /// A page of a capture's events.
    pub(crate) async fn events(
        &self,
        captures: &Captures,
        id: &str,
        ask: &Ask,
        (page, limit): (Page, usize),
    ) -> Result<InspectEvents, InspectError> {
        let selection = ask.selection()?;
        let read = move |source: &mut CaptureReader, given_up: &AtomicBool| {
            EventList::read(source, &selection, page, limit, given_up)
        };
        Ok(answer::events(self.read(captures, id, read).await?))
    }

    /// One event of a capture.
    pub(crate) async fn event(
        &self,
        captures: &Captures,
        id: &str,
        number: u64,
    ) -> Result<InspectEventDetail, InspectError> {
        let read = move |source: &mut CaptureReader, given_up: &AtomicBool| {
            EventDetail::read(source, number, given_up)
        };
        let detail = self.read(captures, id, read).await?;
        detail.map(answer::event).ok_or(InspectError::NoEvent { number })
    }

    /// The capture is not what it was.
    pub(crate) fn forget(&self, id: &str) {
        self.cache.forget(id);
    }

    async fn summary(&self, captures: &Captures, id: &str, ask: &Ask) -> Result<Arc<Summary>, InspectError> {
        // Who may see a capture is asked of the catalogue each time, not of what is remembered.
        captures.get(id).await?;
        let place = self.cache.place(id, ask);
        let make = async || {
            let selection = ask.selection()?;
            let read = move |source: &mut CaptureReader, given_up: &AtomicBool| {
                Summary::read(source, &selection, given_up)
            };
            Ok::<_, InspectError>(Arc::new(self.read(captures, id, read).await?))
        };
        Ok(Arc::clone(place.get_or_try_init(make).await?))
    }

    /// Reads a capture from its beginning. When nobody waits any more, reading ends.
    async fn read<T: Send + 'static>(
        &self,
        captures: &Captures,
        id: &str,
        read: impl FnOnce(&mut CaptureReader, &AtomicBool) -> Result<T, Cancelled> + Send + 'static,
    ) -> Result<T, InspectError> {
        let _turn = self.turns.acquire().await.map_err(|_| InspectError::Busy)?;
        let (_, blob) = captures.open(id).await?;
        let waiting = Waiting(Arc::default());
        let given_up = Arc::clone(&waiting.0);
        let done = tokio::task::spawn_blocking(move || run(blob.bytes, read, &given_up)).await;
        done.unwrap_or(Err(InspectError::GivenUp))
    }
}

fn run<T>(
    bytes: Box<dyn Read + Send>,
    read: impl FnOnce(&mut CaptureReader, &AtomicBool) -> Result<T, Cancelled>,
    given_up: &AtomicBool,
) -> Result<T, InspectError> {
    let mut source = lanner_inspect::open(bytes)?;
    read(&mut source, given_up).map_err(|Cancelled| InspectError::GivenUp)
}

/// Somebody waits as long as it lives.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
