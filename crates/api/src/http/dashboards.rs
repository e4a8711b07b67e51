//! Dashboards: shipped ones and people's own. [`DashboardContent`] is also the form of the shipped files.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// All dashboards, shipped ones first, each group by title.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardList {
    /// The dashboards.
    pub dashboards: Vec<DashboardSummary>,
    /// How many of their own people may keep.
    pub most_own: u32,
}

/// A dashboard in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardSummary {
    /// Its id: a word for shipped ones, random for the rest.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Whether it is shipped, and so cannot be changed.
    pub built_in: bool,
    /// How many panels it has.
    pub panels: u32,
    /// Scope labels it takes, in their order.
    pub scope: Vec<String>,
    /// When it was last changed; `null` for shipped ones.
    pub changed_ms: Option<i64>,
    /// Who changed it last; `null` where nobody is known.
    pub changed_by: Option<String>,
}

/// A dashboard.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Dashboard {
    /// Its id.
    pub id: String,
    /// Whether it is shipped, and so cannot be changed.
    pub built_in: bool,
    /// Counts changes; 0 for shipped ones.
    pub version: u64,
    /// When it was last changed; `null` for shipped ones.
    pub changed_ms: Option<i64>,
    /// Who changed it last; `null` where nobody is known.
    pub changed_by: Option<String>,
    /// What it shows.
    pub content: DashboardContent,
}

/// What `POST /dashboards` takes: a content, or the id of a dashboard to copy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDashboard {
    /// What it shows.
    pub content: Option<DashboardContent>,
    /// The dashboard to copy instead.
    pub copy_of: Option<String>,
    /// Title of the copy; without one it has that of what it is copied from.
    #[schema(max_length = 120)]
    pub title: Option<String>,
}

/// What `PUT /dashboards/{id}` takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedDashboard {
    /// The version that was changed. If somebody else saved meanwhile, the answer is 409 and says who.
    pub version: u64,
    /// What it shows from now on.
    pub content: DashboardContent,
}

/// What `DELETE /dashboards/{id}` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct DashboardDeletion {
    /// Only if it still is of this version.
    pub version: Option<u64>,
}

/// What `POST /dashboards/check` says of a content.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardCheck {
    /// Why it would be refused, in the order of the content; empty when it would be taken.
    pub problems: Vec<DashboardProblem>,
}

/// Why a content is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DashboardProblem {
    /// Where: `title`, `panels[2].queries[0].promql`.
    pub place: String,
    /// What is wrong there, one sentence.
    pub message: String,
}

/// What a dashboard shows. Also the form of the files in `dashboards/`; a key that is not listed here is
/// refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardContent {
    /// Its name.
    #[schema(min_length = 1, max_length = 120)]
    pub title: String,
    /// What it is for, one or two sentences.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// How the scope of the page gets into queries. Queries name a selector as `$name` between braces.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub selectors: Vec<ScopeSelector>,
    /// What is drawn, row by row, left to right.
    #[schema(max_items = 60)]
    pub panels: Vec<Panel>,
}

/// What `$name` stands for in queries: a matcher for every scope label that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeSelector {
    /// Its name in queries, without `$`.
    #[schema(pattern = "^[a-z][a-z_]{0,31}$")]
    pub name: String,
    /// A metric whose label values are offered when somebody sets the scope.
    pub metric: String,
    /// Scope labels, in the order in which they are offered.
    #[schema(min_items = 1, max_items = 16)]
    pub labels: Vec<ScopeLabel>,
}

/// A scope label and the label of the series that says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeLabel {
    /// In the scope, as in `scope=container_id:3ac5`.
    #[schema(pattern = "^[a-zA-Z_][a-zA-Z0-9_]*$")]
    pub scope: String,
    /// In the series.
    #[schema(pattern = "^[a-zA-Z_][a-zA-Z0-9_]*$")]
    pub label: String,
}

/// A rectangle of a dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Its heading.
    #[schema(min_length = 1, max_length = 120)]
    pub title: String,
    /// What it shows and how to read it.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// How it is drawn.
    pub kind: PanelKind,
    /// In what its values are measured.
    pub unit: PanelUnit,
    /// Columns of the grid, which has 12.
    #[schema(minimum = 2, maximum = 12)]
    pub width: u8,
    /// Rows of the grid, 76 px each.
    #[schema(minimum = 1, maximum = 8)]
    pub height: u8,
    /// What is asked for.
    #[schema(min_items = 1, max_items = 6)]
    pub queries: Vec<PanelQuery>,
    /// From which values on a number is coloured, rising.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub thresholds: Vec<PanelThreshold>,
    /// Lines, bars or rows that are drawn at most; `null`: 12. Of more, the largest are drawn and
    /// "n others" stands for the rest.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub most_series: Option<u32>,
}

/// How a panel is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanelKind {
    /// A line for each series.
    Line,
    /// Areas on top of each other.
    Stacked,
    /// One number, with what it was.
    Stat,
    /// A row for each set of labels, a column for each query, at the end of the time range.
    Table,
    /// The largest values as bars, at the end of the time range.
    Top,
}

/// In what a panel's values are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanelUnit {
    /// A number.
    Count,
    /// A number per second.
    CountPerSecond,
    /// Requests per second.
    RequestsPerSecond,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// CPUs.
    Cores,
    /// 0 to 100.
    Percent,
    /// Seconds, however short or long.
    Seconds,
    /// A moment in Unix seconds.
    Timestamp,
}

/// A question to the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelQuery {
    /// PromQL, with `$selector`, `$window` (for `rate`) and `$range` (all of the time range).
    #[schema(min_length = 1, max_length = 4000)]
    pub promql: String,
    /// What a series is called: text with `{{label}}`. In a table: the column's heading.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub legend: String,
    /// In a table: the column's unit, where it is not the panel's.
    #[serde(default)]
    pub unit: Option<PanelUnit>,
}

/// From which value on a number is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelThreshold {
    /// The value.
    pub from: f64,
    /// The colour.
    pub heat: PanelHeat,
}

/// Steps of colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanelHeat {
    /// Worth a look.
    Notice,
    /// Soon too much.
    Warn,
    /// Too much.
    Crit,
}
