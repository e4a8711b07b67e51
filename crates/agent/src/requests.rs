//! What is said over links becomes counted requests, on the watcher's thread; the sampler takes the counts.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanner_l7::{Budget, Direction, Exchange, Segment, Tracker};
use lanner_model::time::WallNs;
use lanner_probe::{ConnectionId, Direction as Way, Heard, LinkKey};
use rustc_hash::FxHashMap;

use crate::l7_tally::RequestCounts;

/// Links that may have news between two rounds; what is beyond is counted as lost.
const MOST_LINKS: usize = 8_192;

/// Requests of all connections, shared by the thread that hears and the one that samples.
#[derive(Clone, Debug)]
pub(crate) struct Requests(Arc<Mutex<Conversations>>);

#[derive(Debug)]
struct Conversations {
    tracker: Tracker<ConnectionId>,
    /// Which link a connection belongs to, and when it was last heard.
    links: FxHashMap<ConnectionId, (LinkKey, WallNs)>,
    most_connections: usize,
    quiet_ns: u64,
    grown: FxHashMap<LinkKey, RequestCounts>,
    lost: u64,
}

impl Default for Requests {
    fn default() -> Self {
        let budget = Budget::default();
        Self(Arc::new(Mutex::new(Conversations {
            tracker: Tracker::new(budget),
            links: FxHashMap::default(),
            most_connections: budget.connections,
            quiet_ns: budget.quiet_ns,
            grown: FxHashMap::default(),
            lost: 0,
        })))
    }
}

impl Requests {
    /// Takes what was heard.
    pub(crate) fn hear(&self, heard: Heard<'_>) {
        self.conversations().hear(heard);
    }

    /// What came since the last time; requests that wait too long count as unanswered.
    pub(crate) fn take(&self, now: WallNs) -> FxHashMap<LinkKey, RequestCounts> {
        let mut conversations = self.conversations();
        conversations.expire(now);
        std::mem::take(&mut conversations.grown)
    }

    /// Requests that were not followed or not counted, since the beginning.
    pub(crate) fn lost(&self) -> u64 {
        let conversations = self.conversations();
        conversations.lost + conversations.tracker.evicted()
    }

    fn conversations(&self) -> MutexGuard<'_, Conversations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Conversations {
    fn hear(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Segment(segment) => {
                let connection = segment.connection;
                if self.links.len() >= self.most_connections && !self.links.contains_key(&connection) {
                    self.lost += 1;
                    return;
                }
                self.links.insert(connection, (segment.link, segment.time));
                let direction = match segment.direction {
                    Way::Received => Direction::Received,
                    Way::Sent => Direction::Sent,
                };
                let segment = Segment { direction, time: segment.time, data: segment.data };
                if let Some(exchange) = self.tracker.segment(&connection, segment) {
                    self.count(connection, &exchange);
                }
            }
            Heard::End { connection, time } => {
                let Some(exchange) = self.tracker.closed(&connection, time) else {
                    self.links.remove(&connection);
                    return;
                };
                self.count(connection, &exchange);
                // Those sent behind it come with the next expiry, and still need the link.
                if let Some((_, heard)) = self.links.get_mut(&connection) {
                    *heard = WallNs(0);
                }
            }
        }
    }

    fn expire(&mut self, now: WallNs) {
        let mut ended = Vec::new();
        self.tracker.expire(now, |connection, exchange| ended.push((*connection, exchange)));
        for (connection, exchange) in ended {
            self.count(connection, &exchange);
        }
        let quiet_ns = self.quiet_ns;
        self.links.retain(|_, (_, heard)| now.since(*heard) < quiet_ns);
    }

    fn count(&mut self, connection: ConnectionId, exchange: &Exchange) {
        let Some((link, _)) = self.links.get(&connection) else {
            self.lost += 1;
            return;
        };
        if self.grown.len() >= MOST_LINKS && !self.grown.contains_key(link) {
            self.lost += 1;
            return;
        }
        self.grown.entry(*link).or_default().add(exchange);
    }
}

