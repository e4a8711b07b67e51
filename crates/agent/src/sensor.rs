//! The kernel as a source: facts, decisions, the probe.

use anyhow::Context as _;
use lanner_api::http::Decision;
use lanner_model::event::{EventType, syscall};
use lanner_model::id::Pid;
use lanner_probe::{
    Decisions, Facts, Feature, Flight, Interest, OwnEvents, Probe, ProbeConfig, Roots, Scope as ProbeScope,
    Snapshot, Wishes, decide,
};
use lanner_rules::RuleSet;

/// Which processes' system calls are watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All but the agent's own.
    #[default]
    Host,
    /// Those of one process and its descendants.
    Descendants(Pid),
}

/// The started probe, and what the server is told of it.
pub(crate) struct Sensor {
    pub(crate) probe: Probe,
    pub(crate) decisions: Vec<Decision>,
}

/// Starts the probe for what `rules` ask and state needs.
///
/// # Errors
/// When the kernel can not be watched; the text says what is missing and what to do.
pub(crate) fn start(rules: &RuleSet, scope: Scope, flight_recorder_mib: u32) -> anyhow::Result<Sensor> {
    start_with(interest_of(rules), scope, ProbeConfig::default().snaplen, flight_recorder_mib)
}

/// Starts the probe for every call that has an event of its own.
///
/// # Errors
/// When the kernel can not be watched; the text says what is missing and what to do.
pub(crate) fn start_for_recording(scope: Scope, snaplen: u32) -> anyhow::Result<Probe> {
    start_with(Interest::everything(), scope, snaplen, 0).map(|sensor| sensor.probe)
}

fn start_with(
    interest: Interest,
    scope: Scope,
    snaplen: u32,
    flight_recorder_mib: u32,
) -> anyhow::Result<Sensor> {
    let facts = Facts::read(&Roots::default());
    let decisions = decide(&facts, &Wishes { flight_recorder_mib, ..Wishes::default() });
    let scope = match scope {
        Scope::Host => ProbeScope::All,
        Scope::Descendants(pid) => ProbeScope::Only { processes: vec![pid], cgroups: Vec::new() },
    };
    let config = ProbeConfig {
        interest,
        scope,
        snaplen,
        own_events: OwnEvents::LeftOut,
        snapshot: Snapshot::First,
        flight: if flight_recorder_mib > 0 { Flight::On } else { Flight::Off },
    };
    let probe =
        Probe::start(&decisions, &config).context("this machine's system calls can not be watched")?;
    for rejected in probe.rejected() {
        tracing::warn!("the kernel refused a program, what it tells of is not seen: {rejected:?}");
    }
    let mut told = told(&facts, &decisions);
    let (used, reason) = probe.flight_note();
    told.push(Decision { feature: "flight_recorder".to_owned(), used, reason: reason.to_owned() });
    Ok(Sensor { probe, decisions: told })
}

/// What rules ask for, beside what state cannot do without. Calls that only the generic event tells
/// of are asked for one by one: there are hundreds, and nobody wants all.
fn interest_of(rules: &RuleSet) -> Interest {
    let wanted = rules.event_types();
    let own_events = wanted.iter().filter(|event_type| *event_type != EventType::GENERIC_X);
    let interest = own_events.fold(Interest::lives(), Interest::with);
    wanted.calls().filter_map(syscall::name).fold(interest, |interest, name| {
        interest.clone().with_call(name).unwrap_or_else(|| {
            tracing::warn!(call = name, "no program can tell of this call: rules that name it never hit");
            interest
        })
    })
}

/// Facts and decisions as pages show them: features of the kernel first, then what was made of them.
fn told(facts: &Facts, decisions: &Decisions) -> Vec<Decision> {
    let mut told: Vec<Decision> = features(facts)
        .into_iter()
        .map(|(name, purpose, feature)| {
            let (used, reason) = match feature {
                Feature::There => (true, purpose.to_owned()),
                Feature::Missing(why) => (false, format!("{purpose}: {why}")),
            };
            Decision { feature: name.to_owned(), used, reason }
        })
        .collect();
    let reason = decisions.cgroup_reason.clone();
    told.push(Decision { feature: "cgroup_key".to_owned(), used: decisions.cgroup_mount.is_some(), reason });
    told
}

/// The kernel's features by name, each with what Lanner uses it for.
pub(crate) fn features(facts: &Facts) -> [(&'static str, &'static str, &Feature); 9] {
    let features = &facts.features;
    [
        ("btf", "the kernel's types, so that programs fit it", &features.btf),
        ("tp_btf", "every system call is seen where it ends", &features.tp_btf),
        ("ringbuf", "events come in rings, one per CPU", &features.ringbuf),
        ("current_task", "programs read the calling task", &features.current_task),
        (
            "cgroup_tracepoints",
            "containers are known before their first process",
            &features.cgroup_tracepoints,
        ),
        (
            "iterators",
            "processes, their descriptors and the bytes of their sockets are read in the kernel",
            &features.iterators,
        ),
        ("task_storage", "room that belongs to a task", &features.task_storage),
        ("fentry", "programs at kernel functions, not needed yet", &features.fentry),
        ("bpf_lsm", "calls can be refused, not needed yet", &features.bpf_lsm),
    ]
}
