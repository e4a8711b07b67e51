//! Agents that are known: who they are, how they fare, which are connected. `registry_keeper` keeps them
//! over restarts.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use lanner_api::agent::{FromServer, Hello, Rule, ServerMessage, Status};
use lanner_api::http::{Agent, AgentState, RuleInfo};
use lanner_model::id::{AgentId, NodeName};
use lanner_model::time::WallMs;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::clock;
use crate::severity::severity_name;

/// An agent that was not heard for so long is silent: it says something every 10 s.
const SILENT_MS: i64 = 15_000;
/// One whose stream ended stays silent so long before it is gone: agents come back after restarts.
const GONE_MS: i64 = 5 * 60_000;
/// Agents that are remembered. When there are more, the one that was away longest is forgotten.
const MAX_AGENTS: usize = 10_000;

/// All agents. Who holds a [`Session`] is connected.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    agents: RwLock<BTreeMap<AgentId, Entry>>,
    /// Told when an agent came, went or was forgotten.
    changed: Notify,
}

#[derive(Debug)]
struct Entry {
    hello: Hello,
    status: Status,
    last_seen: WallMs,
    connected: Option<WallMs>,
    /// Counts the sessions of this agent, so that the end of an older one changes nothing.
    session: u64,
    /// Dropped when a newer session takes over.
    replaced: Option<oneshot::Sender<()>>,
    /// What is kept of this agent is older than this.
    is_dirty: bool,
    /// Takes what the server says on its own; there while the agent is connected.
    answers: Option<Answers>,
}

/// What takes messages to an agent.
type Answers = mpsc::Sender<Result<ServerMessage, tonic::Status>>;

/// An agent's open stream.
#[derive(Debug)]
pub(crate) struct Session {
    registry: Arc<Registry>,
    agent: AgentId,
    number: u64,
}

/// No agent of the node is connected.
#[derive(Debug, thiserror::Error)]
#[error("no agent of the node is connected")]
pub(crate) struct NotConnected;

/// Why an agent is not forgotten.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForgetError {
    #[error("there is no such agent")]
    Unknown,
    #[error("the agent is connected: end it first")]
    Connected,
}

/// As many agents are connected as may be.
#[derive(Debug, thiserror::Error)]
#[error("{MAX_AGENTS} agents are connected, no more are taken")]
pub(crate) struct RegistryFull;

impl Registry {
    /// Takes an agent in. An older session of the same agent is over: the receiver it was given
    /// resolves. (Its connection may hang half open for minutes while the agent is back already.)
    pub(crate) fn connect(
        self: &Arc<Self>,
        hello: Hello,
        now: WallMs,
    ) -> Result<(Session, oneshot::Receiver<()>), RegistryFull> {
        let agent = hello.agent.clone();
        let (replaced, is_replaced) = oneshot::channel();
        let mut agents = self.write();
        if !agents.contains_key(&agent) && agents.len() >= MAX_AGENTS {
            forget_one(&mut agents)?;
        }
        let number = agents.get(&agent).map_or(0, |entry| entry.session) + 1;
        agents.insert(
            agent.clone(),
            Entry {
                hello,
                status: Status::default(),
                last_seen: now,
                connected: Some(now),
                session: number,
                replaced: Some(replaced),
                answers: None,
                is_dirty: true,
            },
        );
        drop(agents);
        self.changed.notify_one();
        Ok((Session { registry: Arc::clone(self), agent, number }, is_replaced))
    }

    /// Whether a node's agent is connected.
    pub(crate) fn is_connected(&self, node: &str) -> bool {
        self.answers_of(node).is_some()
    }

    /// Says something to a node's agent. When it returns, the message is on its way.
    pub(crate) async fn tell(&self, node: &str, message: FromServer) -> Result<(), NotConnected> {
        let answers = self.answers_of(node).ok_or(NotConnected)?;
        answers.send(Ok(message.into())).await.map_err(|_| NotConnected)
    }

    /// Of several agents of a node, the one that was heard last.
    fn answers_of(&self, node: &str) -> Option<Answers> {
        let agents = self.read();
        let of_node = agents.values().filter(|entry| entry.hello.node.as_str() == node);
        let connected = of_node.filter(|entry| entry.answers.is_some());
        connected.max_by_key(|entry| entry.last_seen)?.answers.clone()
    }

    /// Takes over agents that an earlier server knew.
    pub(crate) fn restore(&self, known: Vec<Agent>) {
        let mut agents = self.write();
        for agent in known.into_iter().take(MAX_AGENTS) {
            agents.entry(AgentId::from(agent.id.as_str())).or_insert_with(|| restored(agent));
        }
    }

