//! Compares all parameters of an event with what they should be.

use lanner_model::event::{EventRef, ParamType};

/// What a parameter should be.
#[derive(Clone, Debug)]
pub(crate) enum Expect {
    /// A number, signed or not.
    Is(i64),
    /// A text; for a list, its parts with a NUL between each.
    Text(String),
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// Nothing.
    Absent,
    /// A number from a range, ends included.
    Within(i64, i64),
    /// A text that contains this one.
    Contains(String),
}

pub(crate) use Expect::{Absent, Contains, Is, Within};

pub(crate) fn text(text: impl Into<String>) -> Expect {
    Expect::Text(text.into())
}

pub(crate) fn bytes(bytes: &[u8]) -> Expect {
    Expect::Bytes(bytes.to_vec())
}

/// Every parameter of the table must be named, in its order, and be as expected.
pub(crate) fn check(event: &EventRef<'_>, expected: &[(&str, Expect)]) -> Result<(), String> {
    let info = event.event_type().info().ok_or("an event that the table lacks")?;
    let names: Vec<&str> = info.params.iter().map(|param| param.name).collect();
    let named: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    if names != named {
        return Err(format!("{} has the parameters {names:?}, the test names {named:?}", info.id));
    }
    let mut problems = Vec::new();
    for (index, (name, expect)) in expected.iter().enumerate() {
        let signed = !matches!(
            info.params[index].param_type,
            ParamType::Uint8 | ParamType::Uint16 | ParamType::Uint32 | ParamType::Uint64
        );
        let number = || if signed { event.i64(index) } else { event.u64(index).map(u64::cast_signed) };
        let text = || event.text(index).map(|text| String::from_utf8_lossy(text).into_owned());
        let holds = match expect {
            Expect::Is(value) => number() == Some(*value),
            Expect::Text(value) => text().as_ref() == Some(value),
            Expect::Bytes(value) => event.param(index) == Some(value),
            Expect::Absent => event.param(index).is_none(),
            Expect::Within(least, most) => number().is_some_and(|value| (*least..=*most).contains(&value)),
            Expect::Contains(part) => text().is_some_and(|text| text.contains(part)),
        };
        if !holds {
            let bytes = event.param(index).unwrap_or_default();
            problems.push(format!(
                "{name}: expected {expect:?}, is {:?} or {:?}",
                number(),
                String::from_utf8_lossy(bytes)
            ));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("{}: {}", info.id, problems.join("; "))) }
}
