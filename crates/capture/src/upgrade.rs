//! Events of old captures become events of today.
//!
//! Old drivers made a pair of events per system call, enter and exit; today there is one exit event
//! with the parameters of both. What becomes of each type and number of parameters stands in a
//! table (`schema/upgrades.toml`). Enter events wait per thread for their exit event.

#[rustfmt::skip]
mod generated;
mod step;

use std::collections::HashMap;

use lanner_model::event::view::GenericX;
use lanner_model::event::{
    EventBuf, EventFlags, EventRef, EventType, HEADER_LEN, ParamType, Params, syscall,
};

use self::generated::UPGRADES;
use self::step::{Origin, Step, Upgrade};

/// The longest way through the table is 15 steps (an execve event of the first version).
const STEPS_MAX: usize = 32;
/// Enter events that wait: this many threads, this many bytes.
const WAITING_MAX: usize = 65_536;
const WAITING_BYTES_MAX: usize = 64 << 20;

/// Upgrades the events of one file.
#[derive(Default)]
pub(crate) struct Upgrader {
    waiting: HashMap<i64, Draft>,
    waiting_bytes: usize,
    forgotten: u64,
    buf: EventBuf,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is one of today now, or was.
    Ready,
    /// It is no more: its contents go into a later event, or it means nothing today.
    Gone,
    /// The table does not know what to make of it.
    Unknown,
}

/// An event's bytes, which an upgrade replaces.
pub(crate) struct Draft {
    pub(crate) bytes: Vec<u8>,
    pub(crate) wide: bool,
}

impl Draft {
    /// The event, if its lengths are right.
    pub(crate) fn event(&self) -> Result<EventRef<'_>, lanner_model::event::EventError> {
        if self.wide { EventRef::parse_wide(&self.bytes) } else { EventRef::parse(&self.bytes) }
    }
}

impl Upgrader {
    /// Upgrades an event in place.
    pub(crate) fn upgrade(&mut self, draft: &mut Draft) -> Outcome {
        let outcome = self.walk(draft);
        if outcome == Outcome::Ready {
            name_generic(draft);
        }
        outcome
    }

    fn walk(&mut self, draft: &mut Draft) -> Outcome {
        for _ in 0..STEPS_MAX {
            let Ok(event) = draft.event() else { return Outcome::Unknown };
            match need(&event) {
                Need::Nothing => return Outcome::Ready,
                Need::Removal => return Outcome::Gone,
                Need::Step => {}
            }
            let Some(step) = find(event.event_type(), event.param_count()) else { return Outcome::Unknown };
            let (event_type, kept, origins) = match *step {
                Step::Pass => return Outcome::Ready,
                Step::Store => {
                    self.store(&event);
                    return Outcome::Gone;
                }
                Step::StoreAndPass => {
                    self.store(&event);
                    return Outcome::Ready;
                }
                Step::Append(origins) => (event.event_type(), event.param_count(), origins),
                Step::Become(number, origins) => (EventType(number), 0, origins),
            };
            let next = self.build(&event, event_type, kept, origins);
            *draft = next;
        }
        Outcome::Unknown
    }

    /// How many enter events had to be forgotten since the file began.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Forgets all enter events: another capture begins.
    pub(crate) fn restart(&mut self) {
        self.waiting.clear();
        self.waiting_bytes = 0;
    }
}

impl Upgrader {
    fn store(&mut self, enter: &EventRef<'_>) {
        if self.waiting.len() >= WAITING_MAX || self.waiting_bytes >= WAITING_BYTES_MAX {
            self.forgotten += self.waiting.len() as u64;
            self.restart();
        }
        let draft = Draft { bytes: enter.bytes().to_vec(), wide: enter.is_wide() };
        self.waiting_bytes += draft.bytes.len();
        if let Some(before) = self.waiting.insert(enter.tid().0, draft) {
            self.waiting_bytes -= before.bytes.len();
        }
    }

