//! What an event did, and to what.

use std::borrow::Cow;

use lanner_model::event::{Category, EventFlags};
use lanner_model::id::ProcessKey;
use lanner_rules::{Facts as _, Value};
use lanner_state::View;

use crate::choice::Choice;
use crate::deed::{Deed, Deeds};
use crate::fields;

/// An event as everything here looks at it.
#[derive(Debug)]
pub(crate) struct Seen<'v> {
    pub(crate) view: &'v View<'v>,
    pub(crate) time: u64,
    pub(crate) deed: Deed,
    /// What the call returned; `None` where there is none.
    pub(crate) result: Option<i64>,
    pub(crate) process: Option<ProcessKey>,
    pub(crate) object: Object<'v>,
    pub(crate) carried: Option<Carried>,
}

/// What an event is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Object<'v> {
    Nothing,
    /// A file, by its path.
    File(Cow<'v, str>),
    /// A connection of internet sockets, by its name.
    Connection(Cow<'v, str>),
    /// A socket without a peer, by its name.
    Socket(Cow<'v, str>),
}

/// Bytes that an event carried between a process and its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) to: To,
    pub(crate) bytes: u64,
}

/// Where bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Process,
    Object,
}

impl<'v> Seen<'v> {
    pub(crate) fn of(view: &'v View<'v>, deeds: &Deeds) -> Self {
        let event = view.event();
        let event_type = event.event_type();
        let flags = event_type.info().map_or(EventFlags(0), |info| info.flags);
        let is_return = !event_type.is_enter()
            && event_type.info().is_some_and(|info| info.category.is_from(Category::SYSCALL))
            && event_type.name() != "syscall";
        let result = if is_return { event.i64(0) } else { None };
        // The table says of sendfile only that it uses descriptors; the one told is the one it reads.
        let to = if flags.has(EventFlags::READS_FROM_FD) || event_type.name() == "sendfile" {
            Some(To::Process)
        } else if flags.has(EventFlags::WRITES_TO_FD) {
            Some(To::Object)
        } else {
            None
        };
        let bytes = result.and_then(|result| u64::try_from(result).ok()).filter(|bytes| *bytes > 0);
        let carried = to.zip(bytes).map(|(to, bytes)| Carried { to, bytes });
        const ANY_FD: u32 = EventFlags::USES_FD | EventFlags::CREATES_FD | EventFlags::DESTROYS_FD;
        let deed = deeds.of(event_type);
        let object = if flags.0 & ANY_FD != 0 || deed == Deed::Open {
            of_descriptor(view)
        } else {
            of_path(view, deed)
        };
        Self { view, time: event.time().0, deed, result, process: view.process_key(), object, carried }
    }

    pub(crate) fn succeeded(&self) -> bool {
        self.result.is_some_and(|result| result >= 0)
    }

    pub(crate) fn failed(&self) -> bool {
        self.result.is_some_and(|result| result < 0)
    }

    /// The number of the event.
    pub(crate) fn number(&self) -> u64 {
        self.view.number()
    }

    /// The event's name, `openat`; that of the system call for a generic event.
    pub(crate) fn name(&self) -> Cow<'v, str> {
        fields::text(self.view, &fields::EVENT_TYPE).unwrap_or(Cow::Borrowed("unknown"))
    }

    /// The error's name, `ENOENT`; `None` where none is.
    pub(crate) fn error(&self) -> Option<Cow<'v, str>> {
        if !self.failed() {
            return None;
        }
        fields::text(self.view, &fields::RESULT)
    }

    /// The full id of its container, or [`Choice::HOST`].
    pub(crate) fn container(&self) -> &str {
        self.view.container().map_or(Choice::HOST, |container| container.id.as_str())
    }

    /// The choice of its process.
    pub(crate) fn process_choice(&self) -> Option<Choice> {
        self.process.map(Choice::Process)
    }

    /// Whether the choice leaves it.
    pub(crate) fn is_of(&self, choice: &Choice) -> bool {
        match choice {
            Choice::Process(process) => self.process.is_some_and(|own| is_same(own, *process)),
            Choice::File(path) => matches!(&self.object, Object::File(own) if own == path),
            Choice::Connection(name) => matches!(&self.object, Object::Connection(own) if own == name),
            Choice::Container(id) => self.container() == id,
            Choice::Syscall(name) => self.name() == name.as_str(),
            Choice::Error(name) => self.error().is_some_and(|error| error == name.as_str()),
            Choice::Port(port) => {
                matches!(self.object, Object::Connection(_) | Object::Socket(_))
                    && fields::number(self.view, &fields::FD_SERVER_PORT) == Some(i64::from(*port))
                    && fields::holds(self.view, &fields::FD_IS_SERVER)
            }
        }
    }
}

/// Whether two keys mean the same process. When a process began is told by whoever saw it: from the
/// kernel's clock, or by the return of its clone, which may be a tick later; where nobody saw it, it is 0.
fn is_same(own: ProcessKey, chosen: ProcessKey) -> bool {
    const APART_NS: u64 = 1_000_000_000;
    let unknown = own.start.0 == 0 || chosen.start.0 == 0;
    own.pid == chosen.pid && (unknown || own.start.0.abs_diff(chosen.start.0) < APART_NS)
}

fn of_descriptor<'v>(view: &'v View<'v>) -> Object<'v> {
    let kind = match view.value(&fields::FD_TYPE) {
        Value::Text(kind) => kind.first().copied(),
        _ => None,
    };
    let name = || fields::text(view, &fields::FD_NAME).filter(|name| !name.is_empty());
    match kind {
        Some(b'f') => name().map_or(Object::Nothing, Object::File),
        Some(b'4' | b'6') => match name() {
            Some(name) if name.contains("->") => Object::Connection(name),
            Some(name) => Object::Socket(name),
            None => Object::Nothing,
        },
        _ => Object::Nothing,
    }
}

fn of_path<'v>(view: &'v View<'v>, deed: Deed) -> Object<'v> {
    let field = match deed {
        Deed::Rename => &fields::PATH_TARGET,
        Deed::Remove | Deed::ChangeMode => &fields::PATH,
        _ => return Object::Nothing,
    };
    fields::text(view, field).map_or(Object::Nothing, Object::File)
}
