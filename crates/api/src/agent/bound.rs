//! Limits on what comes in, and cuts on what goes out.

/// Why a message is refused.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum WireError {
    /// Bytes that are no message.
    #[error("not a message of the agent protocol")]
    Decode(#[source] prost::DecodeError),
    /// A message of a kind this version does not know, or of none.
    #[error("message of an unknown kind")]
    UnknownKind,
    /// A part that must be there is not.
    #[error("{field} is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A text or list is longer than allowed.
    #[error("{field} has length {length}, more than {limit}")]
    TooLong {
        /// Which.
        field: &'static str,
        /// Its length: bytes of a text, entries of a list.
        length: usize,
        /// What is allowed.
        limit: usize,
    },
    /// A value that has no meaning.
    #[error("{field} has the value {value}, which means nothing")]
    Value {
        /// Which.
        field: &'static str,
        /// The value.
        value: String,
    },
}

/// Ids and names of nodes, containers, rules.
pub(super) const NAME: usize = 250;
/// Paths, command lines.
pub(super) const PATH: usize = 4096;
/// Values of fields, parts of conditions, descriptions.
pub(super) const VALUE: usize = 8192;
/// A rule's output.
pub(super) const OUTPUT: usize = 16_384;
/// Entries of small lists.
pub(super) const LIST: usize = 256;
/// Ancestors of a process.
pub(super) const ANCESTRY: usize = 64;

/// Ends after 2100-01-01: a later sample is a broken clock, not the future.
pub(super) const LAST_MS: i64 = 4_102_444_800_000;

/// A text that may be empty.
pub(super) fn text(field: &'static str, value: String, limit: usize) -> Result<String, WireError> {
    length(field, value.len(), limit)?;
    Ok(value)
}

/// A text that must say something.
pub(super) fn name(field: &'static str, value: String, limit: usize) -> Result<String, WireError> {
    if value.is_empty() {
        return Err(WireError::Missing { field });
    }
    text(field, value, limit)
}

/// An identity that names a file on either side: no path, no hidden file.
pub(super) fn file_name(field: &'static str, value: String) -> Result<String, WireError> {
    let value = name(field, value, NAME)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !value.chars().all(is_plain) || value.starts_with('.') {
        return Err(WireError::Value { field, value });
    }
    Ok(value)
}

/// Each entry of a list, converted.
pub(super) fn list<T, U>(
    field: &'static str,
    values: Vec<T>,
    limit: usize,
    each: impl FnMut(T) -> Result<U, WireError>,
) -> Result<Vec<U>, WireError> {
    length(field, values.len(), limit)?;
    values.into_iter().map(each).collect()
}

pub(super) fn length(field: &'static str, length: usize, limit: usize) -> Result<(), WireError> {
    if length > limit {
        return Err(WireError::TooLong { field, length, limit });
    }
    Ok(())
}

/// A number of the physical world: neither infinite nor NaN nor negative.
pub(super) fn amount(field: &'static str, value: Option<f64>) -> Result<Option<f64>, WireError> {
    match value {
        Some(value) if !value.is_finite() || value < 0.0 => {
            Err(WireError::Value { field, value: value.to_string() })
        }
        value => Ok(value),
    }
}

/// A moment between 1970 and 2100.
pub(super) fn time_ms(field: &'static str, value: i64) -> Result<i64, WireError> {
    if (0..=LAST_MS).contains(&value) {
        return Ok(value);
    }
    Err(WireError::Value { field, value: value.to_string() })
}

/// A moment before 2100; 0 is "not known".
pub(super) fn time_ns(field: &'static str, value: u64) -> Result<u64, WireError> {
    if value / 1_000_000 <= LAST_MS.unsigned_abs() {
        return Ok(value);
    }
    Err(WireError::Value { field, value: value.to_string() })
}

/// A text cut to `limit` bytes, at the end of a character.
pub(super) fn cut(value: &str, limit: usize) -> String {
    value[..value.floor_char_boundary(limit)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_never_splits_a_character() {
        assert_eq!(cut("añb", 2), "a");
        assert_eq!(cut("añb", 3), "añ");
        assert_eq!(cut("ab", 9), "ab");
    }

    #[test]
    fn amounts_are_of_this_world() {
        assert_eq!(amount("x", Some(1.5)), Ok(Some(1.5)));
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            assert!(matches!(amount("x", Some(bad)), Err(WireError::Value { field: "x", .. })));
        }
    }
}
