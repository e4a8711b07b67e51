//! All decisions together.

use super::cgroup_key::CgroupKey;
use super::choice::{Blocker, Choice};
use super::flight_plan::FlightPlan;
use super::ring_plan::RingPlan;
use crate::error::ProbeError;
use crate::facts::{Facts, Feature};
use crate::program;

/// What the one who runs the agent asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// MiB that all rings together may take.
    pub ring_budget_mib: u32,
    /// MiB that the flight recorder may take; 0 switches it off.
    pub flight_recorder_mib: u32,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { ring_budget_mib: 64, flight_recorder_mib: 64 }
    }
}

/// What is done with the facts, each with a reason for people.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// What stands in the way; empty when the probe can start.
    pub blockers: Vec<Blocker>,
    /// Each program.
    pub programs: Vec<Choice>,
    /// The rings.
    pub rings: RingPlan,
    /// The flight recorder.
    pub flight: FlightPlan,
    /// CPUs that counters and scratch are made for.
    pub cpus: u32,
    /// Which hierarchy names a task's container.
    pub cgroup_key: CgroupKey,
    /// Why that one.
    pub cgroup_reason: String,
    /// Where that hierarchy is mounted.
    pub cgroup_mount: Option<std::path::PathBuf>,
    /// What works less well than it could, and why.
    pub notes: Vec<String>,
}

impl Decisions {
    /// The programs that are not loaded.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &'static str> {
        self.programs.iter().filter(|choice| !choice.load).map(|choice| choice.program)
    }

    /// Whether the probe can start.
    ///
    /// # Errors
    /// The first thing that stands in the way, with what to do about it.
    pub fn check(&self) -> Result<(), ProbeError> {
        match self.blockers.first() {
            None => Ok(()),
            Some(Blocker { what, remedy }) => {
                Err(ProbeError::Missing { what: what.clone(), remedy: remedy.clone() })
            }
        }
    }
}

/// Decides what to load on a machine with these facts.
///
/// ```
/// use lanner_probe::{Facts, Wishes, decide};
///
/// // Nothing is known of this machine, so the first thing in the way is said.
/// let decisions = decide(&Facts::default(), &Wishes::default());
/// assert!(decisions.check().is_err());
/// ```
#[must_use]
pub fn decide(facts: &Facts, wishes: &Wishes) -> Decisions {
    let (cgroup_key, cgroup_reason) = CgroupKey::choose(&facts.cgroups);
    let cgroup_mount = cgroup_key.mount(&facts.cgroups);
    let mut notes = Vec::new();
    if cgroup_mount.is_none() {
        notes
            .push("no control groups are mounted here: containers that run already are not known".to_owned());
    }
    if !facts.rights.ptrace() {
        notes.push(
            "without CAP_SYS_PTRACE the environment of processes that run already is not read".to_owned(),
        );
    }
    Decisions {
        blockers: blockers(facts),
        programs: choices(facts),
        rings: RingPlan::for_cpus(facts.cpus, wishes.ring_budget_mib),
        flight: FlightPlan::choose(facts, wishes.flight_recorder_mib),
        cpus: facts.cpus.max(1),
        cgroup_key,
        cgroup_reason,
        cgroup_mount,
        notes,
    }
}

fn blockers(facts: &Facts) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    let mut add = |what: String, remedy: &str| blockers.push(Blocker { what, remedy: remedy.to_owned() });
    if !matches!(facts.arch.as_str(), "x86_64" | "aarch64") {
        add(format!("no programs for the architecture `{}`", facts.arch), "run Lanner on x86_64 or aarch64");
    }
    if !facts.rights.bpf() || !facts.rights.perfmon() {
        add(
            "no right to load eBPF programs".into(),
            "run as root, or give the process CAP_BPF and CAP_PERFMON (and CAP_SYS_PTRACE to see all processes)",
        );
        return blockers; // What follows was not tried without it.
    }
    let features = &facts.features;
    let needed = [
        (
            &features.btf,
            "the kernel does not tell its types (BTF)",
            "use a kernel with CONFIG_DEBUG_INFO_BTF=y; distributions have it since about 5.8",
        ),
        (
            &features.tp_btf,
            "no typed tracepoints",
            "use a kernel with CONFIG_DEBUG_INFO_BTF=y and CONFIG_FTRACE_SYSCALLS=y, Linux 5.11 or newer",
        ),
        (&features.current_task, "the kernel is too old", "use Linux 5.11 or newer"),
        (
            &features.ringbuf,
            "no ring buffers",
            "use Linux 5.11 or newer; inside a container, allow the bpf() system call",
        ),
    ];
    for (feature, what, remedy) in needed {
        if let Feature::Missing(why) = feature {
            add(format!("{what} ({why})"), remedy);
        }
    }
    blockers
}

