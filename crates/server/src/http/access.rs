//! Who may ask for what.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lanner_api::http::Role;
use tokio::time::Instant;

use super::error::ApiError;
use crate::access::{AccessError, Caller, SessionKey};
use crate::app::App;
use crate::clock;
use crate::error_chain::chain;

/// Who may ask for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody: health, signing in, the page itself.
    Open,
    /// Who signed in, also with a one-time password: to see who they are, to set a password, to leave.
    SignedIn,
    /// Who may look.
    Read,
    /// Who may take and open captures: they hold what programs read and wrote.
    Capture,
    /// Who may change dashboards, alert rules and silences.
    Write,
    /// Who may change users, tokens and channels.
    Administer,
}

/// Lets a request through that may be asked, and tells its handler who asks.
pub(super) async fn check(
    State((app, access)): State<(Arc<App>, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(role) = access.role() {
        match let_in(&app, access, role, request.headers()).await {
            Ok(caller) => drop(request.extensions_mut().insert(caller)),
            Err(refusal) => return refusal.into_response(),
        }
    }
    next.run(request).await
}

/// What an open stream was let in with, to be looked at again: what is revoked is revoked for it, too.
pub(super) struct Pass {
    headers: HeaderMap,
    next: Instant,
}

/// So often an open stream's pass is looked at.
const LOOKED_AT: Duration = Duration::from_secs(15);

impl Pass {
    /// The pass of a request that was let in to look.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let carried = [header::AUTHORIZATION, header::COOKIE].into_iter();
        let carried =
            carried.flat_map(|name| headers.get_all(&name).iter().map(move |value| (name.clone(), value)));
        let headers = carried.map(|(name, value)| (name, value.clone())).collect();
        Self { headers, next: Instant::now() + LOOKED_AT }
    }

    /// Whether it still lets in. It is looked up now and then, and taken as it was in between.
    pub(super) async fn holds(&mut self, app: &App) -> bool {
        if Instant::now() < self.next {
            return true;
        }
        self.next = Instant::now() + LOOKED_AT;
        let_in(app, Access::Read, Role::Viewer, &self.headers).await.is_ok()
    }
}

async fn let_in(app: &App, access: Access, least: Role, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let now = clock::now();
    let caller = match credentials(headers, &app.gate.session_cookie)? {
        Credentials::Key(key) => app.gate.accounts.caller_of_token(key, now).await?.ok_or_else(|| {
            unauthorized("the token is unknown, revoked or over")
                .hint("make a new one on the page Settings, Access")
        })?,
        Credentials::Session(key) => app
            .gate
            .accounts
            .caller_of_session(&key, now)
            .await?
            .ok_or_else(|| unauthorized("the session is over").hint("sign in again"))?,
        Credentials::None => {
            return Err(unauthorized("sign in first")
                .hint("people sign in on the page, programs send Authorization: Bearer TOKEN"));
        }
    };
    if caller.must_set_password && access != Access::SignedIn {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "password_to_set",
            "the one-time password has to be replaced",
        )
        .hint("set a password of your own first"));
    }
    if caller.role < least {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            format!("this takes the role {least:?}, {} has {:?}", caller.name, caller.role).to_lowercase(),
        )
        .hint("an admin can change roles on the page Settings, Access"));
    }
    Ok(caller)
}

impl Access {
    /// The least role that may ask; `None`: nobody needs to sign in.
    fn role(self) -> Option<Role> {
        match self {
            Access::Open => None,
            Access::SignedIn | Access::Read => Some(Role::Viewer),
            Access::Capture => Some(Role::Responder),
            Access::Write => Some(Role::Editor),
            Access::Administer => Some(Role::Admin),
        }
    }
}

/// What a request carries to be let in.
enum Credentials<'a> {
    None,
    Key(&'a str),
    Session(SessionKey),
}

