//! What the API says of rules and channels, and what is kept of it.

use lanner_alert::{
    AgentDown, Channel, Comparison, Condition, Language, Metric, Rule, Secret, SecurityEvents, SmtpSecurity,
    Target, Unit,
};
use lanner_api::http::{
    AlertComparison, AlertCondition, AlertRuleSpec, AlertUnit, ChannelLanguage, ChannelSpec, ChannelTarget,
    SeverityName, SmtpSecurity as ApiSecurity,
};
use lanner_model::finding::Severity;

use crate::severity::severity_name;

pub(super) fn severity_of(name: SeverityName) -> Severity {
    match name {
        SeverityName::Info => Severity::Info,
        SeverityName::Low => Severity::Low,
        SeverityName::Medium => Severity::Medium,
        SeverityName::High => Severity::High,
        SeverityName::Critical => Severity::Critical,
    }
}

/// The rule that a spec describes.
pub(super) fn rule_of(id: String, spec: &AlertRuleSpec) -> Rule {
    let condition = match &spec.condition {
        AlertCondition::Metric { expr, comparison, threshold, warning, unit } => Condition::Metric(Metric {
            expr: expr.trim().to_owned(),
            comparison: comparison_of(*comparison),
            threshold: *threshold,
            warning: *warning,
            unit: unit_of(*unit),
        }),
        AlertCondition::SecurityEvent { rules, min_severity, container, quiet_ms } => {
            Condition::SecurityEvent(SecurityEvents {
                rules: rules.clone(),
                min_severity: severity_of(*min_severity),
                container: container.clone(),
                quiet_ms: *quiet_ms,
            })
        }
        AlertCondition::AgentDown { silent_ms, node } => {
            Condition::AgentDown(AgentDown { silent_ms: *silent_ms, node: node.clone() })
        }
    };
    Rule {
        id,
        name: spec.name.trim().to_owned(),
        description: spec.description.trim().to_owned(),
        enabled: spec.enabled,
        severity: severity_of(spec.severity),
        condition,
        for_ms: spec.for_ms,
        keep_firing_ms: spec.keep_firing_ms,
        repeat_ms: spec.repeat_ms,
        channels: spec.channels.clone(),
    }
}

/// What a rule says.
pub(super) fn rule_spec(rule: &Rule) -> AlertRuleSpec {
    let condition = match &rule.condition {
        Condition::Metric(metric) => AlertCondition::Metric {
            expr: metric.expr.clone(),
            comparison: comparison_name(metric.comparison),
            threshold: metric.threshold,
            warning: metric.warning,
            unit: unit_name(metric.unit),
        },
        Condition::SecurityEvent(events) => AlertCondition::SecurityEvent {
            rules: events.rules.clone(),
            min_severity: severity_name(events.min_severity),
            container: events.container.clone(),
            quiet_ms: events.quiet_ms,
        },
        Condition::AgentDown(down) => {
            AlertCondition::AgentDown { silent_ms: down.silent_ms, node: down.node.clone() }
        }
    };
    AlertRuleSpec {
        name: rule.name.clone(),
        description: rule.description.clone(),
        enabled: rule.enabled,
        severity: severity_name(rule.severity),
        condition,
        for_ms: rule.for_ms,
        keep_firing_ms: rule.keep_firing_ms,
        repeat_ms: rule.repeat_ms,
        channels: rule.channels.clone(),
    }
}

/// The channel that a spec describes. A secret that is not given is that of `before`, if it goes to
/// the same place: else whoever may change the place could have the secret sent to himself.
pub(super) fn channel_of(
    id: String,
    spec: &ChannelSpec,
    before: Option<&Target>,
) -> Result<Channel, &'static str> {
    let given = |secret: &Option<String>| secret.clone().filter(|text| !text.is_empty()).map(Secret);
    let target = match &spec.target {
        ChannelTarget::Email { host, port, security, username, password, from, to } => {
            let username = username.clone().filter(|name| !name.is_empty());
            let security = security_of(*security);
            let stored = match before {
                Some(Target::Email { host: h, port: p, security: s, username: u, password, .. })
                    if (h, p, s, u) == (host, port, &security, &username) =>
                {
                    password.clone()
                }
                _ => None,
            };
            let password = given(password).or(stored).filter(|_| username.is_some());
            if username.is_some() && password.is_none() {
                return Err("the password is missing; it has to be given again when server or user change");
            }
            let (host, from) = (host.trim().to_owned(), from.trim().to_owned());
            let to = to.iter().map(|to| to.trim().to_owned()).filter(|to| !to.is_empty()).collect();
            Target::Email { host, port: *port, security, username, password, from, to }
        }
        ChannelTarget::Slack { url } => {
            let stored = match before {
                Some(Target::Slack { url }) => Some(url.clone()),
                _ => None,
            };
            Target::Slack { url: given(url).or(stored).ok_or("the webhook's address is missing")? }
        }
        ChannelTarget::Pagerduty { routing_key, url } => {
            let url = url.clone().filter(|url| !url.trim().is_empty());
            let stored = match before {
                Some(Target::Pagerduty { routing_key, url: before }) if *before == url => {
                    Some(routing_key.clone())
                }
                _ => None,
            };
            let key = given(routing_key).or(stored);
            let routing_key =
                key.ok_or("the routing key is missing; it has to be given again when the address changes")?;
            Target::Pagerduty { routing_key, url }
        }
        ChannelTarget::Webhook { url, secret } => {
            let stored = match before {
                Some(Target::Webhook { url: before, secret }) if before == url => secret.clone(),
                _ => None,
            };
            Target::Webhook { url: url.trim().to_owned(), secret: given(secret).or(stored) }
        }
    };
    let language = match spec.language {
        ChannelLanguage::En => Language::En,
        ChannelLanguage::Ja => Language::Ja,
    };
    Ok(Channel {
        id,
        name: spec.name.trim().to_owned(),
        enabled: spec.enabled,
        min_severity: severity_of(spec.min_severity),
        language,
        target,
    })
}

