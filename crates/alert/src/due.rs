//! Which channel has to be told what.

use lanner_model::time::WallMs;

use super::channel::Channel;
use super::delivery::{Notice, Status};
use super::instance::{Instance, State, Told};
use super::rule::Rule;

/// A channel and what it has to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The channel's id.
    pub channel: String,
    /// What.
    pub notice: Notice,
}

/// What has to be told of a thing now; notes in it that it was. Told are the channels of the rule
/// that are on: once when it fires, again when it is graver than they know or when it is time to
/// repeat; and of the end, whoever was told of the beginning. While it is silenced only ends are told.
pub fn due(
    rule: &Rule,
    instance: &mut Instance,
    channels: &[Channel],
    is_silenced: bool,
    now: WallMs,
) -> Vec<Due> {
    match instance.state {
        State::Pending => Vec::new(),
        State::Firing if is_silenced => Vec::new(),
        State::Firing => {
            let of_rule = |channel: &&Channel| match &rule.channels {
                None => true,
                Some(chosen) => chosen.contains(&channel.id),
            };
            let mut told = Vec::new();
            for channel in channels.iter().filter(|channel| channel.enabled).filter(of_rule) {
                if instance.severity < channel.min_severity {
                    continue;
                }
                let knows = instance.told.get(&channel.id);
                let is_new = match knows {
                    None => true,
                    Some(told) if instance.severity > told.severity => true,
                    Some(told) => rule.repeat_ms.is_some_and(|repeat| now.0 - told.at >= repeat),
                };
                if !is_new {
                    continue;
                }
                let gravest = knows.map_or(instance.severity, |told| told.severity.max(instance.severity));
                instance.told.insert(channel.id.clone(), Told { at: now.0, severity: gravest });
                let notice = Notice::of(rule, instance, Status::Firing);
                told.push(Due { channel: channel.id.clone(), notice });
            }
            told
        }
        State::Resolved => {
            let notice = Notice::of(rule, instance, Status::Resolved);
            let told = std::mem::take(&mut instance.told);
            let still_there =
                channels.iter().filter(|channel| channel.enabled && told.contains_key(&channel.id));
            still_there.map(|channel| Due { channel: channel.id.clone(), notice: notice.clone() }).collect()
        }
    }
}
