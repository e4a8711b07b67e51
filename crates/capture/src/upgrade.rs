//! Events of old captures become events of today.
//!
//! Old drivers made a pair of events per system call, enter and exit; today there is one exit event
//! with the parameters of both. What becomes of each type and number of parameters stands in a
//! table (`schema/upgrades.toml`). Enter events wait per thread for their exit event.

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
