//! Who talks to whom.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use lanner_api::http::{TopologyMap, TopologyQuery};

use crate::app::App;
use crate::clock;
use crate::http::access::Access;
use crate::http::error::ApiError;
use crate::http::params::{self, Params};
use crate::http::routes::Routes;
use crate::topology::{TopologyError, answer, known, request};

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app).get("/api/v1/topology", Access::Read, topology)
}

async fn topology(
    State(app): State<Arc<App>>,
    Params(query): Params<TopologyQuery>,
) -> Result<Json<TopologyMap>, ApiError> {
    let now = clock::now();
    let range = params::range(params::given(&query.from), params::given(&query.to), "now-1h", now)?;
    let request = request(&query)?;
    let observation = app.topology.of(&*app.metrics, range).await?;
    let known = known(&app.live.current(now));
    let made = tokio::task::spawn_blocking(move || {
        answer(observation.map(&known, &request), range, observation.ends())
    });
    made.await.map(Json).map_err(|_| ApiError::unavailable("the server is shutting down"))
}

impl From<TopologyError> for ApiError {
    fn from(error: TopologyError) -> Self {
        let hint = error.hint();
        ApiError::bad_request(error.to_string()).hint(hint)
    }
}
