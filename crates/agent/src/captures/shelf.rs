//! The folder of captures, and what an agent that was killed left in it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::Context as _;
use lanner_api::agent::{CapturePhase, CaptureState};
use lanner_capture::{CaptureReader, CaptureWriter, Compression};
use lanner_model::id::CaptureId;
use lanner_model::snapshot::Record;
use lanner_model::source::{Next, Source as _};

use super::file::{self, Counted, Names};

/// The folder that captures lie in until the server has them.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// Uses a folder, which is made if need be.
    ///
    /// # Errors
    /// When there is none and none can be made.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub(super) fn names(&self, id: &CaptureId) -> Names {
        Names::of(&self.folder, id)
    }

    /// The captures that were left, oldest first, each whole or failed. One that was open is made whole;
    /// where nothing of it can be had, the server is to know that it will not come. What belongs to none
    /// is deleted.
    pub(crate) fn left_over(&self) -> Vec<CaptureState> {
        let mut names: Vec<String> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        let states: Vec<CaptureState> = names
            .iter()
            .filter_map(|name| Some((name.strip_suffix(".state")?, name)))
            .filter_map(|(id, name)| {
                let state = file::read_state(&self.folder.join(name))?;
                (state.id.as_str() == id).then_some(state)
            })
            .map(|state| self.recover(state))
            .collect();
        for name in names {
            let id = name.split_once(".scap").or(name.split_once(".state")).map_or("", |(id, _)| id);
            if !states.iter().any(|state| state.id.as_str() == id) {
                tracing::warn!("{name} belongs to no capture; it is deleted");
                // Whatever it was: at the next start it is tried again.
                let _ = fs::remove_file(self.folder.join(name));
            }
        }
        states
    }

    fn recover(&self, mut state: CaptureState) -> CaptureState {
        let names = self.names(&state.id);
        match whole(&names, &mut state) {
            Ok(bytes) => (state.phase, state.bytes) = (CapturePhase::Done, bytes),
            Err(error) => {
                tracing::warn!(id = %state.id, "a capture that was open when the agent ended is lost: {error:#}");
                names.delete();
                (state.phase, state.events, state.bytes) = (CapturePhase::Failed, 0, 0);
                "the agent ended while it recorded, and nothing of it could be kept"
                    .clone_into(&mut state.error);
            }
        }
        if let Err(error) = file::write_state(&names, &state) {
            tracing::warn!(id = %state.id, "{error:#}");
        }
        state
    }
}

/// Has a capture's file whole, and gives its size.
fn whole(names: &Names, state: &mut CaptureState) -> anyhow::Result<u64> {
    if !names.whole.exists() {
        salvage(names, state)?;
        "the agent ended while it recorded; what was written is kept".clone_into(&mut state.error);
    }
    Ok(fs::metadata(&names.whole).context("ask for its size")?.len())
}

/// Writes what can be had of a file that was not finished into one that is whole.
fn salvage(names: &Names, state: &mut CaptureState) -> anyhow::Result<()> {
    let part = File::open(&names.part).with_context(|| format!("open {}", names.part.display()))?;
    let mut reader = CaptureReader::salvage(part).context("read what was written")?;
    let aside = names.part.with_extension("mended");
    let bytes = Arc::new(AtomicU64::new(0));
    let mut file = Some(Counted::create(&aside, &bytes)?);
    let mut writer = None;
    (state.events, state.to) = (0, state.from);
    loop {
        match reader.next().context("read what was written")? {
            Next::Record(Record::Machine(machine)) => {
                if let Some(file) = file.take() {
                    writer = Some(CaptureWriter::create(file, &machine, Compression::None)?);
                }
            }
            Next::Record(record) => {
                if let Some(writer) = &mut writer {
                    writer.record(&record)?;
                }
            }
            Next::Event(delivery) => {
                if let Some(writer) = &mut writer {
                    writer.event(delivery.cpu, delivery.event)?;
                    state.events += 1;
                    state.to = state.to.max(delivery.event.time());
                }
            }
            Next::Loss(_) | Next::Idle => {}
            Next::End => break,
        }
    }
    writer.context("it does not say whose it is")?.finish()?.sync().context("sync")?;
    fs::rename(&aside, &names.whole).and_then(|()| file::sync_folder(&names.whole)).context("name it")?;
    let _ = fs::remove_file(&names.part); // belongs to no capture at the next start
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use lanner_api::agent::{CaptureReason, CaptureScope};
    use lanner_model::event::{EventBuf, EventType};
    use lanner_model::snapshot::Machine;
    use lanner_model::time::WallNs;

    use super::super::order::CaptureOrder;
    use super::*;

    fn state(id: &str) -> CaptureState {
        let order = CaptureOrder {
            id: id.into(),
            reason: CaptureReason::Rule("r".into()),
            finding: Some("f".into()),
            scope: CaptureScope::Host,
            container: None,
            command: String::new(),
            trigger: WallNs(1_000),
            before_ms: 0,
            after_ms: 1,
            max_bytes: None,
        };
        order.state()
    }

    /// The bytes of a capture with `events` events.
    fn capture(events: u64) -> Vec<u8> {
        let mut writer = CaptureWriter::create(Vec::new(), &Machine::default(), Compression::None).unwrap();
        let mut buf = EventBuf::new();
        for n in 0..events {
            let event = buf.build(EventType::SYSCALL_CLOSE_X, 2_000 + n, 7, |params| {
                params.i64(0);
                params.i64(3);
            });
            writer.event(0, event).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn what_a_killed_agent_left_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        for id in ["a-whole", "b-open", "c-nothing"] {
            file::write_state(&shelf.names(&id.into()), &state(id)).unwrap();
        }
        fs::write(shelf.names(&"a-whole".into()).whole, capture(3)).unwrap();
        let open = capture(100);
        fs::write(shelf.names(&"b-open".into()).part, &open[..open.len() - 5]).unwrap();
        File::create(folder.path().join("d-orphan.scap")).unwrap().write_all(b"x").unwrap();
        fs::write(folder.path().join("e-broken.state"), b"no message").unwrap();

        let states = shelf.left_over();
        let told: Vec<(&str, CapturePhase)> =
            states.iter().map(|state| (state.id.as_str(), state.phase)).collect();
        let (done, failed) = (CapturePhase::Done, CapturePhase::Failed);
        assert_eq!(told, [("a-whole", done), ("b-open", done), ("c-nothing", failed)]);
        assert_eq!((states[1].events, states[1].to), (99, WallNs(2_098)));
        assert!(states[1].error.contains("the agent ended while it recorded"));
        assert!(states[2].error.contains("nothing of it could be kept"));
        assert_eq!(states[1].finding.as_deref(), Some("f"));
        let mut there: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let expected = ["a-whole.scap", "a-whole.state", "b-open.scap", "b-open.state", "c-nothing.state"];
        assert_eq!(there, expected);
        assert_eq!(shelf.left_over(), states, "and again");
    }
}
