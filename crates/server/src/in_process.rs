//! An agent in the server's own process: gRPC over pipes in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tonic::codegen::Service;
use tonic::codegen::http::Uri;
use tonic::transport::{Channel, Endpoint};

/// What a pipe holds in each direction before the writer waits.
const PIPE_BYTES: usize = 256 << 10;

/// The agent's ends of pipes are made here.
#[derive(Clone, Debug)]
pub(crate) struct Pipes(mpsc::Sender<DuplexStream>);

/// A maker of pipes, and where the server gets its ends of them.
pub(crate) fn pipes() -> (Pipes, mpsc::Receiver<DuplexStream>) {
    let (sender, receiver) = mpsc::channel(1);
    (Pipes(sender), receiver)
}

impl Pipes {
    /// A channel that makes a pipe whenever it needs one.
    pub(crate) fn channel(&self) -> Channel {
        // The address is never looked up; HTTP/2 wants one.
        Endpoint::from_static("http://in-process").connect_with_connector_lazy(self.clone())
    }
}

impl Service<Uri> for Pipes {
    type Response = TokioIo<DuplexStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<DuplexStream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let servers = self.0.clone();
        Box::pin(async move {
            let (agent, server) = tokio::io::duplex(PIPE_BYTES);
            let gone = |_| io::Error::new(io::ErrorKind::NotConnected, "the server has ended");
            servers.send(server).await.map_err(gone)?;
            Ok(TokioIo::new(agent))
        })
    }
}
