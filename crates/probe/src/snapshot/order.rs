//! All records in the order of a capture's blocks.

use lanner_model::event::FdInfo;
use lanner_model::id::{Fd, Tid};
use lanner_model::snapshot::{FdRecord, Record};

use super::{absent, interface, machine, table, thread};
use crate::bytes::Plain;
use crate::facts::Roots;
use crate::loader::Loaded;
use crate::program;
use crate::record::FileRecord;

/// The records of this machine. What cannot be read is left out and logged.
pub(crate) fn read(loaded: &Loaded, roots: &Roots, epoch_offset_ns: u64) -> Vec<Record> {
    read_with(|name| loaded.iterate(name), roots, epoch_offset_ns)
}

/// The same, with iterators that are run by `iterate`; `None` for one that is not loaded.
pub(super) fn read_with(
    iterate: impl Fn(&str) -> Option<std::io::Result<Vec<u8>>>,
    roots: &Roots,
    epoch_offset_ns: u64,
) -> Vec<Record> {
    let iterate = |name: &str| told(name, iterate(name));
    let mut records = vec![Record::Machine(machine::read(roots, epoch_offset_ns))];
    records.extend(interface::read().into_iter().map(Record::Interface));
    records.extend(table::users(&roots.proc).into_iter().map(Record::User));
    records.extend(table::groups(&roots.proc).into_iter().map(Record::Group));
    let [tasks, files] = program::ITERATORS;
    let mut threads = thread::read(&iterate(tasks), roots, epoch_offset_ns);
    threads.extend(absent::read(&threads, roots, epoch_offset_ns));
    records.extend(threads.into_iter().map(|thread| Record::Thread(Box::new(thread))));
    records.extend(descriptors(&iterate(files)).into_iter().map(Record::Fd));
    records
}

fn told(name: &str, output: Option<std::io::Result<Vec<u8>>>) -> Vec<u8> {
    match output {
        Some(Ok(bytes)) => bytes,
        Some(Err(error)) => {
            tracing::warn!(iterator = name, %error, "an iterator did not run: the snapshot lacks what it tells");
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn descriptors(mut bytes: &[u8]) -> Vec<FdRecord> {
    let mut records = Vec::new();
    while let Some(head) = FileRecord::read(bytes) {
        let start = size_of::<FileRecord>();
        let Some(info) = bytes.get(start..start + head.info_len as usize) else { break };
        bytes = &bytes[start + head.info_len as usize..];
        if let Some(info) = FdInfo::decode(info) {
            records.push(FdRecord {
                tid: Tid(i64::from(head.tid)),
                fd: Fd(i64::from(head.fd)),
                inode: info.inode(),
                info,
            });
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_output_of_an_iterator_ends_the_list() {
        let head = FileRecord { tid: 7, fd: 3, info_len: 11, reserved: 0 };
        let mut bytes = head.bytes().to_vec();
        FdInfo::Other { kind: FdInfo::FIFO, name: Vec::new(), inode: 5 }.encode(&mut bytes);
        assert_eq!(descriptors(&bytes).len(), 1);
        assert_eq!(descriptors(&bytes)[0].inode, 5);
        for cut in 0..bytes.len() {
            assert_eq!(descriptors(&bytes[..cut]), []);
        }
    }
}
