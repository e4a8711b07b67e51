//! What is asked for.

use super::level::Level;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// What a box stands for.
    pub level: Level,
    /// Only what has each of these labels, with one of its values (an empty one: without the label), and whom
    /// it talks to; an empty scope asks for all.
    pub scope: Vec<(String, Vec<String>)>,
    /// Only what is near a box.
    pub focus: Option<Focus>,
    /// Whether what fares well is shown.
    pub shown: Shown,
    /// How ports are told apart.
    pub ports: Ports,
    /// At most so many boxes; at least 2.
    pub limit: usize,
}

/// A box and how far to look.
#[derive(Clone, Debug)]
pub struct Focus {
    /// The box.
    pub id: String,
    /// So many edges away at most.
    pub depth: u32,
}

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All.
    #[default]
    All,
    /// What has a problem, and who is at the other end.
    Problems,
}

/// How the ports between two boxes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ports {
    /// Each as an edge.
    #[default]
    Apart,
    /// More than three as one edge, and all of a box that talks to itself: so that a map can be read.
    Together,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            level: Level::process(),
            scope: Vec::new(),
            focus: None,
            shown: Shown::All,
            ports: Ports::Apart,
            limit: 150,
        }
    }
}
