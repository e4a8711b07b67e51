//! A running server: listeners, tasks, shutdown.

use std::convert::Infallible;
use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use lanner_api::agent::{AgentsServer, MAX_MESSAGE_BYTES};
use lanner_api::http::OneTimePassword;
use lanner_model::time::WallMs;
use lanner_store::{
    ConfigError, ConfigStore, EmbeddedConfig, EmbeddedEvents, EmbeddedMetrics, EventOptions, EventStore,
    MetricOptions, MetricStore, StoreError, StoreRecovery,
};
use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;

use crate::access::{FirstStart, Gate, GateError};
use crate::alerting::{evaluate_always, send_always};
use crate::app::{App, Stores};
use crate::clock;
use crate::config::{Secret, ServerConfig};
use crate::ending::Ending;
use crate::error_chain::chain;
use crate::finding_counts::COUNTED_MS;
use crate::findings;
use crate::in_process::{self, Pipes};
use crate::ingest::{Door, Ingest};
use crate::registry_keeper;
use crate::sequence::{SequenceError, Sequences};

/// How often stores are asked to do what is due.
const MAINTENANCE: Duration = Duration::from_secs(60);
/// A connection that shows no sign of life for so long, and no answer for half of it, is closed.
const KEEPALIVE: Duration = Duration::from_secs(20);
/// What still runs so long after the end was announced is cut off.
const SHUTDOWN_TIME: Duration = Duration::from_secs(5);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is taken.
    #[error(
        "port {} of {} is taken by another program (perhaps another lanner); end it, or choose another \
         port with {flag}", address.port(), address.ip()
    )]
    PortTaken {
        /// The flag with which another is chosen.
        flag: &'static str,
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address} ({flag})")]
    Listen {
        /// The flag with which another is chosen.
        flag: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The data folder cannot be used.
    #[error("cannot use the data folder {}", path.display())]
    DataFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another server uses the data folder.
    #[error("another lanner uses the data folder {}; end it, or choose another with --data-dir", path.display())]
    DataFolderTaken {
        /// The folder.
        path: PathBuf,
    },
    /// A store could not be opened or read.
    #[error("cannot open the {store} store in {}", path.display())]
    Store {
        /// Which.
        store: &'static str,
        /// Its folder.
        path: PathBuf,
        /// What was wrong.
        #[source]
        source: StoreError,
    },
    /// The settings could not be opened.
    #[error("cannot open the settings")]
    Settings(#[from] ConfigError),
    /// Nobody could be let in.
    #[error("cannot open the doors")]
    Doors(#[from] DoorsError),
    /// The agents' sequences could not be opened.
    #[error("cannot keep what agents sent")]
    Sequences(#[source] SequencesError),
    /// The base path does not begin and end with `/`.
    #[error("the base path {path:?} does not begin and end with a slash, or has a character no path has")]
    BasePath {
        /// What was given.
        path: String,
    },
}

/// The folder of the agents' sequences could not be made.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SequencesError(#[from] SequenceError);

/// Signing in or the agents' key could not be set up.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DoorsError(#[from] GateError);

/// A running server. Dropping it without [`Server::stop`] cuts everything off.
pub struct Server {
    app: Arc<App>,
    http: SocketAddr,
    grpc: SocketAddr,
    one_time_password: Option<OneTimePassword>,
    pipes: Pipes,
    tasks: Vec<Task>,
    closed: oneshot::Receiver<Infallible>,
}

struct Task {
    name: &'static str,
    handle: JoinHandle<()>,
}

impl Server {
    /// Starts a server: listens first (port 0 takes a free one), then opens the stores, then answers.
    ///
    /// # Errors
    /// When an address or the data folder cannot be used; see [`ServerError`].
    pub async fn start(config: ServerConfig) -> Result<Self, ServerError> {
        check_base_path(&config.base_path)?;
        let (http_listener, http) = listen("--http-port", config.listen_http).await?;
        let (grpc_listener, grpc) = listen("--grpc-port", config.listen_grpc).await?;
        let lock = lock(&config.data_dir)?;
        let (metrics, events) = open_stores(&config).await?;
        let sequences = Sequences::open(config.data_dir.join("ingest"))
            .map_err(|error| ServerError::Sequences(error.into()))?;
        let started = clock::now();
        let settings = EmbeddedConfig::open(config.data_dir.join("settings.sqlite")).await?;
        let settings: Arc<dyn ConfigStore> = Arc::new(settings);
        let (gate, one_time_password) = open_gate(&config, &settings, http.port(), started).await?;
        let stores = Stores { metrics, events, settings };
        let (app, closed) = App::new(config, stores, gate, sequences, lock, started);
        let app = Arc::new(app);
        registry_keeper::load(&app.registry, &*app.settings).await?;
        count_last_day(&app, started).await?;
        app.alerting.load(&*app.settings, base_url(&app.config, http), started).await?;

        let (pipes, incoming_pipes) = in_process::pipes();
        let tasks = vec![
            Task::spawn("http", serve_http(Arc::clone(&app), http_listener)),
            Task::spawn("grpc", serve_agents(Arc::clone(&app), grpc_listener)),
            Task::spawn("grpc in process", serve_pipes(Arc::clone(&app), incoming_pipes)),
            Task::spawn("live interest", watch_interest(Arc::clone(&app))),
            Task::spawn("registry", registry_keeper::keep_always(Arc::clone(&app), app.ending())),
            Task::spawn("maintenance", maintain(Arc::clone(&app))),
            Task::spawn("alert evaluation", evaluate_always(Arc::clone(&app), app.ending())),
            Task::spawn("alert messages", send_always(Arc::clone(&app), app.ending())),
        ];
        tracing::info!(%http, %grpc, "the server listens");
        Ok(Self { app, http, grpc, one_time_password, pipes, tasks, closed })
    }

    /// Where pages and programs ask.
    #[must_use]
    pub fn http_address(&self) -> SocketAddr {
        self.http
    }

    /// Where agents of other processes connect.
    #[must_use]
    pub fn grpc_address(&self) -> SocketAddr {
        self.grpc
    }

    /// The password with which somebody signs in for the first time, when this start made one.
    #[must_use]
    pub fn one_time_password(&self) -> Option<&OneTimePassword> {
        self.one_time_password.as_ref()
    }

    /// A channel for an agent in this process: the same gRPC over a pipe in memory. It connects when
    /// it is first used, and again after a connection broke.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.pipes.channel()
    }

    /// Ends the server: streams are closed, what was begun is finished, stores are closed.
    pub async fn stop(self) {
        self.app.announce_end();
        let Self { app, tasks, pipes, closed, .. } = self;
        drop(pipes);
        let end = tokio::time::Instant::now() + SHUTDOWN_TIME;
        for mut task in tasks {
            if tokio::time::timeout_at(end, &mut task.handle).await.is_err() {
                tracing::warn!(task = task.name, "a task is cut off at shutdown");
            }
        }
        if tokio::time::timeout(SHUTDOWN_TIME, app.settings.close()).await.is_err() {
            tracing::warn!("the settings are still in use at shutdown");
        }
        // Closing a store waits for its writer thread. A connection's task may be the last to let go.
        tokio::task::spawn_blocking(move || drop(app));
        if tokio::time::timeout(SHUTDOWN_TIME, closed).await.is_err() {
            tracing::warn!("the stores are still in use at shutdown");
        }
    }
}

impl Task {
    fn spawn(name: &'static str, future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { name, handle: tokio::spawn(future) }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

async fn listen(flag: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    if !address.ip().is_loopback() {
        tracing::warn!(
            %address,
            "other machines can reach this address, and what is sent is not encrypted: put a proxy that speaks TLS \
             in front, and name it with --host"
        );
    }
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ServerError::PortTaken { flag, address },
        _ => ServerError::Listen { flag, address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Where people find the server: behind the first name that browsers are to use, else where it listens.
fn base_url(config: &ServerConfig, listens: SocketAddr) -> String {
    match config.hosts.first() {
        Some(host) => format!("https://{host}{}", config.base_path),
        None => format!("http://{listens}{}", config.base_path),
    }
}

/// The data folder, for this server alone as long as the file lives. One that is made here is for its
/// user alone, too: there are command lines and captures in it.
fn lock(folder: &Path) -> Result<File, ServerError> {
    let failed = |source| ServerError::DataFolder { path: folder.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock"));
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServerError::DataFolderTaken { path: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// A path that may stand in a page's `<base href>`.
fn check_base_path(path: &str) -> Result<(), ServerError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    let is_path = path.starts_with('/') && path.ends_with('/') && !path.starts_with("//");
    if is_path && path.chars().all(plain) {
        return Ok(());
    }
    Err(ServerError::BasePath { path: path.to_owned() })
}

async fn open_stores(
    config: &ServerConfig,
) -> Result<(Arc<dyn MetricStore>, Arc<dyn EventStore>), ServerError> {
    let metric_options = MetricOptions { retention_ms: config.metric_retention_ms, ..Default::default() };
    let retention_ns = u64::try_from(config.event_retention_ms).unwrap_or(0).saturating_mul(1_000_000);
    let event_options = EventOptions { retention_ns, ..Default::default() };
    let folder = config.data_dir.join("metrics");
    let metrics = open("metrics", folder, move |path| EmbeddedMetrics::open(path, metric_options)).await?;
    let folder = config.data_dir.join("events");
    let events = open("events", folder, move |path| EmbeddedEvents::open(path, event_options)).await?;
    Ok((Arc::new(metrics), Arc::new(events)))
}

/// Opens a store off the async threads and tells what it found.
async fn open<S: Send + 'static>(
    store: &'static str,
    path: PathBuf,
    open: impl FnOnce(&Path) -> Result<(S, StoreRecovery), StoreError> + Send + 'static,
) -> Result<S, ServerError> {
    let folder = path.clone();
    let opened = tokio::task::spawn_blocking(move || open(&folder)).await;
    let opened = opened.unwrap_or(Err(StoreError::Closed));
    let (opened, recovery) = opened.map_err(|source| ServerError::Store { store, path, source })?;
    for file in &recovery.set_aside {
        tracing::warn!(store, %file, "a damaged file was set aside");
    }
    if !recovery.log.damage.is_empty() || recovery.unreadable > 0 {
        tracing::warn!(store, damage = ?recovery.log.damage, unreadable = recovery.unreadable, "the log is damaged");
    }
    tracing::info!(store, replayed = recovery.replayed, "the store is open");
    Ok(opened)
}

async fn open_gate(
    config: &ServerConfig,
    settings: &Arc<dyn ConfigStore>,
    port: u16,
    now: WallMs,
) -> Result<(Gate, Option<OneTimePassword>), DoorsError> {
    let admin_password = config.admin_password.clone().map(|Secret(password)| password);
    let first_start = FirstStart { admin_password, reset_admin: config.reset_admin };
    Ok(Gate::open(config.data_dir.clone(), Arc::clone(settings), first_start, port, now).await?)
}

async fn count_last_day(app: &App, now: WallMs) -> Result<(), ServerError> {
    let range = crate::range::TimeRange { from: WallMs((now.0 - COUNTED_MS).max(0)), to: now };
    let failed =
        |source| ServerError::Store { store: "events", path: app.config.data_dir.join("events"), source };
    let count = |stored: Vec<_>| drop(app.count_stored(&stored));
    findings::each_of(&*app.events, range, count).await.map_err(failed)
}

async fn serve_http(app: Arc<App>, listener: TcpListener) {
    crate::http::serve(app, listener).await;
}

fn service(app: &Arc<App>, door: Door) -> AgentsServer<Ingest> {
    AgentsServer::new(Ingest::new(Arc::clone(app), door)).max_decoding_message_size(MAX_MESSAGE_BYTES)
}

async fn serve_agents(app: Arc<App>, listener: TcpListener) {
    let served = tonic::transport::Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE / 2))
        .concurrency_limit_per_connection(4)
        .add_service(service(&app, Door::Network))
        .serve_with_incoming_shutdown(
            TcpIncoming::from(listener).with_nodelay(Some(true)),
            ended(app.ending()),
        )
        .await;
    if let Err(error) = served {
        tracing::error!(error = %chain(&error), "agents are not served any more");
    }
}

async fn serve_pipes(app: Arc<App>, incoming: mpsc::Receiver<DuplexStream>) {
    let incoming = ReceiverStream::new(incoming).map(Ok::<_, io::Error>);
    let served = tonic::transport::Server::builder()
        .add_service(service(&app, Door::Pipe))
        .serve_with_incoming_shutdown(incoming, ended(app.ending()))
        .await;
    if let Err(error) = served {
        tracing::error!(error = %chain(&error), "the agent in this process is not served any more");
    }
}

async fn watch_interest(app: Arc<App>) {
    let end = ended(app.ending());
    tokio::select! {
        () = app.interest.run() => {}
        () = end => {}
    }
}

async fn maintain(app: Arc<App>) {
    let end = ended(app.ending());
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = tokio::time::sleep(MAINTENANCE) => {}
            () = &mut end => return,
        }
        let now = clock::now();
        if let Err(error) = app.metrics.maintain(now).await {
            tracing::error!(error = %chain(&error), "maintenance of the metric store failed");
        }
        if let Err(error) = app.gate.accounts.maintain(now).await {
            tracing::error!(error = %chain(&error), "maintenance of the accounts failed");
        }
        if let Err(error) = app.captures.maintain(now).await {
            tracing::error!(error = %chain(&error), "maintenance of the captures failed");
        }
        if let Err(error) = app.events.maintain(now.nanos()).await {
            tracing::error!(error = %chain(&error), "maintenance of the event store failed");
        }
    }
}

async fn ended(mut ending: Ending) {
    ending.announced().await;
}
