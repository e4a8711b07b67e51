//! Which events of a capture are looked at.

use lanner_rules::{Diagnostic, Filter};

use crate::choice::{Choice, ChoiceError};
use crate::seen::Seen;

/// Choices of a path, at most.
const MOST_CHOICES: usize = 16;

/// Which events are looked at: those for which everything holds.
#[derive(Debug, Default)]
pub struct Selection {
    /// The path of choices.
    pub choices: Vec<Choice>,
    /// Not before, nanoseconds since the epoch.
    pub from_ns: Option<u64>,
    /// Before, nanoseconds since the epoch.
    pub until_ns: Option<u64>,
    /// A condition of the rule language.
    pub filter: Option<Filter>,
}

/// What a selection was asked for with makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// A step of the path is no choice.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// The path is too long.
    #[error("the path has {0} choices, at most {MOST_CHOICES} are taken")]
    TooLong(usize),
    /// The filter is no condition.
    #[error("the filter is not understood")]
    Filter(Vec<Diagnostic>),
}

impl Selection {
    /// Reads a path (`process:42:0~file:/etc/passwd`) and a filter; an empty one asks for nothing.
    ///
    /// # Errors
    /// When one of them is not understood.
    pub fn parse(path: &str, filter: &str) -> Result<Self, SelectionError> {
        let steps: Vec<&str> = path.split('~').filter(|step| !step.is_empty()).collect();
        if steps.len() > MOST_CHOICES {
            return Err(SelectionError::TooLong(steps.len()));
        }
        let choices = steps.into_iter().map(Choice::parse).collect::<Result<_, _>>()?;
        let filter = match filter.trim() {
            "" => None,
            text => Some(Filter::parse(text).map_err(SelectionError::Filter)?),
        };
        Ok(Self { choices, filter, ..Self::default() })
    }

    /// The same in a window of time, `from` included, `until` not.
    #[must_use]
    pub fn within(self, from_ns: Option<u64>, until_ns: Option<u64>) -> Self {
        Self { from_ns, until_ns, ..self }
    }

    /// Whether the event is looked at. The costly comes last.
    pub(crate) fn holds(&self, seen: &Seen<'_>) -> bool {
        self.from_ns.is_none_or(|from| seen.time >= from)
            && self.until_ns.is_none_or(|until| seen.time < until)
            && self.choices.iter().all(|choice| seen.is_of(choice))
            && self.filter.as_ref().is_none_or(|filter| filter.matches(seen.view))
    }
}
