//! One event, with everything that is known around it.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use lanner_model::event::ParamType;
use lanner_model::field::{FieldArg, FieldId, FieldRef};
use lanner_model::finding::ProcessNode;
use lanner_model::source::Source;
use lanner_rules::Facts as _;
use lanner_state::View;

use crate::deed::Deeds;
use crate::event_list::EventLine;
use crate::pass::{Cancelled, each_event};
use crate::seen::Seen;

/// Bytes of one parameter's text that are given.
const TEXT: usize = 65_536;

/// What is told of an event beside its parameters, in this order.
const FIELDS: [&str; 25] = [
    "evt.category",
    "evt.res",
    "proc.pid",
    "thread.tid",
    "proc.vpid",
    "proc.name",
    "proc.exepath",
    "proc.cmdline",
    "proc.cwd",
    "proc.tty",
    "proc.ppid",
    "proc.pname",
    "user.uid",
    "user.name",
    "user.loginuid",
    "group.gid",
    "container.id",
    "container.name",
    "container.image",
    "fd.num",
    "fd.type",
    "fd.name",
    "fd.l4proto",
    "fd.is_server",
    "fs.path.name",
];

/// An event, with everything that is known around it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDetail {
    /// What a list has of it.
    pub line: EventLine,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Fields of the rule language with their values.
    pub fields: Vec<(String, String)>,
    /// The process first, its oldest ancestor last.
    pub ancestry: Vec<ProcessNode>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type, `fspath`.
    pub param_type: String,
    /// Its value as text; `None` where the event does not carry it.
    pub text: Option<String>,
    /// Its bytes, for data that was read or written.
    pub data: Option<Vec<u8>>,
    /// How many bytes it has.
    pub size_bytes: u64,
}

impl EventDetail {
    /// Finds an event by its number; `None` when no event for people has it.
    ///
    /// # Errors
    /// When it was cancelled.
    pub fn read(
        source: &mut dyn Source,
        number: u64,
        cancelled: &AtomicBool,
    ) -> Result<Option<Self>, Cancelled> {
        let deeds = Deeds::new();
        let mut found = None;
        each_event(source, cancelled, |view| {
            if view.number() < number {
                return ControlFlow::Continue(());
            }
            if view.number() == number {
                found = Some(Self::of(&Seen::of(view, &deeds)));
            }
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    fn of(seen: &Seen<'_>) -> Self {
        let view = seen.view;
        let known = FIELDS.into_iter().filter_map(FieldRef::parse);
        let fields = known.filter_map(|field| Some((field.to_string(), cut(view.value(&field).to_text()?))));
        Self {
            line: EventLine::of(seen),
            params: params(view),
            fields: fields.collect(),
            ancestry: view.ancestry(),
        }
    }
}

fn params(view: &View<'_>) -> Vec<Param> {
    let event = view.event();
    let Some(info) = event.event_type().info() else { return Vec::new() };
    let of = |(index, param): (usize, &lanner_model::event::ParamInfo)| {
        let bytes = event.param(index);
        let argument = u32::try_from(index).ok().map(FieldArg::Index);
        let field = FieldRef { id: FieldId::EvtArg, argument };
        let is_data = param.param_type == ParamType::Bytebuf;
        Param {
            name: param.name.to_owned(),
            param_type: format!("{:?}", param.param_type).to_lowercase(),
            text: view.value(&field).to_text().map(cut),
            data: bytes.filter(|_| is_data).map(<[u8]>::to_vec),
            size_bytes: bytes.map_or(0, <[u8]>::len) as u64,
        }
    };
    info.params.iter().enumerate().map(of).collect()
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(TEXT));
    text
}
