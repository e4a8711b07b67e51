//! Links as people see them: with names instead of numbers.

use lanner_model::cgroup::container_of;
use lanner_model::id::CgroupId;
use lanner_probe::{CgroupPaths, LinkKey, Listener};

/// The value of `peer` of links that are summed.
const OTHER: &str = "other";

/// What a series of a link is called; empty is no label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LinkLabels {
    pub(crate) side: &'static str,
    pub(crate) comm: String,
    pub(crate) container: String,
    pub(crate) container_id: String,
    pub(crate) netns: String,
    pub(crate) local: String,
    pub(crate) peer: String,
    pub(crate) port: String,
}

impl LinkLabels {
    /// Those of a link.
    pub(crate) fn of(link: &LinkKey, paths: &CgroupPaths) -> Self {
        let (container, container_id) = container(link.cgroup, paths);
        Self {
            side: link.side.as_str(),
            comm: link.comm.text().into_owned(),
            container,
            container_id,
            netns: link.netns.to_string(),
            local: link.local.to_string(),
            peer: link.peer.to_string(),
            port: link.port.to_string(),
        }
    }

    /// Those of the sum that a link goes into where there is no room for it.
    pub(crate) fn summed(self) -> Self {
        let Self { side, comm, container, container_id, .. } = self;
        Self { side, comm, container, container_id, peer: OTHER.to_owned(), ..Self::default() }
    }

    /// In the order of the declaration.
    pub(crate) fn values(&self) -> [&str; 8] {
        [
            self.side,
            &self.comm,
            &self.container,
            &self.container_id,
            &self.netns,
            &self.local,
            &self.peer,
            &self.port,
        ]
    }
}

/// The values of a listener's labels, in the order of their declaration.
pub(crate) fn listener_values(listener: &Listener, paths: &CgroupPaths) -> [String; 7] {
    let (container, container_id) = container(listener.cgroup, paths);
    [
        listener.comm.text().into_owned(),
        container,
        container_id,
        listener.netns.to_string(),
        listener.address.to_string(),
        listener.port.to_string(),
        "tcp".to_owned(),
    ]
}

/// Name and id of the container that a control group belongs to; both empty on the host, and where the
/// group is not known.
fn container(cgroup: CgroupId, paths: &CgroupPaths) -> (String, String) {
    let info = paths.path(cgroup).and_then(|path| container_of(&path));
    info.map_or_else(Default::default, |info| (info.name, info.id.as_str().to_owned()))
}
