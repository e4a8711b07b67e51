//! Real captures of other projects: what the engine says of them agrees with what their own tools print.
#![allow(clippy::print_stdout, reason = "tests say when they are skipped")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use lanner_inspect::{Cell, EventDetail, EventList, Page, Selection, Summary, Table, ViewName};

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("LANNER_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let folder = shared.join("data/scap");
    let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
    if !folder.is_dir() {
        assert!(!required.split(',').any(|part| part == "data"), "there is no {}", folder.display());
        println!("skipped: there is no {}", folder.display());
        return None;
    }
    Some(folder)
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut captures: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "scap")).collect();
    captures.sort();
    captures
}

fn summary(path: &Path, selection: &Selection) -> Summary {
    let mut source = lanner_inspect::open(File::open(path).expect("a file")).expect("a capture");
    Summary::read(&mut source, selection, &AtomicBool::new(false)).expect("nobody cancels")
}

fn events(path: &Path, selection: &Selection, page: Page, limit: usize) -> EventList {
    let mut source = lanner_inspect::open(File::open(path).expect("a file")).expect("a capture");
    EventList::read(&mut source, selection, page, limit, &AtomicBool::new(false)).expect("nobody cancels")
}

fn select(path: &str, filter: &str) -> Selection {
    Selection::parse(path, filter).expect("a selection")
}

fn totals(summary: &Summary) -> BTreeMap<&'static str, u64> {
    let tiles = summary.tiles(100).tiles;
    tiles.into_iter().filter(|tile| tile.total > 0).map(|tile| (tile.info.name, tile.total)).collect()
}

fn column(table: &Table, name: &str) -> Vec<Cell> {
    let at = table.columns.iter().position(|column| column.name == name).expect(name);
    table.rows.iter().map(|row| row.cells[at].clone()).collect()
}

#[test]
fn numbers_of_every_capture_hold_together() {
    let Some(folder) = folder() else { return };
    for path in captures(&folder) {
        let whole = summary(&path, &Selection::default());
        let name = path.display();
        assert_eq!(whole.ended().cut, None, "{name}");
        assert_eq!(whole.events(), whole.matched(), "{name}");
        for tile in whole.tiles(64).tiles {
            assert_eq!(tile.values.iter().sum::<u64>(), tile.total, "{name}: {}", tile.info.name);
            assert!(tile.values.len() <= 64, "{name}");
        }
        // What the rows of a view choose adds up to the whole.
        let calls: u64 = whole
            .table(ViewName::Syscalls)
            .rows
            .iter()
            .map(|row| summary(&path, &select(&row.choice.to_string(), "")).matched())
            .sum();
        assert_eq!(calls, whole.matched(), "{name}");
        // The list has as many as are counted, in either direction, in any pages.
        let mut forwards = Vec::new();
        let mut page = Page::After(0);
        loop {
            let list = events(&path, &Selection::default(), page, 500);
            forwards.extend(list.events.iter().map(|event| event.number));
            if !list.has_after {
                break;
            }
            page = Page::After(*forwards.last().expect("a full page"));
            if forwards.len() > 3_000 {
                break;
            }
        }
        assert!(forwards.is_sorted(), "{name}");
        if let Some(last) = forwards.last() {
            let backwards = events(&path, &Selection::default(), Page::Before(last + 1), 100);
            let backwards: Vec<u64> = backwards.events.iter().map(|event| event.number).collect();
            assert_eq!(backwards, forwards[forwards.len() - backwards.len()..], "{name}");
        }
    }
}

#[test]
fn a_cut_capture_gives_what_is_good_and_says_what_is_missing() {
    let Some(folder) = folder() else { return };
    let path = folder.join("falco_connect_localhost.scap");
    let whole = summary(&path, &Selection::default());
    let bytes = std::fs::read(&path).expect("a file");
    let half = bytes[..bytes.len() * 3 / 4].to_vec();
    let mut source = lanner_inspect::open(std::io::Cursor::new(half)).expect("its beginning is good");
    let cut =
        Summary::read(&mut source, &Selection::default(), &AtomicBool::new(false)).expect("nobody cancels");
    assert!(cut.ended().cut.is_some(), "{:?}", cut.ended());
    assert!(cut.events() < whole.events());
}

#[test]
fn a_download_in_a_container_is_told() {
    let Some(folder) = folder() else { return };
    let path = folder.join("stratoshark_docker-curl-https.scap");
    let whole = summary(&path, &Selection::default());
    let totals = totals(&whole);
    assert!(
        totals["commands"] > 0 && totals["connections_out"] > 0 && totals["net_bytes_in"] > 0,
        "{totals:?}"
    );
    let commands = column(&whole.table(ViewName::Commands), "command");
    let curl = |cell: &Cell| matches!(cell, Cell::Text(text) if text.contains("curl"));
    assert!(commands.iter().any(curl), "{commands:?}");
    // One process, its files only, and one event of it in full.
    let filter = "proc.name = curl and evt.type = openat and fd.name contains ssl";
    let list = events(&path, &select("", filter), Page::After(0), 1);
    let event = list.events.first().expect("curl reads certificates");
    let process = event.process.as_ref().expect("its process").to_string();
    let of_process = summary(&path, &select(&process, ""));
    assert!(of_process.matched() > 0 && of_process.matched() < whole.matched());
    assert_eq!(of_process.rows(ViewName::Processes), 1);
    let mut source = lanner_inspect::open(File::open(&path).expect("a file")).expect("a capture");
    let detail =
        EventDetail::read(&mut source, event.number, &AtomicBool::new(false)).expect("nobody cancels");
    let detail = detail.expect("the list had it");
    assert_eq!(detail.line, *event);
    assert_eq!(detail.ancestry[0].comm, "curl");
    assert!(detail.params.iter().any(|param| param.name == "name" && param.text.is_some()));
}
