//! What can be asked of a store of findings.

use std::fmt;
use std::str::FromStr;

use lanner_model::finding::{Finding, Severity};
use lanner_model::id::{ContainerId, NodeName};
use lanner_model::time::WallNs;

use crate::error::StoreError;

/// Which findings. An empty list, or an empty text, asks nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFilter {
    /// The earliest time.
    pub from: WallNs,
    /// The first time that is too late.
    pub to: WallNs,
    /// Any of these severities.
    pub severities: Vec<Severity>,
    /// Any of these rules, by their whole names.
    pub rules: Vec<String>,
    /// On any of these nodes.
    pub nodes: Vec<NodeName>,
    /// In any of these containers; the empty id is the host.
    pub containers: Vec<ContainerId>,
    /// Any of these findings.
    pub ids: Vec<String>,
    /// A part of the output, the rule, the node, the container's id, name or image, or of a field's
    /// value, in any case of letters.
    pub text: String,
}

impl Default for EventFilter {
    fn default() -> Self {
        Self {
            from: WallNs(0),
            to: WallNs(u64::MAX),
            severities: Vec::new(),
            rules: Vec::new(),
            nodes: Vec::new(),
            containers: Vec::new(),
            ids: Vec::new(),
            text: String::new(),
        }
    }
}

impl EventFilter {
    /// Whether a finding is asked for.
    #[must_use]
    pub fn matches(&self, finding: &Finding) -> bool {
        let container = finding.container.as_ref().map_or("", |container| container.id.as_str());
        (self.from..self.to).contains(&finding.time)
            && is_asked(&self.severities, |wanted| *wanted == finding.priority.severity())
            && is_asked(&self.rules, |wanted| *wanted == finding.rule)
            && is_asked(&self.nodes, |wanted| *wanted == finding.node)
            && is_asked(&self.containers, |wanted| wanted.as_str() == container)
            && is_asked(&self.ids, |wanted| *wanted == finding.id)
            && self.text_matches(finding)
    }

    fn text_matches(&self, finding: &Finding) -> bool {
        let Some(needle) = Needle::of(self) else { return true };
        let container = finding.container.iter();
        let container = container.flat_map(|c| [c.id.as_str(), c.name.as_str(), c.image.as_str()]);
        [finding.output.as_str(), finding.rule.as_str(), finding.node.as_str()]
            .into_iter()
            .chain(container)
            .chain(finding.fields.iter().map(|(_, value)| value.as_str()))
            .any(|text| needle.is_in(text))
    }
}

fn is_asked<T>(wanted: &[T], is_it: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is_it)
}

/// A text that is looked for in others, in any case of letters.
pub(crate) struct Needle {
    text: String,
    /// The same as it stands inside a JSON string.
    in_json: String,
}

impl Needle {
    /// The filter's text; `None` when it has none.
    pub(crate) fn of(filter: &EventFilter) -> Option<Needle> {
        let text = filter.text.to_lowercase();
        let in_json = serde_json::Value::from(text.as_str()).to_string();
        let in_json = in_json[1..in_json.len() - 1].to_owned(); // without its quotes
        (!text.is_empty()).then_some(Needle { text, in_json })
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.text)
    }

    /// Whether it stands anywhere in a JSON text, keys and punctuation included. A string of that
    /// JSON can have it only when this is so: JSON escapes a character as it escapes it in the needle.
    pub(crate) fn may_be_in_json(&self, json: &str) -> bool {
        json.to_lowercase().contains(&self.in_json)
    }
}

/// A page of findings, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuerySpec {
    /// Which findings.
    pub filter: EventFilter,
    /// At most so many.
    pub limit: usize,
    /// Where the page before ended; `None` for the first.
    pub after: Option<Cursor>,
    /// What of each finding.
    pub projection: Projection,
}

impl Default for QuerySpec {
    fn default() -> Self {
        Self { filter: EventFilter::default(), limit: 100, after: None, projection: Projection::Whole }
    }
}

/// What of each finding is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// All of it.
    #[default]
    Whole,
    /// All but the fields, the conditions that held and the ancestry, which are most of its bytes:
    /// what a list shows. They are empty in the findings made of it.
    Summary,
}

/// A finding's place in the order of pages: by time, then by id. Its text is for URLs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When it happened.
    pub time: WallNs,
    /// Its identity.
    pub id: String,
}

impl Cursor {
    /// The place of a finding.
    #[must_use]
    pub fn of(finding: &Finding) -> Cursor {
        Cursor { time: finding.time, id: finding.id.clone() }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}.{}", self.time.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once('.').and_then(|(time, id)| {
            let time = WallNs(u64::from_str_radix(time, 16).ok()?);
            Some(Cursor { time, id: id.to_owned() })
        });
        parsed.ok_or_else(|| StoreError::Cursor { text: text.to_owned() })
    }
}
