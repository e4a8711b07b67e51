//! Checks back to text, as people read them.

use crate::ast::Literal;

/// So many values of a list are shown; the rest is counted.
pub(crate) const SHOWN_MAX: usize = 8;

/// `subject operator right`.
pub(crate) fn check(subject: &str, operator: &str, right: &str) -> String {
    if right.is_empty() { format!("{subject} {operator}") } else { format!("{subject} {operator} {right}") }
}

/// `proc.aname[2]`.
pub(crate) fn field(name: &str, argument: Option<&str>) -> String {
    match argument {
        Some(argument) => format!("{name}[{argument}]"),
        None => name.to_owned(),
    }
}

/// A value, in quotes where it needs them.
pub(crate) fn literal(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let needs_quotes = text.is_empty()
        || text.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '"' | '\'' | '=' | ',')
        })
        || matches!(text, std::borrow::Cow::Owned(_));
    if !needs_quotes {
        return text.into_owned();
    }
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

/// `(a, b, c)`, cut after `shown` values.
pub(crate) fn list(literals: &[Literal], shown: usize) -> String {
    let mut parts: Vec<String> = literals.iter().take(shown).map(|value| literal(&value.bytes)).collect();
    if literals.len() > shown {
        parts.push(format!("... {} more", literals.len() - shown));
    }
    format!("({})", parts.join(", "))
}
