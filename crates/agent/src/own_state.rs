//! How the agent itself fares, for the page.

use std::fs;
use std::time::Instant;

use lanner_api::agent::Status;
use lanner_api::http::LossCount;

use crate::tally::Tally;

/// What is needed to tell rates from one look to the next.
#[derive(Debug, Default)]
pub(crate) struct OwnState {
    last: Option<Look>,
}

/// One look.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: Instant,
    events: u64,
    cpu_seconds: f64,
}

impl OwnState {
    /// State since the status before; rates are unknown the first time.
    pub(crate) fn status(&mut self, tally: &Tally) -> Status {
        let look = Look { at: Instant::now(), events: tally.events(), cpu_seconds: cpu_seconds() };
        let since = self.last.replace(look);
        let rate = |of: fn(&Look) -> f64| {
            let last = since.as_ref()?;
            let seconds = look.at.duration_since(last.at).as_secs_f64();
            (seconds > 0.0).then(|| (of(&look) - of(last)) / seconds)
        };
        let count = |loss: lanner_model::loss::Loss| LossCount {
            cause: loss.cause.as_str().to_owned(),
            place: loss.place,
            count: loss.count,
        };
        Status {
            losses: tally.all_losses().into_iter().map(count).collect(),
            events_per_second: rate(|look| look.events as f64),
            cpu_cores: rate(|look| look.cpu_seconds),
            memory_bytes: resident_bytes(),
        }
    }
}

/// CPU time of this process in seconds.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Resident memory of this process, mapped rings included; `None` where `/proc` is not mounted.
fn resident_bytes() -> Option<u64> {
    let pages: u64 = fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages.saturating_mul(rustix::param::page_size() as u64))
}
