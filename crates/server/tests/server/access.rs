//! Who is let in, and to what.

use std::net::SocketAddr;

use lanner_server::{Server, ServerConfig};
use serde_json::{Value, json};
use tonic::transport::{Channel, Endpoint};

use crate::agent::Agent;
use crate::browser::{Answer, admin, ask, get, get_json, send_json, sign_in, status};
use crate::cases::*;

/// What each path takes, by method and path; a path that is not here fails the test.
/// `open`: nobody signs in; `any`: who signed in; else the least role.
const ROUTES: &[(&str, &str)] = &[
    ("get /api/v1/agents", "viewer"),
    ("delete /api/v1/agents/{id}", "admin"),
    ("get /api/v1/alerts", "viewer"),
    ("get /api/v1/alerts/history", "viewer"),
    ("get /api/v1/alerts/rules", "viewer"),
    ("post /api/v1/alerts/rules", "editor"),
    ("post /api/v1/alerts/rules/preview", "viewer"),
    ("delete /api/v1/alerts/rules/{id}", "editor"),
    ("get /api/v1/alerts/rules/{id}", "viewer"),
    ("put /api/v1/alerts/rules/{id}", "editor"),
    ("get /api/v1/audit", "admin"),
    ("get /api/v1/captures", "viewer"),
    ("post /api/v1/captures", "responder"),
    ("delete /api/v1/captures/{id}", "responder"),
    ("get /api/v1/captures/{id}", "viewer"),
    ("get /api/v1/captures/{id}/events", "responder"),
    ("get /api/v1/captures/{id}/events/{number}", "responder"),
    ("get /api/v1/captures/{id}/file", "responder"),
    ("get /api/v1/captures/{id}/overview", "responder"),
    ("post /api/v1/captures/{id}/stop", "responder"),
    ("get /api/v1/captures/{id}/views/{view}", "responder"),
    ("get /api/v1/channels", "viewer"),
    ("post /api/v1/channels", "admin"),
    ("delete /api/v1/channels/{id}", "admin"),
    ("put /api/v1/channels/{id}", "admin"),
    ("post /api/v1/channels/{id}/test", "admin"),
    ("get /api/v1/dashboards", "viewer"),
    ("post /api/v1/dashboards", "editor"),
    ("post /api/v1/dashboards/check", "viewer"),
    ("delete /api/v1/dashboards/{id}", "editor"),
    ("get /api/v1/dashboards/{id}", "viewer"),
    ("put /api/v1/dashboards/{id}", "editor"),
    ("get /api/v1/deliveries", "viewer"),
    ("get /api/v1/events", "viewer"),
    ("get /api/v1/events/stream", "viewer"),
    ("get /api/v1/events/{id}", "viewer"),
    ("get /api/v1/explore", "viewer"),
    ("get /api/v1/explore/stream", "viewer"),
    ("get /api/v1/history", "viewer"),
    ("get /api/v1/login", "open"),
    ("post /api/v1/login", "open"),
    ("post /api/v1/logout", "any"),
    ("get /api/v1/me", "any"),
    ("post /api/v1/me/password", "any"),
    ("get /api/v1/openapi.json", "viewer"),
    ("get /api/v1/rules", "viewer"),
    ("get /api/v1/silences", "viewer"),
    ("post /api/v1/silences", "editor"),
    ("post /api/v1/silences/preview", "viewer"),
    ("delete /api/v1/silences/{id}", "editor"),
    ("put /api/v1/silences/{id}", "editor"),
    ("get /api/v1/spotlight", "viewer"),
    ("get /api/v1/status", "viewer"),
    ("get /api/v1/tokens", "admin"),
    ("post /api/v1/tokens", "admin"),
    ("delete /api/v1/tokens/{id}", "admin"),
    ("get /api/v1/topology", "viewer"),
    ("get /api/v1/users", "admin"),
    ("post /api/v1/users", "admin"),
    ("delete /api/v1/users/{name}", "admin"),
    ("put /api/v1/users/{name}", "admin"),
    ("post /api/v1/users/{name}/password", "admin"),
    ("get /healthz", "open"),
    ("get /metrics", "viewer"),
    ("get /prometheus/api/v1/query", "viewer"),
    ("post /prometheus/api/v1/query", "viewer"),
    ("get /prometheus/api/v1/query_range", "viewer"),
    ("post /prometheus/api/v1/query_range", "viewer"),
    ("get /prometheus/api/v1/format_query", "viewer"),
    ("post /prometheus/api/v1/format_query", "viewer"),
    ("get /prometheus/api/v1/series", "viewer"),
    ("post /prometheus/api/v1/series", "viewer"),
    ("get /prometheus/api/v1/labels", "viewer"),
    ("post /prometheus/api/v1/labels", "viewer"),
    ("get /prometheus/api/v1/label/{name}/values", "viewer"),
    ("get /prometheus/api/v1/metadata", "viewer"),
    ("get /prometheus/api/v1/status/buildinfo", "viewer"),
];

