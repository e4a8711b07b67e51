//! One step into a capture: only what one process did, what happened to one file.

use std::fmt;

use lanner_model::id::{Pid, ProcessKey};
use lanner_model::time::WallNs;

/// A choice leaves only the events that have to do with one thing. As text it is `kind:value`; `~` and
/// `%` in a value are `%7E` and `%25`, so that choices can stand in a row with `~` between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// What a process did: `process:PID:START_NS`.
    Process(ProcessKey),
    /// What was done with a file, by its path: `file:/etc/shadow`.
    File(String),
    /// What went over a connection, by its name: `connection:10.0.0.1:4242->10.0.0.2:80`.
    Connection(String),
    /// What happened in a container, by its full id: `container:4f2a...`; `container:host` is outside
    /// of all.
    Container(String),
    /// Events of a name: `syscall:openat`.
    Syscall(String),
    /// Calls that failed with an error: `error:ENOENT`.
    Error(String),
    /// What the side of a connection did that listens on a port: `port:80`.
    Port(u16),
}

/// A text that is no choice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no choice")]
pub struct ChoiceError {
    /// The text, cut.
    pub text: String,
}

impl Choice {
    /// What stands for "in no container".
    pub const HOST: &'static str = "host";

    /// Reads a choice.
    ///
    /// # Errors
    /// When the text is none.
    pub fn parse(text: &str) -> Result<Self, ChoiceError> {
        Self::read(text).ok_or_else(|| ChoiceError { text: text.chars().take(64).collect() })
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, value) = text.split_once(':')?;
        let value = decode(value)?;
        if value.is_empty() {
            return None;
        }
        Some(match kind {
            "process" => {
                let (pid, start) = value.split_once(':')?;
                Self::Process(ProcessKey { pid: Pid(pid.parse().ok()?), start: WallNs(start.parse().ok()?) })
            }
            "file" => Self::File(value),
            "connection" => Self::Connection(value),
            "container" => Self::Container(value),
            "syscall" => Self::Syscall(value),
            "error" => Self::Error(value),
            "port" => Self::Port(value.parse().ok()?),
            _ => return None,
        })
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, value) = match self {
            Choice::Process(process) => return write!(f, "process:{}:{}", process.pid, process.start.0),
            Choice::Port(port) => return write!(f, "port:{port}"),
            Choice::File(path) => ("file", path),
            Choice::Connection(name) => ("connection", name),
            Choice::Container(id) => ("container", id),
            Choice::Syscall(name) => ("syscall", name),
            Choice::Error(name) => ("error", name),
        };
        write!(f, "{kind}:{}", value.replace('%', "%25").replace('~', "%7E"))
    }
}

/// `%XX` to bytes; `None` when a percent sign stands before anything else or no UTF-8 comes out.
fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            out.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
        out.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_comes_back_from_its_text() {
        let process = ProcessKey { pid: Pid(42), start: WallNs(1_700_000_000_000_000_000) };
        for (choice, text) in [
            (Choice::Process(process), "process:42:1700000000000000000"),
            (Choice::File("/tmp/a~b%c".into()), "file:/tmp/a%7Eb%25c"),
            (Choice::Connection("[::1]:4->[::1]:80".into()), "connection:[::1]:4->[::1]:80"),
            (Choice::Container("host".into()), "container:host"),
            (Choice::Port(80), "port:80"),
        ] {
            assert_eq!(choice.to_string(), text);
            assert_eq!(Choice::parse(text), Ok(choice));
        }
    }

    #[test]
    fn what_is_no_choice_is_told() {
        for text in
            ["", "file", "file:", "fil:/x", "process:42", "process:x:1", "port:65536", "file:%", "file:%f"]
        {
            assert!(Choice::parse(text).is_err(), "{text}");
        }
    }
}
