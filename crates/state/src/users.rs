//! Names of users and groups, the host's and those that captures tell of containers.

use lanner_model::id::ContainerId;
use lanner_model::snapshot::{GroupRecord, UserRecord};
use rustc_hash::FxHashMap;

/// More users or groups than this are not remembered per place.
const MOST: usize = 65_536;

/// Names of users and groups.
#[derive(Debug, Default)]
pub(crate) struct Users {
    host: Names,
    containers: FxHashMap<Box<str>, Names>,
}

#[derive(Debug, Default)]
struct Names {
    users: FxHashMap<u32, UserRecord>,
    groups: FxHashMap<u32, Box<str>>,
}

impl Users {
    /// A user of the host, or of a container (by the first 12 digits of its id).
    pub(crate) fn add_user(&mut self, container: &str, user: UserRecord) {
        if let Some(names) = self.names_mut(container)
            && names.users.len() < MOST
        {
            names.users.insert(user.uid.0, user);
        }
    }

    pub(crate) fn remove_user(&mut self, container: &str, uid: u32) {
        if let Some(names) = self.names_mut(container) {
            names.users.remove(&uid);
        }
    }

    pub(crate) fn add_group(&mut self, container: &str, group: GroupRecord) {
        if let Some(names) = self.names_mut(container)
            && names.groups.len() < MOST
        {
            names.groups.insert(group.gid.0, group.name.into());
        }
    }

    pub(crate) fn remove_group(&mut self, container: &str, gid: u32) {
        if let Some(names) = self.names_mut(container) {
            names.groups.remove(&gid);
        }
    }

    /// A user's name. The host's names say nothing of a container's users, but 0 is root anywhere.
    pub(crate) fn user_name(&self, container: Option<&ContainerId>, uid: u32) -> Option<&str> {
        let name = self.user(container, uid).map(|user| user.name.as_str()).filter(|name| !name.is_empty());
        name.or((uid == 0).then_some("root"))
    }

    /// A user's home directory.
    pub(crate) fn home(&self, container: Option<&ContainerId>, uid: u32) -> Option<&str> {
        let home = self.user(container, uid).map(|user| user.home.as_str()).filter(|home| !home.is_empty());
        home.or((uid == 0).then_some("/root"))
    }

    /// A user's login shell.
    pub(crate) fn shell(&self, container: Option<&ContainerId>, uid: u32) -> Option<&str> {
        self.user(container, uid).map(|user| user.shell.as_str()).filter(|shell| !shell.is_empty())
    }

    /// A group's name.
    pub(crate) fn group_name(&self, container: Option<&ContainerId>, gid: u32) -> Option<&str> {
        let name = self.names(container).and_then(|names| names.groups.get(&gid)).map(|name| &**name);
        name.filter(|name| !name.is_empty()).or((gid == 0).then_some("root"))
    }

    fn user(&self, container: Option<&ContainerId>, uid: u32) -> Option<&UserRecord> {
        self.names(container)?.users.get(&uid)
    }

    fn names(&self, container: Option<&ContainerId>) -> Option<&Names> {
        match container {
            None => Some(&self.host),
            Some(id) => self.containers.get(id.short()),
        }
    }

    fn names_mut(&mut self, container: &str) -> Option<&mut Names> {
        if container.is_empty() {
            return Some(&mut self.host);
        }
        if self.containers.len() >= MOST && !self.containers.contains_key(container) {
            return None;
        }
        Some(self.containers.entry(container.into()).or_default())
    }
}
