//! Which batch of each agent was stored last.
//!
//! One small file per agent, replaced after its batch is durable. It is not synced: when it is lost
//! or old, the agent sends batches again that are stored already, and the stores know them.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use lanner_model::id::AgentId;
use tokio::sync::Mutex;

/// A folder could not be made, or a sequence not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SequenceError {
    /// The folder could not be made.
    #[error("cannot make {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A sequence could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The last batch of every agent.
#[derive(Debug)]
pub(crate) struct Sequences {
    folder: PathBuf,
    agents: StdMutex<HashMap<AgentId, Arc<Mutex<LastSequence>>>>,
}

/// The last batch of one agent. Who holds the lock may store the next.
#[derive(Debug)]
pub(crate) struct LastSequence {
    path: PathBuf,
    /// Where the file is written before it takes the other's place; `~` is in no agent's id.
    aside: PathBuf,
    last: u64,
}

impl Sequences {
    /// Those that are kept in a folder, which is made when it is not there.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, SequenceError> {
        std::fs::create_dir_all(&folder)
            .map_err(|source| SequenceError::Folder { path: folder.clone(), source })?;
        Ok(Self { folder, agents: StdMutex::default() })
    }

    /// The last batch of an agent. (An agent's id is a file name: `Hello` sees to that.)
    pub(crate) fn of(&self, agent: &AgentId) -> Arc<Mutex<LastSequence>> {
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        let sequence = agents.entry(agent.clone()).or_insert_with(|| {
            let path = self.folder.join(agent.as_str());
            let aside = self.folder.join(format!("{agent}~"));
            Arc::new(Mutex::new(LastSequence { last: read(&path), path, aside }))
        });
        Arc::clone(sequence)
    }
}

impl LastSequence {
    /// 0 when there was none.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// A batch is durable.
    pub(crate) fn set(&mut self, sequence: u64) -> Result<(), SequenceError> {
        std::fs::write(&self.aside, format!("{sequence}\n"))
            .and_then(|()| std::fs::rename(&self.aside, &self.path))
            .map_err(|source| SequenceError::Write { path: self.path.clone(), source })?;
        self.last = sequence;
        Ok(())
    }
}

/// What cannot be read counts as nothing: see above.
fn read(path: &Path) -> u64 {
    std::fs::read_to_string(path).ok().and_then(|text| text.trim_end().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sequences_outlive_the_server() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("agents");
        let sequences = Sequences::open(path.clone()).expect("opened");
        let of_a = sequences.of(&"a".into());
        assert_eq!(of_a.lock().await.last(), 0);
        of_a.lock().await.set(7).expect("written");
        assert_eq!(sequences.of(&"a".into()).lock().await.last(), 7);

        let again = Sequences::open(path.clone()).expect("opened");
        assert_eq!(again.of(&"a".into()).lock().await.last(), 7);
        assert_eq!(again.of(&"b".into()).lock().await.last(), 0);

        std::fs::write(path.join("c"), "half a numb").expect("written");
        assert_eq!(again.of(&"c".into()).lock().await.last(), 0);
    }
}
