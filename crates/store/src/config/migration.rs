//! The steps that bring a config store's tables up to date: the files of `migrations/`.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Number, name and text of each step. One that was shipped never changes: its checksum is kept.
const STEPS: [(i64, &str, &str); 1] = [(1, "documents", include_str!("../../migrations/0001_documents.sql"))];

pub(super) fn migrations() -> Migrator {
    let step = |(version, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.into_iter().map(step).collect())
}
