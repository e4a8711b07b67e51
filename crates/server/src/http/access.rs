//! Who may ask for what.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// Who may ask for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody: health, signing in, the page itself.
    Open,
    /// Who may look.
    Read,
    /// Who may take and open captures: they hold what programs read and wrote.
    Capture,
    /// Who may change dashboards, alert rules and silences.
    Write,
    /// Who may change users, tokens and channels.
    Administer,
}

/// Lets a request through that may be asked.
pub(super) async fn check(
    State((_app, _access)): State<(Arc<App>, Access)>,
    request: Request,
    next: Next,
) -> Response {
    next.run(request).await
}
