//! Values that are made from fields: transformers.

use std::borrow::Cow;

use lanner_model::field::FieldKind;

use crate::ast::Function;
use crate::field_slot::FieldSlot;
use crate::matcher::as_bytes;
use crate::value::Value;

/// A field, or what a transformer makes of fields and constants.
#[derive(Clone, Debug)]
pub(crate) enum Computed {
    Field(FieldSlot),
    Constant(Box<[u8]>),
    Call(Function, Vec<Computed>),
    List(Vec<Computed>),
}

impl Computed {
    /// The first field in it.
    pub(crate) fn field(&self) -> Option<FieldSlot> {
        match self {
            Computed::Field(slot) => Some(*slot),
            Computed::Constant(_) => None,
            Computed::Call(_, parts) | Computed::List(parts) => parts.iter().find_map(Computed::field),
        }
    }

    pub(crate) fn add_fields(&self, slots: &mut Vec<FieldSlot>) {
        match self {
            Computed::Field(slot) => slots.push(*slot),
            Computed::Constant(_) => {}
            Computed::Call(_, parts) | Computed::List(parts) => {
                parts.iter().for_each(|part| part.add_fields(slots))
            }
        }
    }

    pub(crate) fn cost(&self) -> u32 {
        match self {
            Computed::Field(_) | Computed::Constant(_) => 0,
            Computed::Call(_, parts) | Computed::List(parts) => {
                parts.iter().map(Computed::cost).sum::<u32>() + 10
            }
        }
    }

    /// Its value; [`Value::None`] where a field that it needs has none.
    pub(crate) fn value<'v>(&self, field: &mut impl FnMut(FieldSlot) -> Value<'v>) -> Value<'v> {
        match self {
            Computed::Field(slot) => field(*slot),
            Computed::Constant(bytes) => Value::owned(bytes.to_vec()),
            Computed::List(parts) => Value::List(parts.iter().map(|part| part.value(field)).collect()),
            Computed::Call(function, parts) => {
                let mut values = parts.iter().map(|part| part.value(field));
                call(*function, &mut values)
            }
        }
    }
}

fn call<'v>(function: Function, arguments: &mut dyn Iterator<Item = Value<'v>>) -> Value<'v> {
    let first = arguments.next().unwrap_or_default();
    match function {
        Function::Value => first,
        Function::Tolower => map_text(first, |text| Some(text.to_ascii_lowercase())),
        Function::Toupper => map_text(first, |text| Some(text.to_ascii_uppercase())),
        Function::Base64 => map_text(first, decode_base64),
        Function::Basename => {
            map_text(first, |text| text.rsplit(|byte| *byte == b'/').next().map(<[u8]>::to_vec))
        }
        Function::Len => match first {
            Value::None => Value::None,
            Value::List(values) => Value::Uint(values.len() as u64),
            other => as_bytes(&other).map_or(Value::None, |text| Value::Uint(text.len() as u64)),
        },
        Function::Join => join(&first, arguments.next().unwrap_or_default()),
        Function::Concat => {
            join(&Value::text(""), Value::List(std::iter::once(first).chain(arguments).collect()))
        }
    }
}

fn map_text<'v>(value: Value<'v>, map: impl Fn(&[u8]) -> Option<Vec<u8>> + Copy) -> Value<'v> {
    match value {
        Value::List(values) => Value::List(values.into_iter().map(|value| map_text(value, map)).collect()),
        other => match as_bytes(&other) {
            Some(text) => map(&text).map_or(Value::None, Value::owned),
            None => Value::None,
        },
    }
}

/// The values with the separator between them; nothing when one of them is missing.
fn join<'v>(separator: &Value<'_>, values: Value<'v>) -> Value<'v> {
    let (Some(separator), Value::List(values)) = (as_bytes(separator), values) else {
        return Value::None;
    };
    let texts: Option<Vec<Cow<'_, [u8]>>> = values.iter().map(as_bytes).collect();
    texts.map_or(Value::None, |texts| Value::owned(texts.join(&*separator)))
}

/// Decodes base64 of the standard alphabet, with or without padding.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        for byte in group {
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(digit);
        }
        let bytes = (bits << (6 * (4 - group.len()))).to_be_bytes();
        out.extend_from_slice(&bytes[1..group.len().max(1)]);
    }
    Some(out)
}

/// What a transformer gives for an argument of `kind`; `None` when it cannot take that.
pub(crate) fn result_kind(function: Function, kind: FieldKind, is_list: bool) -> Option<FieldKind> {
    let is_text = matches!(kind, FieldKind::Text | FieldKind::Path);
    match function {
        Function::Value => Some(kind),
        Function::Tolower | Function::Toupper | Function::Basename => is_text.then_some(kind),
        Function::Base64 => (is_text || kind == FieldKind::Bytes).then_some(kind),
        Function::Len => (is_text || is_list || kind == FieldKind::Bytes).then_some(FieldKind::Uint),
        Function::Join | Function::Concat => Some(FieldKind::Text),
    }
}
