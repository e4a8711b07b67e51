//! Security events for pages: from the store, in the form of the API.

use lanner_api::http::{
    ContainerRef, EventPage, FieldValue, HistogramBar, Matched, ProcessTreeNode, RuleInfo, SecurityEvent,
    SecurityEventDetail,
};
use lanner_model::finding::{Finding, ProcessNode, Severity};
use lanner_model::id::{NodeName, Pid, ProcessKey};
use lanner_model::resource::ContainerInfo;
use lanner_model::time::WallNs;
use lanner_store::{EventFilter, EventStore, QuerySpec, StoreError};

use crate::range::TimeRange;
use crate::row::RowId;
use crate::severity::{SeverityCounts, severity_name};

/// Bars above the list, at most.
const BARS: i64 = 60;
/// Findings that are read from the store at a time.
const READ_AT_ONCE: usize = 1_000;
/// Steps that people can read off an axis.
const BAR_STEPS_MS: [i64; 16] = [
    1_000,
    5_000,
    10_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    14_400_000,
    43_200_000,
    86_400_000,
    604_800_000,
];

/// A page that is asked for.
#[derive(Debug)]
pub(crate) struct PageRequest {
    pub(crate) range: TimeRange,
    /// Without a range.
    pub(crate) filter: EventFilter,
    pub(crate) limit: usize,
    pub(crate) cursor: Option<String>,
}

/// The page, with counts over its range and the range before.
pub(crate) async fn page(store: &dyn EventStore, request: &PageRequest) -> Result<EventPage, StoreError> {
    let filter = in_range(&request.filter, request.range);
    let after = request.cursor.as_deref().map(str::parse).transpose()?;
    let spec = QuerySpec { filter: filter.clone(), limit: request.limit, after, ..QuerySpec::default() };
    let page = store.query(&spec).await?;

    // Whoever looks at one severity still sees how many there are of the others.
    let all = EventFilter { severities: Vec::new(), ..filter };
    let steps = store.histogram(&all, nanos(bar_step_ms(request.range))).await?;
    let before = in_range(&all, request.range.before());
    let steps_before = store.histogram(&before, nanos(request.range.length_ms())).await?;
    Ok(EventPage {
        events: page.findings()?.iter().map(security_event).collect(),
        counts: total(&steps).listed(),
        previous_counts: total(&steps_before).listed(),
        histogram: steps.iter().map(bar).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
        from_ms: request.range.from.0,
        to_ms: request.range.to.0,
    })
}

/// All findings of a range, the newest first, in parts.
pub(crate) async fn each_of(
    store: &dyn EventStore,
    range: TimeRange,
    mut take: impl FnMut(Vec<Finding>),
) -> Result<(), StoreError> {
    let filter = in_range(&EventFilter::default(), range);
    let mut after = None;
    loop {
        let spec = QuerySpec { filter: filter.clone(), limit: READ_AT_ONCE, after, ..QuerySpec::default() };
        let page = store.query(&spec).await?;
        take(page.findings()?);
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// A finding as lists show it.
pub(crate) fn security_event(finding: &Finding) -> SecurityEvent {
    let process = finding.ancestry.first().cloned().unwrap_or_default();
    SecurityEvent {
        id: finding.id.clone(),
        time_ms: finding.time.millis().0,
        time_ns: finding.time.0.to_string(),
        node: finding.node.to_string(),
        rule: finding.rule.clone(),
        severity: severity_name(finding.priority.severity()),
        priority: finding.priority.as_str().to_owned(),
        tags: finding.tags.clone(),
        output: finding.output.clone(),
        event_type: finding.event_type.clone(),
        pid: process.pid,
        process_row: process_row(&finding.node, &process),
        process: process.comm,
        container: finding.container.as_ref().map(container_ref),
        capture_id: finding.capture.as_ref().map(ToString::to_string),
    }
}

/// A finding whole; `rule` is what an agent's rule of its name says of itself.
pub(crate) fn detail(finding: &Finding, rule: Option<RuleInfo>) -> SecurityEventDetail {
    let (rule_description, rule_condition) =
        rule.map_or((None, None), |rule| (Some(rule.description), Some(rule.condition)));
    let field = |(name, value): &(String, String)| FieldValue { name: name.clone(), value: value.clone() };
    let oldest_first = finding.ancestry.iter().rev();
    SecurityEventDetail {
        event: security_event(finding),
        process_tree: oldest_first.map(|process| tree_node(&finding.node, process)).collect(),
        matched: finding
            .matched
            .iter()
            .map(|matched| Matched {
                text: matched.text.clone(),
                field: matched.field.clone(),
                value: matched.value.clone(),
                negated: matched.negated,
            })
            .collect(),
        fields: finding.fields.iter().map(field).collect(),
        rule_description,
        rule_condition,
    }
}

fn tree_node(node: &NodeName, process: &ProcessNode) -> ProcessTreeNode {
    ProcessTreeNode {
        pid: process.pid,
        vpid: Some(process.vpid).filter(|vpid| *vpid > 0 && *vpid != process.pid),
        comm: process.comm.clone(),
        exe: process.exepath.clone(),
        cmdline: process.cmdline.clone(),
        user: if process.user.is_empty() { process.uid.to_string() } else { process.user.clone() },
        start_ms: Some(process.start.millis().0).filter(|start| *start > 0),
        container_id: process.container.to_string(),
        row: process_row(node, process),
    }
}

fn process_row(node: &NodeName, process: &ProcessNode) -> String {
    RowId::process(node, ProcessKey { pid: Pid(process.pid), start: process.start }).to_string()
}

fn container_ref(container: &ContainerInfo) -> ContainerRef {
    ContainerRef {
        id: container.id.to_string(),
        name: container.name.clone(),
        image: container.image.clone(),
        runtime: container.runtime.as_str().to_owned(),
        pod_uid: container.pod_uid.clone(),
        cgroup_path: container.cgroup_path.clone(),
    }
}

fn in_range(filter: &EventFilter, range: TimeRange) -> EventFilter {
    // A range's last millisecond counts whole.
    let to = WallNs(range.to.nanos().0.saturating_add(1_000_000));
    EventFilter { from: range.from.nanos(), to, ..filter.clone() }
}

fn bar_step_ms(range: TimeRange) -> i64 {
    let least = range.length_ms() / BARS + 1;
    BAR_STEPS_MS.into_iter().find(|step| *step >= least).unwrap_or(least)
}

fn nanos(ms: i64) -> u64 {
    // A length over what a range may have is not made; at least one step of a millisecond.
    u64::try_from(ms).unwrap_or(0).max(1).saturating_mul(1_000_000)
}

fn total(steps: &[lanner_store::SeverityCounts]) -> SeverityCounts {
    let mut total = SeverityCounts::default();
    for step in steps {
        add(&mut total, step);
    }
    total
}

fn bar(step: &lanner_store::SeverityCounts) -> HistogramBar {
    let mut counts = SeverityCounts::default();
    add(&mut counts, step);
    HistogramBar { from_ms: step.start.millis().0, counts: counts.listed() }
}

fn add(counts: &mut SeverityCounts, step: &lanner_store::SeverityCounts) {
    for (severity, count) in Severity::ALL.into_iter().zip(step.counts) {
        counts.add(severity, count);
    }
}
