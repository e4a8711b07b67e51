//! Connections of browsers and programs: so many at a time, none that only keeps a place.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::ending::Ending;
use crate::own_metrics::OwnMetrics;

/// Connections that are open at a time.
const MAX_CONNECTIONS: usize = 512;
/// How long a request's head may take to arrive, and a connection wait for its next request.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// The most bytes that a request's head may have.
const HEAD_BYTES: usize = 32 << 10;
/// The pause after the system had no socket to give.
const NO_SOCKET_PAUSE: Duration = Duration::from_secs(1);

/// Takes connections until the server ends, then waits for those that are open.
pub(super) async fn accept(
    listener: TcpListener,
    router: Router,
    own_metrics: &OwnMetrics,
    ending: &mut Ending,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES);
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            stream = next(&listener) => stream,
            () = ending.announced() => break,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            own_metrics.connections_refused.add(1);
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = open.watch(connection.into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// The next connection. A connection that is gone already is passed over; when the system has no
/// sockets left, that passes, too.
async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // An event of a stream is small and must not wait for the next. A connection that
                // cannot be set so is gone, and its first read says so.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken at the moment");
                tokio::time::sleep(NO_SOCKET_PAUSE).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
