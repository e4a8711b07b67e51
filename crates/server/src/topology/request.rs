//! What a URL asks for, as the map understands it.

use lanner_api::http::{TopologyLevel, TopologyOnly, TopologyPorts, TopologyQuery};
use lanner_topology::{Focus, Level, Ports, Request, Shown};

/// The most boxes of a map.
const MAX_BOXES: u32 = 150;
/// How far a focus looks at most.
const MAX_DEPTH: u32 = 9;
/// The longest text of a parameter.
const MAX_BYTES: usize = 512;
/// The most labels that boxes are made by, and the most pairs of a scope.
const MAX_LABELS: usize = 32;
/// Labels of single processes: links have none of them, so they narrow nothing here.
const NOT_OF_LINKS: [&str; 4] = ["pid", "start", "user", "exe"];

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TopologyError {
    /// A number out of its range.
    #[error("{name} is {value}, not between {least} and {most}")]
    Number {
        /// Which parameter.
        name: &'static str,
        /// What it is.
        value: u32,
        /// What it may be.
        least: u32,
        /// What it may be.
        most: u32,
    },
    /// A parameter that is too long.
    #[error("{name} is longer than {MAX_BYTES} bytes")]
    TooLong {
        /// Which parameter.
        name: &'static str,
    },
    /// What is no label.
    #[error("`{text}` in {name} is no label")]
    NoLabel {
        /// Which parameter.
        name: &'static str,
        /// What it is, cut.
        text: String,
    },
}

impl TopologyError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            TopologyError::Number { .. } | TopologyError::TooLong { .. } => {
                "/api/v1/openapi.json says what each parameter may be"
            }
            TopologyError::NoLabel { name: "by", .. } => "by is a list of labels: by=node,comm",
            TopologyError::NoLabel { .. } => "a scope is labels with values: scope=node:worker-1,comm:nginx",
        }
    }
}

/// Reads the parameters but for the time range.
pub(crate) fn request(query: &TopologyQuery) -> Result<Request, TopologyError> {
    let by = text("by", &query.by)?;
    let level = match query.level.unwrap_or_default() {
        _ if !by.is_empty() => Level::by(labels(by)?),
        TopologyLevel::Process => Level::process(),
        TopologyLevel::Container => Level::container(),
        TopologyLevel::Host => Level::host(),
    };
    let depth = number("depth", query.depth.unwrap_or(1), 1, MAX_DEPTH)?;
    let focus = text("focus", &query.focus)?;
    Ok(Request {
        level,
        scope: scope(text("scope", &query.scope)?)?,
        focus: (!focus.is_empty()).then(|| Focus { id: focus.to_owned(), depth }),
        shown: match query.only {
            None => Shown::All,
            Some(TopologyOnly::Problems) => Shown::Problems,
        },
        ports: match query.ports.unwrap_or_default() {
            TopologyPorts::Apart => Ports::Apart,
            TopologyPorts::Together => Ports::Together,
        },
        limit: number("limit", query.limit.unwrap_or(MAX_BOXES), 10, MAX_BOXES)? as usize,
    })
}

fn number(name: &'static str, value: u32, least: u32, most: u32) -> Result<u32, TopologyError> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(TopologyError::Number { name, value, least, most })
}

fn text<'a>(name: &'static str, text: &'a Option<String>) -> Result<&'a str, TopologyError> {
    let text = text.as_deref().unwrap_or_default();
    if text.len() > MAX_BYTES { Err(TopologyError::TooLong { name }) } else { Ok(text) }
}

fn labels(text: &str) -> Result<Vec<String>, TopologyError> {
    text.split(',').take(MAX_LABELS).map(|label| known_label("by", label)).collect()
}

fn known_label(name: &'static str, label: &str) -> Result<String, TopologyError> {
    let mut letters = label.chars();
    let is_label = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_label {
        return Ok(label.to_owned());
    }
    Err(TopologyError::NoLabel { name, text: label.chars().take(64).collect() })
}

/// `label:value,label:value`; a label that stands there twice may have either value. In values `%` and `,`
/// are written `%25` and `%2C`.
fn scope(text: &str) -> Result<Vec<(String, Vec<String>)>, TopologyError> {
    let mut scope: Vec<(String, Vec<String>)> = Vec::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()).take(MAX_LABELS) {
        let Some((label, value)) = pair.split_once(':') else {
            return Err(TopologyError::NoLabel { name: "scope", text: pair.chars().take(64).collect() });
        };
        let label = known_label("scope", label)?;
        if NOT_OF_LINKS.contains(&&*label) {
            continue;
        }
        let value = value.replace("%2C", ",").replace("%2c", ",").replace("%25", "%");
        match scope.iter_mut().find(|(known, _)| *known == label) {
            Some((_, values)) => values.push(value),
            None => scope.push((label, vec![value])),
        }
    }
    Ok(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(change: impl FnOnce(&mut TopologyQuery)) -> Result<Request, TopologyError> {
        let mut query = TopologyQuery::default();
        change(&mut query);
        request(&query)
    }

    #[test]
    fn without_parameters_everything_is_shown() {
        let all = query(|_| ()).expect("a request");
        assert_eq!((all.level, all.limit, all.shown), (Level::process(), 150, Shown::All));
        assert!(all.scope.is_empty() && all.focus.is_none());
    }

    #[test]
    fn a_scope_is_labels_each_with_one_of_its_values() {
        let scoped =
            query(|query| query.scope = Some("node:a,comm:x%2Cy,node:b:c,pid:7".into())).expect("a request");
        let expected = [
            ("node".to_owned(), vec!["a".to_owned(), "b:c".to_owned()]),
            ("comm".to_owned(), vec!["x,y".to_owned()]),
        ];
        assert_eq!(scoped.scope, expected);
    }

    #[test]
    fn labels_take_the_place_of_a_level() {
        let by = query(|query| query.by = Some("cluster,namespace".into())).expect("a request");
        assert_eq!(by.level, Level::by(["cluster", "namespace"]));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (change, message) in [
            ((|query| query.depth = Some(0)) as fn(&mut TopologyQuery), "depth is 0, not between 1 and 9"),
            (|query| query.limit = Some(151), "limit is 151, not between 10 and 150"),
            (|query| query.by = Some("a,,b".into()), "`` in by is no label"),
            (|query| query.scope = Some("no value".into()), "`no value` in scope is no label"),
            (|query| query.focus = Some("x".repeat(600)), "focus is longer than 512 bytes"),
        ] {
            assert_eq!(query(change).expect_err("an error").to_string(), message);
        }
    }
}
