//! One message to one channel.

use lanner_alert::{
    Channel, Message, Rendered, Secret, Target, pagerduty, render, slack, test_message, webhook,
};
use ring::hmac;

use super::http_client::HttpClient;
use super::send_error::SendError;
use super::smtp::{self, MailServer};
use crate::clock;

const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";

/// Sends a message; gives what the other side said when it took it. Without a message it is a test.
pub(super) async fn send(
    http: &HttpClient,
    channel: &Channel,
    message: Option<&Message>,
    base: &str,
) -> Result<String, SendError> {
    let rendered = match message {
        Some(message) => render(message, channel.language, base),
        None => test_message(&channel.name, channel.language, base),
    };
    match &channel.target {
        Target::Email { host, port, security, username, password, from, to } => {
            let server = MailServer {
                host,
                port: *port,
                security: *security,
                username: username.as_deref(),
                password: password.as_ref(),
            };
            let id = message.map_or_else(super::id::random, |message| message.id.clone());
            smtp::send(&server, from, to, &rendered, &id).await
        }
        Target::Slack { url: Secret(url) } => http.post(url, &slack(&rendered), &[]).await,
        Target::Pagerduty { routing_key: Secret(key), url } => {
            let notice = message.and_then(|message| message.notices.first());
            let url = url.as_deref().unwrap_or(PAGERDUTY);
            http.post(url, &pagerduty(key, &rendered, notice, base), &[]).await
        }
        Target::Webhook { url, secret } => post_signed(http, url, secret.as_ref(), &rendered, message).await,
    }
}

/// The signature covers time and body, so that an old body cannot be sent again by others.
async fn post_signed(
    http: &HttpClient,
    url: &str,
    secret: Option<&Secret>,
    rendered: &Rendered,
    message: Option<&Message>,
) -> Result<String, SendError> {
    let body = webhook(rendered, message);
    let mut headers = Vec::new();
    if let Some(Secret(secret)) = secret {
        let seconds = clock::now().0 / 1_000;
        headers.push(("x-lanner-signature", signature(secret, seconds, &body.to_string())));
    }
    http.post(url, &body, &headers).await
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`.
fn signature(secret: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_time_and_body() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac key
        let expected = "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae";
        let signed = signature("key", 1_700_000_000, "{}");
        assert_eq!(signed, expected);
        assert_ne!(signed, signature("key", 1_700_000_001, "{}"));
        assert_ne!(signed, signature("other", 1_700_000_000, "{}"));
    }
}
