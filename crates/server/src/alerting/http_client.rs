//! JSON to addresses that an administrator chose: no redirects, little time, little read.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, Uri, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::send_error::{SendError, said};
use crate::error_chain::chain;

/// All of it: name, connection, request, answer.
const TIME: Duration = Duration::from_secs(15);
const CONNECT_TIME: Duration = Duration::from_secs(5);
const MAX_ANSWER_BYTES: usize = 16 << 10;
const MAX_URL_BYTES: usize = 2_048;

/// Sends JSON. Clones share connections.
#[derive(Clone, Debug)]
pub(super) struct HttpClient(Client<HttpsConnector<HttpConnector>, Body>);

impl HttpClient {
    /// A client that trusts whom the machine trusts.
    pub(super) fn new() -> Result<Self, SendError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT_TIME));
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| SendError::retry(format!("the machine's certificates cannot be read: {error}")))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// Posts JSON; gives what the other side said when it took it.
    pub(super) async fn post(
        &self,
        url: &str,
        body: &Value,
        headers: &[(&'static str, String)],
    ) -> Result<String, SendError> {
        match tokio::time::timeout(TIME, self.post_untimed(url, body, headers)).await {
            Ok(answer) => answer,
            Err(_) => Err(SendError::retry(format!("no answer within {} s", TIME.as_secs()))),
        }
    }

    async fn post_untimed(
        &self,
        url: &str,
        body: &Value,
        headers: &[(&'static str, String)],
    ) -> Result<String, SendError> {
        let uri = check_url(url).map_err(SendError::refused)?;
        refuse_link_local(uri.host().unwrap_or_default()).await?;
        let mut request = Request::post(uri)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("Lanner/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_string()));
        let request = request.map_err(|_| SendError::refused("the address or a header is none"))?;
        // The error's text names host and cause; the path, which may be a secret, is not in it.
        let answer = self.0.request(request).await.map_err(|error| SendError::retry(chain(&error)))?;
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(Body::new(body), MAX_ANSWER_BYTES).await.unwrap_or_default();
        let text = said(&format!("{}: {}", parts.status, String::from_utf8_lossy(&bytes)));
        let seconds =
            parts.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        match parts.status {
            status if status.is_success() => Ok(text),
            // What is wrong with the message itself stays wrong.
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
                Err(SendError::refused(text))
            }
            _ => Err(SendError { retry_after_s: seconds, ..SendError::retry(text) }),
        }
    }
}

/// An address that may be kept.
pub(super) fn check_url(url: &str) -> Result<Uri, String> {
    if url.len() > MAX_URL_BYTES {
        return Err(format!("the address is longer than {MAX_URL_BYTES} bytes"));
    }
    let uri: Uri = url.parse().map_err(|_| "the address is no URL".to_owned())?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("the address does not begin with https:// or http://".to_owned());
    }
    match uri.authority() {
        Some(authority) if !authority.host().is_empty() && !authority.as_str().contains('@') => Ok(uri),
        _ => Err("the address has no host, or a user in it".to_owned()),
    }
}

/// Cloud machines have their credentials at link-local addresses, and nobody's alerts. This keeps from
/// slips; who has a name server answer otherwise when the connection asks again is not kept.
pub(super) async fn refuse_link_local(host: &str) -> Result<(), SendError> {
    let host = host.trim_matches(['[', ']']);
    let resolved = tokio::net::lookup_host((host, 0)).await;
    let mut addresses =
        resolved.map_err(|error| SendError::retry(format!("{host} is not found: {error}")))?;
    if addresses.any(|address| is_link_local(address.ip())) {
        return Err(SendError::refused(format!("{host} is a link-local address; nothing is sent there")));
    }
    Ok(())
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local() || v6.to_ipv4_mapped().is_some_and(|v4| v4.is_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_http_with_a_host_and_no_user() {
        let check = |url: &str| check_url(url).is_ok();
        assert!(check("https://hooks.example.com/services/T0/B0/x"));
        assert!(check("http://[::1]:8080/"));
        for wrong in ["", "ftp://a/", "file:///etc/passwd", "https://", "https://me:pw@a/", "/alerts", "a b"]
        {
            assert!(!check(wrong), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_link_local_host_is_refused_for_good() {
        for host in ["169.254.169.254", "[fe80::1]"] {
            let refused = refuse_link_local(host).await.expect_err("refused");
            assert!(!refused.may_work_later, "{host}: {}", refused.answer);
        }
        assert!(refuse_link_local("127.0.0.1").await.is_ok());
    }

    #[test]
    fn the_addresses_of_cloud_credentials_are_link_local() {
        for address in ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254"] {
            assert!(is_link_local(address.parse().expect("an address")), "{address}");
        }
        assert!(!is_link_local(IpAddr::from([127, 0, 0, 1])));
    }
}
