//! Keeps what is known of agents in the store, so that they are known after a restart.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lanner_api::http::Agent;
use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigError, ConfigStore, Expected, Kind, Listing};

use crate::app::App;
use crate::clock;
use crate::ending::Ending;
use crate::error_chain::chain;
use crate::registry::Registry;

/// How old what is kept of an agent that goes on reporting may be.
const EVERY: Duration = Duration::from_secs(60);
/// Agents that come and go together are written together.
const TOGETHER: Duration = Duration::from_secs(1);
/// Agents that are written in one commit.
const AT_A_TIME: usize = 500;

/// Puts the agents that an earlier server kept into the registry. One that cannot be read is left out:
/// it says hello again.
pub(crate) async fn load(registry: &Registry, settings: &dyn ConfigStore) -> Result<(), ConfigError> {
    let kept = settings.list(&Listing::all(Kind::Agent)).await?;
    registry.restore(kept.iter().filter_map(|document| serde_json::from_str(&document.body).ok()).collect());
    Ok(())
}

/// Writes agents down when they come and go, and what they say of themselves now and then.
pub(crate) async fn keep_always(app: Arc<App>, mut ending: Ending) {
    let mut is_over = false;
    while !is_over {
        tokio::select! {
            () = app.registry.changed() => tokio::time::sleep(TOGETHER).await,
            () = tokio::time::sleep(EVERY) => {}
            () = ending.announced() => is_over = true,
        }
        if let Err(error) = keep(&app.registry, &*app.settings, clock::now()).await {
            tracing::error!(error = %chain(&error), "agents could not be written down");
        }
    }
}

async fn keep(registry: &Registry, settings: &dyn ConfigStore, now: WallMs) -> Result<(), ConfigError> {
    let changed = registry.take_changed(now);
    let mut changes: Vec<Change> = changed.iter().filter_map(put).collect();
    let known: BTreeSet<String> = registry.agents().into_iter().map(|agent| agent.id).collect();
    for document in settings.list(&Listing::all(Kind::Agent)).await? {
        if !known.contains(&document.id) {
            changes.push(Change::Delete { kind: Kind::Agent, id: document.id, expected: Expected::Any });
        }
    }
    for part in changes.chunks(AT_A_TIME) {
        settings.commit(now, part).await?;
    }
    Ok(())
}

fn put(agent: &Agent) -> Option<Change> {
    let body = serde_json::to_string(agent).ok()?;
    Some(Change::Put { kind: Kind::Agent, id: agent.id.clone(), expected: Expected::Any, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanner_api::agent::Hello;
    use lanner_store::MemoryConfig;

    #[tokio::test]
    async fn agents_outlive_the_server_until_they_are_forgotten() {
        let settings = MemoryConfig::default();
        let hello = Hello {
            agent: "1".into(),
            node: "a".into(),
            version: "0.1.0".into(),
            kernel: "6.18.5".into(),
            arch: "x86_64".into(),
            decisions: Vec::new(),
            rules: Vec::new(),
        };
        let first = Arc::new(Registry::default());
        let (session, _over) = first.connect(hello, WallMs(7)).expect("room");
        keep(&first, &settings, WallMs(8)).await.expect("kept");
        drop(session);

        let second = Registry::default();
        load(&second, &settings).await.expect("loaded");
        let agents = second.agents();
        assert_eq!((agents[0].node.as_str(), agents[0].last_seen_ms), ("a", 7));
        assert_eq!(agents[0].connected_ms, None, "nobody is connected to a server that just began");
        second.forget("1").expect("forgotten");
        keep(&second, &settings, WallMs(9)).await.expect("kept");
        assert!(settings.list(&Listing::all(Kind::Agent)).await.expect("listed").is_empty());
    }
}
