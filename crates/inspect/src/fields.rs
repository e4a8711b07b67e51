//! The fields of the rule language that are asked for here.

use std::borrow::Cow;

use lanner_model::field::{FieldId, FieldRef};
use lanner_rules::{Facts as _, Value};
use lanner_state::View;

/// A field without an argument.
macro_rules! field {
    ($name:ident, $id:ident) => {
        pub(crate) static $name: FieldRef = FieldRef { id: FieldId::$id, argument: None };
    };
}

field!(COMM, ProcName);
field!(COMMAND_LINE, ProcCmdline);
field!(TERMINAL, ProcTty);
field!(USER, UserName);
field!(FD_NAME, FdName);
field!(FD_TYPE, FdTypechar);
field!(FD_IS_SERVER, FdIsServer);
field!(FD_SERVER_PORT, FdSport);
field!(FD_SERVER_ADDRESS, FdSip);
field!(FD_PROTOCOL, FdL4proto);
field!(PATH, FsPathName);
field!(PATH_TARGET, FsPathTarget);
field!(DATA, EvtBuffer);
field!(EVENT_TYPE, EvtType);
field!(DIRECTION, EvtDir);
field!(ARGUMENTS, EvtArgs);
field!(RESULT, EvtRes);
field!(CPU, EvtCpu);

/// A text field; bytes that are no UTF-8 are replaced.
pub(crate) fn text<'v>(view: &'v View<'_>, field: &FieldRef) -> Option<Cow<'v, str>> {
    match view.value(field) {
        Value::Text(Cow::Borrowed(bytes)) => Some(String::from_utf8_lossy(bytes)),
        Value::Text(Cow::Owned(bytes)) => Some(match String::from_utf8(bytes) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }),
        Value::None => None,
        other => other.to_text().map(Cow::Owned),
    }
}

/// A text field, made for keeping; empty where there is no value.
pub(crate) fn kept(view: &View<'_>, field: &FieldRef, most_bytes: usize) -> String {
    let text = text(view, field).unwrap_or_default();
    text[..text.floor_char_boundary(most_bytes)].to_owned()
}

/// Whether a field is true.
pub(crate) fn holds(view: &View<'_>, field: &FieldRef) -> bool {
    view.value(field) == Value::Bool(true)
}

/// A number.
pub(crate) fn number(view: &View<'_>, field: &FieldRef) -> Option<i64> {
    match view.value(field) {
        Value::Int(number) => Some(number),
        Value::Uint(number) => i64::try_from(number).ok(),
        _ => None,
    }
}
