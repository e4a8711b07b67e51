//! People's own dashboards as documents of the config store.

use std::hash::{BuildHasher, RandomState};

use lanner_api::http::{
    ChangedDashboard, Dashboard, DashboardContent, DashboardList, DashboardSummary, NewDashboard,
};
use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigError, ConfigStore, Document, Expected, Kind, Listing};
use serde::{Deserialize, Serialize};

use super::check::problems;
use super::error::DashboardError;
use super::shipped::shipped;
use super::summary::summary;
use crate::access::audit_entry;

/// Dashboards people may keep.
const MOST_OWN: usize = 500;
/// The most bytes of JSON that one may take.
const MOST_BYTES: usize = 200 << 10;

/// The body of a document.
#[derive(Serialize, Deserialize)]
struct Stored {
    changed_by: Option<String>,
    content: DashboardContent,
}

/// Shipped ones, then people's own by title. One that cannot be read is left out and logged.
pub(crate) async fn list(store: &dyn ConfigStore) -> Result<DashboardList, DashboardError> {
    let mut dashboards: Vec<DashboardSummary> = shipped().iter().map(summary).collect();
    let mut own: Vec<DashboardSummary> = Vec::new();
    for document in store.list(&Listing::all(Kind::Dashboard)).await? {
        match read(document) {
            Ok(dashboard) => own.push(summary(&dashboard)),
            Err(error) => {
                tracing::error!(error = %crate::error_chain::chain(&error), "a dashboard is left out")
            }
        }
    }
    own.sort_by_cached_key(|summary| (summary.title.to_lowercase(), summary.id.clone()));
    dashboards.append(&mut own);
    Ok(DashboardList { dashboards, most_own: u32::try_from(MOST_OWN).unwrap_or(u32::MAX) })
}

/// A shipped dashboard or somebody's own.
pub(crate) async fn dashboard(store: &dyn ConfigStore, id: &str) -> Result<Dashboard, DashboardError> {
    if let Some(dashboard) = shipped().iter().find(|dashboard| dashboard.id == id) {
        return Ok(dashboard.clone());
    }
    read(store.get(Kind::Dashboard, id).await?.ok_or(DashboardError::Unknown)?)
}

/// Makes a dashboard.
pub(crate) async fn create(
    store: &dyn ConfigStore,
    new: NewDashboard,
    by: &str,
    now: WallMs,
) -> Result<Dashboard, DashboardError> {
    let mut content = match (new.content, new.copy_of) {
        (Some(content), _) => content,
        (None, Some(id)) => dashboard(store, &id).await?.content,
        (None, None) => return Err(refused("content", "say either `content` or `copy_of`")),
    };
    if let Some(title) = new.title {
        content.title = title;
    }
    if store.list(&Listing::all(Kind::Dashboard)).await?.len() >= MOST_OWN {
        return Err(DashboardError::TooMany { most: MOST_OWN });
    }
    let id = new_id();
    save(store, &id, Expected::Absent, content, (by, "dashboard_made"), now).await
}

/// Replaces what a dashboard shows, if it still is what the change began from.
pub(crate) async fn change(
    store: &dyn ConfigStore,
    id: &str,
    changed: ChangedDashboard,
    by: &str,
    now: WallMs,
) -> Result<Dashboard, DashboardError> {
    let before = dashboard(store, id).await?;
    if before.built_in {
        return Err(DashboardError::BuiltIn);
    }
    let expected = Expected::Version(changed.version);
    save(store, id, expected, changed.content, (by, "dashboard_changed"), now).await
}

/// Deletes a dashboard; with a version, only if it still is of that.
pub(crate) async fn delete(
    store: &dyn ConfigStore,
    id: &str,
    version: Option<u64>,
    by: &str,
    now: WallMs,
) -> Result<(), DashboardError> {
    let before = dashboard(store, id).await?;
    if before.built_in {
        return Err(DashboardError::BuiltIn);
    }
    let expected = Expected::Version(version.unwrap_or(before.version));
    let deletion = Change::Delete { kind: Kind::Dashboard, id: id.to_owned(), expected };
    let entry = audit_entry(now, by, "dashboard_deleted", &before.content.title);
    commit(store, id, &[deletion, entry], now).await
}

async fn save(
    store: &dyn ConfigStore,
    id: &str,
    expected: Expected,
    content: DashboardContent,
    (by, action): (&str, &str),
    now: WallMs,
) -> Result<Dashboard, DashboardError> {
    let problems = problems(&content);
    if !problems.is_empty() {
        return Err(DashboardError::Refused { problems });
    }
    let stored = Stored { changed_by: Some(by.to_owned()), content };
    let body = serde_json::to_string(&stored)
        .map_err(|source| DashboardError::Unreadable { id: id.to_owned(), source })?;
    if body.len() > MOST_BYTES {
        return Err(DashboardError::TooLarge { bytes: body.len(), most: MOST_BYTES });
    }
    let put = Change::Put { kind: Kind::Dashboard, id: id.to_owned(), expected, body };
    let entry = audit_entry(now, by, action, &stored.content.title);
    commit(store, id, &[put, entry], now).await?;
    let version = match expected {
        Expected::Version(before) => before + 1,
        Expected::Any | Expected::Absent => 1,
    };
    Ok(Dashboard {
        id: id.to_owned(),
        built_in: false,
        version,
        changed_ms: Some(now.0),
        changed_by: stored.changed_by,
        content: stored.content,
    })
}

/// Commits a change of one dashboard and the audit's entry of it; where something else stands in its
/// place, says who put it there.
async fn commit(
    store: &dyn ConfigStore,
    id: &str,
    changes: &[Change],
    now: WallMs,
) -> Result<(), DashboardError> {
    match store.commit(now, changes).await {
        Ok(()) => Ok(()),
        Err(ConfigError::Conflict { .. }) => match store.get(Kind::Dashboard, id).await? {
            None => Err(DashboardError::Deleted),
            Some(document) => {
                let at = document.changed;
                Err(DashboardError::Changed { by: read(document)?.changed_by, at })
            }
        },
        Err(error) => Err(error.into()),
    }
}

fn read(document: Document) -> Result<Dashboard, DashboardError> {
    let stored: Stored = serde_json::from_str(&document.body)
        .map_err(|source| DashboardError::Unreadable { id: document.id.clone(), source })?;
    Ok(Dashboard {
        id: document.id,
        built_in: false,
        version: document.version,
        changed_ms: Some(document.changed.0),
        changed_by: stored.changed_by,
        content: stored.content,
    })
}

fn refused(place: &str, message: &str) -> DashboardError {
    let problem = lanner_api::http::DashboardProblem { place: place.to_owned(), message: message.to_owned() };
    DashboardError::Refused { problems: vec![problem] }
}

/// Short, for it stands in URLs; unique, not secret: the standard library's hasher has random keys.
fn new_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(()))
}
