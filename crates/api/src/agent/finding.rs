//! Findings and the containers they name.

use lanner_model::finding::{Finding, MatchedCondition, Priority, ProcessNode};
use lanner_model::id::CgroupId;
use lanner_model::resource::{ContainerInfo, ContainerRuntime};
use lanner_model::time::WallNs;

use super::bound::{
    ANCESTRY, LIST, NAME, OUTPUT, PATH, VALUE, WireError, cut, file_name, list, name, text, time_ns,
};
use super::generated as wire;

impl From<&Finding> for wire::Finding {
    fn from(finding: &Finding) -> Self {
        Self {
            id: cut(&finding.id, NAME),
            time_ns: finding.time.0,
            node: cut(finding.node.as_str(), NAME),
            rule: cut(&finding.rule, NAME),
            priority: priority_to_wire(finding.priority),
            tags: finding.tags.iter().take(LIST).map(|tag| cut(tag, NAME)).collect(),
            output: cut(&finding.output, OUTPUT),
            event_number: finding.event_number,
            event_type: cut(&finding.event_type, NAME),
            fields: finding.fields.iter().take(LIST).map(field_to_wire).collect(),
            matched: finding.matched.iter().take(LIST).map(Into::into).collect(),
            ancestry: finding.ancestry.iter().take(ANCESTRY).map(Into::into).collect(),
            container: finding.container.as_ref().map(Into::into),
            capture_id: finding.capture.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

impl TryFrom<wire::Finding> for Finding {
    type Error = WireError;

    fn try_from(finding: wire::Finding) -> Result<Self, WireError> {
        Ok(Self {
            id: name("finding.id", finding.id, NAME)?,
            time: WallNs(time_ns("finding.time_ns", finding.time_ns)?),
            node: name("finding.node", finding.node, NAME)?.into(),
            rule: name("finding.rule", finding.rule, NAME)?,
            priority: priority_from_wire(finding.priority)?,
            tags: list("finding.tags", finding.tags, LIST, |tag| text("finding.tags", tag, NAME))?,
            output: text("finding.output", finding.output, OUTPUT)?,
            event_number: finding.event_number,
            event_type: text("finding.event_type", finding.event_type, NAME)?,
            fields: list("finding.fields", finding.fields, LIST, field_from_wire)?,
            matched: list("finding.matched", finding.matched, LIST, MatchedCondition::try_from)?,
            ancestry: list("finding.ancestry", finding.ancestry, ANCESTRY, ProcessNode::try_from)?,
            container: finding.container.map(ContainerInfo::try_from).transpose()?,
            capture: match finding.capture_id {
                none if none.is_empty() => None,
                id => Some(file_name("finding.capture_id", id)?.into()),
            },
        })
    }
}

fn field_to_wire((field, value): &(String, String)) -> wire::Field {
    wire::Field { name: cut(field, NAME), value: cut(value, VALUE) }
}

fn field_from_wire(field: wire::Field) -> Result<(String, String), WireError> {
    Ok((name("field.name", field.name, NAME)?, text("field.value", field.value, VALUE)?))
}

impl From<&MatchedCondition> for wire::Matched {
    fn from(matched: &MatchedCondition) -> Self {
        Self {
            text: cut(&matched.text, VALUE),
            field: cut(&matched.field, NAME),
            value: matched.value.as_deref().map(|value| cut(value, VALUE)),
            negated: matched.negated,
        }
    }
}

impl TryFrom<wire::Matched> for MatchedCondition {
    type Error = WireError;

    fn try_from(matched: wire::Matched) -> Result<Self, WireError> {
        Ok(Self {
            text: text("matched.text", matched.text, VALUE)?,
            field: text("matched.field", matched.field, NAME)?,
            value: matched.value.map(|value| text("matched.value", value, VALUE)).transpose()?,
            negated: matched.negated,
        })
    }
}

impl From<&ProcessNode> for wire::Process {
    fn from(process: &ProcessNode) -> Self {
        Self {
            pid: process.pid,
            vpid: process.vpid,
            comm: cut(&process.comm, NAME),
            exepath: cut(&process.exepath, PATH),
            cmdline: cut(&process.cmdline, PATH),
            user: cut(&process.user, NAME),
            uid: process.uid,
            start_ns: process.start.0,
            container_id: cut(process.container.as_str(), NAME),
        }
    }
}

impl TryFrom<wire::Process> for ProcessNode {
    type Error = WireError;

    fn try_from(process: wire::Process) -> Result<Self, WireError> {
        Ok(Self {
            pid: process.pid,
            vpid: process.vpid,
            comm: text("process.comm", process.comm, NAME)?,
            exepath: text("process.exepath", process.exepath, PATH)?,
            cmdline: text("process.cmdline", process.cmdline, PATH)?,
            user: text("process.user", process.user, NAME)?,
            uid: process.uid,
            start: WallNs(time_ns("process.start_ns", process.start_ns)?),
            container: text("process.container_id", process.container_id, NAME)?.into(),
        })
    }
}

impl From<&ContainerInfo> for wire::Container {
    fn from(container: &ContainerInfo) -> Self {
        Self {
            id: cut(container.id.as_str(), NAME),
            runtime: container.runtime.as_str().to_owned(),
            name: cut(&container.name, NAME),
            image: cut(&container.image, PATH),
            pod_uid: cut(&container.pod_uid, NAME),
            cgroup_path: cut(&container.cgroup_path, PATH),
            cgroup_id: container.cgroup.0,
        }
    }
}

impl TryFrom<wire::Container> for ContainerInfo {
    type Error = WireError;

    fn try_from(container: wire::Container) -> Result<Self, WireError> {
        Ok(Self {
            id: name("container.id", container.id, NAME)?.into(),
            // A runtime this version has no word for is unknown to it.
            runtime: ContainerRuntime::parse(&text("container.runtime", container.runtime, NAME)?),
            name: text("container.name", container.name, NAME)?,
            image: text("container.image", container.image, PATH)?,
            pod_uid: text("container.pod_uid", container.pod_uid, NAME)?,
            cgroup_path: text("container.cgroup_path", container.cgroup_path, PATH)?,
            cgroup: CgroupId(container.cgroup_id),
        })
    }
}

pub(super) fn priority_to_wire(priority: Priority) -> i32 {
    let priority = match priority {
        Priority::Debug => wire::Priority::Debug,
        Priority::Informational => wire::Priority::Informational,
        Priority::Notice => wire::Priority::Notice,
        Priority::Warning => wire::Priority::Warning,
        Priority::Error => wire::Priority::Error,
        Priority::Critical => wire::Priority::Critical,
        Priority::Alert => wire::Priority::Alert,
        Priority::Emergency => wire::Priority::Emergency,
    };
    priority as i32
}

pub(super) fn priority_from_wire(number: i32) -> Result<Priority, WireError> {
    Ok(match wire::Priority::try_from(number) {
        Ok(wire::Priority::Debug) => Priority::Debug,
        Ok(wire::Priority::Informational) => Priority::Informational,
        Ok(wire::Priority::Notice) => Priority::Notice,
        Ok(wire::Priority::Warning) => Priority::Warning,
        Ok(wire::Priority::Error) => Priority::Error,
        Ok(wire::Priority::Critical) => Priority::Critical,
        Ok(wire::Priority::Alert) => Priority::Alert,
        Ok(wire::Priority::Emergency) => Priority::Emergency,
        Ok(wire::Priority::Unspecified) | Err(_) => {
            return Err(WireError::Value { field: "priority", value: number.to_string() });
        }
    })
}
