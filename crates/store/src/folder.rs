//! Files that are whole or not there at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a file is called while it is written. Such files are left by a crash and mean nothing.
const ASIDE: &str = "tmp";
/// What is added to the name of a file that cannot be used.
const DAMAGED: &str = "damaged";

/// Makes a folder and puts its name on the disk.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    match folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => sync(parent),
        None => Ok(()),
    }
}

/// A file that is being written beside the place it will have.
pub(crate) struct Aside {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Aside {
    /// Begins a file in `folder`; its name is not chosen yet.
    pub(crate) fn begin(folder: &Path) -> io::Result<Aside> {
        let path = folder.join(format!("new.{ASIDE}"));
        let file = BufWriter::with_capacity(256 << 10, File::create(&path)?);
        Ok(Aside { path, file })
    }

    /// Puts the file on the disk under its name; until then, and after a crash until then, there is
    /// nothing of it.
    pub(crate) fn finish(self, target: &Path) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&self.path, target)?;
        sync(target.parent().unwrap_or(Path::new(".")))
    }
}

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The files of a folder with this extension, sorted by name; what a crash left aside is removed.
pub(crate) fn list(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(ASIDE) => fs::remove_file(&path)?,
            Some(this) if this == extension => found.push(path),
            _ => {}
        }
    }
    found.sort();
    Ok(found)
}

/// Renames a file that cannot be used, so that it is kept for a look but not read again.
pub(crate) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let target = damaged_name(path);
    fs::rename(path, &target)?;
    Ok(target)
}

/// Gives a damaged file a second name of that kind, before another takes its place.
pub(crate) fn keep_damaged(path: &Path) -> io::Result<PathBuf> {
    let target = damaged_name(path);
    delete(&target)?;
    fs::hard_link(path, &target)?;
    Ok(target)
}

fn damaged_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(DAMAGED);
    PathBuf::from(name)
}

/// Deletes a file; that it is gone already is no failure.
pub(crate) fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts names of a folder on the disk.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
