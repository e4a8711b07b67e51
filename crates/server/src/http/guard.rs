//! Only this machine's own browser pages and programs are answered.
//!
//! There is no sign-in yet, and any web page may make a browser ask `localhost`. A page of another
//! site says so in `Origin`; one whose name was made to point here (DNS rebinding) has that name in
//! `Host`. The port is not compared: through an SSH tunnel or a development proxy it is another.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;

pub(crate) async fn only_from_here(request: Request, next: Next) -> Response {
    if let Err(refusal) = check(request.uri(), request.headers()) {
        return refusal.into_response();
    }
    next.run(request).await
}

fn check(uri: &Uri, headers: &HeaderMap) -> Result<(), ApiError> {
    let refused = |what| {
        ApiError::new(StatusCode::FORBIDDEN, "forbidden", what)
            .hint("open the page as http://localhost:PORT/, through an SSH tunnel when it is far away")
    };
    let host = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => {
            let mut hosts = headers.get_all(header::HOST).iter();
            let host = hosts.next().and_then(|host| host.to_str().ok());
            host.filter(|_| hosts.next().is_none())
                .ok_or_else(|| ApiError::bad_request("the request has no Host header, or several"))?
        }
    };
    if !is_loopback(host) {
        return Err(refused("the Host header names another machine than this"));
    }
    for origin in headers.get_all(header::ORIGIN) {
        let same = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")) == Some(host);
        if !same {
            return Err(refused("the request comes from a page of another site"));
        }
    }
    Ok(())
}

/// Whether a host, with or without port, can only be this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        // The colons of a bare IPv6 address are no port's.
        Some((name, port)) if !host.ends_with(']') => {
            if port.parse::<u16>().is_err() {
                return false;
            }
            name
        }
        _ => host,
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_headers(pairs: &[(&str, &str)]) -> Result<(), u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name: header::HeaderName = name.parse().expect("a header's name");
            headers.append(name, value.parse().expect("a header's value"));
        }
        check(&Uri::from_static("/"), &headers).map_err(|error| error.into_response().status().as_u16())
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
}
