//! Medians, as a table for people and as JSON.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::load::Load;
use crate::subject::{OwnUsage, Subject};

/// One figure of one load.
pub(crate) struct Measured {
    pub(crate) nanoseconds: f64,
}

/// All figures.
pub(crate) struct Report {
    rounds: usize,
    figures: BTreeMap<(Load, Subject), Vec<f64>>,
    own: Vec<OwnUsage>,
}

#[derive(Serialize)]
struct Written {
    kernel: String,
    cpus: usize,
    rounds: usize,
    loads: Vec<WrittenLoad>,
    agent: Option<OwnUsage>,
}

#[derive(Serialize)]
struct WrittenLoad {
    load: &'static str,
    alone_ns_per_op: f64,
    floor_added_ns_per_op: f64,
    lanner_added_ns_per_op: f64,
    spread_ns_per_op: f64,
}

impl Report {
    pub(crate) fn new(rounds: usize) -> Self {
        Self { rounds, figures: BTreeMap::new(), own: Vec::new() }
    }

    pub(crate) fn add(&mut self, load: Load, subject: Subject, measured: Measured) {
        self.figures.entry((load, subject)).or_default().push(measured.nanoseconds);
    }

    pub(crate) fn add_own(&mut self, own: OwnUsage) {
        self.own.push(own);
    }

    fn loads(&self) -> Vec<WrittenLoad> {
        let of = |load, subject| self.figures.get(&(load, subject)).map_or(f64::NAN, |runs| median(runs));
        let spread = |load| {
            let runs = self.figures.get(&(load, Subject::Nothing)).map_or(&[][..], Vec::as_slice);
            runs.iter().copied().fold(f64::NAN, f64::max) - runs.iter().copied().fold(f64::NAN, f64::min)
        };
        let written = |load: Load| WrittenLoad {
            load: load.name(),
            alone_ns_per_op: of(load, Subject::Nothing),
            floor_added_ns_per_op: of(load, Subject::Floor) - of(load, Subject::Nothing),
            lanner_added_ns_per_op: of(load, Subject::Lanner) - of(load, Subject::Nothing),
            spread_ns_per_op: spread(load),
        };
        Load::ALL.into_iter().map(written).collect()
    }

    pub(crate) fn print(&self) {
        println!(
            "\n{:<24} {:>12} {:>12} {:>12} {:>14}",
            "CPU ns/op", "alone", "floor", "lanner", "spread alone"
        );
        for row in self.loads() {
            println!(
                "{:<24} {:>12.0} {:>+12.0} {:>+12.0} {:>14.0}",
                row.load,
                row.alone_ns_per_op,
                row.floor_added_ns_per_op,
                row.lanner_added_ns_per_op,
                row.spread_ns_per_op
            );
        }
        if let Some(own) = self.own() {
            println!(
                "lanner up (agent and server in one process): {:.2} CPU s a round of {:.0} s, {:.1} MiB resident without rings, {:.1} MiB rings, {} events lost",
                own.cpu_seconds,
                own.wall_seconds,
                own.resident_bytes as f64 / 1_048_576.0,
                own.ring_bytes as f64 / 1_048_576.0,
                own.lost_events.map_or_else(|| "unknown".to_owned(), |lost| lost.to_string()),
            );
        }
    }

    fn own(&self) -> Option<OwnUsage> {
        let of = |pick: fn(&OwnUsage) -> f64| median(&self.own.iter().map(pick).collect::<Vec<_>>());
        (!self.own.is_empty()).then(|| OwnUsage {
            cpu_seconds: of(|own| own.cpu_seconds),
            wall_seconds: of(|own| own.wall_seconds),
            resident_bytes: of(|own| own.resident_bytes as f64) as u64,
            ring_bytes: of(|own| own.ring_bytes as f64) as u64,
            lost_events: self.own.iter().map(|own| own.lost_events).max().flatten(),
        })
    }

    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let written = Written {
            kernel: rustix::system::uname().release().to_string_lossy().into_owned(),
            cpus: std::thread::available_parallelism().map_or(0, usize::from),
            rounds: self.rounds,
            loads: self.loads(),
            agent: self.own(),
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string_pretty(&written)? + "\n";
        std::fs::write(path, text).with_context(|| format!("write {}", path.display()))
    }
}

fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => sorted[len / 2],
        len => f64::midpoint(sorted[len / 2 - 1], sorted[len / 2]),
    }
}
