//! One decision, and one thing that stands in the way.

/// Whether a program is loaded, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The program's name.
    pub program: &'static str,
    /// Whether it is loaded.
    pub load: bool,
    /// Why, in a sentence for people.
    pub reason: String,
}

/// Something without which the probe cannot start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// What is not there.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}