    /// The next form of an event: its first `kept` parameters, then those of `origins`.
    fn build(
        &mut self,
        event: &EventRef<'_>,
        event_type: EventType,
        kept: usize,
        origins: &[Origin],
    ) -> Draft {
        let tid = event.tid().0;
        let wanted = EventType(event.event_type().0.wrapping_sub(1));
        let enter = self.waiting.get(&tid).and_then(|waiting| waiting.event().ok());
        let enter = enter.filter(|enter| enter.event_type() == wanted);
        let listed = event_type.info().map_or(&[][..], |info| info.params);
        let mut used_enter = false;
        let built = self.buf.build(event_type, event.time().0, tid, |params| {
            for index in 0..kept {
                params.bytes(event.param(index).unwrap_or_default());
            }
            for (origin, listed) in origins.iter().zip(listed.iter().skip(kept)) {
                let param_type = listed.param_type;
                match *origin {
                    Origin::Old(index) => put(params, event, index, param_type),
                    Origin::Enter(index) | Origin::EnterOrAbsent(index) if enter.is_some() => {
                        used_enter = true;
                        if let Some(enter) = &enter {
                            put(params, enter, index, param_type);
                        }
                    }
                    Origin::Enter(_) | Origin::Zero => zero(params, param_type),
                    Origin::EnterOrAbsent(_) | Origin::Absent => params.empty(),
                    Origin::ContainerJson => params.text(container_json(event).as_bytes()),
                }
            }
        });
        let draft = Draft { bytes: built.bytes().to_vec(), wide: built.is_wide() };
        if used_enter && let Some(used) = self.waiting.remove(&tid) {
            self.waiting_bytes -= used.bytes.len();
        }
        draft
    }
}

enum Need {
    Nothing,
    Step,
    Removal,
}

/// Whether an event is one of today, by its type's flags and its number of parameters.
fn need(event: &EventRef<'_>) -> Need {
    let event_type = event.event_type();
    let Some(info) = event_type.info() else { return Need::Nothing };
    let is_old = info.flags.has(EventFlags::OLD_VERSION);
    if info.flags.has(EventFlags::UNUSED) {
        return Need::Removal;
    }
    if !info.flags.has(EventFlags::CONVERTER_MANAGED) {
        return if is_old { Need::Removal } else { Need::Nothing };
    }
    // More parameters than the table has: written by a newer version, or by Lanner.
    let complete = event.param_count() >= info.params.len();
    if !event_type.is_enter() && !is_old && complete { Need::Nothing } else { Need::Step }
}

fn find(event_type: EventType, params: usize) -> Option<&'static Step> {
    let key = (event_type.0, u32::try_from(params).ok()?);
    let at = UPGRADES.binary_search_by_key(&key, |Upgrade { event, params, .. }| (*event, *params)).ok()?;
    Some(&UPGRADES[at].step)
}

/// A driver that did not know a call wrote the code 0 and the native number. We may know it; files
/// of that age are from x86_64.
fn name_generic(draft: &mut Draft) {
    let Ok(event) = draft.event() else { return };
    if event.event_type() != EventType::GENERIC_X || event.param(GenericX::ID) != Some(&[0, 0]) {
        return;
    }
    let native = event.u64(GenericX::NATIVE_ID).and_then(|native| u32::try_from(native).ok());
    if let Some(code) = native.and_then(syscall::from_x86_64) {
        // The first parameter, behind the header and the lengths of all.
        let at = HEADER_LEN + 2 * event.param_count();
        draft.bytes[at..at + 2].copy_from_slice(&code.to_le_bytes());
    }
}

/// Copies a parameter. A number that is wider than its new type is cut to it.
fn put(params: &mut Params, from: &EventRef<'_>, index: u8, param_type: ParamType) {
    let bytes = from.param(usize::from(index)).unwrap_or_default();
    let most = width(param_type).unwrap_or(bytes.len());
    params.bytes(&bytes[..bytes.len().min(most)]);
}

fn zero(params: &mut Params, param_type: ParamType) {
    let byte = if matches!(param_type, ParamType::Uid | ParamType::Gid) { 0xff } else { 0 };
    params.bytes(&[byte; 16][..width(param_type).unwrap_or(0)]);
}

