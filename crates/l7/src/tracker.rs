//! All connections.

use std::collections::VecDeque;
use std::hash::Hash;

use lanner_model::time::WallNs;

use super::budget::Budget;
use super::conversation::{Conversation, Found, Step};
use super::exchange::Exchange;
use super::recency::Recency;
use super::segment::Segment;

/// Follows connections. `K` says which connection, and which end of it where both are seen.
#[derive(Debug)]
pub struct Tracker<K> {
    budget: Budget,
    conversations: Recency<K, Conversation>,
    /// Requests that were open when their connection was closed, beyond the one that was given then.
    given_up: VecDeque<(K, Exchange)>,
    /// What all pending requests take.
    pending_bytes: usize,
    evicted: u64,
}

impl<K: Hash + Eq + Clone> Tracker<K> {
    /// A tracker that has seen nothing.
    #[must_use]
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            conversations: Recency::new(),
            given_up: VecDeque::new(),
            pending_bytes: 0,
            evicted: 0,
        }
    }

    /// Takes what one successful call carried. Gives the exchange that ends here: the beginning of a
    /// response is its end.
    pub fn segment(&mut self, connection: &K, segment: Segment<'_>) -> Option<Exchange> {
        let found = Found::alone(&segment);
        if self.conversations.use_entry(connection).is_none() {
            if !found.is_of_interest(&segment) {
                return None;
            }
            self.conversations.insert(connection.clone(), Conversation::default());
        }
        let conversation = self.conversations.use_entry(connection)?;
        let before = conversation.bytes();
        let step = conversation.segment(&segment, found, self.budget.pending);
        self.pending_bytes = self.pending_bytes - before + conversation.bytes();
        let ended = match step {
            Step::Nothing => None,
            Step::Ended(exchange) => Some(exchange),
            Step::Lost(requests) => {
                self.evicted += requests;
                None
            }
        };
        self.stay_within_budget();
        ended
    }

    /// The connection was closed; its key may mean another one from here on. Gives the oldest request that
    /// was open; further ones (pipelined) come with the next [`Tracker::expire`].
    pub fn closed(&mut self, connection: &K, time: WallNs) -> Option<Exchange> {
        let mut conversation = self.conversations.remove(connection)?;
        self.pending_bytes -= conversation.bytes();
        let first = conversation.give_up(time);
        while let Some(exchange) = conversation.give_up(time) {
            if self.given_up.len() < self.budget.connections {
                self.given_up.push_back((connection.clone(), exchange));
            } else {
                self.evicted += 1;
            }
        }
        first
    }

    /// Gives every request that waited too long, and forgets connections that are quiet. To be called every
    /// few seconds; takes time by the number of connections.
    pub fn expire(&mut self, now: WallNs, mut each: impl FnMut(&K, Exchange)) {
        for (connection, exchange) in self.given_up.drain(..) {
            each(&connection, exchange);
        }
        let Budget { answer_within_ns, quiet_ns, .. } = self.budget;
        let mut pending_bytes = 0;
        self.conversations.retain(|connection, conversation| {
            while let Some(exchange) = conversation.expire(now, answer_within_ns) {
                each(connection, exchange);
            }
            pending_bytes += conversation.bytes();
            !conversation.is_quiet(now, quiet_ns)
        });
        self.pending_bytes = pending_bytes;
    }

    /// Requests that are not followed to their end because the budget was used up; cumulative. A
    /// connection that was forgotten without open requests counts as one.
    #[must_use]
    pub fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Connections that are followed.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.conversations.len()
    }

    /// Bytes that it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        // The key stands in the map and in the slot.
        let each = size_of::<Conversation>() + 2 * size_of::<K>() + 4 * size_of::<usize>();
        self.conversations.len() * each + self.pending_bytes
    }

    fn stay_within_budget(&mut self) {
        while self.conversations.len() > self.budget.connections || self.bytes() > self.budget.bytes {
            let Some(oldest) = self.conversations.remove_oldest() else { return };
            self.pending_bytes -= oldest.bytes();
            self.evicted += oldest.pending().max(1) as u64;
        }
    }
}
