//! The rooms of the API: each file has the paths of one and their handlers.

mod access;
mod alerts;
mod captures;
mod dashboards;
mod inspect;
mod prometheus;
mod spotlight;
mod topology;

use std::sync::Arc;

use super::routes::Routes;
use crate::app::App;

/// The paths of all rooms.
pub(super) fn routes(app: &Arc<App>) -> Routes {
    let rooms = [
        access::routes(app),
        alerts::routes(app),
        captures::routes(app),
        dashboards::routes(app),
        inspect::routes(app),
        prometheus::routes(app),
        spotlight::routes(app),
        topology::routes(app),
    ];
    rooms.into_iter().fold(Routes::new(app), Routes::and)
}
