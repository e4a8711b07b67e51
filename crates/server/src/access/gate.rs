//! All that lets somebody in.

use std::path::PathBuf;
use std::sync::Arc;

use lanner_api::http::OneTimePassword;
use lanner_model::time::WallMs;
use lanner_store::ConfigStore;

use super::accounts::Accounts;
use super::agent_key::{AgentKey, AgentKeyError};
use super::error::AccessError;
use super::first_start::FirstStart;

/// All that lets somebody in.
pub(crate) struct Gate {
    /// People and programs.
    pub(crate) accounts: Accounts,
    /// Agents of other machines.
    pub(crate) agent_key: AgentKey,
    /// The name of the cookie that browsers are known by. Browsers keep cookies by host without its
    /// port, and several servers may run on one machine, so the port is in the name.
    pub(crate) session_cookie: String,
}

/// Why there is no gate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GateError {
    #[error("cannot set up signing in")]
    Accounts(#[from] AccessError),
    #[error("cannot set up the agents' key")]
    AgentKey(#[from] AgentKeyError),
}

impl Gate {
    /// Opens the gate of the server at a port, and sees to it that there is an admin; gives the
    /// one-time password that it made for that.
    pub(crate) async fn open(
        folder: PathBuf,
        settings: Arc<dyn ConfigStore>,
        first_start: FirstStart,
        port: u16,
        now: WallMs,
    ) -> Result<(Self, Option<OneTimePassword>), GateError> {
        let agent_key = AgentKey::open(&folder, &*settings, now).await?;
        let accounts = Accounts::new(settings)?;
        let one_time = accounts.see_to_an_admin(first_start, now).await?;
        Ok((Self { accounts, agent_key, session_cookie: format!("lanner_{port}") }, one_time))
    }
}