fn choices(facts: &Facts) -> Vec<Choice> {
    let features = &facts.features;
    let mut choices = Vec::new();
    let mut choose = |programs: &[&'static str], feature: &Feature, purpose: &str| {
        for program in programs {
            let (load, reason) = match feature {
                Feature::There => (true, purpose.to_owned()),
                Feature::Missing(why) => (false, format!("{purpose}: {why}")),
            };
            choices.push(Choice { program, load, reason });
        }
    };
    choose(&[program::DISPATCH], &features.tp_btf, "every system call ends there");
    choose(&program::LIFE, &features.tp_btf, "processes begin, change and end");
    choose(&program::CGROUPS, &features.cgroup_tracepoints, "containers are known before their first event");
    choose(&[program::OWN], &features.tp_btf, "finds the agent's own id on the host, so that it is left out");
    choose(&program::ITERATORS, &features.iterators, "tells who is there already");
    choose(&program::NETWORK, &features.iterators, "reads the bytes of each process's TCP sockets");
    choose(&program::LINKS, &features.tp_btf, "sums connections by program and address");
    choose(&program::ACCEPTS, &features.tp_btf, "tells whose a connection is that comes in");
    choose(&[program::LINK_LOOK], &features.iterators, "reads what open connections carry, and who listens");
    let requests = "finds requests and answers of HTTP in what a call carries";
    choose(&program::REQUESTS, &features.tp_btf, requests);
    choose(&program::REQUESTS_IN_PARTS, &features.tp_btf, requests);
    choose(program::CALLS, &features.tp_btf, "tells of its system call");
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Features, Rights};

    fn able() -> Facts {
        let there = || Feature::There;
        Facts {
            kernel: "6.18.0".into(),
            arch: "x86_64".into(),
            cpus: 2,
            memory_bytes: 1 << 30,
            rights: Rights::all(),
            features: Features {
                btf: there(),
                tp_btf: there(),
                cgroup_tracepoints: there(),
                current_task: there(),
                ringbuf: there(),
                iterators: there(),
                task_storage: there(),
                fentry: Feature::Missing("EPERM".into()),
                bpf_lsm: Feature::Missing("not in the list".into()),
            },
            cgroups: Default::default(),
        }
    }

    fn check_blocked(facts: &Facts, text: &str) {
        let error = decide(facts, &Wishes::default()).check().unwrap_err().to_string();
        assert!(error.contains(text), "{error}");
    }

    #[test]
    fn an_able_machine_loads_everything() {
        let decisions = decide(&able(), &Wishes::default());
        assert_eq!(decisions.blockers, []);
        assert_eq!(decisions.left_out().count(), 0);
    }

    #[test]
    fn a_missing_feature_leaves_its_programs_out_and_says_why() {
        let mut facts = able();
        facts.features.iterators = Feature::Missing("too old".into());
        let decisions = decide(&facts, &Wishes::default());
        let mut iterators = [program::ITERATORS, program::NETWORK].concat();
        iterators.push(program::LINK_LOOK);
        assert_eq!(decisions.left_out().collect::<Vec<_>>(), iterators);
        let choice = decisions.programs.iter().find(|choice| !choice.load).unwrap();
        assert_eq!(choice.reason, "tells who is there already: too old");
        assert!(decisions.check().is_ok());
    }

    #[test]
    fn no_root_says_what_to_run_as() {
        let mut facts = able();
        facts.rights = Rights::of(0);
        check_blocked(&facts, "run as root, or give the process CAP_BPF and CAP_PERFMON");
    }

    #[test]
    fn no_btf_says_which_kernel_has_it() {
        let mut facts = able();
        facts.features.btf = Feature::Missing("/sys/kernel/btf/vmlinux cannot be read".into());
        check_blocked(&facts, "CONFIG_DEBUG_INFO_BTF=y");
    }

    #[test]
    fn an_unknown_architecture_is_said_first() {
        let mut facts = able();
        facts.arch = "riscv64".into();
        check_blocked(&facts, "no programs for the architecture `riscv64`");
    }
}