const ROLES: [&str; 4] = ["viewer", "responder", "editor", "admin"];

#[tokio::test]
async fn every_path_asks_for_the_role_it_takes() {
    let (server, _folder) = server().await;
    let address = server.http_address();
    let mut keys = Vec::new();
    for role in ROLES {
        keys.push(token(address, role).await);
    }
    let openapi = get_json(address, "/api/v1/openapi.json").await;
    let mut seen = Vec::new();
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let route = format!("{method} {path}");
            let row = ROUTES.iter().find(|(listed, _)| *listed == route);
            let (_, least) =
                row.unwrap_or_else(|| panic!("{route} has no line in ROUTES: say who may ask it"));
            check_route(address, method, path, least, &keys).await;
            seen.push(route);
        }
    }
    let unknown: Vec<_> = ROUTES.iter().filter(|(route, _)| !seen.iter().any(|seen| seen == route)).collect();
    assert!(unknown.is_empty(), "not described: {unknown:?}");
    server.stop().await;
}

/// Asks a path as nobody and with each role.
async fn check_route(server: SocketAddr, method: &str, path: &str, least: &str, keys: &[String]) {
    let (method, host) = (method.to_uppercase(), server.to_string());
    let path = path.replace(['{', '}'], "");
    // What is asked has no body and names nothing that is there: whatever comes behind the check
    // refuses it, differently.
    let headers = [("Host", host.as_str()), ("Content-Length", "0")];
    let nobody = status(server, &method, &path, &headers).await;
    if least == "open" {
        assert_ne!(nobody, 401, "{method} {path}");
        return;
    }
    assert_eq!(nobody, 401, "{method} {path} as nobody");
    let least = ROLES.iter().position(|role| *role == least).unwrap_or(0);
    for (role, key) in keys.iter().enumerate() {
        let bearer = format!("Bearer {key}");
        let headers = [headers[0], headers[1], ("Authorization", bearer.as_str())];
        let answered = status(server, &method, &path, &headers).await;
        if role < least {
            assert_eq!(answered, 403, "{method} {path} as {}", ROLES[role]);
        } else {
            assert!(!matches!(answered, 401 | 403), "{method} {path} as {}: {answered}", ROLES[role]);
        }
    }
}

/// A token of a role.
async fn token(server: SocketAddr, role: &str) -> String {
    let cookie = admin(server).await;
    let body = json!({"name": role, "role": role});
    let made = send_json(server, "POST", "/api/v1/tokens", &body, &[("Cookie", &cookie)]).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.json()["key"].as_str().expect("a key").to_owned()
}

async fn get_as(server: SocketAddr, path: &str, header: (&str, &str)) -> Answer {
    ask(server, "GET", path, &[("Host", &server.to_string()), header]).await
}

#[tokio::test]
async fn the_first_start_makes_an_admin_with_a_one_time_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = ServerConfig { admin_password: None, ..config(folder.path()) };
    let server = Server::start(first.clone()).await.expect("started");
    let address = server.http_address();
    let one_time = server.one_time_password().expect("a one-time password").password.clone();
    let cookie = sign_in(address, "admin", &one_time).await;
    let headers = [("Cookie", cookie.as_str())];

    let me = get_as(address, "/api/v1/me", headers[0]).await.json();
    assert_eq!(
        (&me["name"], &me["role"], &me["must_set_password"]),
        (&json!("admin"), &json!("admin"), &json!(true))
    );
    let refused = get_as(address, "/api/v1/status", headers[0]).await;
    assert_eq!((refused.status, refused.error_code().as_str()), (403, "password_to_set"));

    let set = async |current: &str, new: &str| {
        let body = json!({"current": current, "new": new});
        send_json(address, "POST", "/api/v1/me/password", &body, &headers).await
    };
    assert_eq!(set(&one_time, "short").await.error_code(), "bad_password");
    assert_eq!(set(&one_time, &one_time).await.error_code(), "bad_password");
    assert_eq!(set("wrong password", "my own password").await.error_code(), "wrong_password");
    let answer = set(&one_time, "my own password").await;
    assert_eq!((answer.status, &answer.json()["must_set_password"]), (200, &json!(false)));
    let own = answer.cookie();
    assert_eq!(get_as(address, "/api/v1/status", ("Cookie", &own)).await.status, 200);
    assert_eq!(get_as(address, "/api/v1/me", headers[0]).await.status, 401, "the session before is over");
    server.stop().await;

    let again = Server::start(first.clone()).await.expect("started");
    assert!(again.one_time_password().is_none());
    sign_in(again.http_address(), "admin", "my own password").await;
    again.stop().await;
    let reset = Server::start(ServerConfig { reset_admin: true, ..first }).await.expect("started");
    let one_time = reset.one_time_password().expect("a new one");
    sign_in(reset.http_address(), "admin", &one_time.password).await;
    reset.stop().await;
}

