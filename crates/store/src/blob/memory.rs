//! Blobs in memory, for tests.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use lanner_model::time::WallMs;

use super::name::check;
use super::store::{Blob, BlobError, BlobReader, BlobStore};

/// Blobs in memory. They have no time.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Mutex<BTreeMap<String, Held>>,
}

#[derive(Debug, Default)]
struct Held {
    whole: Option<Vec<u8>>,
    part: Option<Vec<u8>>,
}

impl MemoryBlobs {
    fn of(&self, name: &str) -> Result<MutexGuard<'_, BTreeMap<String, Held>>, BlobError> {
        check(name)?;
        Ok(self.blobs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn append(&self, name: &str, offset: u64, data: Vec<u8>) -> Result<u64, BlobError> {
        let mut blobs = self.of(name)?;
        let written = blobs.get(name).and_then(|held| held.part.as_ref()).map_or(0, Vec::len) as u64;
        if written != offset {
            return Err(BlobError::Offset { name: name.to_owned(), offset, written });
        }
        let part = blobs.entry(name.to_owned()).or_default().part.get_or_insert_default();
        part.extend(data);
        Ok(part.len() as u64)
    }

    async fn written(&self, name: &str) -> Result<u64, BlobError> {
        let blobs = self.of(name)?;
        Ok(blobs.get(name).and_then(|held| held.part.as_ref()).map_or(0, Vec::len) as u64)
    }

    async fn finish(&self, name: &str) -> Result<(), BlobError> {
        let mut blobs = self.of(name)?;
        let missing = || BlobError::Missing { name: name.to_owned() };
        let held = blobs.get_mut(name).ok_or_else(missing)?;
        held.whole = Some(held.part.take().ok_or_else(missing)?);
        Ok(())
    }

    async fn open(&self, name: &str) -> Result<BlobReader, BlobError> {
        let blobs = self.of(name)?;
        let held = blobs.get(name).and_then(|held| held.whole.as_ref().or(held.part.as_ref()));
        let bytes = held.ok_or_else(|| BlobError::Missing { name: name.to_owned() })?.clone();
        Ok(BlobReader { size: bytes.len() as u64, bytes: Box::new(Cursor::new(bytes)) })
    }

    async fn delete(&self, name: &str) -> Result<(), BlobError> {
        self.of(name)?.remove(name);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Blob>, BlobError> {
        let blobs = self.of("blobs")?;
        let mut listed = Vec::new();
        for (name, held) in &*blobs {
            for (bytes, is_whole) in [(&held.whole, true), (&held.part, false)] {
                if let Some(bytes) = bytes {
                    let size = bytes.len() as u64;
                    listed.push(Blob { name: name.clone(), size, is_whole, changed: WallMs(0) });
                }
            }
        }
        Ok(listed)
    }
}
