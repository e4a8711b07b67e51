//! The series of a range of time, folded as they come.

use std::collections::BTreeMap;

use lanner_model::series::Labels;
use lanner_model::time::WallMs;
use rustc_hash::FxHashMap;

use super::course::Course;
use super::link::{LinkKey, Listener, Side};
use super::measure::Measure;
use super::presence::Presence;
use super::traffic::{Tally, Traffic};

/// How far before a range its first sample is looked for: three intervals of an agent.
const LOOKBACK_MS: i64 = 30_000;
/// A gauge whose last sample is this much older than its node's is none any more.
const PRESENT_MS: i64 = 30_000;

/// What was observed in a range of time. Series may come in parts, as long as the points of each come in
/// the order of their times; what is kept of a series does not grow with its points.
#[derive(Clone, Debug)]
pub struct Observation {
    pub(crate) from: WallMs,
    series: FxHashMap<Labels, (Measure, Course)>,
    nodes: FxHashMap<Box<str>, Presence>,
}

/// CPU time of something, and the labels of what it is.
pub(crate) struct CpuUse<'a> {
    pub(crate) labels: &'a Labels,
    pub(crate) cores: f64,
}

impl Observation {
    /// Nothing was observed so far, in a range from here.
    #[must_use]
    pub fn new(from: WallMs) -> Observation {
        Observation { from, series: FxHashMap::default(), nodes: FxHashMap::default() }
    }

    /// From when on samples are needed: a bit earlier than the range begins, for a counter tells something
    /// by its growth only.
    #[must_use]
    pub fn needs_from(&self) -> WallMs {
        WallMs(self.from.0.saturating_sub(LOOKBACK_MS))
    }

    /// Takes points of a series; what does not belong on a map is left alone.
    pub fn add(&mut self, labels: &Labels, points: &[(WallMs, f64)]) {
        if let Some((_, course)) = self.series.get_mut(labels) {
            course.add(points, self.from);
        } else if let Some(measure) = Measure::of(labels) {
            let mut course = Course::default();
            course.add(points, self.from);
            self.series.insert(labels.clone(), (measure, course));
        } else {
            return;
        }
        let node = labels.value("node").unwrap_or_default();
        match self.nodes.get_mut(node) {
            Some(presence) => presence.add(points),
            None => self.nodes.entry(node.into()).or_default().add(points),
        }
    }

    /// How many series there are.
    #[must_use]
    pub fn series(&self) -> usize {
        self.series.len()
    }

    /// The first and the last sample; `None` when there is none.
    #[must_use]
    pub fn ends(&self) -> Option<(WallMs, WallMs)> {
        let ends = || self.nodes.values().filter_map(Presence::ends);
        let first = ends().map(|(first, _)| first).min()?;
        let last = ends().map(|(_, last)| last).max()?;
        Some((first.max(self.from), last)).filter(|(first, last)| first <= last)
    }

    /// All links with what went over them.
    pub(crate) fn links(&self) -> BTreeMap<LinkKey, Traffic> {
        let mut links: BTreeMap<LinkKey, Traffic> = BTreeMap::new();
        for (labels, (measure, course)) in &self.series {
            if !course.was_seen() || !measure.is_of_link() {
                continue;
            }
            if let Some(key) = LinkKey::of(labels) {
                let (node, side) = (self.node(labels), key.side);
                let protocol = labels.value("protocol");
                node.put(links.entry(key).or_default(), measure, course, side, protocol);
            }
        }
        links
    }

    /// All programs that listened.
    pub(crate) fn listeners(&self) -> Vec<Listener> {
        let listeners = self
            .series
            .iter()
            .filter(|(_, (measure, course))| *measure == Measure::Listener && course.was_seen());
        let mut listeners: Vec<Listener> = listeners.filter_map(|(labels, _)| Listener::of(labels)).collect();
        listeners.sort();
        listeners
    }

    /// CPUs used, for each series of this kind.
    pub(crate) fn cpu(&self, wanted: &Measure) -> impl Iterator<Item = CpuUse<'_>> {
        self.series.iter().filter_map(move |(labels, (measure, course))| {
            let node = self.node(labels);
            let cores = match measure {
                Measure::ProcessCpu => {
                    node.seconds.filter(|seconds| *seconds > 0.0).map(|seconds| course.rise() / seconds)
                }
                _ => node.tally(course).per_second,
            };
            let cores = cores.filter(|_| measure == wanted && course.was_seen())?;
            Some(CpuUse { labels, cores })
        })
    }

    /// CPUs that nodes have.
    pub(crate) fn host_cores(&self) -> impl Iterator<Item = (&str, f64)> {
        self.series.iter().filter_map(|(labels, (measure, course))| {
            let cores = course.mean().filter(|_| *measure == Measure::HostCores)?;
            Some((labels.value("node")?, cores))
        })
    }

    fn node(&self, labels: &Labels) -> NodeTime {
        let presence = self.nodes.get(labels.value("node").unwrap_or_default());
        let ends = presence.and_then(Presence::ends);
        NodeTime {
            seconds: presence.and_then(|presence| presence.seconds(self.from)),
            observed_from: ends.map_or(WallMs(i64::MIN), |(first, _)| first),
            present_since: ends.map_or(WallMs(i64::MAX), |(_, last)| WallMs(last.0 - PRESENT_MS)),
        }
    }
}

/// When a node was observed.
struct NodeTime {
    seconds: Option<f64>,
    observed_from: WallMs,
    present_since: WallMs,
}

impl NodeTime {
    fn tally(&self, course: &Course) -> Tally {
        let total = course.increase(self.observed_from);
        Tally { total, per_second: self.seconds.map(|seconds| total / seconds) }
    }

    /// Puts what one series says where it belongs.
    fn put(
        &self,
        traffic: &mut Traffic,
        measure: &Measure,
        course: &Course,
        side: Side,
        protocol: Option<&str>,
    ) {
        let tally = self.tally(course);
        match (measure, side) {
            (Measure::Connections, _) => traffic.connections = Some(tally),
            (Measure::FailedConnections, _) => traffic.failed = Some(tally),
            (Measure::SentBytes, Side::Client) | (Measure::ReceivedBytes, Side::Server) => {
                traffic.sent = Some(tally);
            }
            (Measure::ReceivedBytes, Side::Client) | (Measure::SentBytes, Side::Server) => {
                traffic.received = Some(tally);
            }
            (Measure::ActiveConnections, _) => {
                traffic.active = Some(course.present(self.present_since).unwrap_or(0.0));
            }
            (Measure::RttSeconds, _) => {
                traffic.rtt_seconds = course.mean().map_or((0.0, 0), |seconds| (seconds, 1));
            }
            (Measure::Requests { status }, _) => {
                traffic.protocol = protocol.map(Into::into);
                let sum = traffic.requests.entry(status.clone()).or_default();
                let per_second = sum.per_second.unwrap_or_default();
                sum.total += tally.total;
                sum.per_second = tally.per_second.map(|more| per_second + more);
            }
            (Measure::Bucket { le }, _) => {
                *traffic.buckets.entry(le.max(0.0).to_bits()).or_default() += tally.total;
            }
            (Measure::DurationSeconds, _) => traffic.duration_seconds += tally.total,
            (Measure::Durations, _) => traffic.durations += tally.total,
            (Measure::Listener, _)
            | (Measure::ProcessCpu | Measure::ContainerCpu | Measure::HostCpu | Measure::HostCores, _) => {}
        }
    }
}
