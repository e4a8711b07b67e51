//! Messages in words.

use std::fmt::Write;

use lanner_model::finding::Severity;
use lanner_model::time::WallMs;

use super::channel::Language;
use super::delivery::{Message, Notice, Status};
use super::evaluate::cut;
use super::utc::utc;

/// Alerts that one message tells in full.
const TOLD_WHOLE: usize = 20;
const TITLE_BYTES: usize = 200;

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The first line.
    pub title: String,
    /// The rest.
    pub text: String,
    /// The page that has more.
    pub link: String,
}

/// A message in words; `base` is where people find the server, `https://lanner.example/`.
#[must_use]
pub fn render(message: &Message, language: Language, base: &str) -> Rendered {
    let words = words(language);
    let firing = message.notices.iter().filter(|notice| notice.status == Status::Firing).count();
    let state = if firing > 0 { words.firing } else { words.resolved };
    let worst = message.notices.iter().map(|notice| notice.severity).max().unwrap_or(Severity::Info);
    let severity = words.severity(worst);
    let about = match message.notices.as_slice() {
        [one] => one.subject.clone(),
        more => words.alerts(more.len()),
    };
    let mut title = format!("[{state}] {severity}: {}", message.rule_name);
    if !about.is_empty() {
        let _ = write!(title, " – {about}");
    }
    if let ([Notice { value: Some(value), status: Status::Firing, .. }], true) =
        (message.notices.as_slice(), message.notices[0].event.is_none())
    {
        let _ = write!(title, ": {value}");
    }
    let mut text = String::new();
    for notice in message.notices.iter().take(TOLD_WHOLE) {
        tell(&mut text, notice, &words);
        text.push('\n');
    }
    if message.notices.len() > TOLD_WHOLE {
        text.push_str(&words.more(message.notices.len() - TOLD_WHOLE));
        text.push_str("\n\n");
    }
    if !message.description.is_empty() {
        let _ = writeln!(text, "{}\n", message.description);
    }
    let link = match message.notices.as_slice() {
        [one] => format!("{base}alerts?sel={}", one.instance),
        _ => format!("{base}alerts"),
    };
    text.push_str(&link);
    Rendered { title: one_line(&title, TITLE_BYTES), text, link }
}

/// What a test sends.
#[must_use]
pub fn test_message(channel: &str, language: Language, base: &str) -> Rendered {
    let (title, text) = match language {
        Language::En => (
            format!("[TEST] Lanner reaches the channel \"{channel}\""),
            "This is a test. Alerts of Lanner arrive here.",
        ),
        Language::Ja => (
            format!("[テスト] Lanner から通知先「{channel}」に届きました"),
            "これはテストです。Lanner のアラートはここに届きます。",
        ),
    };
    let link = format!("{base}settings/channels");
    Rendered { title: one_line(&title, TITLE_BYTES), text: format!("{text}\n\n{link}"), link }
}

fn tell(text: &mut String, notice: &Notice, words: &Words) {
    let state = match notice.status {
        Status::Firing => words.firing,
        Status::Resolved => words.resolved,
    };
    let _ = writeln!(text, "{state} · {} · {}", words.severity(notice.severity), notice.subject);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name}: {}", one_line(value, 500));
    };
    match (&notice.event, &notice.value, &notice.threshold) {
        (Some(event), count, _) => {
            line(words.event, &event.output);
            if let Some(count) = count {
                line(words.count, count);
            }
        }
        (None, Some(value), Some(threshold)) => line(words.value, &format!("{value} ({threshold})")),
        (None, Some(value), None) => line(words.value, value),
        _ => {}
    }
    line(words.since, &spaced(notice.since));
    if let Some(resolved) = notice.resolved.filter(|_| notice.status == Status::Resolved) {
        line(words.resolved_at, &spaced(resolved));
    }
    let labels: Vec<String> = notice.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    line(words.labels, &labels.join(", "));
}

fn spaced(time: i64) -> String {
    utc(WallMs(time)).replace('T', " ").replace('Z', " UTC")
}

/// Without control characters: what a process wrote must not end a line or a mail's header.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(&plain, most)
}

struct Words {
    language: Language,
    firing: &'static str,
    resolved: &'static str,
    value: &'static str,
    event: &'static str,
    count: &'static str,
    since: &'static str,
    resolved_at: &'static str,
    labels: &'static str,
}

fn words(language: Language) -> Words {
    match language {
        Language::En => Words {
            language,
            firing: "FIRING",
            resolved: "RESOLVED",
            value: "Value",
            event: "Security event",
            count: "Events",
            since: "Since",
            resolved_at: "Resolved",
            labels: "Labels",
        },
        Language::Ja => Words {
            language,
            firing: "発生中",
            resolved: "解消",
            value: "値",
            event: "セキュリティイベント",
            count: "件数",
            since: "開始",
            resolved_at: "解消時刻",
            labels: "ラベル",
        },
    }
}

impl Words {
    fn severity(&self, severity: Severity) -> &'static str {
        let (en, ja) = match severity {
            Severity::Info => ("Info", "情報"),
            Severity::Low => ("Low", "低"),
            Severity::Medium => ("Medium", "中"),
            Severity::High => ("High", "高"),
            Severity::Critical => ("Critical", "重大"),
        };
        if self.language == Language::En { en } else { ja }
    }

    fn alerts(&self, count: usize) -> String {
        match self.language {
            Language::En => format!("{count} alerts"),
            Language::Ja => format!("アラート {count} 件"),
        }
    }

    fn more(&self, count: usize) -> String {
        match self.language {
            Language::En => format!("and {count} more"),
            Language::Ja => format!("ほか {count} 件"),
        }
    }
}
