//! What a capture's writer says of containers, as JSON in an event of its own.

use lanner_model::event::{EventRef, EventType};
use lanner_model::resource::ContainerInfo;
use serde_json::Value;

use crate::state::State;

impl State {
    /// An event that describes a container: `container`, or an asynchronous one of that name. What
    /// is no such JSON is not looked at.
    pub(super) fn fold_container(&mut self, event: EventRef<'_>) {
        let json = match event.event_type() {
            EventType::CONTAINER_JSON_2_E => event.text(0),
            EventType::ASYNCEVENT_E if event.text(1) == Some(b"container") => event.text(2),
            _ => None,
        };
        let Some(json) = json.and_then(|json| serde_json::from_slice::<Value>(json).ok()) else { return };
        if let Some(info) = described(&json["container"]) {
            self.containers.learn(info, &self.budget);
        }
    }
}

fn described(container: &Value) -> Option<ContainerInfo> {
    let text = |key: &str| container[key].as_str().filter(|text| !text.is_empty());
    let id = text("full_id").or_else(|| text("id"))?;
    let image = match (text("imagerepo"), text("imagetag")) {
        (Some(repository), Some(tag)) => format!("{repository}:{tag}"),
        _ => text("image").unwrap_or_default().to_string(),
    };
    Some(ContainerInfo {
        id: id.into(),
        name: text("name").unwrap_or_default().to_string(),
        image,
        ..ContainerInfo::default()
    })
}