#[cfg(test)]
mod tests {
    use lanner_l7::Outcome;
    use lanner_model::id::CgroupId;
    use lanner_probe::{LinkSide, Segment as Said};

    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn connection(socket: u64) -> ConnectionId {
        ConnectionId { socket, begun_ns: 1 }
    }

    fn link(port: u16) -> LinkKey {
        LinkKey {
            side: LinkSide::Client,
            comm: "curl".into(),
            cgroup: CgroupId(1),
            netns: 7,
            local: "10.0.0.1".parse().unwrap(),
            peer: "10.0.0.2".parse().unwrap(),
            port,
        }
    }

    /// A request on even steps and an answer on odd ones, over one connection.
    fn say(requests: &Requests, socket: u64, port: u16, direction: Way, second: u64) {
        let data: &[u8] = if direction == Way::Sent { b"GET / HTTP/1.1\r\n" } else { b"HTTP/1.1 200 OK\r\n" };
        let (connection, link, time) = (connection(socket), link(port), WallNs(second * SECOND));
        requests.hear(Heard::Segment(Said { connection, link, direction, time, data }));
    }

    fn counts(outcomes: &[(Outcome, Option<u64>)]) -> RequestCounts {
        let mut counts = RequestCounts::default();
        for (outcome, seconds) in outcomes {
            counts.add(&Exchange {
                side: lanner_l7::Side::Client,
                protocol: lanner_l7::Protocol::Http,
                begun: WallNs(0),
                ended: WallNs(0),
                duration_ns: seconds.map(|seconds| seconds * SECOND),
                outcome: *outcome,
                method: "GET",
                path: "/".into(),
            });
        }
        counts
    }

    #[test]
    fn answered_requests_and_those_whose_connection_ended_are_counted_per_link() {
        let requests = Requests::default();
        say(&requests, 1, 80, Way::Sent, 10);
        say(&requests, 2, 81, Way::Sent, 10);
        say(&requests, 1, 80, Way::Received, 12);
        say(&requests, 1, 80, Way::Sent, 13);
        requests.hear(Heard::End { connection: connection(1), time: WallNs(14 * SECOND) });
        let taken = requests.take(WallNs(15 * SECOND));
        let expected = counts(&[(Outcome::Status(200), Some(2)), (Outcome::Unanswered, None)]);
        assert_eq!(taken, FxHashMap::from_iter([(link(80), expected)]));
        assert!(requests.take(WallNs(16 * SECOND)).is_empty(), "each is taken once");
        // The other one waits too long.
        let taken = requests.take(WallNs(400 * SECOND));
        assert_eq!(taken, FxHashMap::from_iter([(link(81), counts(&[(Outcome::Unanswered, None)]))]));
        assert_eq!(requests.lost(), 0);
    }

    #[test]
    fn a_connection_without_an_open_request_is_forgotten_when_it_ends() {
        let requests = Requests::default();
        for socket in 0..3 * Budget::default().connections as u64 {
            say(&requests, socket, 80, Way::Sent, 10);
            say(&requests, socket, 80, Way::Received, 10);
            requests.hear(Heard::End { connection: connection(socket), time: WallNs(10 * SECOND) });
        }
        assert_eq!(requests.lost(), 0);
        assert!(requests.conversations().links.is_empty());
    }

    #[test]
    fn equal_places_in_memory_at_different_times_are_different_connections() {
        let requests = Requests::default();
        say(&requests, 1, 80, Way::Sent, 10);
        let other = ConnectionId { socket: 1, begun_ns: 2 };
        let (link, time) = (link(80), WallNs(11 * SECOND));
        let data = b"HTTP/1.1 200 OK\r\n";
        requests.hear(Heard::Segment(Said { connection: other, link, direction: Way::Received, time, data }));
        assert!(requests.take(WallNs(12 * SECOND)).is_empty());
    }
}
