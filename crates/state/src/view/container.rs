//! `container.*` and `k8s.*`.

use lanner_model::resource::ContainerRuntime;
use lanner_rules::Value;

use super::{Answer, Id, View, non_empty, word};

impl<'a> View<'a> {
    /// What only a runtime or Kubernetes can tell has no value here: who joins their answers to
    /// stored events fills it in.
    pub(super) fn container_value(&self, id: Id) -> Answer<'a> {
        let info = self.container();
        // Only who is known not to be in a container is on the host.
        let on_host = info.is_none() && self.thread.is_some_and(|thread| thread.cgroups.known());
        let or_host = |value: Option<&'a str>| match value {
            Some(text) => non_empty(text.as_bytes()),
            None if on_host => word("host"),
            None => Value::None,
        };
        let image = info.map(|info| info.image.as_str()).filter(|image| !image.is_empty());
        Some(match id {
            Id::ContainerId => or_host(info.map(|info| info.id.short())),
            Id::ContainerFullId => info.map_or(Value::None, |info| non_empty(info.id.as_str().as_bytes())),
            Id::ContainerName => or_host(info.map(|info| info.name.as_str())),
            Id::ContainerType => match info {
                Some(info) if info.runtime == ContainerRuntime::Unknown => Value::None,
                _ => or_host(info.map(|info| info.runtime.as_str())),
            },
            Id::ContainerImage => image.map_or(Value::None, Value::text),
            Id::ContainerImageRepository => {
                image.map_or(Value::None, |image| Value::text(split_image(image).0))
            }
            Id::ContainerImageTag => {
                image.and_then(|image| split_image(image).1).map_or(Value::None, Value::text)
            }
            Id::ContainerImageDigest => {
                image.and_then(|image| split_image(image).2).map_or(Value::None, Value::text)
            }
            Id::K8sPodUid | Id::K8sPodId => {
                info.map_or(Value::None, |info| non_empty(info.pod_uid.as_bytes()))
            }
            _ => return None,
        })
    }
}

/// Repository, tag and digest of an image's name.
fn split_image(image: &str) -> (&str, Option<&str>, Option<&str>) {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    // A colon before the last slash belongs to a registry's port.
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag), digest),
        _ => (name, None, digest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_repository_tag_and_digest() {
        assert_eq!(split_image("nginx"), ("nginx", None, None));
        assert_eq!(
            split_image("docker.io/library/nginx:1.27"),
            ("docker.io/library/nginx", Some("1.27"), None)
        );
        assert_eq!(split_image("localhost:5000/a/b"), ("localhost:5000/a/b", None, None));
        assert_eq!(split_image("a:1@sha256:ff"), ("a", Some("1"), Some("sha256:ff")));
    }
}