/// A token goes before a cookie: who sends one means it.
fn credentials<'a>(headers: &'a HeaderMap, cookie: &str) -> Result<Credentials<'a>, ApiError> {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let key = authorization.to_str().ok().and_then(|value| value.split_once(' '));
        let key = key.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key.trim());
        return key.map(Credentials::Key).ok_or_else(|| {
            unauthorized("the Authorization header is not understood")
                .hint("send Authorization: Bearer TOKEN")
        });
    }
    Ok(session_key(headers, cookie).map_or(Credentials::None, Credentials::Session))
}

/// The session that a browser says it has.
pub(super) fn session_key(headers: &HeaderMap, cookie: &str) -> Option<SessionKey> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie).map(|(_, key)| SessionKey::sent(key))
}

/// The cookie that makes a browser remember a session. `Strict`: no other site's link or form carries
/// it; no script can read it.
pub(super) fn remembering(app: &App, key: &SessionKey, headers: &HeaderMap) -> String {
    const MONTH_S: u32 = 30 * 24 * 3_600;
    cookie(app, key.reveal(), MONTH_S, headers)
}

/// The cookie that makes a browser forget its session.
pub(super) fn forgetting(app: &App, headers: &HeaderMap) -> String {
    cookie(app, "", 0, headers)
}

fn cookie(app: &App, value: &str, seconds: u32, headers: &HeaderMap) -> String {
    let (name, path) = (&app.gate.session_cookie, &app.config.base_path);
    let secure = if is_https(headers) { "; Secure" } else { "" };
    format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// Whether the proxy in front says that the browser speaks TLS with it. (A page of another site cannot
/// make a browser send this header.)
pub(super) fn is_https(headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    forwarded.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
}

fn unauthorized(message: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| unauthorized("sign in first"))
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        let message = error.to_string();
        match error {
            AccessError::WrongPassword => {
                Self::new(StatusCode::UNAUTHORIZED, "wrong_password", message).hint(
                    "who forgot it asks an admin for a one-time password; the admin starts lanner with --reset-admin",
                )
            }
            AccessError::TooManyAttempts { wait_s } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", message)
                    .hint(format!("try again in {wait_s} s"))
            }
            AccessError::BadPassword(_) => Self::new(StatusCode::BAD_REQUEST, "bad_password", message),
            AccessError::BadName(_) | AccessError::BadToken(_) => Self::bad_request(message),
            AccessError::NoUser | AccessError::NoToken => Self::not_found(message),
            AccessError::UserExists | AccessError::LastAdmin | AccessError::TooMany(_) => {
                Self::new(StatusCode::CONFLICT, "conflict", message)
            }
            AccessError::Store(error) => error.into(),
            AccessError::NoRandomness(_) | AccessError::Unreadable { .. } | AccessError::Hashing(_) => {
                Self::internal("the accounts could not be asked", chain(&error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn a_session_is_found_among_other_cookies() {
        let found = |cookies: &str| {
            let headers = headers(&[(header::COOKIE, cookies)]);
            session_key(&headers, "lanner_7070").map(|key| key.reveal().to_owned())
        };
        assert_eq!(found("theme=dark; lanner_7070=abc; x"), Some("abc".to_owned()));
        assert_eq!(found("lanner_70700=abc; lanner_8080=def"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn a_token_goes_before_a_cookie_and_a_strange_header_is_refused() {
        let key = |value: &str| {
            let headers = headers(&[(header::AUTHORIZATION, value), (header::COOKIE, "c=s")]);
            match credentials(&headers, "c") {
                Ok(Credentials::Key(key)) => Some(key.to_owned()),
                Ok(_) | Err(_) => None,
            }
        };
        assert_eq!(key("Bearer lnr_x"), Some("lnr_x".to_owned()));
        assert_eq!(key("bearer  lnr_x "), Some("lnr_x".to_owned()));
        assert_eq!(key("Basic YWRtaW4="), None);
        assert_eq!(key("lnr_x"), None);
    }
}
