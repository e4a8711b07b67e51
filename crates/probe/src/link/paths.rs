//! Where a link's control group is, also when it has just gone.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lanner_model::id::CgroupId;

use crate::cgroup::Cgroups;
use crate::record::{CGROUP_REMOVED, CgroupRecord};

/// Groups that are gone and still known: a container that lived for a second has links that are read
/// afterwards.
const MOST_GONE: usize = 1024;
/// Most groups that are kept.
const MOST: usize = 65_536;

/// The paths of control groups by id, on whatever thread.
#[derive(Clone, Debug, Default)]
pub struct CgroupPaths(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    paths: HashMap<CgroupId, String>,
    /// Those that are gone, in the order in which they went.
    gone: VecDeque<CgroupId>,
}

impl CgroupPaths {
    pub(crate) fn of(cgroups: &Cgroups) -> Self {
        let paths = cgroups.iter().map(|(id, path)| (id, path.to_owned())).collect();
        Self(Arc::new(Mutex::new(Table { paths, gone: VecDeque::new() })))
    }

    /// The path of a group in its hierarchy, `/kubepods/pod1/2`.
    #[must_use]
    pub fn path(&self, id: CgroupId) -> Option<String> {
        self.table().paths.get(&id).cloned()
    }

    /// Takes note of what the kernel told.
    pub(crate) fn learn(&self, record: &CgroupRecord, path: &[u8]) {
        let mut table = self.table();
        let id = CgroupId(record.id);
        if record.change != CGROUP_REMOVED {
            if table.paths.len() < MOST || table.paths.contains_key(&id) {
                table.paths.insert(id, String::from_utf8_lossy(path).into_owned());
            }
            return;
        }
        table.gone.push_back(id);
        if table.gone.len() > MOST_GONE
            && let Some(oldest) = table.gone.pop_front()
        {
            table.paths.remove(&oldest);
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_has_gone_is_known_for_a_while() {
        let paths = CgroupPaths::default();
        let record = |id, change| CgroupRecord { id, change, ..CgroupRecord::default() };
        for id in 0..=MOST_GONE as u64 {
            paths.learn(&record(id, 1), format!("/{id}").as_bytes());
            paths.learn(&record(id, CGROUP_REMOVED), b"");
        }
        assert_eq!(paths.path(CgroupId(0)), None);
        assert_eq!(paths.path(CgroupId(1)).as_deref(), Some("/1"));
    }
}
