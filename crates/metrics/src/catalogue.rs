//! Finding a declaration by name.

use crate::declaration::Declaration;
use crate::generated::ALL;

/// The declaration of a metric's name; `None` for metrics that are not the agent's.
#[must_use]
pub fn declaration_of(name: &str) -> Option<&'static Declaration> {
    ALL.binary_search_by(|declaration| declaration.name.cmp(name)).ok().map(|at| ALL[at])
}
