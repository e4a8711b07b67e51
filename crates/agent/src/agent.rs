//! The agent put together: who sends what to whom.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use lanner_api::agent::{Hello, Rule};
use lanner_collect::{Collector, ProcessStarts, Roots};
use lanner_model::source::Source;
use tokio::sync::{mpsc, oneshot, watch};
use tonic::transport::Channel;

use crate::captures::Captures;
use crate::detections;
use crate::finding_maker::FindingMaker;
use crate::identity;
use crate::key::AgentKey;
use crate::links::Links;
use crate::network::Network;
use crate::outbox::Outbox;
use crate::own_state::OwnState;
use crate::sampler::Sampler;
use crate::sensor::{self, Scope, Sensor};
use crate::spooler;
use crate::tally::Tally;
use crate::uplink::{CALM_INTEREST, Uplink};
use crate::watcher::Watcher;

/// Durable things that may wait for the disk; what comes beyond is counted as lost.
const SPOOL_QUEUE: usize = 4096;

/// How an agent runs.
#[derive(Clone, Debug)]
pub struct AgentConfig {
    /// Its identity and spool are kept in the folder `agent` of this one.
    pub data_dir: PathBuf,
    /// Rule files and folders beyond those shipped.
    pub rules: Vec<PathBuf>,
    /// Which processes' system calls are watched.
    pub scope: Scope,
    /// Between two rounds of samples.
    pub sample_interval: Duration,
    /// MiB of memory for the flight recorder, out of which captures come; 0 switches it off.
    pub flight_recorder_mib: u32,
    /// By what a server on another machine lets this agent in.
    pub key: Option<AgentKey>,
}

/// A running agent.
#[derive(Debug)]
pub struct Agent {
    stop: watch::Sender<bool>,
    watcher: JoinHandle<anyhow::Result<()>>,
    /// Closed when the watcher's thread ends, however it ends.
    watching: oneshot::Receiver<Never>,
    /// `None` where nothing can be captured.
    captures: Option<JoinHandle<()>>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Agent {
    /// Starts an agent that sends through `channel` (which may not be up yet).
    ///
    /// # Errors
    /// When its folder can not be used, a rule has a mistake, or the kernel can not be watched.
    pub fn start(config: &AgentConfig, channel: Channel) -> anyhow::Result<Self> {
        let folder = config.data_dir.join("agent");
        // For its user alone: there are command lines and captures in it.
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("create {}", folder.display()))?;
        let tally = Arc::new(Tally::default());
        let (outbox, spool_is_new) = Outbox::open(&folder.join("spool"), &tally)?;
        let outbox = Arc::new(outbox);
        let agent = identity::agent_id(&folder, spool_is_new)?;
        let node = identity::node_name();
        let rules = Arc::new(detections::load(&config.rules)?);
        let Sensor { mut probe, mut decisions } =
            sensor::start(&rules, config.scope, config.flight_recorder_mib)?;
        let links = Links::of(&mut probe, &node);
        decisions.push(links.decision());
        let hello = Hello {
            agent: agent.clone(),
            node: node.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kernel: rustix::system::uname().release().to_string_lossy().into_owned(),
            arch: rustix::system::uname().machine().to_string_lossy().into_owned(),
            decisions,
            rules: rules.rules().iter().map(wire_rule).collect(),
        };

        let (stop, stopping) = watch::channel(false);
        let (spool, queue) = mpsc::channel(SPOOL_QUEUE);
        let (tables, tables_out) = watch::channel(None);
        let (status, status_out) = watch::channel(None);
        let (interest, interest_out) = watch::channel(CALM_INTEREST);
        let roots = Roots::default();
        let collector = Collector::new(roots.clone(), node.clone()).context("read this machine")?;
        let starts = ProcessStarts::new(&roots, collector.boot()).context("read this machine")?;
        let network = Network::of(&probe);
        let captures =
            Captures::start(&mut probe, &folder.join("captures"), agent, &tally, stopping.clone())?;
        let watcher = Watcher {
            rules,
            captures: Arc::clone(&captures.desk),
            findings: FindingMaker::new(node, starts),
            tally: Arc::clone(&tally),
            spool: spool.clone(),
            stop: stopping.clone(),
        };
        let (watches, watching) = oneshot::channel();
        let watcher = spawn_watcher(watcher, Box::new(probe), watches)?;
        let sampler = Sampler {
            collector,
            network,
            links,
            tally: Arc::clone(&tally),
            own: OwnState::default(),
            sample_interval: config.sample_interval,
            interest: interest_out,
            tables,
            status,
            spool,
            stop: stopping.clone(),
        };
        let uplink = Uplink {
            hello,
            key: config.key.clone(),
            outbox: Arc::clone(&outbox),
            desk: captures.desk,
            captures: captures.outgoing,
            tally: Arc::clone(&tally),
            tables: tables_out,
            status: status_out,
            interest,
            stop: stopping,
        };
        let tasks = vec![
            tokio::spawn(spooler::run(queue, outbox, tally)),
            tokio::spawn(sampler.run()),
            tokio::spawn(uplink.run(channel)),
        ];
        Ok(Self { stop, watcher, watching, captures: captures.thread, tasks })
    }

    /// Waits until system calls are no longer watched. An agent that sees nothing must not look like one
    /// that sees nothing bad: who runs it should [`stop`](Agent::stop) it then and say why.
    pub async fn ended(&mut self) {
        let _ = (&mut self.watching).await;
    }

    /// Ends the agent: what it has seen is on disk when this returns.
    ///
    /// # Errors
    /// What ended the watching of the kernel early, if something did.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        let watcher = self.watcher;
        let joined =
            tokio::task::spawn_blocking(move || watcher.join()).await.context("wait for the watcher")?;
        let ended = joined.unwrap_or_else(|_| Err(anyhow::anyhow!("the watcher panicked")));
        if let Some(captures) = self.captures {
            let joined = tokio::task::spawn_blocking(move || captures.join()).await;
            joined
                .context("wait for captures")?
                .map_err(|_| anyhow::anyhow!("the thread of captures panicked"))?;
        }
        for task in self.tasks {
            task.await.context("wait for a task of the agent")?;
        }
        ended
    }
}

/// What is never sent: a channel of it only tells that the other end is gone.
#[derive(Debug)]
enum Never {}

fn spawn_watcher(
    watcher: Watcher,
    mut source: Box<dyn Source>,
    watches: oneshot::Sender<Never>,
) -> anyhow::Result<JoinHandle<anyhow::Result<()>>> {
    let run = move || {
        let _watches = watches;
        watcher.run(&mut *source).context("system calls are no longer watched")
    };
    std::thread::Builder::new().name("watcher".to_owned()).spawn(run).context("start the watcher's thread")
}

fn wire_rule(rule: &lanner_rules::Rule) -> Rule {
    Rule {
        name: rule.name.clone(),
        description: rule.description.clone(),
        priority: rule.priority,
        tags: rule.tags.clone(),
        condition: rule.condition_text.clone(),
        enabled: rule.enabled,
        file: rule.file.clone(),
    }
}
