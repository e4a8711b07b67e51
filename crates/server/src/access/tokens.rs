//! Programs' keys to the HTTP API.

use lanner_api::http::{MadeToken, NewToken, SignedInBy, Token};
use lanner_model::time::WallMs;
use lanner_store::{Expected, Kind};

use super::accounts::Accounts;
use super::audit;
use super::caller::Caller;
use super::error::AccessError;
use super::record::{self, TokenRecord};
use super::secret;
use super::sign_in::or_somebody_else_did;

/// By what a key is known when somebody finds one: `lnr_`, the token's id, `_`, 256 bits.
const PREFIX: &str = "lnr_";
/// 40 bits: tokens are told apart by it, nobody is let in for it.
const ID_LETTERS: usize = 8;
const MAX_TOKENS: usize = 1_000;
const MAX_NAME: usize = 64;
const MAX_DAYS: u32 = 3_650;
const DAY_MS: i64 = 24 * 3_600_000;
/// That a token is used is written down so often.
const USED_EVERY_MS: i64 = 60_000;

impl Accounts {
    /// All tokens, the newest first.
    pub(crate) async fn tokens(&self) -> Result<Vec<Token>, AccessError> {
        let tokens = self.all::<TokenRecord>(Kind::Token).await?;
        let mut tokens: Vec<Token> = tokens.iter().map(|(id, token)| token.record.describe(id)).collect();
        tokens.sort_by(|a, b| (b.created_ms, &b.id).cmp(&(a.created_ms, &a.id)));
        Ok(tokens)
    }

    /// Makes a token.
    pub(crate) async fn make_token(
        &self,
        by: &Caller,
        new: &NewToken,
        now: WallMs,
    ) -> Result<MadeToken, AccessError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(AccessError::BadToken("a token's name has 1 to 64 characters"));
        }
        if new.expires_in_days.is_some_and(|days| days == 0 || days > MAX_DAYS) {
            return Err(AccessError::BadToken("a token ends in 1 to 3650 days"));
        }
        if self.all::<TokenRecord>(Kind::Token).await?.len() >= MAX_TOKENS {
            return Err(AccessError::TooMany("tokens"));
        }
        let id = secret::random_text(ID_LETTERS)?;
        let key = format!("{PREFIX}{id}_{}", secret::random_key()?);
        let token = TokenRecord {
            name: name.to_owned(),
            role: new.role,
            hash: secret::hash(&key),
            created_by: by.name.clone(),
            created_ms: now.0,
            expires_ms: new.expires_in_days.map(|days| now.0 + i64::from(days) * DAY_MS),
            used_ms: None,
        };
        let made = record::put(Kind::Token, &id, Expected::Absent, &token)?;
        self.settings.commit(now, &[made, audit::entry(now, &by.name, "token_made", name)]).await?;
        Ok(MadeToken { token: token.describe(&id), key })
    }

    /// Takes a token away.
    pub(crate) async fn revoke_token(&self, by: &Caller, id: &str, now: WallMs) -> Result<(), AccessError> {
        let token = self.get::<TokenRecord>(Kind::Token, id).await?.ok_or(AccessError::NoToken)?;
        let revoked = record::delete(Kind::Token, id);
        let entry = audit::entry(now, &by.name, "token_revoked", &token.record.name);
        self.settings.commit(now, &[revoked, entry]).await?;
        Ok(())
    }

    /// Who a key belongs to; `None`: it is none, or over.
    pub(crate) async fn caller_of_token(
        &self,
        key: &str,
        now: WallMs,
    ) -> Result<Option<Caller>, AccessError> {
        let id = key.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).map(|(id, _)| id);
        let Some(id) = id.filter(|id| id.len() == ID_LETTERS) else { return Ok(None) };
        let Some(token) = self.get::<TokenRecord>(Kind::Token, id).await? else { return Ok(None) };
        let expected = token.expected();
        let token = token.record;
        let is_over = token.expires_ms.is_some_and(|expires| now.0 >= expires);
        if is_over || !secret::is_same(&token.hash, &secret::hash(key)) {
            return Ok(None);
        }
        if token.used_ms.is_none_or(|used| now.0 - used > USED_EVERY_MS) {
            let used = TokenRecord { used_ms: Some(now.0), ..token.clone() };
            let used = self.settings.commit(now, &[record::put(Kind::Token, id, expected, &used)?]).await;
            or_somebody_else_did(used)?;
        }
        Ok(Some(Caller {
            name: format!("token:{}", token.name),
            role: token.role,
            by: SignedInBy::Token,
            must_set_password: false,
            expires_ms: token.expires_ms,
        }))
    }
}
