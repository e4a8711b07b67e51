//! A config store in one SQLite file.
//!
//! One connection writes, a few read: with a write-ahead log readers see the last commit and never
//! wait. `synchronous=FULL` syncs that log with every commit, so what was committed survives the loss
//! of power, too.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use lanner_model::time::WallMs;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, QueryBuilder, Row as _, Sqlite};

use super::document::{Change, Document, Expected, Kind, Listing, Order};
use super::migration::migrations;
use super::store::{ConfigError, ConfigStore};

/// Readers at a time; more wait.
const READERS: u32 = 3;
/// How long somebody waits who finds the file locked: by a backup, or a `sqlite3` shell.
const BUSY_TIME: Duration = Duration::from_secs(5);
/// Only who runs the server may look: users and channels are in it.
const MODE: u32 = 0o600;

/// A config store in one SQLite file.
#[derive(Debug)]
pub struct EmbeddedConfig {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
}

impl EmbeddedConfig {
    /// Opens the file, which is made when it is not there, checks it and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be used, is damaged, or was written by a newer version.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, ConfigError> {
        let path = path.into();
        make(&path).map_err(|source| ConfigError::Open { path: path.clone(), source: source.into() })?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIME)
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await;
        let writer = writer.map_err(|source| unusable(&path, source))?;
        check(&path, &writer).await?;
        migrations().run(&writer).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => {
                ConfigError::Newer { path: path.clone(), version }
            }
            sqlx::migrate::MigrateError::Execute(source) => unusable(&path, source),
            error => ConfigError::Open { path: path.clone(), source: error.into() },
        })?;
        // Not `read_only`: a reader that is first after a crash has to rebuild the log's index.
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options);
        Ok(Self { path, writer, readers })
    }

    fn failed(&self, doing: &'static str, source: sqlx::Error) -> ConfigError {
        match is_damage(&source) {
            true => ConfigError::Damaged { path: self.path.clone(), found: source.to_string() },
            false => ConfigError::Database { doing, source: source.into() },
        }
    }

    async fn try_commit(&self, now: WallMs, changes: &[Change]) -> Result<Committed, sqlx::Error> {
        // The lock is taken at once: one that begins with reading could find it taken later, and fail.
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for change in changes {
            if !apply(&mut transaction, now, change).await? {
                // Dropped, and with it what the changes before did.
                return Ok(Committed::Not(Box::new(change.clone())));
            }
        }
        transaction.commit().await?;
        Ok(Committed::All)
    }
}

enum Committed {
    All,
    /// This change found something else than it expected.
    Not(Box<Change>),
}

#[async_trait]
impl ConfigStore for EmbeddedConfig {
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<Document>, ConfigError> {
        let query =
            sqlx::query("SELECT id, version, changed_ms, body FROM document WHERE kind = $1 AND id = $2");
        let row = query.bind(kind.as_str()).bind(id).fetch_optional(&self.readers).await;
        let row = row.and_then(|row| row.map(|row| document(kind, &row)).transpose());
        row.map_err(|error| self.failed("read a document", error))
    }

    async fn list(&self, listing: &Listing) -> Result<Vec<Document>, ConfigError> {
        let rows = select(listing).build().fetch_all(&self.readers).await;
        let documents = rows.and_then(|rows| rows.iter().map(|row| document(listing.kind, row)).collect());
        documents.map_err(|error| self.failed("list documents", error))
    }

