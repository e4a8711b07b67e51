//! Why a dashboard cannot be given, made, changed or deleted.

use lanner_api::http::DashboardProblem;
use lanner_model::time::WallMs;
use lanner_store::ConfigError;

/// Why a dashboard cannot be given, made, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DashboardError {
    #[error("there is no such dashboard")]
    Unknown,
    #[error("shipped dashboards cannot be changed")]
    BuiltIn,
    #[error("{}", refusal(problems))]
    Refused {
        /// At least one.
        problems: Vec<DashboardProblem>,
    },
    #[error("the dashboard takes {bytes} bytes, {most} are allowed")]
    TooLarge { bytes: usize, most: usize },
    #[error("there are {most} dashboards already, and no more are kept")]
    TooMany { most: usize },
    #[error("{} saved it meanwhile", by.as_deref().unwrap_or("somebody else"))]
    Changed {
        /// Who.
        by: Option<String>,
        at: WallMs,
    },
    #[error("somebody else deleted it meanwhile")]
    Deleted,
    #[error("the stored dashboard {id:?} cannot be read")]
    Unreadable {
        id: String,
        #[source]
        source: serde_json::Error,
    },
    #[error(transparent)]
    Store(#[from] ConfigError),
}

/// The first problem, and how many more there are.
fn refusal(problems: &[DashboardProblem]) -> String {
    let Some(first) = problems.first() else { return "the dashboard is refused".to_owned() };
    let more = match problems.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    format!("{}: {}{more}", first.place, first.message)
}
