//! Signing in, users, tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lanner_api::http::{
    AuditEntry, Greeting, Me, NewToken, NewUser, OneTimePassword, PasswordChange, SignIn, SignedInBy, Token,
    User, UserChange,
};

use crate::access::{Caller, Password, SignedIn};
use crate::app::App;
use crate::clock;
use crate::http::access::{Access, forgetting, remembering, session_key};
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::routes::Routes;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
        .get("/api/v1/login", Access::Open, greeting)
        .post("/api/v1/login", Access::Open, sign_in)
        .post("/api/v1/logout", Access::SignedIn, sign_out)
        .get("/api/v1/me", Access::SignedIn, me)
        .post("/api/v1/me/password", Access::SignedIn, set_password)
        .get("/api/v1/users", Access::Administer, users)
        .post("/api/v1/users", Access::Administer, make_user)
        .put("/api/v1/users/{name}", Access::Administer, change_user)
        .delete("/api/v1/users/{name}", Access::Administer, delete_user)
        .post("/api/v1/users/{name}/password", Access::Administer, reset_password)
        .get("/api/v1/tokens", Access::Administer, tokens)
        .post("/api/v1/tokens", Access::Administer, make_token)
        .delete("/api/v1/tokens/{id}", Access::Administer, revoke_token)
        .get("/api/v1/audit", Access::Administer, audit)
}

type Answer<T> = Result<Json<T>, ApiError>;

async fn greeting(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Greeting> {
    let me = match session_key(&headers, &app.gate.session_cookie) {
        Some(key) => app.gate.accounts.caller_of_session(&key, clock::now()).await?.map(describe),
        None => None,
    };
    Ok(Json(Greeting { me }))
}

async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Body(SignIn { user, password }): Body<SignIn>,
) -> Result<Response, ApiError> {
    let signed_in = app.gate.accounts.sign_in(&user, &Password::typed(password), clock::now()).await?;
    Ok(remember(&app, signed_in, &headers))
}

async fn sign_out(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let key = session_key(&headers, &app.gate.session_cookie).filter(|_| caller.by == SignedInBy::Session);
    let key =
        key.ok_or_else(|| ApiError::bad_request("a token does not sign out").hint("revoke it instead"))?;
    app.gate.accounts.sign_out(&caller, &key, clock::now()).await?;
    let cookie = [(header::SET_COOKIE, forgetting(&app, &headers))];
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}

async fn me(caller: Caller) -> Json<Me> {
    Json(describe(caller))
}

async fn set_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Body(PasswordChange { current, new }): Body<PasswordChange>,
) -> Result<Response, ApiError> {
    if caller.by == SignedInBy::Token {
        return Err(ApiError::bad_request("a token has no password"));
    }
    let (current, new) = (Password::typed(current), Password::chosen(new)?);
    let signed_in = app.gate.accounts.set_own_password(&caller.name, &current, &new, clock::now()).await?;
    Ok(remember(&app, signed_in, &headers))
}

async fn users(State(app): State<Arc<App>>) -> Answer<Vec<User>> {
    Ok(Json(app.gate.accounts.users().await?))
}

async fn make_user(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(NewUser { name, role }): Body<NewUser>,
) -> Result<(StatusCode, Json<OneTimePassword>), ApiError> {
    let password = app.gate.accounts.make_user(&caller, &name, role, clock::now()).await?;
    Ok((StatusCode::CREATED, Json(password)))
}

async fn change_user(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    Body(UserChange { role }): Body<UserChange>,
) -> Answer<User> {
    Ok(Json(app.gate.accounts.change_role(&caller, &name, role, clock::now()).await?))
}

async fn delete_user(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.gate.accounts.delete_user(&caller, &name, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reset_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Answer<OneTimePassword> {
    Ok(Json(app.gate.accounts.reset_password(&caller.name, &name, clock::now()).await?))
}

async fn tokens(State(app): State<Arc<App>>) -> Answer<Vec<Token>> {
    Ok(Json(app.gate.accounts.tokens().await?))
}

async fn make_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(new): Body<NewToken>,
) -> Result<Response, ApiError> {
    let made = app.gate.accounts.make_token(&caller, &new, clock::now()).await?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

async fn revoke_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.gate.accounts.revoke_token(&caller, &id, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn audit(State(app): State<Arc<App>>) -> Answer<Vec<AuditEntry>> {
    Ok(Json(app.gate.accounts.audit().await?))
}

fn remember(app: &App, signed_in: SignedIn, headers: &HeaderMap) -> Response {
    let cookie = remembering(app, &signed_in.key, headers);
    ([(header::SET_COOKIE, cookie)], Json(describe(signed_in.caller))).into_response()
}

fn describe(caller: Caller) -> Me {
    Me {
        name: caller.name,
        role: caller.role,
        by: caller.by,
        must_set_password: caller.must_set_password,
        expires_ms: caller.expires_ms,
    }
}