    async fn commit(&self, now: WallMs, changes: &[Change]) -> Result<(), ConfigError> {
        match self.try_commit(now, changes).await {
            Ok(Committed::All) => Ok(()),
            Ok(Committed::Not(change)) => match *change {
                Change::Put { kind, id, .. } | Change::Delete { kind, id, .. } => {
                    Err(ConfigError::Conflict { kind, id })
                }
            },
            Err(error) => Err(self.failed("commit changes", error)),
        }
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Makes one change, if what stands there is as expected.
async fn apply(connection: &mut SqliteConnection, now: WallMs, change: &Change) -> Result<bool, sqlx::Error> {
    let (kind, id, expected) = match change {
        Change::Put { kind, id, expected, .. } | Change::Delete { kind, id, expected } => {
            (kind, id, expected)
        }
    };
    let query = sqlx::query_scalar("SELECT version FROM document WHERE kind = $1 AND id = $2");
    let version: Option<i64> = query.bind(kind.as_str()).bind(id).fetch_optional(&mut *connection).await?;
    let as_expected = match *expected {
        Expected::Any => true,
        Expected::Absent => version.is_none(),
        Expected::Version(expected) => version.is_some_and(|version| u64::try_from(version) == Ok(expected)),
    };
    if !as_expected {
        return Ok(false);
    }
    let query = match change {
        Change::Put { body, .. } => sqlx::query(
            "INSERT INTO document (kind, id, version, changed_ms, body) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (kind, id) DO UPDATE SET \
             version = excluded.version, changed_ms = excluded.changed_ms, body = excluded.body",
        )
        .bind(kind.as_str())
        .bind(id)
        .bind(version.unwrap_or(0).saturating_add(1))
        .bind(now.0)
        .bind(body),
        Change::Delete { .. } => {
            sqlx::query("DELETE FROM document WHERE kind = $1 AND id = $2").bind(kind.as_str()).bind(id)
        }
    };
    query.execute(connection).await?;
    Ok(true)
}

fn select(listing: &Listing) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT id, version, changed_ms, body FROM document WHERE kind = ");
    query.push_bind(listing.kind.as_str());
    query.push(" AND id >= ").push_bind(listing.prefix.clone());
    if let Some(end) = end_of(&listing.prefix) {
        query.push(" AND id < ").push_bind(end);
    }
    if let Some(after) = listing.after.clone() {
        query.push(match listing.order {
            Order::Ascending => " AND id > ",
            Order::Descending => " AND id < ",
        });
        query.push_bind(after);
    }
    query.push(match listing.order {
        Order::Ascending => " ORDER BY id LIMIT ",
        Order::Descending => " ORDER BY id DESC LIMIT ",
    });
    query.push_bind(i64::try_from(listing.limit).unwrap_or(i64::MAX));
    query
}

/// The first text behind all that begin with `prefix`; `None`: there is nothing behind them.
/// (UTF-8 compares as its code points do.)
fn end_of(prefix: &str) -> Option<String> {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

fn document(kind: Kind, row: &SqliteRow) -> Result<Document, sqlx::Error> {
    Ok(Document {
        kind,
        id: row.try_get(0)?,
        version: u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0),
        changed: WallMs(row.try_get(2)?),
        body: row.try_get(3)?,
    })
}

/// The file with its mode. SQLite gives its companions (`-wal`, `-shm`) the same.
fn make(path: &Path) -> std::io::Result<()> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(MODE).open(path)?;
    file.set_permissions(Permissions::from_mode(MODE))
}

/// Reads every page once: what is damaged is better known now than in the middle of a commit.
async fn check(path: &Path, pool: &SqlitePool) -> Result<(), ConfigError> {
    let found: Result<Vec<String>, _> = sqlx::query_scalar("PRAGMA quick_check(3)").fetch_all(pool).await;
    let found = found.map_err(|source| unusable(path, source))?;
    if found == ["ok"] {
        return Ok(());
    }
    Err(ConfigError::Damaged { path: path.to_owned(), found: found.join("; ") })
}

fn unusable(path: &Path, source: sqlx::Error) -> ConfigError {
    match is_damage(&source) {
        true => ConfigError::Damaged { path: path.to_owned(), found: source.to_string() },
        false => ConfigError::Open { path: path.to_owned(), source: source.into() },
    }
}

/// Whether SQLite says that the file is malformed (11) or no database at all (26).
fn is_damage(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    // What is said beyond the lowest byte is where it was noticed.
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xff, 11 | 26))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ends_behind_all_that_begin_with_a_prefix() {
        for (prefix, end) in [
            ("", None),
            ("a", Some("b")),
            ("rule/", Some("rule0")),
            ("a\u{d7ff}", Some("a\u{e000}")),
            ("a\u{10ffff}", Some("b")),
            ("\u{10ffff}", None),
        ] {
            assert_eq!(end_of(prefix).as_deref(), end, "{prefix:?}");
        }
    }
}
