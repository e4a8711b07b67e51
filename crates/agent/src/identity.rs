//! Who this agent is: an id that lives as long as its spool, and the node's name.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use lanner_model::id::{AgentId, NodeName};

/// The agent's id, kept in `folder/id`; made on the first start.
///
/// The server keeps the number of an agent's last batch under this id, and batches are numbered by
/// the spool: a spool that begins anew needs a new id, or its batches would be taken for old ones.
///
/// # Errors
/// When the file can be neither read nor written.
pub(crate) fn agent_id(folder: &Path, spool_is_new: bool) -> anyhow::Result<AgentId> {
    let path = folder.join("id");
    match fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() && !spool_is_new => return Ok(AgentId::from(text.trim())),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    }
    let mut random = [0_u8; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut random))
        .context("read /dev/urandom")?;
    let id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let aside = folder.join("id.new");
    let mut file = fs::File::create(&aside).with_context(|| format!("create {}", aside.display()))?;
    file.write_all(id.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("write {}", aside.display()))?;
    fs::rename(&aside, &path).with_context(|| format!("rename {} to {}", aside.display(), path.display()))?;
    Ok(AgentId::from(id))
}

/// The node's name: `NODE_NAME` as a DaemonSet sets it, else the host's name.
pub(crate) fn node_name() -> NodeName {
    let given = std::env::var("NODE_NAME").ok().filter(|name| !name.is_empty());
    let host = || rustix::system::uname().nodename().to_string_lossy().into_owned();
    NodeName::from(given.unwrap_or_else(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_keeps_its_id_as_long_as_its_spool() {
        let folder = tempfile::tempdir().unwrap();
        let first = agent_id(folder.path(), true).unwrap();
        assert_eq!(first.as_str().len(), 32);
        assert_eq!(agent_id(folder.path(), false).unwrap(), first);
        assert_ne!(agent_id(folder.path(), true).unwrap(), first);
    }
}