    /// Forgets an agent that is not connected: its machine is gone for good.
    pub(crate) fn forget(&self, id: &str) -> Result<(), ForgetError> {
        let id = AgentId::from(id);
        let mut agents = self.write();
        let entry = agents.get(&id).ok_or(ForgetError::Unknown)?;
        if entry.connected.is_some() {
            return Err(ForgetError::Connected);
        }
        agents.remove(&id);
        drop(agents);
        self.changed.notify_one();
        Ok(())
    }

    /// Agents of which something new is known since this was asked last.
    pub(crate) fn take_changed(&self, now: WallMs) -> Vec<Agent> {
        let mut agents = self.write();
        let tell = |entry: &mut Entry| std::mem::take(&mut entry.is_dirty).then(|| describe(entry, now));
        agents.values_mut().filter_map(tell).collect()
    }

    /// Waits until an agent came, went or was forgotten.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// All agents in the order of their nodes.
    pub(crate) fn agents(&self) -> Vec<Agent> {
        self.agents_at(clock::now())
    }

    fn agents_at(&self, now: WallMs) -> Vec<Agent> {
        let mut agents: Vec<Agent> = self.read().values().map(|entry| describe(entry, now)).collect();
        agents.sort_by(|a, b| (&a.node, &a.id).cmp(&(&b.node, &b.id)));
        agents
    }

    /// The rules that agents have loaded, each name once (as the last agent has it), sorted.
    pub(crate) fn rules(&self) -> Vec<RuleInfo> {
        let agents = self.read();
        let rules = agents.values().flat_map(|entry| &entry.hello.rules);
        let by_name: BTreeMap<&str, &Rule> = rules.map(|rule| (rule.name.as_str(), rule)).collect();
        by_name.into_values().map(describe_rule).collect()
    }

    /// What a rule says of itself.
    pub(crate) fn rule(&self, name: &str) -> Option<RuleInfo> {
        let agents = self.read();
        agents.values().flat_map(|entry| &entry.hello.rules).find(|rule| rule.name == name).map(describe_rule)
    }