#[tokio::test]
async fn a_session_has_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let (server, _folder) = server().await;
    let address = server.http_address();
    let sign_in = json!({"user": "admin", "password": ADMIN_PASSWORD});
    let answer = send_json(address, "POST", "/api/v1/login", &sign_in, &[]).await;
    let cookie = answer.header("set-cookie").expect("a cookie");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Max-Age=2592000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(
        cookie.starts_with(&format!("lanner_{}=", address.port())) && !cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(!answer.body.contains(cookie.split(['=', ';']).nth(1).expect("a key")), "{}", answer.body);

    let (host, cookie) = (address.to_string(), answer.cookie());
    let headers = [("Host", host.as_str()), ("Cookie", cookie.as_str()), ("Content-Length", "0")];
    let without_origin = ask(address, "POST", "/api/v1/logout", &headers).await;
    assert_eq!((without_origin.status, without_origin.error_code().as_str()), (403, "forbidden"));
    let origin = format!("http://{host}");
    let left = ask(address, "POST", "/api/v1/logout", &[&headers[..], &[("Origin", &origin)]].concat()).await;
    assert_eq!(left.status, 204);
    assert!(left.header("set-cookie").expect("a cookie").contains("Max-Age=0"));
    assert_eq!(get_as(address, "/api/v1/me", ("Cookie", &cookie)).await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn wrong_passwords_are_slowed_down_and_written_down() {
    let (server, _folder) = server().await;
    let address = server.http_address();
    let cookie = admin(address).await;
    let wrong = async |user: &str| {
        let body = json!({"user": user, "password": "wrong wrong wrong"});
        send_json(address, "POST", "/api/v1/login", &body, &[]).await
    };
    let (known, unknown) = (wrong("admin").await, wrong("nobody").await);
    assert_eq!((known.status, known.error_code()), (unknown.status, unknown.error_code()));
    assert_eq!(known.status, 401);
    let mut last = wrong("somebody").await;
    for _ in 0..6 {
        last = wrong("somebody").await;
    }
    assert_eq!((last.status, last.error_code().as_str()), (429, "too_many_attempts"));
    let audit = get_as(address, "/api/v1/audit", ("Cookie", &cookie)).await.json();
    let of = |action: &str| -> Vec<Value> {
        let entries = audit.as_array().expect("entries").iter();
        entries.filter(|entry| entry["action"] == action).map(|entry| entry["actor"].clone()).collect()
    };
    assert_eq!(of("sign_in"), ["admin"]);
    assert_eq!(of("sign_in_refused").len(), 8);
    assert!(!audit.to_string().contains("wrong wrong"));
    server.stop().await;
}

#[tokio::test]
async fn tokens_are_made_used_and_revoked() {
    let (server, folder) = server().await;
    let address = server.http_address();
    let cookie = admin(address).await;
    let key = token(address, "viewer").await;
    let bearer = format!("Bearer {key}");
    assert!(get_as(address, "/metrics", ("Authorization", &bearer)).await.status == 200);
    let me = get_as(address, "/api/v1/me", ("Authorization", &bearer)).await.json();
    assert_eq!((&me["name"], &me["by"]), (&json!("token:viewer"), &json!("token")));
    let forged = format!("{}0", &bearer[..bearer.len() - 1]);
    let other = format!("{}1", &bearer[..bearer.len() - 1]);
    let forged = if forged == bearer { other } else { forged };
    assert_eq!(get_as(address, "/api/v1/me", ("Authorization", &forged)).await.status, 401);

    let tokens = get(address, "/api/v1/tokens").await;
    assert!(!tokens.body.contains(&key[12..]), "{}", tokens.body);
    let listed = &tokens.json()[0];
    assert_eq!((&listed["name"], &listed["created_by"]), (&json!("viewer"), &json!("admin")));
    assert!(listed["last_used_ms"].is_i64());
    let path = format!("/api/v1/tokens/{}", listed["id"].as_str().expect("an id"));
    let revoked = send_json(address, "DELETE", &path, &json!(null), &[("Cookie", &cookie)]).await;
    assert_eq!(revoked.status, 204);
    assert_eq!(get_as(address, "/api/v1/me", ("Authorization", &bearer)).await.status, 401);
    let secret = key.rsplit('_').next().expect("a secret").to_owned();
    assert!(!is_anywhere_in(folder.path(), &secret), "a key is on disk");
    assert!(!is_anywhere_in(folder.path(), ADMIN_PASSWORD), "a password is on disk");
    assert!(is_anywhere_in(folder.path(), "token_made"), "what is on disk was looked at");
    server.stop().await;
}

fn is_anywhere_in(folder: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            return is_anywhere_in(&path, text);
        }
        // A file may be gone since it was listed.
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[tokio::test]
async fn users_are_made_changed_and_deleted_and_an_admin_stays() {
    let (server, _folder) = server().await;
    let address = server.http_address();
    let cookie = admin(address).await;
    let send = async |method: &str, path: &str, body: Value| {
        send_json(address, method, path, &body, &[("Cookie", &cookie)]).await
    };
    assert_eq!(send("POST", "/api/v1/users", json!({"name": "Mallory", "role": "viewer"})).await.status, 400);
    let made = send("POST", "/api/v1/users", json!({"name": "kim", "role": "viewer"})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(send("POST", "/api/v1/users", json!({"name": "kim", "role": "viewer"})).await.status, 409);
    let one_time = made.json()["password"].as_str().expect("a password").to_owned();
    let kim = sign_in(address, "kim", &one_time).await;
    let body = json!({"current": one_time, "new": "kim's own password"});
    let set = send_json(address, "POST", "/api/v1/me/password", &body, &[("Cookie", &kim)]).await;
    let kim = set.cookie();
    assert_eq!(get_as(address, "/api/v1/users", ("Cookie", &kim)).await.status, 403);
    let promoted = send("PUT", "/api/v1/users/kim", json!({"role": "admin"})).await;
    assert_eq!(promoted.json()["role"], "admin");
    assert_eq!(get_as(address, "/api/v1/users", ("Cookie", &kim)).await.status, 200, "at once");

    for role in ["viewer", "admin"] {
        let token = json!({"name": role, "role": role});
        let made = send_json(address, "POST", "/api/v1/tokens", &token, &[("Cookie", &kim)]).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    assert_eq!(send("PUT", "/api/v1/users/kim", json!({"role": "viewer"})).await.status, 200);
    let tokens = get(address, "/api/v1/tokens").await.json();
    let left: Vec<&Value> = tokens.as_array().expect("tokens").iter().map(|token| &token["role"]).collect();
    assert_eq!(left, ["viewer"], "one that may do more than who made it is revoked");
    assert_eq!(send("PUT", "/api/v1/users/admin", json!({"role": "viewer"})).await.status, 409);
    assert_eq!(send("DELETE", "/api/v1/users/admin", json!(null)).await.status, 409);
    assert_eq!(send("DELETE", "/api/v1/users/kim", json!(null)).await.status, 204);
    assert_eq!(get_as(address, "/api/v1/me", ("Cookie", &kim)).await.status, 401);
    assert_eq!(send("DELETE", "/api/v1/users/kim", json!(null)).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn agents_from_elsewhere_show_the_key() {
    let (server, folder) = server().await;
    let key = std::fs::read_to_string(folder.path().join("agent-key")).expect("a key");
    let channel = Endpoint::from_shared(format!("http://{}", server.grpc_address())).expect("an address");
    let channel = channel.connect().await.expect("the server listens");
    let refused = async |channel: Channel, key: Option<&str>| {
        let status = Agent::try_open(channel, key).await.err().expect("refused");
        (status.code(), status.message().to_owned())
    };
    let (code, text) = refused(channel.clone(), None).await;
    assert_eq!(code, tonic::Code::Unauthenticated);
    assert!(text.starts_with("the agent shows no key") && text.contains("--key-file"), "{text}");
    let (code, text) = refused(channel.clone(), Some("lna_0000000000000000000000000000000000000000")).await;
    assert_eq!(code, tonic::Code::Unauthenticated);
    assert!(text.starts_with("the agent's key is not this server's"), "{text}");
    assert!(Agent::try_open(channel, Some(key.trim())).await.is_ok());
    server.stop().await;
}
