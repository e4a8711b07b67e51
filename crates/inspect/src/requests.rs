//! Requests in the data of connections.

use std::hash::BuildHasher as _;

use lanner_l7::{Budget, Direction, Exchange, Outcome, Segment, Side, Tracker};
use lanner_model::time::WallNs;
use lanner_rules::{Facts as _, Value};
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::deed::Deed;
use crate::fields;
use crate::seen::{Object, Seen, To};

/// Connections whose serving end is remembered.
const MOST_SERVED: usize = 65_536;

/// Follows requests; what both ends of a connection show counts once.
#[derive(Debug)]
pub(crate) struct Requests {
    tracker: Tracker<u64>,
    /// Connections whose serving end is in the capture.
    served: FxHashSet<u64>,
}

/// A request that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Whether it was answered with an error, or never.
    pub(crate) is_error: bool,
}

impl Requests {
    pub(crate) fn new() -> Self {
        Self { tracker: Tracker::new(Budget::default()), served: FxHashSet::default() }
    }

    /// Takes what an event carried; gives a request that it ended.
    pub(crate) fn see(&mut self, seen: &Seen<'_>) -> Option<Ended> {
        let Object::Connection(name) = &seen.object else { return None };
        let time = WallNs(seen.time);
        if seen.deed == Deed::Close {
            let (connection, end) = self.keys(name, seen);
            let exchange = self.tracker.closed(&end, time)?;
            return self.counted(connection, &exchange);
        }
        let carried = seen.carried?;
        let Value::Text(data) = seen.view.value(&fields::DATA) else { return None };
        let (connection, end) = self.keys(name, seen);
        let direction = match carried.to {
            To::Process => Direction::Received,
            To::Object => Direction::Sent,
        };
        let exchange = self.tracker.segment(&end, Segment { direction, time, data: &data })?;
        self.counted(connection, &exchange)
    }

    /// Requests that still wait when the capture ends.
    pub(crate) fn waiting(&mut self) -> u64 {
        let mut count = 0;
        self.tracker.expire(WallNs(u64::MAX), |_, _| count += 1);
        count
    }

    /// The connection, and this end of it.
    fn keys(&self, name: &str, seen: &Seen<'_>) -> (u64, u64) {
        let serves = fields::holds(seen.view, &fields::FD_IS_SERVER);
        (FxBuildHasher.hash_one(name), FxBuildHasher.hash_one((name, serves)))
    }

    fn counted(&mut self, connection: u64, exchange: &Exchange) -> Option<Ended> {
        match exchange.side {
            Side::Server if self.served.len() < MOST_SERVED => drop(self.served.insert(connection)),
            Side::Server => {}
            Side::Client if self.served.contains(&connection) => return None,
            Side::Client => {}
        }
        let is_error = match exchange.outcome {
            Outcome::Status(status) => status >= 400,
            Outcome::Unanswered => true,
        };
        Some(Ended { is_error })
    }
}
