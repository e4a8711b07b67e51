//! A field's value in one event.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::IpAddr;

/// A field's value in one event.
///
/// Fields of [`FieldKind::Net`](lanner_model::field::FieldKind::Net) (`fd.net`) have addresses for
/// values: it is the rule that names a network. Fields with two sides (`fd.ip`, `fd.port`,
/// `fd.net`) answer with a list of both, fields over ancestors without an index (`proc.aname`)
/// with a list of all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// The event has no such thing.
    #[default]
    None,
    /// Text or bytes: what the kernel or a program wrote, so not always UTF-8.
    Text(Cow<'a, [u8]>),
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    Uint(u64),
    /// True or false.
    Bool(bool),
    /// An IP address.
    Ip(IpAddr),
    /// A point in time, nanoseconds since the epoch.
    Time(u64),
    /// A span of time, nanoseconds.
    Duration(u64),
    /// Several values; an empty list is the same as [`Value::None`].
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// Text that lives as long as the facts.
    #[must_use]
    pub fn text(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Value::Text(Cow::Borrowed(text.as_ref()))
    }

    /// Text made for this answer.
    #[must_use]
    pub fn owned(text: impl Into<Vec<u8>>) -> Self {
        Value::Text(Cow::Owned(text.into()))
    }

    /// Text for `Some`, nothing for `None`.
    #[must_use]
    pub fn optional_text(text: Option<&'a (impl AsRef<[u8]> + ?Sized)>) -> Self {
        text.map_or(Value::None, Value::text)
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Value::None => true,
            Value::List(values) => values.iter().all(Value::is_none),
            _ => false,
        }
    }

    /// Appends the value as an output shows it: numbers and times in decimal, booleans as `true`
    /// and `false`, a list as `(a,b)`. Bytes that are no UTF-8 become U+FFFD, control characters a
    /// dot (an output is one line, whatever a program put into its name). [`Value::None`] appends
    /// nothing.
    pub fn render(&self, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Value::None => Ok(()),
            Value::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                out.extend(text.chars().map(|c| if c.is_control() { '.' } else { c }));
                Ok(())
            }
            Value::Int(number) => write!(out, "{number}"),
            Value::Uint(number) | Value::Time(number) | Value::Duration(number) => write!(out, "{number}"),
            Value::Bool(truth) => write!(out, "{truth}"),
            Value::Ip(address) => write!(out, "{address}"),
            Value::List(_) if self.is_none() => Ok(()),
            Value::List(values) => {
                out.push('(');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    value.render(out);
                }
                out.push(')');
                Ok(())
            }
        };
    }

    /// The value as text (see [`Value::render`]); `None` when there is none.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        if self.is_none() {
            return None;
        }
        let mut out = String::new();
        self.render(&mut out);
        Some(out)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Value::Uint(number)
    }
}

impl From<IpAddr> for Value<'_> {
    fn from(address: IpAddr) -> Self {
        Value::Ip(address)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::None, Into::into)
    }
}
