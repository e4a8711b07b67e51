//! An event together with all that is known around it.

mod container;
mod descriptor;
mod event;
mod path;
mod process;

use lanner_model::event::{Category, EventRef, EventType, FdInfo};
use lanner_model::field::{FieldArg, FieldId, FieldRef};
use lanner_model::finding::ProcessNode;
use lanner_model::id::{Pid, ProcessKey, Tid};
use lanner_model::resource::ContainerInfo;
use lanner_model::source::Delivery;
use lanner_model::time::WallNs;
use lanner_rules::{Facts, Value};

use crate::fd::Descriptor;
use crate::fold::Current;
use crate::state::State;
use crate::thread::{Process, Thread};

/// An event with the thread that made it, its process and ancestors, the descriptor it is about and
/// the container it happened in. Answers every field of the table.
#[derive(Debug)]
pub struct View<'a> {
    state: &'a State,
    delivery: Delivery<'a>,
    current: Current,
    thread: Option<&'a Thread>,
}

impl State {
    /// Takes in an event and shows it together with all that is known around it, as it was while it
    /// happened: what it ends (a closed descriptor, an exited process) is still there and leaves
    /// with the next event.
    pub fn observe<'a>(&'a mut self, delivery: &Delivery<'a>) -> View<'a> {
        self.settle();
        let current = self.fold(delivery);
        View::new(self, *delivery, current)
    }
}

impl<'a> View<'a> {
    fn new(state: &'a State, delivery: Delivery<'a>, current: Current) -> Self {
        let thread = if current.has_thread { state.leader(delivery.event.tid().0) } else { None };
        Self { state, delivery, current, thread }
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> EventRef<'a> {
        self.delivery.event
    }

    /// The event's number in its source.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.delivery.number
    }

    /// Whether the event is one to show to people. What a stream tells only its reader is not: the
    /// beginning of a system call whose return says all again (old captures), and users, groups and
    /// containers that the writer described.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        let event_type = self.delivery.event.event_type();
        let is_beginning = event_type.is_enter()
            && event_type.info().is_some_and(|info| info.category.is_from(Category::SYSCALL));
        !is_beginning
            && !matches!(
                event_type,
                EventType::USER_ADDED_E
                    | EventType::USER_DELETED_E
                    | EventType::GROUP_ADDED_E
                    | EventType::GROUP_DELETED_E
                    | EventType::CONTAINER_E
                    | EventType::CONTAINER_JSON_E
                    | EventType::CONTAINER_JSON_2_E
            )
    }

    /// The state the event was folded into.
    #[must_use]
    pub fn state(&self) -> &'a State {
        self.state
    }

    /// The thread that made the event.
    #[must_use]
    pub fn tid(&self) -> Tid {
        self.delivery.event.tid()
    }

    /// The process that made the event; `None` when it is not known.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.known_thread().map(|thread| Pid(thread.group))
    }

    /// The process over its whole life; `None` when it is not known. The start is 0 when that is
    /// not known.
    #[must_use]
    pub fn process_key(&self) -> Option<ProcessKey> {
        const CLOCK_TICK_NS: u64 = 10_000_000;
        let pid = self.pid()?;
        let start = self.state.leader(pid.0).map_or(0, |leader| leader.start);
        Some(ProcessKey { pid, start: WallNs(start - start % CLOCK_TICK_NS) })
    }

    /// The container it happened in; `None` on the host and where that is not known.
    #[must_use]
    pub fn container(&self) -> Option<&'a ContainerInfo> {
        self.state.containers.of(&self.thread?.cgroups)
    }

    /// The process and its ancestors: the process first, the oldest last.
    #[must_use]
    pub fn ancestry(&self) -> Vec<ProcessNode> {
        self.pid().map(|pid| self.state.ancestry(pid)).unwrap_or_default()
    }

    /// A field as text, as an output shows it; `None` when the event has no value for it.
    #[must_use]
    pub fn text(&self, field: &FieldRef) -> Option<String> {
        self.value(field).to_text()
    }

    /// The thread, if more is known of it than that it exists.
    fn known_thread(&self) -> Option<&'a Thread> {
        self.thread.filter(|thread| thread.known)
    }

    fn process(&self) -> Option<&'a Process> {
        self.state.process_of(self.thread?)
    }

    /// The descriptor the event is about.
    fn fd(&self) -> Option<&Descriptor> {
        if let Some(described) = &self.current.described {
            return Some(described);
        }
        self.descriptor_by_number(self.current.fd?)
    }

    pub(crate) fn descriptor_by_number(&self, fd: i64) -> Option<&'a Descriptor> {
        self.state.descriptor(self.thread?, fd)
    }
}

