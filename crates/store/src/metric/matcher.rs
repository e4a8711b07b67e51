//! Matchers, ready to be asked.

use lanner_model::series::{Labels, MatchOp, Matcher};
use regex::RegexBuilder;

use crate::error::StoreError;

/// A regular expression from a query may not take more than this when compiled.
const REGEX_BYTES: usize = 1 << 20;

/// A matcher whose regular expression is compiled.
pub(crate) struct Condition {
    pub(crate) name: String,
    test: Test,
}

enum Test {
    Equal(String),
    NotEqual(String),
    Regex(regex::Regex),
    NotRegex(regex::Regex),
}

impl Condition {
    /// Compiles all matchers of a query.
    pub(crate) fn compile(matchers: &[Matcher]) -> Result<Vec<Condition>, StoreError> {
        matchers.iter().map(Condition::new).collect()
    }

    fn new(matcher: &Matcher) -> Result<Condition, StoreError> {
        let regex = || {
            // As Prometheus has it: anchored at both ends, and a dot is any character.
            RegexBuilder::new(&format!("^(?s:{})$", matcher.value)).size_limit(REGEX_BYTES).build().map_err(
                |source| StoreError::Matcher { name: matcher.name.clone(), source: Box::new(source) },
            )
        };
        let test = match matcher.op {
            MatchOp::Equal => Test::Equal(matcher.value.clone()),
            MatchOp::NotEqual => Test::NotEqual(matcher.value.clone()),
            MatchOp::Regex => Test::Regex(regex()?),
            MatchOp::NotRegex => Test::NotRegex(regex()?),
        };
        Ok(Condition { name: matcher.name.clone(), test })
    }

    /// Whether a label with this value holds; a missing label has the value "".
    pub(crate) fn holds(&self, value: &str) -> bool {
        match &self.test {
            Test::Equal(wanted) => value == wanted,
            Test::NotEqual(unwanted) => value != unwanted,
            Test::Regex(regex) => regex.is_match(value),
            Test::NotRegex(regex) => !regex.is_match(value),
        }
    }

    /// Whether it holds for these labels.
    pub(crate) fn holds_for(&self, labels: &Labels) -> bool {
        self.holds(labels.value(&self.name).unwrap_or(""))
    }

    /// The one value it wants, if it wants just one.
    pub(crate) fn equal_to(&self) -> Option<&str> {
        match &self.test {
            Test::Equal(wanted) => Some(wanted),
            _ => None,
        }
    }
}
