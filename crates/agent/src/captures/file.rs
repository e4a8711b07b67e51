//! Files of captures while they are made, and what lies beside them.

use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use lanner_api::agent::{AgentMessage, CaptureState, FromAgent};
use lanner_model::id::CaptureId;
use prost::Message as _;
use sha2::{Digest as _, Sha256};

/// The names of a capture's files: while it records, whole, and how it fared.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) part: PathBuf,
    pub(super) whole: PathBuf,
    pub(super) state: PathBuf,
}

impl Names {
    pub(super) fn of(folder: &Path, id: &CaptureId) -> Self {
        let named = |ending: &str| folder.join(format!("{id}.{ending}"));
        Self { part: named("scap.part"), whole: named("scap"), state: named("state") }
    }

    /// Takes all of them away; those that are not there are no matter.
    pub(super) fn delete(&self) {
        for path in [&self.part, &self.whole, &self.state] {
            if let Err(error) = fs::remove_file(path)
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!("{} is not deleted: {error}", path.display());
            }
        }
    }
}

/// A file that knows how much was written to it.
#[derive(Debug)]
pub(super) struct Counted {
    file: File,
    bytes: Arc<AtomicU64>,
}

impl Counted {
    pub(super) fn create(path: &Path, bytes: &Arc<AtomicU64>) -> anyhow::Result<Self> {
        let file = create(path).with_context(|| format!("create {}", path.display()))?;
        Ok(Self { file, bytes: Arc::clone(bytes) })
    }

    /// Puts it on the disk and gives its size.
    pub(super) fn sync(&self) -> io::Result<u64> {
        self.file.sync_all()?;
        Ok(self.file.metadata()?.len())
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes.fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes a file that only the agent's user may read: captures hold what programs read and wrote.
fn create(path: &Path) -> io::Result<File> {
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Writes down how a capture fares, so that it is known after a crash: what the server would be told.
pub(super) fn write_state(names: &Names, state: &CaptureState) -> anyhow::Result<()> {
    let message = AgentMessage::from(FromAgent::CaptureState(state.clone()));
    let aside = names.state.with_extension("state.part");
    let write = || -> io::Result<()> {
        let mut file = create(&aside)?;
        file.write_all(&message.encode_to_vec())?;
        file.sync_all()?;
        fs::rename(&aside, &names.state)?;
        sync_folder(&names.state)
    };
    write().with_context(|| format!("write {}", names.state.display()))
}

/// What [`write_state`] wrote; `None` when it makes no sense.
pub(super) fn read_state(path: &Path) -> Option<CaptureState> {
    /// Far above what a state has.
    const MOST_BYTES: u64 = 1 << 20;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    match FromAgent::try_from(AgentMessage::decode(bytes.as_slice()).ok()?).ok()? {
        FromAgent::CaptureState(state) => Some(state),
        _ => None,
    }
}

/// Puts a name that was given in its folder on the disk.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// SHA-256 of a file.
pub(super) fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            length => hash.update(&buffer[..length]),
        }
    }
}
