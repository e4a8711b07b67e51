//! What stands in stores stays readable: each document of each version is read and written again as it is.

use lanner_alert::{Change, Channel, Delivery, Instance, Message, Rule, Silence};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn check<T: DeserializeOwned + Serialize>(name: &str, text: &str) {
    let stored: Vec<Value> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    for document in stored {
        let read: T =
            serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(read).expect("JSON"), document, "{name}");
    }
}

#[test]
fn documents_of_version_1_are_read_and_written_as_they_are() {
    check::<Rule>("rule", include_str!("golden/v1/rule.json"));
    check::<Instance>("state", include_str!("golden/v1/state.json"));
    check::<Change>("history", include_str!("golden/v1/history.json"));
    check::<Silence>("silence", include_str!("golden/v1/silence.json"));
    check::<Channel>("channel", include_str!("golden/v1/channel.json"));
    check::<Message>("outbox", include_str!("golden/v1/outbox.json"));
    check::<Delivery>("delivery", include_str!("golden/v1/delivery.json"));
}
