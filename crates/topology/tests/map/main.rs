//! Links in, map out. Each file of `cases` has what was observed, and after a line `> REQUEST` the map of
//! it; `UPDATE_EXPECT=1` writes the maps.
//!
//! ```text
//! client NODE[/CONTAINER]/COMM NETNS LOCAL>PEER:PORT counter=increase ... 5xx=requests le0.1=requests ...
//! listen NODE[/CONTAINER]/COMM NETNS ADDRESS:PORT
//! cpu NODE[/CONTAINER[/COMM]] seconds      cores NODE count      container NODE/ID name image limit
//! ```
//!
//! Everything is observed for 100 s.

mod text;

use std::path::Path;

use lanner_topology::{Focus, Level, Ports, Request, Shown};
use text::{Case, told};

#[test]
fn maps_are_as_the_cases_say() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"));
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("cases").map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 8, "cases are missing");
    for path in files {
        let expected = std::fs::read_to_string(&path).expect("a case");
        let actual = answered(&expected);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &actual).expect("the case is written");
            continue;
        }
        assert!(expected == actual, "{} differs (UPDATE_EXPECT=1 writes it); now:\n{actual}", path.display());
    }
}

/// The case with its maps as they are now.
fn answered(file: &str) -> String {
    let observed: Vec<&str> = file.lines().take_while(|line| !line.starts_with('>')).collect();
    let case = Case::read(&observed);
    let mut text = observed.join("\n").trim_end().to_owned() + "\n";
    for asked in file.lines().filter(|line| line.starts_with('>')) {
        let map = case.observation.map(&case.known, &request(&asked[1..]));
        text += &format!("\n{asked}\n{}", told(&map));
    }
    text
}

fn request(text: &str) -> Request {
    let mut request = Request::default();
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match name {
            "process" => request.level = Level::process(),
            "container" => request.level = Level::container(),
            "host" => request.level = Level::host(),
            "by" => request.level = Level::by(value.split(',')),
            "together" => request.ports = Ports::Together,
            "problems" => request.shown = Shown::Problems,
            "limit" => request.limit = value.parse().expect("a number"),
            "focus" => request.focus = Some(Focus { id: value.to_owned(), depth: 1 }),
            "depth" => {
                let depth = value.parse().expect("a number");
                request.focus = request.focus.map(|focus| Focus { depth, ..focus });
            }
            "scope" => {
                let (label, value) = value.split_once(':').expect("label:value");
                request.scope.push((label.to_owned(), value.split('|').map(str::to_owned).collect()));
            }
            _ => panic!("{word} is no request"),
        }
    }
    request
}
