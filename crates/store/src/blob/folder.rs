//! Blobs as files of a folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use lanner_model::time::WallMs;

use super::name::{PART, check};
use super::store::{Blob, BlobError, BlobReader, BlobStore};
use crate::folder;

/// Only who runs the server may look: captures hold what programs read and wrote.
const MODE: u32 = 0o600;

/// Blobs as files of a folder: `NAME` when it is whole, `NAME.part` until then.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    folder: PathBuf,
}

impl FolderBlobs {
    /// Blobs of a folder. It is made when the first one is written.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn part(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{PART}"))
    }

    /// Does something with the folder where it may take its time.
    async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        name: &str,
        work: impl FnOnce(&Self, &str) -> io::Result<T> + Send + 'static,
    ) -> Result<T, BlobError> {
        check(name)?;
        let (own, own_name) = (self.clone(), name.to_owned());
        let done = tokio::task::spawn_blocking(move || work(&own, &own_name)).await;
        let done = done.unwrap_or_else(|_| Err(io::Error::other("the runtime ends")));
        done.map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => BlobError::Missing { name: name.to_owned() },
            _ => BlobError::Disk { doing, name: name.to_owned(), source },
        })
    }
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn append(&self, name: &str, offset: u64, data: Vec<u8>) -> Result<u64, BlobError> {
        let appended =
            self.run("write", name, move |own, name| append(&own.part(name), offset, &data)).await?;
        appended.map_err(|written| BlobError::Offset { name: name.to_owned(), offset, written })
    }

    async fn written(&self, name: &str) -> Result<u64, BlobError> {
        self.run("look at", name, |own, name| match fs::metadata(own.part(name)) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        })
        .await
    }

    async fn finish(&self, name: &str) -> Result<(), BlobError> {
        self.run("finish", name, |own, name| {
            let part = own.part(name);
            File::open(&part)?.sync_all()?;
            fs::rename(part, own.folder.join(name))?;
            folder::sync(&own.folder)
        })
        .await
    }

    async fn open(&self, name: &str) -> Result<BlobReader, BlobError> {
        self.run("open", name, |own, name| {
            let file = match File::open(own.folder.join(name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => File::open(own.part(name)),
                file => file,
            }?;
            let size = file.metadata()?.len();
            // A part that grows meanwhile is read as far as was said.
            Ok(BlobReader { bytes: Box::new(file.take(size)), size })
        })
        .await
    }

    async fn delete(&self, name: &str) -> Result<(), BlobError> {
        self.run("delete", name, |own, name| {
            if !own.folder.is_dir() {
                return Ok(());
            }
            folder::delete(&own.folder.join(name))?;
            folder::delete(&own.part(name))?;
            folder::sync(&own.folder)
        })
        .await
    }

    async fn list(&self) -> Result<Vec<Blob>, BlobError> {
        let mut blobs = self.run("list", "blobs", |own, _| list(&own.folder)).await?;
        blobs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(blobs)
    }
}

/// The new length, or where the part ends if that is not `offset`.
fn append(part: &Path, offset: u64, data: &[u8]) -> io::Result<Result<u64, u64>> {
    let is_new = !part.exists();
    if is_new && offset > 0 {
        return Ok(Err(0));
    }
    let folder = part.parent().unwrap_or(Path::new("."));
    if is_new {
        folder::make(folder)?;
    }
    let mut file = OpenOptions::new().append(true).create(true).mode(MODE).open(part)?;
    let written = file.metadata()?.len();
    if written != offset {
        return Ok(Err(written));
    }
    file.write_all(data)?;
    file.sync_data()?;
    if is_new {
        folder::sync(folder)?;
    }
    Ok(Ok(written + data.len() as u64))
}

fn list(folder: &Path) -> io::Result<Vec<Blob>> {
    let mut blobs = Vec::new();
    if !folder.is_dir() {
        return Ok(blobs);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(file) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let (name, is_whole) = file.strip_suffix(PART).map_or((&*file, true), |name| (name, false));
        let metadata = entry.metadata()?;
        if check(name).is_err() || !metadata.is_file() {
            continue;
        }
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let changed = WallMs(i64::try_from(changed.as_millis()).unwrap_or(i64::MAX));
        blobs.push(Blob { name: name.to_owned(), size: metadata.len(), is_whole, changed });
    }
    Ok(blobs)
}
