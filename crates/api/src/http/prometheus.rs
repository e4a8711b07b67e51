//! The Prometheus HTTP API: parameters, and the envelope of all its answers. Times are seconds since the
//! epoch or dates of RFC 3339, durations seconds or such as `1m30s`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// What `query` takes, in the address or as a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct PrometheusQuery {
    /// PromQL.
    pub query: String,
    /// The moment (now by default).
    pub time: Option<String>,
    /// How long the answer may take.
    pub timeout: Option<String>,
    /// How old a series' newest sample may be (5 minutes by default).
    pub lookback_delta: Option<String>,
    /// At most so many series.
    pub limit: Option<u64>,
    /// `all`: with what the query took.
    pub stats: Option<String>,
    /// Only series with this label: `node:worker-1`. May come several times: all labels must hold, of
    /// several values for one label any.
    #[serde(default)]
    pub scope: Vec<String>,
}

/// What `query_range` takes, in the address or as a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct PrometheusRangeQuery {
    /// PromQL; an instant vector or a scalar.
    pub query: String,
    /// The first moment.
    pub start: String,
    /// None is later.
    pub end: String,
    /// How far moments are apart; there may be 11,000.
    pub step: String,
    /// How long the answer may take.
    pub timeout: Option<String>,
    /// How old a series' newest sample may be (5 minutes by default).
    pub lookback_delta: Option<String>,
    /// At most so many series.
    pub limit: Option<u64>,
    /// `all`: with what the query took.
    pub stats: Option<String>,
    /// Only series with this label: `node:worker-1`. May come several times: all labels must hold, of
    /// several values for one label any.
    #[serde(default)]
    pub scope: Vec<String>,
}

/// Which series are asked about, in the address or as a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct PrometheusMatch {
    /// Selectors; a series counts that any of them matches. May come several times.
    #[serde(default, rename = "match[]")]
    #[param(rename = "match[]")]
    pub matches: Vec<String>,
    /// From (the epoch by default).
    pub start: Option<String>,
    /// To (now by default).
    pub end: Option<String>,
    /// At most so many.
    pub limit: Option<u64>,
    /// Only series with this label: `node:worker-1`.
    #[serde(default)]
    pub scope: Vec<String>,
}

/// What `metadata` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct PrometheusMetadata {
    /// Only this metric.
    pub metric: Option<String>,
    /// At most so many.
    pub limit: Option<u64>,
}

/// What all answers are in, as in Prometheus: with `data` or with `error`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PrometheusAnswer {
    /// `success` or `error`.
    pub status: String,
    /// What was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Of which kind the error is: `bad_data`, `execution`, `timeout`, `canceled`, `internal`,
    /// `unavailable`.
    #[serde(default, rename = "errorType", skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
    /// What is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What of the query is likely a mistake.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What of it may be one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub infos: Vec<String>,
}
