//! Numbers that tell at a glance what happened.

/// What a tile is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Category {
    General,
    Security,
    File,
    Network,
    Performance,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Bytes.
    Bytes,
}

/// What a tile says of itself.
#[derive(Debug, PartialEq, Eq)]
pub struct TileInfo {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub category: Category,
    /// What is counted.
    pub unit: Unit,
    /// Whether a person should look when there is any of it.
    pub is_noteworthy: bool,
    /// The view behind it: that of a [`ViewName`](crate::ViewName), or `events`.
    pub view: &'static str,
    /// By which column that is to be sorted, `-` before it for descending; empty for its own order.
    pub sort: &'static str,
    /// The filter that leaves what is counted; empty where the view needs none.
    pub filter: &'static str,
}

/// A number and its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// What it is.
    pub info: &'static TileInfo,
    /// All of it.
    pub total: u64,
    /// One value per step.
    pub values: Vec<u64>,
}

/// Which number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    SystemCalls,
    Processes,
    Containers,
    Commands,
    InteractiveCommands,
    SensitiveFiles,
    MadeExecutable,
    PrivilegeChanges,
    FileBytesIn,
    FileBytesOut,
    FilesAccessed,
    FilesModified,
    Deletions,
    FailedOpens,
    NetBytesIn,
    NetBytesOut,
    ConnectionsOut,
    ConnectionsIn,
    ListeningPorts,
    FailedConnects,
    HttpRequests,
    HttpErrors,
    Forks,
    Signals,
    FailedCalls,
}

/// How many there are.
pub(crate) const METRICS: usize = 25;

const fn tile(name: &'static str, category: Category, view: &'static str, sort: &'static str) -> TileInfo {
    TileInfo { name, category, unit: Unit::Count, is_noteworthy: false, view, sort, filter: "" }
}

impl TileInfo {
    const fn bytes(self) -> Self {
        Self { unit: Unit::Bytes, ..self }
    }

    const fn noteworthy(self) -> Self {
        Self { is_noteworthy: true, ..self }
    }

    const fn filter(self, filter: &'static str) -> Self {
        Self { filter, ..self }
    }
}

/// All tiles, each at the place of its [`Metric`].
#[rustfmt::skip]
pub(crate) static TILES: [TileInfo; METRICS] = {
    use Category::{File, General, Network, Performance, Security};
    [
        tile("system_calls", General, "syscalls", "-calls"),
        tile("processes", General, "processes", "-calls"),
        tile("containers", General, "containers", "-calls"),
        tile("commands", Security, "commands", ""),
        tile("interactive_commands", Security, "commands", "").noteworthy()
            .filter("proc.tty != 0"),
        tile("sensitive_files", Security, "files", "-opens").noteworthy()
            .filter(SENSITIVE_FILTER),
        tile("made_executable", Security, "events", "").noteworthy()
            .filter("evt.type in (chmod, fchmod, fchmodat) and evt.failed = false and (evt.arg.mode contains S_IXUSR or evt.arg.mode contains S_IXGRP or evt.arg.mode contains S_IXOTH)"),
        tile("privilege_changes", Security, "events", "").noteworthy()
            .filter("evt.type in (setuid, setresuid, setreuid, setgid, setresgid, setregid, capset, setns, unshare) and evt.failed = false"),
        tile("file_bytes_in", File, "files", "-bytes_in").bytes(),
        tile("file_bytes_out", File, "files", "-bytes_out").bytes(),
        tile("files_accessed", File, "files", "-opens"),
        tile("files_modified", File, "files", "-writes"),
        tile("deletions", File, "events", "")
            .filter("evt.type in (unlink, unlinkat, rmdir) and evt.failed = false"),
        tile("failed_opens", File, "events", "")
            .filter("evt.type in (open, openat, openat2, creat, open_by_handle_at) and evt.failed = true"),
        tile("net_bytes_in", Network, "connections", "-bytes_in").bytes(),
        tile("net_bytes_out", Network, "connections", "-bytes_out").bytes(),
        tile("connections_out", Network, "connections", "-bytes_out")
            .filter("fd.is_server = false"),
        tile("connections_in", Network, "connections", "-bytes_in")
            .filter("fd.is_server = true"),
        tile("listening_ports", Network, "ports", "-accepts"),
        tile("failed_connects", Network, "events", "").noteworthy()
            .filter("evt.type = connect and evt.failed = true and evt.rawres != -115"),
        tile("http_requests", Network, "connections", "-requests"),
        tile("http_errors", Network, "connections", "-requests").noteworthy(),
        tile("forks", Performance, "processes", "-start"),
        tile("signals", Performance, "events", "")
            .filter("evt.type = signaldeliver"),
        tile("failed_calls", Performance, "errors", "-calls"),
    ]
};

const SENSITIVE_FILTER: &str = "evt.type in (open, openat, openat2) and evt.failed = false and (fd.name in (/etc/shadow, /etc/gshadow, /etc/sudoers, /etc/security/opasswd) or fd.name startswith /etc/sudoers.d/ or fd.name startswith /root/.ssh/ or fd.name contains /.ssh/id_ or fd.name startswith /etc/kubernetes/pki/ or fd.name startswith /var/run/secrets/ or fd.name startswith /run/secrets/)";

/// Whether a file holds secrets: the same as [`SENSITIVE_FILTER`] says.
pub(crate) fn is_sensitive(path: &str) -> bool {
    matches!(path, "/etc/shadow" | "/etc/gshadow" | "/etc/sudoers" | "/etc/security/opasswd")
        || ["/etc/sudoers.d/", "/root/.ssh/", "/etc/kubernetes/pki/", "/var/run/secrets/", "/run/secrets/"]
            .into_iter()
            .any(|folder| path.starts_with(folder))
        || path.contains("/.ssh/id_")
}

#[cfg(test)]
mod tests {
    use lanner_rules::Filter;

    use super::*;

    #[test]
    fn every_tile_has_a_place_and_a_filter_that_is_understood() {
        assert_eq!(TILES[Metric::FailedCalls as usize].name, "failed_calls");
        for tile in &TILES {
            if !tile.filter.is_empty() {
                Filter::parse(tile.filter).unwrap_or_else(|problems| panic!("{}: {problems:?}", tile.name));
            }
        }
    }
}
