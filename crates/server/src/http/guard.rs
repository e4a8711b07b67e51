//! Only the server's own pages are answered, and programs.
//!
//! Any web page may make a browser ask this server. A page of another site says so in `Origin`; one
//! whose name was made to point here (DNS rebinding) has that name in `Host`. So `Host` has to be a
//! name that only this server has: this machine's own, or one that it was started with (`--host`).
//! The port is not compared: through an SSH tunnel or a development proxy it is another. An address
//! in figures cannot be made to point elsewhere; it is taken when the server listens for others, too.
//!
//! A request that changes something with a browser's cookie must name its page in `Origin`, as all
//! browsers do: the cookie's `SameSite` knows no ports, and other programs of this machine have pages
//! on other ports.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::access::is_https;
use super::error::ApiError;
use crate::app::App;

pub(super) async fn only_own_pages(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let names = Names { given: &app.config.hosts, any_address: !app.config.listen_http.ip().is_loopback() };
    if let Err(refusal) = check(request.method(), request.uri(), request.headers(), names) {
        return refusal.into_response();
    }
    next.run(request).await
}

/// Under what the server is reached, beside this machine's own names.
#[derive(Clone, Copy)]
struct Names<'a> {
    given: &'a [String],
    /// Whether by any address in figures.
    any_address: bool,
}

fn check(method: &Method, uri: &Uri, headers: &HeaderMap, names: Names<'_>) -> Result<(), ApiError> {
    let refused = |what, hint| Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", what).hint(hint));
    let host = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => {
            let mut hosts = headers.get_all(header::HOST).iter();
            let host = hosts.next().and_then(|host| host.to_str().ok());
            host.filter(|_| hosts.next().is_none())
                .ok_or_else(|| ApiError::bad_request("the request has no Host header, or several"))?
        }
    };
    if !name_of(host).is_some_and(|name| names.have(name)) {
        return refused(
            "the Host header names another machine than this",
            "open the page as http://localhost:PORT/, through an SSH tunnel when it is far away, or start the \
             server with --host NAME",
        );
    }
    let scheme = if is_https(headers) { "https://" } else { "http://" };
    for origin in headers.get_all(header::ORIGIN) {
        let same = origin.to_str().ok().and_then(|origin| origin.strip_prefix(scheme)) == Some(host);
        if !same {
            return refused(
                "the request comes from a page of another site",
                "a proxy in front has to leave Host as it is, and to say X-Forwarded-Proto: https where it speaks TLS",
            );
        }
    }
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && headers.contains_key(header::COOKIE) && !headers.contains_key(header::ORIGIN) {
        return refused(
            "the request has a browser's cookie and does not say which page it comes from",
            "programs send a token instead: Authorization: Bearer TOKEN",
        );
    }
    Ok(())
}

impl Names<'_> {
    fn have(self, name: &str) -> bool {
        let is_given = self.given.iter().any(|given| given.eq_ignore_ascii_case(name));
        let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        let address: Option<IpAddr> = address.parse().ok();
        name.eq_ignore_ascii_case("localhost")
            || is_given
            || address.is_some_and(|address| address.is_loopback() || self.any_address)
    }
}

/// A host without its port; `None`: it is no host.
fn name_of(host: &str) -> Option<&str> {
    match host.rsplit_once(':') {
        // The colons of an IPv6 address in brackets are no port's.
        Some((name, port)) if !host.ends_with(']') => port.parse::<u16>().is_ok().then_some(name),
        _ => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK_ONLY: Names<'static> = Names { given: &[], any_address: false };

    fn check_request(method: Method, names: Names<'_>, pairs: &[(&str, &str)]) -> Result<(), u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name: header::HeaderName = name.parse().expect("a header's name");
            headers.append(name, value.parse().expect("a header's value"));
        }
        check(&method, &Uri::from_static("/"), &headers, names)
            .map_err(|error| error.into_response().status().as_u16())
    }

    fn check_headers(pairs: &[(&str, &str)]) -> Result<(), u16> {
        check_request(Method::GET, LOOPBACK_ONLY, pairs)
    }

    #[test]
    fn hosts_that_can_only_be_this_machine_are_answered() {
        for host in [
            "localhost",
            "localhost:7070",
            "LOCALHOST:8080",
            "127.0.0.1:7070",
            "127.1.2.3",
            "[::1]:7070",
            "[::1]",
        ] {
            assert_eq!(check_headers(&[("host", host)]), Ok(()), "{host}");
        }
    }

    #[test]
    fn other_hosts_are_refused() {
        for host in [
            "evil.example",
            "localhost.evil.example:7070",
            "10.0.0.1:7070",
            "[2001:db8::1]:7070",
            "127.0.0.1.nip.io",
            "localhost:x",
            "",
            "::1",
        ] {
            assert!(matches!(check_headers(&[("host", host)]), Err(403)), "{host}");
        }
        assert_eq!(check_headers(&[]), Err(400));
        assert_eq!(check_headers(&[("host", "localhost"), ("host", "localhost")]), Err(400));
    }

    #[test]
    fn names_that_the_server_was_given_are_answered_too() {
        let given = ["lanner.example".to_owned()];
        let names = Names { given: &given, any_address: true };
        let host = |host| check_request(Method::GET, names, &[("host", host)]);
        for good in ["lanner.example", "Lanner.Example:443", "10.0.0.1:7070", "[2001:db8::1]", "localhost"] {
            assert_eq!(host(good), Ok(()), "{good}");
        }
        for bad in ["evil.example", "lanner.example.evil.example", "xlanner.example", "10.0.0.1.nip.io"] {
            assert_eq!(host(bad), Err(403), "{bad}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let with = |origin| check_headers(&[("host", "localhost:7070"), ("origin", origin)]);
        assert_eq!(with("http://localhost:7070"), Ok(()));
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:3000",
            "https://localhost:7070",
            "http://127.0.0.1:7070",
        ] {
            assert_eq!(with(origin), Err(403), "{origin}");
        }
    }

    #[test]
    fn behind_a_proxy_that_speaks_tls_a_page_is_of_https() {
        let with = |origin| {
            let forwarded = ("x-forwarded-proto", "https");
            check_headers(&[("host", "localhost:7070"), forwarded, ("origin", origin)])
        };
        assert_eq!(with("https://localhost:7070"), Ok(()));
        assert_eq!(with("http://localhost:7070"), Err(403));
    }

    #[test]
    fn a_change_with_a_cookie_says_which_page_it_comes_from() {
        let host = ("host", "localhost:7070");
        let ask = |method, pairs: &[(&str, &str)]| check_request(method, LOOPBACK_ONLY, pairs);
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            assert_eq!(ask(method.clone(), &[host, ("cookie", "a=b")]), Err(403), "{method}");
            let origin = ("origin", "http://localhost:7070");
            assert_eq!(ask(method.clone(), &[host, ("cookie", "a=b"), origin]), Ok(()), "{method}");
            assert_eq!(ask(method.clone(), &[host]), Ok(()), "{method}");
        }
        assert_eq!(ask(Method::GET, &[host, ("cookie", "a=b")]), Ok(()));
    }
}
