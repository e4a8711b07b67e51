//! Identities of Explore's rows, as URLs and answers carry them.

use std::fmt;

use lanner_model::id::{ContainerId, NodeName, ProcessKey};
use lanner_model::time::WallMs;

/// A host, container, process or group that a row stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RowId {
    /// `host:NODE`
    Host(NodeName),
    /// `container:NODE:ID`
    Container(NodeName, ContainerId),
    /// `process:NODE:PID:START_MS`
    Process {
        /// The node it runs on.
        node: NodeName,
        /// Process id.
        pid: i64,
        /// When it began.
        start: WallMs,
    },
    /// `group:LABEL=VALUE,LABEL=VALUE`, with `%`, `,` and `=` of values as `%25`, `%2C`, `%3D`: what has
    /// these labels, no one thing.
    Group(Vec<(String, String)>),
}

impl RowId {
    pub(crate) fn process(node: &NodeName, key: ProcessKey) -> Self {
        Self::Process { node: node.clone(), pid: key.pid.0, start: key.start.millis() }
    }

    /// Reads an identity; the node's name may hold colons, the rest not.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let id = match kind {
            "host" => Self::Host(rest.into()),
            "container" => {
                let (node, id) = rest.rsplit_once(':')?;
                Self::Container(node.into(), Some(id).filter(|id| !id.is_empty())?.into())
            }
            "process" => {
                let (rest, start) = rest.rsplit_once(':')?;
                let (node, pid) = rest.rsplit_once(':')?;
                Self::Process {
                    node: node.into(),
                    pid: pid.parse().ok()?,
                    start: WallMs(start.parse().ok()?),
                }
            }
            "group" => {
                let pair = |pair: &str| {
                    let (label, value) = pair.split_once('=')?;
                    Some((label.to_owned(), unescape(value)))
                };
                Self::Group(rest.split(',').map(pair).collect::<Option<_>>()?)
            }
            _ => return None,
        };
        (!id.names_nothing()).then_some(id)
    }

    fn names_nothing(&self) -> bool {
        match self {
            Self::Host(node) | Self::Container(node, _) | Self::Process { node, .. } => node.is_empty(),
            Self::Group(labels) => labels.is_empty(),
        }
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(node) => write!(f, "host:{node}"),
            Self::Container(node, id) => write!(f, "container:{node}:{id}"),
            Self::Process { node, pid, start } => write!(f, "process:{node}:{pid}:{}", start.0),
            Self::Group(labels) => {
                let pairs: Vec<String> =
                    labels.iter().map(|(label, value)| format!("{label}={}", escape(value))).collect();
                write!(f, "group:{}", pairs.join(","))
            }
        }
    }
}

/// What stands between labels and values, in a value.
const ESCAPES: [(&str, &str); 3] = [("%", "%25"), (",", "%2C"), ("=", "%3D")];

fn escape(value: &str) -> String {
    ESCAPES.iter().fold(value.to_owned(), |text, (plain, escaped)| text.replace(plain, escaped))
}

fn unescape(text: &str) -> String {
    ESCAPES.iter().rev().fold(text.to_owned(), |value, (plain, escaped)| value.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_round_trip() {
        for text in [
            "host:a",
            "host:a:b",
            "container:a:3ac5",
            "process:worker-1:42:1700000000120",
            "group:user=root,comm=a%2Cb%25%3D",
        ] {
            assert_eq!(RowId::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_identity_is_none() {
        for text in [
            "",
            "host",
            "host:",
            "group:",
            "pod:a",
            "container:a",
            "container:a:",
            "process:a:1",
            "process:a:x:1",
            "process::1:2",
        ] {
            assert_eq!(RowId::parse(text), None, "{text}");
        }
    }
}