impl Facts for View<'_> {
    fn value(&self, field: &FieldRef) -> Value<'_> {
        let index = match &field.argument {
            Some(FieldArg::Index(index)) => Some(*index as usize),
            Some(FieldArg::Key(key)) => key.parse().ok(),
            None => None,
        };
        let key = match &field.argument {
            Some(FieldArg::Key(key)) => Some(&**key),
            _ => None,
        };
        self.answer(field.id, index, key).unwrap_or_default()
    }
}

impl View<'_> {
    /// A field's value; `None` for a field that nobody here answers.
    fn answer(&self, id: Id, index: Option<usize>, key: Option<&str>) -> Answer<'_> {
        // The first letters tell the family, and with it who answers.
        match id.info().name.as_bytes() {
            [b'e', b'v', ..] | [b's', b'y', ..] => self.event_value(id, index, key),
            [b'p' | b't' | b'u' | b'g', ..] => self.process_value(id, index, key),
            [b'f', b'd', ..] => self.descriptor_value(id, index),
            [b'f', b's', ..] => self.path_value(id),
            _ => self.container_value(id),
        }
    }
}

/// A time since another.
fn since(later: WallNs, earlier: WallNs) -> u64 {
    later.since(earlier)
}

/// Text that is not empty.
fn non_empty(text: &[u8]) -> Value<'_> {
    if text.is_empty() { Value::None } else { Value::text(text) }
}

/// Text made for this answer, if it is not empty.
fn non_empty_owned<'v>(text: Vec<u8>) -> Value<'v> {
    if text.is_empty() { Value::None } else { Value::owned(text) }
}

/// A word of the table.
fn word<'v>(word: &'static str) -> Value<'v> {
    Value::text(word)
}

/// Values of type `SCAP_FD_*` that count as files in `evt.count.error.file`.
fn is_file_like(kind: u8) -> bool {
    matches!(kind, FdInfo::FILE | FdInfo::FILE_V2 | FdInfo::DIRECTORY)
}

/// Which field families there are; each module answers its own.
type Answer<'v> = Option<Value<'v>>;
/// A field's name in the table.
type Id = FieldId;

#[cfg(test)]
mod tests {
    use lanner_model::event::{EventBuf, EventType};
    use lanner_model::field::FIELDS;

    use super::*;
    use crate::budget::Budget;

    /// Fields whose value only a container runtime, Kubernetes or a name server can tell.
    const FOR_OTHERS: [&str; 36] = [
        "container.image.id",
        "container.privileged",
        "container.mounts",
        "container.mount",
        "container.mount.source",
        "container.mount.dest",
        "container.mount.mode",
        "container.mount.rdwr",
        "container.mount.propagation",
        "container.healthcheck",
        "container.liveness_probe",
        "container.readiness_probe",
        "container.start_ts",
        "container.duration",
        "container.ip",
        "container.cni.json",
        "container.host_pid",
        "container.host_network",
        "container.host_ipc",
        "container.label",
        "container.labels",
        "proc.is_container_healthcheck",
        "proc.is_container_liveness_probe",
        "proc.is_container_readiness_probe",
        "k8s.ns.name",
        "k8s.pod.name",
        "k8s.pod.sandbox_id",
        "k8s.pod.full_sandbox_id",
        "k8s.pod.label",
        "k8s.pod.labels",
        "k8s.pod.ip",
        "k8s.pod.cni.json",
        "fd.cip.name",
        "fd.sip.name",
        "fd.lip.name",
        "fd.rip.name",
    ];

    #[test]
    fn every_field_is_answered_here_or_known_to_be_for_others() {
        let mut state = State::new(Budget::default());
        let mut buf = EventBuf::new();
        let event = buf.build(EventType::SYSCALL_CLOSE_X, 1, 1, |p| p.i64(0));
        let view = state.observe(&Delivery { number: 1, cpu: 0, event });
        for info in FIELDS {
            let id = FieldId::by_name(info.name).expect("the table names its fields");
            let answered = view.answer(id, Some(0), Some("x")).is_some();
            assert_eq!(answered, !FOR_OTHERS.contains(&info.name), "{}", info.name);
        }
    }
}