    /// The kernel of each node.
    pub(crate) fn kernels(&self) -> HashMap<NodeName, String> {
        self.read().values().map(|entry| (entry.hello.node.clone(), entry.hello.kernel.clone())).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<AgentId, Entry>> {
        self.agents.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<AgentId, Entry>> {
        self.agents.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// The agent was heard.
    pub(crate) fn seen(&self, now: WallMs) {
        self.update(|entry| entry.last_seen = now);
    }

    /// From here on the agent can be told something.
    pub(crate) fn reach_by(&self, answers: Answers) {
        self.update(|entry| entry.answers = Some(answers));
    }

    /// The agent said how it fares.
    pub(crate) fn set_status(&self, status: Status) {
        self.update(|entry| entry.status = status);
    }

    fn update(&self, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.registry.write().get_mut(&self.agent)
            && entry.session == self.number
        {
            entry.is_dirty = true;
            change(entry);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.update(|entry| {
            entry.connected = None;
            entry.replaced = None;
            entry.answers = None;
        });
        self.registry.changed.notify_one();
    }
}

fn forget_one(agents: &mut BTreeMap<AgentId, Entry>) -> Result<(), RegistryFull> {
    let away = agents.iter().filter(|(_, entry)| entry.connected.is_none());
    let longest = away.min_by_key(|(_, entry)| entry.last_seen).map(|(agent, _)| agent.clone());
    agents.remove(&longest.ok_or(RegistryFull)?);
    Ok(())
}

/// An agent as an earlier server knew it. Its rules come with its next hello.
fn restored(agent: Agent) -> Entry {
    Entry {
        hello: Hello {
            agent: AgentId::from(agent.id.as_str()),
            node: NodeName::from(agent.node.as_str()),
            version: agent.version,
            kernel: agent.kernel,
            arch: agent.arch,
            decisions: agent.decisions,
            rules: Vec::new(),
        },
        status: Status {
            losses: agent.losses,
            events_per_second: agent.events_per_second,
            cpu_cores: agent.cpu_cores,
            memory_bytes: agent.memory_bytes,
        },
        last_seen: WallMs(agent.last_seen_ms),
        connected: None,
        session: 0,
        replaced: None,
        answers: None,
        is_dirty: false,
    }
}

fn describe(entry: &Entry, now: WallMs) -> Agent {
    let Entry { hello, status, .. } = entry;
    let silent_ms = now.0.saturating_sub(entry.last_seen.0);
    let state = match entry.connected {
        Some(_) if silent_ms <= SILENT_MS => AgentState::Connected,
        Some(_) => AgentState::Silent,
        None if silent_ms <= GONE_MS => AgentState::Silent,
        None => AgentState::Disconnected,
    };
    Agent {
        id: hello.agent.to_string(),
        node: hello.node.to_string(),
        state,
        version: hello.version.clone(),
        kernel: hello.kernel.clone(),
        arch: hello.arch.clone(),
        last_seen_ms: entry.last_seen.0,
        connected_ms: entry.connected.map(|connected| connected.0),
        events_per_second: status.events_per_second,
        cpu_cores: status.cpu_cores,
        memory_bytes: status.memory_bytes,
        losses: status.losses.clone(),
        decisions: hello.decisions.clone(),
    }
}

fn describe_rule(rule: &Rule) -> RuleInfo {
    RuleInfo {
        name: rule.name.clone(),
        description: rule.description.clone(),
        severity: severity_name(rule.priority.severity()),
        tags: rule.tags.clone(),
        condition: rule.condition.clone(),
        enabled: rule.enabled,
        file: rule.file.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(agent: &str, node: &str) -> Hello {
        Hello {
            agent: agent.into(),
            node: node.into(),
            version: "0.1.0".into(),
            kernel: "6.18.5".into(),
            arch: "x86_64".into(),
            decisions: Vec::new(),
            rules: Vec::new(),
        }
    }

    fn states(registry: &Registry, now: i64) -> Vec<(String, AgentState)> {
        registry.agents_at(WallMs(now)).into_iter().map(|agent| (agent.node, agent.state)).collect()
    }

    #[test]
    fn who_holds_a_session_is_connected() {
        let registry = Arc::new(Registry::default());
        let (b, _over) = registry.connect(hello("1", "b"), WallMs(1)).expect("room");
        let (_a, _over) = registry.connect(hello("2", "a"), WallMs(2)).expect("room");
        drop(b);
        let check = |now: i64, of_a, of_b| {
            assert_eq!(states(&registry, now), [("a".to_owned(), of_a), ("b".to_owned(), of_b)], "at {now}");
        };
        check(15_000, AgentState::Connected, AgentState::Silent);
        check(15_003, AgentState::Silent, AgentState::Silent);
        check(300_002, AgentState::Silent, AgentState::Disconnected);
    }

    #[test]
    fn a_newer_session_ends_the_older_and_outlives_it() {
        let registry = Arc::new(Registry::default());
        let (old, mut old_is_over) = registry.connect(hello("1", "a"), WallMs(1)).expect("room");
        assert!(old_is_over.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Empty));
        let (new, _over) = registry.connect(hello("1", "a"), WallMs(2)).expect("room");
        assert!(old_is_over.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Closed));
        old.seen(WallMs(99));
        drop(old);
        new.seen(WallMs(3));
        assert_eq!(states(&registry, 3)[0].1, AgentState::Connected);
        assert_eq!(registry.agents()[0].last_seen_ms, 3);
    }

    #[test]
    fn the_one_that_was_away_longest_is_forgotten_first() {
        let registry = Arc::new(Registry::default());
        let connect = |n: usize| registry.connect(hello(&format!("{n:05}"), "a"), WallMs(n as i64));
        let mut sessions: Vec<_> = (0..MAX_AGENTS).map(|n| connect(n).expect("room").0).collect();
        assert!(connect(MAX_AGENTS).is_err());
        drop(sessions.drain(7..9));
        drop(connect(MAX_AGENTS).expect("room"));
        let ids: Vec<String> = registry.agents().into_iter().map(|agent| agent.id).collect();
        assert!(!ids.contains(&"00007".to_owned()) && ids.contains(&"00008".to_owned()));
        assert_eq!(ids.len(), MAX_AGENTS);
    }

    #[test]
    fn what_changed_is_told_once_and_can_be_taken_over_by_another_registry() {
        let registry = Arc::new(Registry::default());
        let (session, _over) = registry.connect(hello("1", "a"), WallMs(1)).expect("room");
        assert_eq!(registry.take_changed(WallMs(1)).len(), 1);
        assert!(registry.take_changed(WallMs(1)).is_empty());
        session.set_status(Status { memory_bytes: Some(7), ..Status::default() });
        session.seen(WallMs(5));
        drop(session);
        let changed = registry.take_changed(WallMs(6));

        let next = Registry::default();
        next.restore(changed.clone());
        assert_eq!(next.agents_at(WallMs(6)), changed);
        assert_eq!((changed[0].last_seen_ms, changed[0].memory_bytes), (5, Some(7)));
        assert!(next.take_changed(WallMs(6)).is_empty(), "nothing new");
    }

    #[test]
    fn only_an_agent_that_is_away_is_forgotten() {
        let registry = Arc::new(Registry::default());
        let (session, _over) = registry.connect(hello("1", "a"), WallMs(1)).expect("room");
        assert!(matches!(registry.forget("1"), Err(ForgetError::Connected)));
        drop(session);
        registry.forget("1").expect("forgotten");
        assert!(matches!(registry.forget("1"), Err(ForgetError::Unknown)));
        assert!(registry.agents_at(WallMs(2)).is_empty());
    }
}
