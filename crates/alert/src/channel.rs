//! Where alerts are sent.

use std::fmt;

use lanner_model::finding::Severity;
use serde::{Deserialize, Serialize};

use super::severity_word;

/// Where alerts are sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Its identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether anything is sent.
    pub enabled: bool,
    /// Only alerts as grave as this.
    #[serde(with = "severity_word")]
    pub min_severity: Severity,
    /// The language of its messages.
    pub language: Language,
    /// Where to.
    pub target: Target,
}

/// A language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
}

/// Where to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Target {
    /// Mail by SMTP.
    Email {
        /// The mail server.
        host: String,
        /// Its port.
        port: u16,
        /// How the connection is secured.
        security: SmtpSecurity,
        /// Who signs in; `None` without signing in.
        username: Option<String>,
        /// With what.
        password: Option<Secret>,
        /// The sender.
        from: String,
        /// The recipients.
        to: Vec<String>,
    },
    /// An incoming webhook of Slack.
    Slack {
        /// Its address.
        url: Secret,
    },
    /// The Events API v2 of PagerDuty.
    Pagerduty {
        /// The integration's routing key.
        routing_key: Secret,
        /// Where events are sent; `None` is PagerDuty's own address.
        url: Option<String>,
    },
    /// JSON by POST.
    Webhook {
        /// The address.
        url: String,
        /// What bodies are signed with.
        secret: Option<Secret>,
    },
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// Not at all.
    None,
    /// It begins plain and must become TLS.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// What nobody is shown. It is stored as it is, since it has to be sent as it is; it does not get into logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Target {
    /// The word for it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Target::Email { .. } => "email",
            Target::Slack { .. } => "slack",
            Target::Pagerduty { .. } => "pagerduty",
            Target::Webhook { .. } => "webhook",
        }
    }

    /// Whether each alert is a message of its own.
    #[must_use]
    pub fn takes_one_at_a_time(&self) -> bool {
        matches!(self, Target::Pagerduty { .. })
    }
}
