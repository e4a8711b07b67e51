//! `lanner up`, `agent` and `server`: what runs until it is told to stop.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use lanner_agent::{Agent, AgentConfig, AgentKey, Scope};
use lanner_model::id::Pid;
use lanner_server::{Secret, Server, ServerConfig};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::{Channel, Endpoint};

use crate::args::{AgentArgs, ServerArgs, UpArgs, WatchArgs};

/// Environment variables, for what is not to stand in a list of processes.
const ADMIN_PASSWORD: &str = "LANNER_ADMIN_PASSWORD";
const AGENT_KEY: &str = "LANNER_AGENT_KEY";

/// Server and agent in this process; the agent speaks to the server through a pipe inside it.
pub(crate) fn up(args: UpArgs) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let server = Server::start(server_config(&args.server)).await?;
        let mut agent =
            Agent::start(&agent_config(args.server.data_dir.clone(), &args.watch, None), server.channel())?;
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
        let key = agent_key(args.key_file.as_deref())?;
        let config = agent_config(args.data_dir, &args.watch, key);
        let mut agent = Agent::start(&config, channel_to(args.server)?)?;
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
        hosts: args.hosts.clone(),
        admin_password: std::env::var(ADMIN_PASSWORD).ok().filter(|text| !text.is_empty()).map(Secret::from),
        reset_admin: args.reset_admin,
        ..ServerConfig::new(&args.data_dir)
    }
}

/// The key by which the server knows its agents, from a file or the environment.
fn agent_key(file: Option<&Path>) -> anyhow::Result<Option<AgentKey>> {
    let text = match file {
        Some(file) => {
            Some(std::fs::read_to_string(file).with_context(|| format!("read the key {}", file.display()))?)
        }
        None => std::env::var(AGENT_KEY).ok().filter(|key| !key.is_empty()),
    };
    text.map(|text| AgentKey::parse(&text)).transpose()
}

fn agent_config(data_dir: PathBuf, watch: &WatchArgs, key: Option<AgentKey>) -> AgentConfig {
    AgentConfig {
        key,
        data_dir,
        rules: watch.rules.clone(),
        scope: scope(watch.watch_only),
        sample_interval: Duration::from_secs(watch.interval),
        flight_recorder_mib: watch.flight_recorder_mib,
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

/// The lines that people and programs look for.
fn say_where(server: &Server) {
    println!("agents: http://{}", server.grpc_address());
    if let Some(one_time) = server.one_time_password() {
        // Behind `#`, a browser sends it nowhere: the page reads it and signs in.
        println!("sign in: http://{}/login#{}", server.http_address(), one_time.password);
        println!("user: {}, one-time password: {}", one_time.user, one_time.password);
    }
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
