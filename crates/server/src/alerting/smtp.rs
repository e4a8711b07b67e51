//! Mail by SMTP.

use std::time::Duration;

use lanner_alert::{Rendered, Secret, SmtpSecurity};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::http_client::refuse_link_local;
use super::send_error::{SendError, said};
use crate::error_chain::chain;

/// Each command; a server that greets slowly on purpose needs some seconds.
const COMMAND_TIME: Duration = Duration::from_secs(10);
const TIME: Duration = Duration::from_secs(30);

/// A mail server and how to reach it.
pub(super) struct MailServer<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) security: SmtpSecurity,
    pub(super) username: Option<&'a str>,
    pub(super) password: Option<&'a Secret>,
}

/// Sends a mail; gives what the server said when it took it.
pub(super) async fn send(
    server: &MailServer<'_>,
    from: &str,
    to: &[String],
    message: &Rendered,
    id: &str,
) -> Result<String, SendError> {
    let mail = mail(from, to, message, id).map_err(SendError::refused)?;
    refuse_link_local(server.host).await?;
    let transport = transport(server)?;
    match tokio::time::timeout(TIME, transport.send(mail)).await {
        Ok(Ok(response)) => {
            let text = response.message().collect::<Vec<&str>>().join(" ");
            Ok(said(&format!("{} {text}", response.code())))
        }
        Ok(Err(error)) => Err(SendError::retry(said(&chain(&error)))),
        Err(_) => Err(SendError::retry(format!("not done within {} s", TIME.as_secs()))),
    }
}

/// An address that may be kept.
pub(super) fn check_address(address: &str) -> Result<Mailbox, String> {
    address
        .parse()
        .map_err(|_| format!("`{}` is no mail address", address.chars().take(64).collect::<String>()))
}

fn mail(from: &str, to: &[String], message: &Rendered, id: &str) -> Result<Message, String> {
    let from = check_address(from)?;
    let domain = from.email.domain().to_owned();
    let mut mail = Message::builder()
        .from(from)
        .subject(&message.title)
        // The same for each try, so that who got it twice sees it once.
        .message_id(Some(format!("<{id}.lanner@{domain}>")))
        .header(ContentType::TEXT_PLAIN);
    for address in to {
        mail = mail.to(check_address(address)?);
    }
    mail.body(message.text.clone()).map_err(|error| format!("the mail cannot be written: {error}"))
}

fn transport(server: &MailServer<'_>) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let tls = || {
        TlsParameters::new(server.host.to_owned())
            .map_err(|error| SendError::retry(format!("TLS cannot be used: {}", chain(&error))))
    };
    let security = match server.security {
        SmtpSecurity::None => Tls::None,
        SmtpSecurity::Starttls => Tls::Required(tls()?),
        SmtpSecurity::Tls => Tls::Wrapper(tls()?),
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host)
        .port(server.port)
        .timeout(Some(COMMAND_TIME))
        .tls(security);
    if let (Some(username), Some(Secret(password))) = (server.username, server.password) {
        transport = transport.credentials(Credentials::new(username.to_owned(), password.clone()));
    }
    Ok(transport.build())
}
