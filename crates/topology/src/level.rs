//! What a box stands for: which labels things must share to be one.

use lanner_model::series::Labels;

/// Labels that boxes are made by, the outermost first. What lacks one of them is put together without it:
/// at the level of containers, the processes of a host that are in none are one box by `node` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level(Vec<String>);

/// What the things of one box have in common: those of the level's labels that they have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Shared(pub(crate) Vec<(String, String)>);

impl Level {
    /// Processes of one name, in one container or on one host.
    #[must_use]
    pub fn process() -> Level {
        Level::by(["node", "container_id", "comm"])
    }

    /// Containers.
    #[must_use]
    pub fn container() -> Level {
        Level::by(["node", "container_id"])
    }

    /// Hosts.
    #[must_use]
    pub fn host() -> Level {
        Level::by(["node"])
    }

    /// Any labels.
    pub fn by<L: Into<String>>(labels: impl IntoIterator<Item = L>) -> Level {
        Level(labels.into_iter().map(Into::into).collect())
    }

    pub(crate) fn of(&self, labels: &Labels) -> Shared {
        let pair = |name: &String| Some((name.clone(), labels.value(name)?.to_owned()));
        Shared(self.0.iter().filter_map(pair).collect())
    }

    /// The label that tells boxes apart in the end.
    pub(crate) fn innermost(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }
}

impl Shared {
    pub(crate) fn value(&self, label: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str())
    }

    fn has_just(&self, labels: &[&str]) -> bool {
        self.0.len() == labels.len() && self.0.iter().zip(labels).all(|((name, _), label)| name == label)
    }

    pub(crate) fn is_host(&self) -> bool {
        self.has_just(&["node"])
    }

    pub(crate) fn is_container(&self) -> bool {
        self.has_just(&["node", "container_id"])
    }

    pub(crate) fn is_process(&self) -> bool {
        self.has_just(&["node", "comm"]) || self.has_just(&["node", "container_id", "comm"])
    }

    /// The identity of the box, as rows of Explore have it.
    pub(crate) fn id(&self) -> String {
        let value = |label| self.value(label).unwrap_or_default();
        if self.is_host() {
            return format!("host:{}", value("node"));
        }
        if self.is_container() {
            return format!("container:{}:{}", value("node"), value("container_id"));
        }
        let pair = |(name, value): &(String, String)| format!("{name}={}", escape(value));
        format!("group:{}", self.0.iter().map(pair).collect::<Vec<_>>().join(","))
    }
}

/// What stands between labels and values, in a value.
fn escape(value: &str) -> String {
    value.replace('%', "%25").replace(',', "%2C").replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_takes_the_labels_that_are_there() {
        let in_container =
            Labels::new("", [("node", "a"), ("comm", "x,y"), ("container_id", "3a"), ("netns", "1")]);
        let on_host = Labels::new("", [("node", "a"), ("comm", "sshd")]);
        for (level, labels, id) in [
            (Level::process(), &in_container, "group:node=a,container_id=3a,comm=x%2Cy"),
            (Level::process(), &on_host, "group:node=a,comm=sshd"),
            (Level::container(), &in_container, "container:a:3a"),
            (Level::container(), &on_host, "host:a"),
            (Level::host(), &in_container, "host:a"),
            (Level::by(["comm"]), &on_host, "group:comm=sshd"),
        ] {
            assert_eq!(level.of(labels).id(), id);
        }
    }
}
