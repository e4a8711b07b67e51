//! Events of a capture in pages.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use lanner_model::source::Source;

use crate::choice::Choice;
use crate::deed::Deeds;
use crate::fields;
use crate::pass::{Cancelled, each_event};
use crate::seen::Seen;
use crate::selection::Selection;

/// Bytes of an event's parameters that a list shows.
const ARGUMENTS: usize = 1_024;

/// Which events of the selection make a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The first ones with a larger number.
    After(u64),
    /// The last ones with a smaller number.
    Before(u64),
    /// The first ones from a moment on, nanoseconds since the epoch.
    From(u64),
}

/// A page of events, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventList {
    /// The events.
    pub events: Vec<EventLine>,
    /// Whether there are events of the selection before the page.
    pub has_before: bool,
    /// Whether there are events of the selection behind it.
    pub has_after: bool,
}

/// An event of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// Its number.
    pub number: u64,
    /// When, nanoseconds since the epoch.
    pub time_ns: u64,
    /// The CPU.
    pub cpu: u16,
    /// The thread.
    pub tid: i64,
    /// The process; `None` where unknown.
    pub process: Option<Choice>,
    /// Its name; empty where unknown.
    pub comm: String,
    /// The container's short id; empty on the host.
    pub container: String,
    /// What happened, `openat`.
    pub event_type: String,
    /// `>` where a call begins, `<` where it ends.
    pub direction: String,
    /// Its parameters as text.
    pub args: String,
    /// Whether the call failed.
    pub failed: bool,
}

impl EventList {
    /// Reads a page of at most `limit` events.
    ///
    /// # Errors
    /// When it was cancelled.
    pub fn read(
        source: &mut dyn Source,
        selection: &Selection,
        page: Page,
        limit: usize,
        cancelled: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let limit = limit.max(1);
        let deeds = Deeds::new();
        let mut events: VecDeque<EventLine> = VecDeque::new();
        let (mut has_before, mut has_after) = (false, false);
        each_event(source, cancelled, |view| {
            let seen = Seen::of(view, &deeds);
            if !selection.holds(&seen) {
                return ControlFlow::Continue(());
            }
            let (is_in_front, is_behind) = match page {
                Page::After(number) => (view.number() <= number, false),
                Page::Before(number) => (false, view.number() >= number),
                Page::From(time) => (seen.time < time && events.is_empty(), false),
            };
            if is_in_front {
                has_before = true;
                return ControlFlow::Continue(());
            }
            let is_full = events.len() >= limit;
            if is_behind || is_full && !matches!(page, Page::Before(_)) {
                has_after = true;
                return ControlFlow::Break(());
            }
            if is_full {
                events.pop_front();
                has_before = true;
            }
            events.push_back(EventLine::of(&seen));
            ControlFlow::Continue(())
        })?;
        Ok(Self { events: events.into(), has_before, has_after })
    }
}

impl EventLine {
    pub(crate) fn of(seen: &Seen<'_>) -> Self {
        let view = seen.view;
        Self {
            number: seen.number(),
            time_ns: seen.time,
            cpu: fields::number(view, &fields::CPU)
                .and_then(|cpu| u16::try_from(cpu).ok())
                .unwrap_or_default(),
            tid: view.tid().0,
            process: seen.process_choice(),
            comm: fields::kept(view, &fields::COMM, 64),
            container: view.container().map_or("", |container| container.id.short()).to_owned(),
            event_type: seen.name().into_owned(),
            direction: fields::kept(view, &fields::DIRECTION, 1),
            args: fields::kept(view, &fields::ARGUMENTS, ARGUMENTS),
            failed: seen.failed(),
        }
    }
}
