//! The key by which agents of other machines are let in.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigError, ConfigStore, Expected, Kind};

use super::error::AccessError;
use super::secret;

/// The key's file in the data folder.
const FILE: &str = "agent-key";
/// By what a key is known when somebody finds one.
const PREFIX: &str = "lna_";
/// Where its hash is stored.
const SETTING: &str = "agent_key";
/// A file that has more is no key.
const MAX_BYTES: u64 = 256;

/// Why there is no agent key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AgentKeyError {
    #[error("cannot use {}", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "{} holds no agent key: one has at least 32 characters and stands alone in the file; delete the file, \
         and a new one is made", path.display()
    )]
    NoKey { path: PathBuf },
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Store(#[from] ConfigError),
}

/// What is known of the agents' key: its hash.
#[derive(Debug)]
pub(crate) struct AgentKey {
    hash: String,
}

impl AgentKey {
    /// The key of the file in the data folder. The first start makes one; when the file was changed,
    /// its key holds from now on; when it was taken away, the old one goes on holding.
    pub(crate) async fn open(
        folder: &Path,
        settings: &dyn ConfigStore,
        now: WallMs,
    ) -> Result<Self, AgentKeyError> {
        let path = folder.join(FILE);
        let stored = settings.get(Kind::Setting, SETTING).await?.map(|document| document.body);
        let in_file = read(&path)?;
        let hash = match (in_file, &stored) {
            (Some(key), _) => secret::hash(&key),
            (None, Some(stored)) => stored.trim_matches('"').to_owned(),
            (None, None) => {
                let key = format!("{PREFIX}{}", secret::random_key()?);
                write(&path, &key).map_err(|source| AgentKeyError::File { path, source })?;
                secret::hash(&key)
            }
        };
        let body = format!("\"{hash}\"");
        if stored.as_ref() != Some(&body) {
            let id = SETTING.to_owned();
            let put = Change::Put { kind: Kind::Setting, id, expected: Expected::Any, body };
            settings.commit(now, &[put]).await?;
        }
        Ok(Self { hash })
    }

    /// Whether a key is this one.
    pub(crate) fn is(&self, key: &str) -> bool {
        secret::is_same(&self.hash, &secret::hash(key.trim()))
    }
}

fn read(path: &Path) -> Result<Option<String>, AgentKeyError> {
    let failed = |source| AgentKeyError::File { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(failed)?;
    let key = text.trim();
    let is_key = key.len() >= 32 && key.bytes().all(|byte| byte.is_ascii_graphic());
    is_key.then(|| Some(key.to_owned())).ok_or_else(|| AgentKeyError::NoKey { path: path.to_owned() })
}

fn write(path: &Path, key: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    writeln!(file, "{key}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanner_store::MemoryConfig;
    use std::os::unix::fs::PermissionsExt as _;

    #[tokio::test]
    async fn a_key_is_made_once_and_may_be_changed_or_taken_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = MemoryConfig::default();
        let open = async || AgentKey::open(folder.path(), &settings, WallMs(1)).await;
        let path = folder.path().join(FILE);

        let key = open().await.expect("made");
        let text = std::fs::read_to_string(&path).expect("there");
        assert_eq!(path.metadata().expect("asked").permissions().mode() & 0o777, 0o600);
        assert!(text.starts_with("lna_") && key.is(&text) && !key.is("lna_") && !key.is(""));

        std::fs::remove_file(&path).expect("taken away");
        assert!(open().await.expect("opened").is(&text) && !path.exists());

        let chosen = "a-key-that-somebody-chose-for-all-machines";
        std::fs::write(&path, chosen).expect("changed");
        let changed = open().await.expect("opened");
        assert!(changed.is(chosen) && !changed.is(&text));

        std::fs::write(&path, "too short").expect("changed");
        assert!(matches!(open().await, Err(AgentKeyError::NoKey { .. })));
    }
}
