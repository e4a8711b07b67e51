//! One connection as one end of it saw it.

use std::collections::VecDeque;

use lanner_model::time::WallNs;

use super::exchange::{Exchange, Outcome, Protocol, Side};
use super::http::{Beginning, Request, Response, beginning};
use super::opening::Opening;
use super::segment::{Direction, Segment};

/// What is known of a connection.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// Known from the first request on.
    side: Option<Side>,
    /// Requests without an answer so far, the oldest first.
    pending: VecDeque<Pending>,
    openings: [Opening; 2],
    /// It became something else (a tunnel, a web socket), or more than could be kept apart.
    is_opaque: bool,
    /// When something was last seen.
    touched: WallNs,
}

#[derive(Debug)]
struct Pending {
    begun: WallNs,
    method: &'static str,
    path: Box<str>,
    is_cut: bool,
    /// Its body goes on: what is sent next is no request, whatever it looks like.
    has_more: bool,
}

/// What a segment did.
#[derive(Debug)]
pub(crate) enum Step {
    Nothing,
    Ended(Exchange),
    /// This many requests are no longer followed.
    Lost(u64),
}

/// What begins in a segment, and when it began to.
#[derive(Debug)]
pub(crate) struct Found {
    beginning: Beginning,
    begun: WallNs,
}

impl Found {
    pub(crate) fn alone(segment: &Segment<'_>) -> Found {
        Found { beginning: beginning(segment.data), begun: segment.time }
    }

    /// Whether a connection begins to be of interest here.
    pub(crate) fn is_of_interest(&self, segment: &Segment<'_>) -> bool {
        match self.beginning {
            Beginning::Request(_) => true,
            Beginning::Unclear => !segment.data.is_empty(),
            Beginning::Response(_) | Beginning::Other => false,
        }
    }
}

impl Conversation {
    /// Bytes it takes beyond itself.
    pub(crate) fn bytes(&self) -> usize {
        self.pending.iter().map(|pending| size_of::<Pending>() + pending.path.len()).sum()
    }

    /// How many requests wait for an answer.
    pub(crate) fn pending(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn is_quiet(&self, now: WallNs, quiet_ns: u64) -> bool {
        self.pending.is_empty() && now.since(self.touched) >= quiet_ns
    }

    /// Takes what a segment carries. At most `most` requests wait at a time.
    pub(crate) fn segment(&mut self, segment: &Segment<'_>, alone: Found, most: usize) -> Step {
        self.touched = segment.time;
        if self.is_opaque {
            return Step::Nothing;
        }
        let Found { beginning, begun } = self.joined(segment, alone);
        match beginning {
            Beginning::Request(request) => self.request(segment.direction, begun, request, most),
            Beginning::Response(response) => self.response(segment.direction, begun, response),
            Beginning::Unclear | Beginning::Other => Step::Nothing,
        }
    }

    /// What begins in this segment or began in the one before. A look without taking (`MSG_PEEK`) shows
    /// the same bytes twice, so what makes no sense together is looked at alone.
    fn joined(&mut self, segment: &Segment<'_>, alone: Found) -> Found {
        let opening = &mut self.openings[usize::from(segment.direction == Direction::Received)];
        if let Some(joined) = opening.take(segment.data) {
            match beginning(joined.data()) {
                Beginning::Other => {}
                Beginning::Unclear => {
                    opening.keep(joined.data(), joined.begun);
                    return Found { beginning: Beginning::Unclear, begun: joined.begun };
                }
                beginning => return Found { beginning, begun: joined.begun },
            }
        }
        if alone.beginning == Beginning::Unclear {
            opening.keep(segment.data, segment.time);
        }
        alone
    }

    fn request(&mut self, direction: Direction, begun: WallNs, request: Request, most: usize) -> Step {
        let side = match direction {
            Direction::Sent => Side::Client,
            Direction::Received => Side::Server,
        };
        if *self.side.get_or_insert(side) != side {
            return Step::Nothing;
        }
        if let Some(last) = self.pending.back_mut() {
            if side == Side::Server && last.is_same(&request) {
                // Looked at with `MSG_PEEK` before it was taken. A client that sends the same request twice
                // without waiting, read in two calls, is counted once for it.
                (last.path, last.is_cut) = (request.path, request.is_cut);
                last.has_more = request.has_more;
                return Step::Nothing;
            }
            if last.has_more {
                return Step::Nothing;
            }
        }
        if self.pending.len() >= most {
            self.is_opaque = true;
            let lost = std::mem::take(&mut self.pending).len() + 1;
            return Step::Lost(lost as u64);
        }
        let Request { method, path, is_cut, has_more } = request;
        self.pending.push_back(Pending { begun, method, path, is_cut, has_more });
        Step::Nothing
    }

    fn response(&mut self, direction: Direction, begun: WallNs, response: Response) -> Step {
        let side = match direction {
            Direction::Received => Side::Client,
            Direction::Sent => Side::Server,
        };
        let is_interim = response.status < 200 && response.status != 101;
        if self.side != Some(side) || is_interim {
            return Step::Nothing;
        }
        let Some(pending) = self.pending.pop_front() else { return Step::Nothing };
        let is_tunnel = pending.method == "CONNECT" && (200..300).contains(&response.status);
        self.is_opaque = is_tunnel || response.status == 101;
        let duration_ns = begun.0.checked_sub(pending.begun.0);
        let outcome = Outcome::Status(response.status);
        Step::Ended(pending.ended(side, begun, duration_ns, outcome))
    }

    /// Gives up the oldest request.
    pub(crate) fn give_up(&mut self, now: WallNs) -> Option<Exchange> {
        let side = self.side?;
        let pending = self.pending.pop_front()?;
        Some(pending.ended(side, now, None, Outcome::Unanswered))
    }

    /// Gives up the oldest request if it waited this long.
    pub(crate) fn expire(&mut self, now: WallNs, answer_within_ns: u64) -> Option<Exchange> {
        let oldest = self.pending.front()?;
        if now.since(oldest.begun) < answer_within_ns {
            return None;
        }
        self.give_up(now)
    }
}

impl Pending {
    fn is_same(&self, request: &Request) -> bool {
        let (known, seen) = (&*self.path, &*request.path);
        let is_same_path = known == seen
            || self.is_cut && seen.starts_with(known)
            || request.is_cut && known.starts_with(seen);
        self.method == request.method && is_same_path
    }

    fn ended(self, side: Side, ended: WallNs, duration_ns: Option<u64>, outcome: Outcome) -> Exchange {
        let Pending { begun, method, path, .. } = self;
        Exchange { side, protocol: Protocol::Http, begun, ended, duration_ns, outcome, method, path }
    }
}
