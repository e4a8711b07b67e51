//! The settings' file after an end, a kill, and damage.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigError, ConfigStore, EmbeddedConfig, Expected, Kind, Listing};

const CHILD_FILE: &str = "LANNER_CONFIG_CRASH_FILE";
const ROUNDS: u64 = 10;

fn put(id: &str, body: &str) -> Change {
    Change::Put { kind: Kind::Setting, id: id.to_owned(), expected: Expected::Any, body: body.to_owned() }
}

async fn open(path: &Path) -> EmbeddedConfig {
    EmbeddedConfig::open(path).await.expect("open")
}

#[tokio::test]
async fn what_was_committed_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("settings.sqlite");
    let store = open(&path).await;
    store.commit(WallMs(1), &[put("a", "1")]).await.expect("made");
    store.close().await;
    assert!(store.get(Kind::Setting, "a").await.is_err(), "closed");
    let again = open(&path).await;
    assert_eq!(again.get(Kind::Setting, "a").await.expect("read").expect("there").body, "1");
}

#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("settings.sqlite");
    std::fs::write(&path, "").expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
    let store = open(&path).await;
    store.commit(WallMs(1), &[put("a", "1")]).await.expect("made");
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).expect("listed").map(|file| file.expect("a file")).collect();
    assert!(files.len() > 1, "the log is there, too");
    for file in files {
        assert_eq!(file.metadata().expect("asked").permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[tokio::test]
async fn a_damaged_file_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("settings.sqlite");
    let store = open(&path).await;
    for n in 0..100 {
        store.commit(WallMs(1), &[put(&format!("{n:04}"), &"x".repeat(500))]).await.expect("made");
    }
    store.close().await;
    let whole = std::fs::read(&path).expect("read");
    let mut torn = whole.clone();
    let middle = whole.len() / 2;
    torn[middle..middle + 8192].fill(0xa5);
    for damaged in [torn, whole[..whole.len() / 2].to_vec(), b"this is no database, is it? ".repeat(100)] {
        std::fs::write(&path, damaged).expect("written");
        let error = EmbeddedConfig::open(&path).await.expect_err("damaged");
        assert!(matches!(error, ConfigError::Damaged { .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("settings.sqlite") && text.contains("restore"), "{text}");
    }
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("settings.sqlite");
    open(&path).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::sqlite::SqlitePool::connect_with(options).await.expect("open");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', TRUE, x'00', 0)";
    sqlx::query(newer).execute(&pool).await.expect("written");
    pool.close().await;
    let error = EmbeddedConfig::open(&path).await.expect_err("newer");
    assert!(matches!(error, ConfigError::Newer { version: 9999, .. }), "{error:?}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told() {
    let error = EmbeddedConfig::open("/nowhere/settings.sqlite").await.expect_err("no folder");
    assert!(matches!(error, ConfigError::Open { .. }), "{error:?}");
}

/// The test starts itself again as the process to be killed.
#[test]
fn a_commit_is_whole_when_the_process_is_killed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    if let Some(path) = std::env::var_os(CHILD_FILE) {
        runtime.block_on(commit_until_killed(Path::new(&path)));
    }
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("settings.sqlite");
    let mut acknowledged = 0;
    for round in 1..=ROUNDS {
        acknowledged = run_and_kill(&path, 3 + round * 2);
        let bodies: Vec<u64> = runtime.block_on(async {
            let store = open(&path).await;
            let listed = store.list(&Listing::all(Kind::Setting)).await.expect("listed");
            store.close().await;
            listed.iter().map(|document| document.body.parse().expect("a number")).collect()
        });
        assert_eq!(bodies.len(), 3);
        assert!(bodies.iter().all(|body| *body == bodies[0]), "a commit is torn: {bodies:?}");
        assert!(bodies[0] >= acknowledged, "{acknowledged} acknowledged, {bodies:?} there");
    }
    assert!(acknowledged >= ROUNDS * 3);
}

/// Puts the same number into three documents, one higher each time, and says which is committed.
async fn commit_until_killed(path: &Path) -> ! {
    let store = open(path).await;
    let last = store.get(Kind::Setting, "a").await.expect("read");
    let mut n: u64 = last.map_or(0, |document| document.body.parse().expect("a number"));
    loop {
        n += 1;
        let body = n.to_string();
        store
            .commit(WallMs(1), &[put("a", &body), put("b", &body), put("c", &body)])
            .await
            .expect("committed");
        let mut out = std::io::stdout().lock();
        writeln!(out, "committed {n}").and_then(|()| out.flush()).expect("said");
    }
}

/// Has a child commit until it said so `times` times, kills it in the middle of what it does then;
/// gives the last number that it said.
fn run_and_kill(path: &Path, times: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "--nocapture", "a_commit_is_whole_when_the_process_is_killed"])
        .env(CHILD_FILE, path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let out = BufReader::new(child.stdout.take().expect("its output"));
    let mut last = 0;
    let said = out.lines().map_while(Result::ok);
    let numbers = said.filter_map(|line| line.rsplit_once("committed ").and_then(|(_, n)| n.parse().ok()));
    for number in numbers.take(usize::try_from(times).expect("few")) {
        last = number;
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    last
}
