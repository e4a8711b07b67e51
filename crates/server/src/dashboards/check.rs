//! What is wrong with a dashboard, and where.

use lanner_api::http::{DashboardContent, DashboardProblem, Panel, PanelKind, PanelQuery, ScopeSelector};
use lanner_metrics::promql::Query;

use super::template::{Filling, ScopeMatcher, TIMES, UnknownPlace, fill};

const MOST_PANELS: usize = 60;
const MOST_QUERIES: usize = 6;
const MOST_SELECTORS: usize = 8;
const MOST_LABELS: usize = 16;
const MOST_SERIES: u32 = 100;
const MOST_THRESHOLDS: usize = 3;
/// In characters.
const TITLE: usize = 120;
const DESCRIPTION: usize = 1_000;
const PROMQL: usize = 4_000;
const COLUMNS: std::ops::RangeInclusive<u8> = 2..=12;
const ROWS: std::ops::RangeInclusive<u8> = 1..=8;

/// Why a content would be refused, in its order; empty when it would be taken.
pub(crate) fn problems(content: &DashboardContent) -> Vec<DashboardProblem> {
    let mut found = Problems::default();
    found.title("title", &content.title);
    found.text("description", &content.description, DESCRIPTION);
    found.most("selectors", content.selectors.len(), MOST_SELECTORS);
    for (at, selector) in content.selectors.iter().enumerate() {
        found.selector(&format!("selectors[{at}]"), selector);
        if content.selectors[..at].iter().any(|before| before.name == selector.name) {
            found.add(format!("selectors[{at}].name"), format!("`{}` is there twice", selector.name));
        }
    }
    found.most("panels", content.panels.len(), MOST_PANELS);
    for (at, panel) in content.panels.iter().take(MOST_PANELS).enumerate() {
        found.panel(&format!("panels[{at}]"), panel, content);
    }
    found.0
}

/// The query with places filled as when nothing of the scope is set.
#[cfg(test)]
pub(super) fn query_as_asked(promql: &str, content: &DashboardContent) -> Result<String, UnknownPlace> {
    filled(promql, content, &[])
}

#[derive(Default)]
struct Problems(Vec<DashboardProblem>);

impl Problems {
    fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.0.push(DashboardProblem { place: place.into(), message: message.into() });
    }

    fn title(&mut self, place: &str, title: &str) {
        if title.trim().is_empty() {
            self.add(place, "a title is missing");
        }
        self.text(place, title, TITLE);
    }

    fn text(&mut self, place: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.add(place, format!("{length} characters are more than {most}"));
        }
    }

    fn most(&mut self, place: &str, count: usize, most: usize) {
        if count > most {
            self.add(place, format!("{count} are more than {most}"));
        }
    }

    fn selector(&mut self, place: &str, selector: &ScopeSelector) {
        let name = &selector.name;
        let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
        let is_part = |part: char| part.is_ascii_lowercase() || part == '_';
        if !starts || !name.chars().all(is_part) || name.len() > 32 {
            self.add(format!("{place}.name"), "a name is 1 to 32 letters a to z and `_`");
        } else if TIMES.contains(&name.as_str()) {
            self.add(format!("{place}.name"), format!("`${name}` stands for a time"));
        }
        if !is_name(&selector.metric, ":") {
            self.add(format!("{place}.metric"), "this is no name of a metric");
        }
        if selector.labels.is_empty() {
            self.add(format!("{place}.labels"), "a selector takes at least one label");
        }
        self.most(&format!("{place}.labels"), selector.labels.len(), MOST_LABELS);
        for (at, label) in selector.labels.iter().enumerate() {
            for (key, name) in [("scope", &label.scope), ("label", &label.label)] {
                if !is_name(name, "") {
                    self.add(format!("{place}.labels[{at}].{key}"), "this is no name of a label");
                }
            }
            if selector.labels[..at].iter().any(|before| before.scope == label.scope) {
                self.add(format!("{place}.labels[{at}].scope"), format!("`{}` is there twice", label.scope));
            }
        }
    }

    fn panel(&mut self, place: &str, panel: &Panel, content: &DashboardContent) {
        self.title(&format!("{place}.title"), &panel.title);
        self.text(&format!("{place}.description"), &panel.description, DESCRIPTION);
        if !COLUMNS.contains(&panel.width) {
            self.add(format!("{place}.width"), "a panel is 2 to 12 columns wide");
        }
        if !ROWS.contains(&panel.height) {
            self.add(format!("{place}.height"), "a panel is 1 to 8 rows high");
        }
        if panel.most_series.is_some_and(|most| !(1..=MOST_SERIES).contains(&most)) {
            self.add(format!("{place}.most_series"), format!("this is 1 to {MOST_SERIES}"));
        }
        self.most(&format!("{place}.thresholds"), panel.thresholds.len(), MOST_THRESHOLDS);
        for (at, pair) in panel.thresholds.windows(2).enumerate() {
            let rises = pair[0].from < pair[1].from && pair[0].heat < pair[1].heat;
            if !rises {
                self.add(format!("{place}.thresholds[{}]", at + 1), "thresholds rise in value and in heat");
            }
        }
        if panel.queries.is_empty() {
            self.add(format!("{place}.queries"), "a panel asks at least one query");
        }
        self.most(&format!("{place}.queries"), panel.queries.len(), MOST_QUERIES);
        for (at, query) in panel.queries.iter().take(MOST_QUERIES).enumerate() {
            self.query(&format!("{place}.queries[{at}]"), query, panel.kind, content);
        }
    }

    fn query(&mut self, place: &str, query: &PanelQuery, kind: PanelKind, content: &DashboardContent) {
        self.text(&format!("{place}.legend"), &query.legend, TITLE);
        if query.unit.is_some() && kind != PanelKind::Table {
            self.add(format!("{place}.unit"), "only columns of a table have units of their own");
        }
        let place = format!("{place}.promql");
        if query.promql.trim().is_empty() {
            return self.add(place, "a query is missing");
        }
        if query.promql.chars().count() > PROMQL {
            return self.text(&place, &query.promql, PROMQL);
        }
        // With a scope and without one: both have to be PromQL.
        for values in [&["scope"][..], &[]] {
            let problem = match filled(&query.promql, content, values) {
                Err(unknown) => Some(unknown.to_string()),
                Ok(filled) => Query::parse(&filled).err().map(|error| error.to_string()),
            };
            if let Some(message) = problem {
                return self.add(place, message);
            }
        }
    }
}

/// The query with every scope label set to `values`, over an hour.
fn filled(promql: &str, content: &DashboardContent, values: &[&str]) -> Result<String, UnknownPlace> {
    let selector = |name: &str| {
        let selector = content.selectors.iter().find(|selector| selector.name == name)?;
        let labels = selector.labels.iter().filter(|_| !values.is_empty());
        let matcher = |label: &lanner_api::http::ScopeLabel| ScopeMatcher {
            label: label.label.clone(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        Some(labels.map(matcher).collect())
    };
    fill(promql, &Filling { selector: &selector, window: "60s", range: "3600s" })
}

fn is_name(name: &str, also: &str) -> bool {
    let may_start = |first: char| first.is_ascii_alphabetic() || first == '_' || also.contains(first);
    name.starts_with(may_start)
        && name.chars().all(|part| may_start(part) || part.is_ascii_digit())
        && name.len() <= 200
}
