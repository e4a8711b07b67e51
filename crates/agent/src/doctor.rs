//! What a machine can give, what the agent would do with it, what is missing.

use std::fmt;

use lanner_probe::{Decisions, Facts, Feature, Roots, Wishes, decide};
use serde_json::{Value, json};

use crate::sensor::features;

/// Facts and decisions of one machine; prints itself for people.
#[derive(Clone, Debug)]
pub struct Doctor {
    facts: Facts,
    decisions: Decisions,
}

/// Asks this machine.
#[must_use]
pub fn doctor() -> Doctor {
    let facts = Facts::read(&Roots::default());
    let decisions = decide(&facts, &Wishes::default());
    Doctor { facts, decisions }
}

impl Doctor {
    /// Whether system calls can be watched here.
    #[must_use]
    pub fn can_watch(&self) -> bool {
        self.decisions.blockers.is_empty()
    }

    /// The same for programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let features = features(&self.facts).map(|(name, purpose, feature)| {
            json!({ "feature": name, "there": feature.is_there(), "purpose": purpose, "missing_because": missing(feature) })
        });
        let rights = self.rights().map(|(name, has)| json!({ "right": name, "has": has }));
        let programs: Vec<Value> = self
            .decisions
            .programs
            .iter()
            .map(|choice| json!({ "program": choice.program, "load": choice.load, "reason": choice.reason }))
            .collect();
        let missing: Vec<Value> = self
            .decisions
            .blockers
            .iter()
            .map(|blocker| json!({ "what": blocker.what, "remedy": blocker.remedy }))
            .collect();
        json!({
            "can_watch": self.can_watch(),
            "kernel": self.facts.kernel,
            "arch": self.facts.arch,
            "cpus": self.facts.cpus,
            "memory_bytes": self.facts.memory_bytes,
            "rights": rights,
            "features": features,
            "cgroups": {
                "layout": self.facts.cgroups.layout.as_str(),
                "key": self.decisions.cgroup_key.as_str(),
                "reason": self.decisions.cgroup_reason,
                "mount": self.decisions.cgroup_mount,
            },
            "rings": {
                "cpu_rings": self.decisions.rings.cpu_rings,
                "cpu_ring_bytes": self.decisions.rings.cpu_ring_bytes,
                "critical_ring_bytes": self.decisions.rings.critical_ring_bytes,
            },
            "flight_recorder": {
                "ring_bytes": self.decisions.flight.ring_bytes,
                "reason": self.decisions.flight.reason,
            },
            "programs": programs,
            "notes": self.decisions.notes,
            "missing": missing,
        })
    }

    fn rights(&self) -> [(&'static str, bool); 5] {
        let rights = self.facts.rights;
        [
            ("CAP_BPF", rights.bpf()),
            ("CAP_PERFMON", rights.perfmon()),
            ("CAP_SYS_PTRACE", rights.ptrace()),
            ("CAP_SYS_RESOURCE", rights.sys_resource()),
            ("CAP_IPC_LOCK", rights.ipc_lock()),
        ]
    }
}

fn missing(feature: &Feature) -> Option<&str> {
    match feature {
        Feature::There => None,
        Feature::Missing(why) => Some(why),
    }
}

fn mark(good: bool) -> &'static str {
    if good { "✓" } else { "–" }
}

impl fmt::Display for Doctor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { facts, decisions } = self;
        writeln!(
            f,
            "Machine    Linux {} on {}, {} CPUs, {} MiB",
            facts.kernel,
            facts.arch,
            facts.cpus,
            facts.memory_bytes >> 20
        )?;
        let rights: Vec<String> = self.rights().map(|(name, has)| format!("{} {name}", mark(has))).to_vec();
        writeln!(f, "Rights     {}", rights.join("  "))?;
        writeln!(f, "cgroups    {}", decisions.cgroup_reason)?;
        let rings = &decisions.rings;
        writeln!(
            f,
            "Rings      {} of {} MiB, one more of {} MiB for security-critical events",
            rings.cpu_rings,
            rings.cpu_ring_bytes >> 20,
            rings.critical_ring_bytes >> 20
        )?;
        writeln!(f, "Recorder   {}", decisions.flight.reason)?;
        writeln!(f, "\nKernel features")?;
        for (name, purpose, feature) in features(facts) {
            write!(f, "  {} {name:<19} {purpose}", mark(feature.is_there()))?;
            writeln!(f, "{}", missing(feature).map(|why| format!(" (missing: {why})")).unwrap_or_default())?;
        }
        let loaded = decisions.programs.iter().filter(|choice| choice.load).count();
        writeln!(f, "\nPrograms   {loaded} of {} would be loaded", decisions.programs.len())?;
        for choice in decisions.programs.iter().filter(|choice| !choice.load) {
            writeln!(f, "  – {}: {}", choice.program, choice.reason)?;
        }
        for note in &decisions.notes {
            writeln!(f, "Note       {note}")?;
        }
        if decisions.blockers.is_empty() {
            return writeln!(f, "\nSystem calls can be watched here.");
        }
        writeln!(f, "\nMissing")?;
        for blocker in &decisions.blockers {
            writeln!(f, "  ✕ {}\n    {}", blocker.what, blocker.remedy)?;
        }
        Ok(())
    }
}
