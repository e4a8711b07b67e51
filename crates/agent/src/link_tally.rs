//! What has become of each link since the agent began.

use lanner_metrics::{Round, metric};
use lanner_model::time::WallMs;
use lanner_probe::{CgroupPaths, LinkCounts, LinkGrowth};

use crate::link_book::LinkBook;
use crate::link_labels::LinkLabels;

/// Links of a node that have series of their own.
const MOST_LINKS: usize = 2_000;

/// Links over the rounds.
#[derive(Debug)]
pub(crate) struct LinkTally {
    book: LinkBook<LinkValues>,
}

/// One link, or a sum of links.
#[derive(Debug, Default)]
struct LinkValues {
    counts: LinkCounts,
    active: u64,
    rtt_sum_us: u64,
    rtt_count: u64,
}

impl Default for LinkTally {
    fn default() -> Self {
        Self { book: LinkBook::new(MOST_LINKS) }
    }
}

impl LinkTally {
    /// Adds what a look said.
    pub(crate) fn add(&mut self, links: &[LinkGrowth], paths: &CgroupPaths) {
        self.book.begin_round();
        for values in self.book.values_mut() {
            (values.active, values.rtt_sum_us, values.rtt_count) = (0, 0, 0);
        }
        for one in links {
            let Some(values) = self.book.entry(LinkLabels::of(&one.link, paths)) else { continue };
            let (counts, grown) = (&mut values.counts, one.grown);
            counts.connections += grown.connections;
            counts.failed += grown.failed;
            counts.closed += grown.closed;
            counts.sent += grown.sent;
            counts.received += grown.received;
            values.active += one.active;
            values.rtt_sum_us += one.rtt_sum_us;
            values.rtt_count += one.rtt_count;
        }
    }

    /// Adds the samples of all links; one that is new began after `since`.
    pub(crate) fn sample(&self, round: &mut Round<'_>, since: WallMs) {
        for (labels, values) in self.book.iter() {
            let (labels, counts) = (labels.values(), values.counts);
            let counters = [
                (&metric::LANNER_LINK_CONNECTIONS_TOTAL, counts.connections),
                (&metric::LANNER_LINK_FAILED_CONNECTIONS_TOTAL, counts.failed),
                (&metric::LANNER_LINK_CLOSED_CONNECTIONS_TOTAL, counts.closed),
                (&metric::LANNER_LINK_SENT_BYTES_TOTAL, counts.sent),
                (&metric::LANNER_LINK_RECEIVED_BYTES_TOTAL, counts.received),
            ];
            for (metric, count) in counters {
                round.add_counter(metric, labels, count as f64, since);
            }
            round.add(&metric::LANNER_LINK_ACTIVE_CONNECTIONS, labels, values.active as f64);
            let rtt = values.rtt_sum_us as f64 / values.rtt_count as f64 / 1e6;
            round.add_known(&metric::LANNER_LINK_RTT_SECONDS, labels, (values.rtt_count > 0).then_some(rtt));
        }
    }

    /// News that had no room, since the beginning.
    pub(crate) fn refused(&self) -> u64 {
        self.book.refused()
    }
}

#[cfg(test)]
mod tests {
    use lanner_metrics::{SeriesSet, Target};
    use lanner_model::id::CgroupId;
    use lanner_model::series::Sample;
    use lanner_probe::{LinkKey, LinkSide};

    use super::*;

    fn growth(peer: &str, active: u64, grown: LinkCounts) -> LinkGrowth {
        let link = LinkKey {
            side: LinkSide::Client,
            comm: "curl".into(),
            cgroup: CgroupId(1),
            netns: 7,
            local: "10.0.0.1".parse().unwrap(),
            peer: peer.parse().unwrap(),
            port: 443,
        };
        LinkGrowth { link, grown, active, rtt_sum_us: 3_000 * active, rtt_count: active }
    }

    /// `metric{peer}` and value at time, of one round.
    fn round(tally: &LinkTally, series: &mut SeriesSet, time: i64) -> Vec<(String, i64, f64)> {
        let mut round = series.round(WallMs(time));
        tally.sample(&mut round, WallMs(time - 10));
        let told = |sample: &Sample| {
            let name = sample.labels.metric().trim_start_matches("lanner_link_").to_owned();
            let peer = sample.labels.value("peer").unwrap_or_default().to_owned();
            (format!("{name}{{{peer}}}"), sample.time.0, sample.value)
        };
        round.finish().iter().map(told).collect()
    }

    #[test]
    fn what_links_grow_by_adds_up() {
        let (mut tally, mut series) = (LinkTally::default(), SeriesSet::new(&Target::default(), 100));
        let paths = CgroupPaths::default();
        let grown = LinkCounts { connections: 2, sent: 100, ..LinkCounts::default() };
        tally.add(&[growth("10.0.0.2", 1, grown)], &paths);
        let first = round(&tally, &mut series, 1_000);
        let has = |told: &[(String, i64, f64)], name: &str, time, value| {
            assert!(told.contains(&(name.to_owned(), time, value)), "{name} {time} {value}: {told:?}");
        };
        // What is new has grown from nothing.
        has(&first, "connections_total{10.0.0.2}", 990, 0.0);
        has(&first, "connections_total{10.0.0.2}", 1_000, 2.0);
        has(&first, "active_connections{10.0.0.2}", 1_000, 1.0);
        has(&first, "rtt_seconds{10.0.0.2}", 1_000, 0.003);
        tally.add(&[growth("10.0.0.2", 0, LinkCounts { closed: 1, ..grown })], &paths);
        let second = round(&tally, &mut series, 2_000);
        has(&second, "sent_bytes_total{10.0.0.2}", 2_000, 200.0);
        has(&second, "closed_connections_total{10.0.0.2}", 2_000, 1.0);
        has(&second, "active_connections{10.0.0.2}", 2_000, 0.0);
        assert!(second.iter().all(|(_, time, _)| *time == 2_000), "{second:?}");
        // A quiet one keeps its counts.
        tally.add(&[], &paths);
        has(&round(&tally, &mut series, 3_000), "connections_total{10.0.0.2}", 3_000, 4.0);
    }
}