/// What a channel says, without its secrets; and the names of those it has.
pub(super) fn channel_spec(channel: &Channel) -> (ChannelSpec, Vec<String>) {
    let (target, secrets): (ChannelTarget, &[(&str, bool)]) = match &channel.target {
        Target::Email { host, port, security, username, password, from, to } => (
            ChannelTarget::Email {
                host: host.clone(),
                port: *port,
                security: security_name(*security),
                username: username.clone(),
                password: None,
                from: from.clone(),
                to: to.clone(),
            },
            &[("password", password.is_some())],
        ),
        Target::Slack { .. } => (ChannelTarget::Slack { url: None }, &[("url", true)]),
        Target::Pagerduty { url, .. } => {
            (ChannelTarget::Pagerduty { routing_key: None, url: url.clone() }, &[("routing_key", true)])
        }
        Target::Webhook { url, secret } => {
            (ChannelTarget::Webhook { url: url.clone(), secret: None }, &[("secret", secret.is_some())])
        }
    };
    let spec = ChannelSpec {
        name: channel.name.clone(),
        enabled: channel.enabled,
        min_severity: severity_name(channel.min_severity),
        language: match channel.language {
            Language::En => ChannelLanguage::En,
            Language::Ja => ChannelLanguage::Ja,
        },
        target,
    };
    (spec, secrets.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (*name).to_owned()).collect())
}

fn comparison_of(comparison: AlertComparison) -> Comparison {
    match comparison {
        AlertComparison::Above => Comparison::Above,
        AlertComparison::AtLeast => Comparison::AtLeast,
        AlertComparison::Below => Comparison::Below,
        AlertComparison::AtMost => Comparison::AtMost,
        AlertComparison::Equal => Comparison::Equal,
        AlertComparison::NotEqual => Comparison::NotEqual,
    }
}

fn comparison_name(comparison: Comparison) -> AlertComparison {
    match comparison {
        Comparison::Above => AlertComparison::Above,
        Comparison::AtLeast => AlertComparison::AtLeast,
        Comparison::Below => AlertComparison::Below,
        Comparison::AtMost => AlertComparison::AtMost,
        Comparison::Equal => AlertComparison::Equal,
        Comparison::NotEqual => AlertComparison::NotEqual,
    }
}

fn unit_of(unit: AlertUnit) -> Unit {
    match unit {
        AlertUnit::None => Unit::None,
        AlertUnit::Percent => Unit::Percent,
        AlertUnit::Bytes => Unit::Bytes,
        AlertUnit::Seconds => Unit::Seconds,
        AlertUnit::PerSecond => Unit::PerSecond,
    }
}

fn unit_name(unit: Unit) -> AlertUnit {
    match unit {
        Unit::None => AlertUnit::None,
        Unit::Percent => AlertUnit::Percent,
        Unit::Bytes => AlertUnit::Bytes,
        Unit::Seconds => AlertUnit::Seconds,
        Unit::PerSecond => AlertUnit::PerSecond,
    }
}

fn security_of(security: ApiSecurity) -> SmtpSecurity {
    match security {
        ApiSecurity::None => SmtpSecurity::None,
        ApiSecurity::Starttls => SmtpSecurity::Starttls,
        ApiSecurity::Tls => SmtpSecurity::Tls,
    }
}

fn security_name(security: SmtpSecurity) -> ApiSecurity {
    match security {
        SmtpSecurity::None => ApiSecurity::None,
        SmtpSecurity::Starttls => ApiSecurity::Starttls,
        SmtpSecurity::Tls => ApiSecurity::Tls,
    }
}
