//! What is asked for. What nobody asks for is not sent, and costs two loads and a test.

use std::collections::BTreeSet;

use lanner_model::event::{EventType, syscall};

use crate::program;
use crate::record::{CALL_SLOTS, point};

/// The event types that are wanted.
///
/// ```
/// use lanner_model::event::EventType;
/// use lanner_probe::Interest;
///
/// let interest = Interest::lives().with(EventType::SYSCALL_OPENAT_2_X);
/// assert!(interest.has(EventType::PROCEXIT_1_E));
/// assert!(!interest.has(EventType::SYSCALL_READ_X));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    events: BTreeSet<EventType>,
    /// Calls by their code: those without an event of their own, one by one.
    calls: BTreeSet<u16>,
}

impl Interest {
    /// Nothing at all.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// How processes begin, change and end: what state cannot do without.
    #[must_use]
    pub fn lives() -> Self {
        [
            EventType::SYSCALL_EXECVE_19_X,
            EventType::SYSCALL_EXECVEAT_X,
            EventType::SYSCALL_CLONE_20_X,
            EventType::SYSCALL_CLONE3_X,
            EventType::SYSCALL_FORK_20_X,
            EventType::SYSCALL_VFORK_20_X,
            EventType::PROCEXIT_1_E,
            EventType::SYSCALL_CHDIR_X,
            EventType::SYSCALL_FCHDIR_X,
            EventType::SYSCALL_SETUID_X,
            EventType::SYSCALL_SETGID_X,
            EventType::SYSCALL_SETREUID_X,
            EventType::SYSCALL_SETREGID_X,
            EventType::SYSCALL_SETRESUID_X,
            EventType::SYSCALL_SETRESGID_X,
        ]
        .into_iter()
        .collect()
    }

    /// Every event that has a program of its own. Calls that only the generic event tells of are
    /// not in it: there are hundreds, `futex` among them.
    #[must_use]
    pub fn everything() -> Self {
        let of_calls = program::CALLS
            .iter()
            .filter_map(|name| syscall::event(syscall::code(name.strip_prefix("on_")?)?));
        of_calls.chain([EventType::PROCEXIT_1_E]).collect()
    }

    /// The same and one event type more. [`EventType::GENERIC_X`] asks for every call that has no
    /// event of its own.
    #[must_use]
    pub fn with(mut self, event: EventType) -> Self {
        self.events.insert(event);
        self
    }

    /// The same and one system call more, by name; a name that is none changes nothing and gives
    /// `None`.
    #[must_use]
    pub fn with_call(mut self, name: &str) -> Option<Self> {
        let code = syscall::code(name)?;
        match syscall::event(code)? {
            EventType::GENERIC_X => self.calls.insert(code),
            event => self.events.insert(event),
        };
        Some(self)
    }

    /// All of both.
    #[must_use]
    pub fn and(mut self, other: &Interest) -> Self {
        self.events.extend(&other.events);
        self.calls.extend(&other.calls);
        self
    }

    /// Whether an event type is wanted.
    #[must_use]
    pub fn has(&self, event: EventType) -> bool {
        self.events.contains(&event)
    }

    /// One bit per system call by its native number on this architecture.
    pub(crate) fn calls(&self) -> [u64; CALL_SLOTS / 64] {
        let mut words = [0; CALL_SLOTS / 64];
        for native in 0..CALL_SLOTS {
            let Some(code) = code_of(native as u32) else { continue };
            let event = syscall::event(code).is_some_and(|event| self.events.contains(&event));
            if event || self.calls.contains(&code) {
                words[native / 64] |= 1 << (native % 64);
            }
        }
        words
    }

    /// The tracepoints, as bits of [`point`].
    pub(crate) fn points(&self) -> u32 {
        let bit = |events: &[EventType], bit| {
            if events.iter().any(|event| self.events.contains(event)) { bit } else { 0 }
        };
        let exec = [EventType::SYSCALL_EXECVE_19_X, EventType::SYSCALL_EXECVEAT_X];
        let fork = [
            EventType::SYSCALL_CLONE_20_X,
            EventType::SYSCALL_CLONE3_X,
            EventType::SYSCALL_FORK_20_X,
            EventType::SYSCALL_VFORK_20_X,
        ];
        bit(&exec, point::EXEC)
            | bit(&fork, point::FORK)
            | bit(&[EventType::PROCEXIT_1_E], point::EXIT)
            // Always: containers must be known before their first event.
            | point::CGROUP
    }
}

impl FromIterator<EventType> for Interest {
    fn from_iter<I: IntoIterator<Item = EventType>>(events: I) -> Self {
        Self { events: events.into_iter().collect(), calls: BTreeSet::new() }
    }
}

/// The code (`PPM_SC_*`) of a native number on this architecture.
pub(crate) fn code_of(native: u32) -> Option<u16> {
    if cfg!(target_arch = "aarch64") { syscall::from_aarch64(native) } else { syscall::from_x86_64(native) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn natives(interest: &Interest) -> Vec<&'static str> {
        let words = interest.calls();
        (0..CALL_SLOTS)
            .filter(|native| words[native / 64] >> (native % 64) & 1 == 1)
            .filter_map(|native| syscall::name(code_of(native as u32)?))
            .collect()
    }

    #[test]
    fn nothing_sets_no_bit() {
        assert!(natives(&Interest::nothing()).is_empty());
    }

    #[test]
    fn an_event_type_sets_the_bits_of_its_calls() {
        assert_eq!(natives(&Interest::nothing().with(EventType::SYSCALL_OPENAT_2_X)), ["openat"]);
    }

    #[test]
    fn a_call_without_its_own_event_is_asked_for_alone() {
        let interest = Interest::nothing().with_call("getpid").unwrap();
        assert_eq!(natives(&interest), ["getpid"]);
        assert_eq!(Interest::nothing().with_call("no_such_call"), None);
    }

    #[test]
    fn everything_leaves_the_generic_calls_out() {
        let all = natives(&Interest::everything());
        assert!(all.contains(&"openat") && all.contains(&"execve"));
        assert!(!all.contains(&"getpid"));
    }

    #[test]
    fn lives_ask_for_the_tracepoints() {
        let interest = Interest::lives();
        assert_eq!(interest.points(), point::EXEC | point::FORK | point::EXIT | point::CGROUP);
        assert_eq!(Interest::nothing().points(), point::CGROUP);
    }
}