/// The bytes of a type whose values all have the same number of bytes.
fn width(param_type: ParamType) -> Option<usize> {
    use ParamType::{
        Abstime, Enumflags8, Enumflags16, Enumflags32, Errno, Fd, Fd32, Flags8, Flags16, Flags32, Gid, Int8,
        Int16, Int32, Int64, Ipv4addr, Ipv6addr, Mode, Pid, Pid32, Port, Reltime, Sigset, Sigtype, Syscallid,
        Uid, Uint8, Uint16, Uint32, Uint64,
    };
    match param_type {
        Int8 | Uint8 | Flags8 | Enumflags8 | Sigtype => Some(1),
        Int16 | Uint16 | Flags16 | Enumflags16 | Syscallid | Port => Some(2),
        Int32 | Uint32 | Flags32 | Enumflags32 | Uid | Gid | Mode | Sigset | Fd32 | Pid32 | Ipv4addr => {
            Some(4)
        }
        Int64 | Uint64 | Reltime | Abstime | Errno | Fd | Pid => Some(8),
        Ipv6addr => Some(16),
        _ => Option::None,
    }
}

/// The first container event had four parameters, its successor has one text.
fn container_json(event: &EventRef<'_>) -> String {
    let text = |index| json_text(&String::from_utf8_lossy(event.text(index).unwrap_or_default()));
    let kind = event.u64(1).unwrap_or(0);
    format!(r#"{{"id":{},"type":{kind},"name":{},"image":{}}}"#, text(0), text(2), text(3))
}

fn json_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if u32::from(c) < 0x20 => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event as an old file has it.
    fn old(event_type: EventType, tid: i64, fill: impl FnOnce(&mut Params)) -> Draft {
        let mut buf = EventBuf::new();
        let event = buf.build(event_type, 1_000, tid, fill);
        Draft { bytes: event.bytes().to_vec(), wide: event.is_wide() }
    }

    fn enter_close(fd: i64, tid: i64) -> Draft {
        old(EventType::SYSCALL_CLOSE_E, tid, |params| params.i64(fd))
    }

    fn exit_close(tid: i64) -> Draft {
        old(EventType::SYSCALL_CLOSE_X, tid, |params| params.i64(0))
    }

    #[test]
    fn an_exit_event_gets_the_parameters_of_its_thread_s_enter_event() {
        let mut upgrader = Upgrader::default();
        assert_eq!(upgrader.upgrade(&mut enter_close(7, 1)), Outcome::Gone);
        assert_eq!(upgrader.upgrade(&mut enter_close(8, 2)), Outcome::Gone);
        for (tid, fd) in [(1, 7), (2, 8)] {
            let mut exit = exit_close(tid);
            assert_eq!(upgrader.upgrade(&mut exit), Outcome::Ready);
            let event = exit.event().unwrap();
            assert_eq!((event.param_count(), event.i64(0), event.i64(1)), (2, Some(0), Some(fd)));
        }
        assert_eq!((upgrader.waiting.len(), upgrader.waiting_bytes), (0, 0));
    }

    #[test]
    fn without_its_enter_event_a_parameter_is_zero_or_absent() {
        let mut upgrader = Upgrader::default();
        // An enter event of another call is not its enter event.
        upgrader.upgrade(&mut old(EventType::SYSCALL_READ_E, 1, |params| {
            params.i64(9);
            params.u32(10);
        }));
        let mut close = exit_close(1);
        upgrader.upgrade(&mut close);
        assert_eq!(close.event().unwrap().i64(1), Some(0));
        let mut unlink = old(EventType::SYSCALL_UNLINK_X, 1, |params| params.i64(-2));
        assert_eq!(upgrader.upgrade(&mut unlink), Outcome::Ready);
        let event = unlink.event().unwrap();
        assert_eq!(event.event_type(), EventType::SYSCALL_UNLINK_2_X);
        assert_eq!((event.i64(0), event.text(1)), (Some(-2), None));
    }

    #[test]
    fn the_first_execve_becomes_the_last_one_step_by_step() {
        let mut upgrader = Upgrader::default();
        let mut execve = old(EventType::SYSCALL_EXECVE_8_X, 5, |params| {
            params.i64(0);
            params.text(b"/bin/ls");
            params.texts([&b"-l"[..]]);
            (0..5).for_each(|number| params.i64(number));
        });
        assert_eq!(upgrader.upgrade(&mut execve), Outcome::Ready);
        let event = execve.event().unwrap();
        assert_eq!(event.event_type(), EventType::SYSCALL_EXECVE_19_X);
        assert_eq!(Some(event.param_count()), event.event_type().info().map(|info| info.params.len()));
        assert_eq!(event.text(1), Some(&b"/bin/ls"[..]));
    }

    #[test]
    fn events_of_today_stay_as_they_are() {
        let mut upgrader = Upgrader::default();
        let mut close = old(EventType::SYSCALL_CLOSE_X, 1, |params| {
            params.i64(0);
            params.i64(3);
            params.bytes(b"resolved");
        });
        let before = close.bytes.clone();
        assert_eq!(upgrader.upgrade(&mut close), Outcome::Ready);
        assert_eq!(close.bytes, before);
    }

    #[test]
    fn what_the_table_does_not_know_is_said() {
        let mut upgrader = Upgrader::default();
        let mut strange = old(EventType::SYSCALL_CLOSE_X, 1, |_| ());
        assert_eq!(upgrader.upgrade(&mut strange), Outcome::Unknown);
    }

    #[test]
    fn a_container_of_the_first_form_becomes_json() {
        let mut upgrader = Upgrader::default();
        let mut container = old(EventType::CONTAINER_E, 0, |params| {
            params.text(b"3ad7b26ded6d");
            params.u32(0);
            params.text(b"say \"hi\"");
            params.text(b"busybox\n");
        });
        assert_eq!(upgrader.upgrade(&mut container), Outcome::Ready);
        let event = container.event().unwrap();
        let json = r#"{"id":"3ad7b26ded6d","type":0,"name":"say \"hi\"","image":"busybox\u000a"}"#;
        assert_eq!(event.event_type(), EventType::CONTAINER_JSON_2_E);
        assert_eq!(event.text(0), Some(json.as_bytes()));
    }

    #[test]
    fn waiting_enter_events_are_bounded_and_counted() {
        let mut upgrader = Upgrader::default();
        for tid in 0..=WAITING_MAX as i64 {
            upgrader.upgrade(&mut enter_close(3, tid));
        }
        assert_eq!(upgrader.forgotten(), WAITING_MAX as u64);
        assert_eq!(upgrader.waiting.len(), 1);
    }

    #[test]
    fn a_generic_event_gets_its_code_from_the_native_number() {
        let mut upgrader = Upgrader::default();
        let mut generic = old(EventType::GENERIC_X, 1, |params| {
            params.u16(0);
            params.u16(221);
        });
        upgrader.upgrade(&mut generic);
        let code = generic.event().unwrap().u64(0).unwrap();
        assert_eq!(syscall::name(code as u16), Some("fadvise64"));
    }

    #[test]
    fn every_line_of_the_table_ends_in_an_event_of_today_or_in_none() {
        for line in UPGRADES {
            let mut upgrader = Upgrader::default();
            let event_type = EventType(line.event);
            let listed = event_type.info().unwrap().params;
            let mut draft = old(event_type, 1, |params| {
                listed.iter().take(line.params as usize).for_each(|listed| zero(params, listed.param_type));
            });
            let outcome = upgrader.upgrade(&mut draft);
            assert_ne!(outcome, Outcome::Unknown, "{event_type:?} with {} parameters", line.params);
            let event = draft.event().unwrap();
            let now = event.event_type().info().unwrap();
            if outcome == Outcome::Ready && !event.event_type().is_enter() {
                assert_eq!(event.param_count(), now.params.len(), "{event_type:?} became {event:?}");
            }
        }
    }
}
