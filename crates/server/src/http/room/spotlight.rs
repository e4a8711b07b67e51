//! The first page.

use std::sync::Arc;

use crate::app::App;
use crate::http::routes::Routes;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
}
