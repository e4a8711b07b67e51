//! Who talks to whom: samples of links, requests and listeners.

use lanner_api::http::Decision;
use lanner_metrics::{SeriesSet, Target, metric};
use lanner_model::id::NodeName;
use lanner_model::loss::{Loss, LossCause};
use lanner_model::series::Sample;
use lanner_model::time::{WallMs, WallNs};
use lanner_probe::{LinkReader, Listener, Probe, ProbeError};

use crate::clock;
use crate::l7_tally::L7Tally;
use crate::link_labels::listener_values;
use crate::link_tally::LinkTally;
use crate::requests::Requests;
use crate::tally::Tally;

/// Series of links, requests and listeners together; the tallies have bounds of their own below it.
const SERIES_BUDGET: usize = 32_000;
/// Listeners that are told.
const MOST_LISTENERS: usize = 1_000;

/// What asks the kernel about links, and what came of it so far.
#[derive(Debug)]
pub(crate) struct Links {
    /// `None` where the kernel can not be asked.
    reader: Option<LinkReader>,
    requests: Requests,
    links: LinkTally,
    l7: L7Tally,
    series: SeriesSet,
    /// When the round before was, or when links began to be summed: what is new began after it.
    last: WallMs,
    listeners_left_out: u64,
    is_failing: bool,
}

impl Links {
    /// Has a probe sum connections and listen to what is said over them. Where the kernel does not take
    /// that, links are not known.
    pub(crate) fn of(probe: &mut Probe, node: &NodeName) -> Self {
        let requests = Requests::default();
        let reader = probe.links().unwrap_or_else(|error| {
            tell_failure(error);
            None
        });
        if reader.is_some() {
            let ears = requests.clone();
            if let Err(error) = probe.hear(move |heard| ears.hear(heard)) {
                tell_failure(error);
            }
        }
        let target = Target { node: node.clone(), labels: Vec::new() };
        Self {
            reader,
            requests,
            links: LinkTally::default(),
            l7: L7Tally::default(),
            series: SeriesSet::new(&target, SERIES_BUDGET),
            last: clock::now().millis(),
            listeners_left_out: 0,
            is_failing: false,
        }
    }

    /// Whether links are known, as pages show it.
    pub(crate) fn decision(&self) -> Decision {
        let reason = match self.reader {
            Some(_) => {
                "connections are summed in the kernel, requests of HTTP/1.x are found in what calls carry"
            }
            None => "who talks to whom is not known: the kernel did not take the programs",
        };
        Decision { feature: "links".to_owned(), used: self.reader.is_some(), reason: reason.to_owned() }
    }

    /// The samples of a round; none when links are not known at the moment.
    pub(crate) fn samples(&mut self, now: WallNs, tally: &Tally) -> Vec<Sample> {
        let Some(reader) = &mut self.reader else { return Vec::new() };
        let look = match reader.look() {
            Ok(look) => look,
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tell_failure(error);
                }
                return Vec::new();
            }
        };
        self.is_failing = false;
        let paths = reader.paths();
        self.links.add(&look.links, paths);
        self.l7.add(self.requests.take(now), paths);
        let time = now.millis();
        // Behind the end that a series of the same name may have had in the round before.
        let since = WallMs((self.last.0 + 1).min(time.0 - 1));
        self.last = time;
        let mut round = self.series.round(time);
        self.links.sample(&mut round, since);
        self.l7.sample(&mut round, since);
        let listeners = distinct(look.listeners);
        self.listeners_left_out += listeners.len().saturating_sub(MOST_LISTENERS) as u64;
        for listener in listeners.iter().take(MOST_LISTENERS) {
            let values = listener_values(listener, paths);
            round.add(&metric::LANNER_LISTENER_INFO, values.each_ref().map(String::as_str), 1.0);
        }
        let samples = round.finish();
        look.losses.into_iter().for_each(|loss| tally.set_loss(loss));
        for (place, count) in [
            ("links", self.links.refused() + self.l7.refused() + self.series.refused()),
            ("listeners", self.listeners_left_out),
            ("requests", self.requests.lost()),
        ] {
            if count > 0 {
                tally.set_loss(Loss { cause: LossCause::Budget, place: place.to_owned(), count });
            }
        }
        samples
    }
}

/// Listeners by name and place, each once: several processes may hold one socket.
fn distinct(mut listeners: Vec<Listener>) -> Vec<Listener> {
    listeners.sort_unstable();
    listeners.dedup();
    listeners
}

fn tell_failure(error: ProbeError) {
    tracing::warn!("who talks to whom is not known: {:#}", anyhow::Error::new(error));
}
