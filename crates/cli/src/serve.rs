//! `lanner up`, `agent` and `server`: what runs until it is told to stop.

use std::time::Duration;

use anyhow::Context as _;
use lanner_agent::{Agent, AgentConfig, Scope};
use lanner_model::id::Pid;
use lanner_server::{Server, ServerConfig};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::{Channel, Endpoint};

use crate::args::{AgentArgs, ServerArgs, UpArgs, WatchArgs};

/// Server and agent in this process; the agent speaks to the server through a pipe inside it.
pub(crate) fn up(args: UpArgs) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let server = Server::start(server_config(&args.server)).await?;
        let mut agent =
            Agent::start(&agent_config(args.server.data_dir.clone(), &args.watch), server.channel())?;
        say_where(&server);
        interrupted_or(agent.ended()).await?;
        let ended = agent.stop().await;
        server.stop().await;
        ended
    })
}

/// The agent alone.
pub(crate) fn agent(args: AgentArgs) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let mut agent = Agent::start(&agent_config(args.data_dir, &args.watch), channel_to(args.server)?)?;
        interrupted_or(agent.ended()).await?;
        agent.stop().await
    })
}

/// The server alone.
pub(crate) fn server(args: ServerArgs) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let server = Server::start(server_config(&args)).await?;
        say_where(&server);
        interrupted().await?;
        server.stop().await;
        Ok(())
    })
}

/// Calls `then` at the first Ctrl+C or SIGTERM.
pub(crate) fn on_interrupt(then: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("start a runtime")?;
    let waits = move || {
        if runtime.block_on(interrupted()).is_ok() {
            then();
        }
    };
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(waits)
        .context("start a thread for signals")?;
    Ok(())
}

/// All of the host, or one process and its descendants.
pub(crate) fn scope(watch_only: Option<i64>) -> Scope {
    watch_only.map_or(Scope::Host, |pid| Scope::Descendants(Pid(pid)))
}

fn server_config(args: &ServerArgs) -> ServerConfig {
    ServerConfig {
        listen_http: (args.listen, args.http_port).into(),
        listen_grpc: (args.listen, args.grpc_port).into(),
        ..ServerConfig::new(&args.data_dir)
    }
}

fn agent_config(data_dir: std::path::PathBuf, watch: &WatchArgs) -> AgentConfig {
    AgentConfig {
        data_dir,
        rules: watch.rules.clone(),
        scope: scope(watch.watch_only),
        sample_interval: Duration::from_secs(watch.interval),
    }
}

fn channel_to(server: String) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(server.clone())
        .with_context(|| format!("`{server}` is no address: give one such as http://127.0.0.1:7071"))?;
    Ok(endpoint
        .connect_timeout(Duration::from_secs(5))
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_while_idle(true)
        .connect_lazy())
}

/// The two lines that people and programs look for.
fn say_where(server: &Server) {
    println!("agents: http://{}", server.grpc_address());
    println!("page: http://{}", server.http_address());
}

/// Waits for the first of a signal to end and `other`.
async fn interrupted_or(other: impl Future<Output = ()>) -> anyhow::Result<()> {
    tokio::select! {
        ended = interrupted() => ended,
        () = other => Ok(()),
    }
}

/// Waits for Ctrl+C or SIGTERM; a second one ends the process at once.
async fn interrupted() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("wait for SIGTERM")?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended.context("wait for Ctrl+C"),
        _ = terminate.recv() => Ok(()),
    }?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        std::process::exit(130);
    });
    Ok(())
}

fn runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("start the runtime")
}
