//! Paths, each with who may ask for it. There is no other way to add one.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::access::{self, Access};
use crate::app::App;

/// Paths of a room, each with who may ask for it.
pub(super) struct Routes {
    app: Arc<App>,
    router: Router<Arc<App>>,
}

impl Routes {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app), router: Router::new() }
    }

    pub(super) fn get<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.on(Method::GET, path, access, handler)
    }

    pub(super) fn post<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.on(Method::POST, path, access, handler)
    }

    pub(super) fn put<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.on(Method::PUT, path, access, handler)
    }

    pub(super) fn delete<H, T>(self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.on(Method::DELETE, path, access, handler)
    }

    fn on<H, T>(mut self, method: Method, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        let checked: MethodRouter<Arc<App>> = on(filter, handler)
            .layer(middleware::from_fn_with_state((Arc::clone(&self.app), access), access::check));
        self.router = self.router.route(path, checked);
        self
    }

    /// All of both.
    pub(super) fn and(mut self, room: Routes) -> Self {
        self.router = self.router.merge(room.router);
        self
    }

    pub(super) fn into_router(self) -> Router<Arc<App>> {
        self.router
    }
}
