//! What a metric is declared to be.

/// A declared metric with `N` labels of its own.
#[derive(Debug)]
pub struct Metric<const N: usize>(Declaration);

/// What `schema/metrics.toml` says of a metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// In what they are measured.
    pub unit: Unit,
    /// Its labels, without those of the target.
    pub labels: &'static [&'static str],
    /// Whose names these are.
    pub source: Source,
    /// One sentence for people.
    pub help: &'static str,
}

/// What a metric's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, but for a restart.
    Counter,
    /// Goes up and down.
    Gauge,
    /// node_exporter's word for what it copies from the kernel.
    Untyped,
}

/// In what a metric's values are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count, or nothing to name.
    None,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
}

/// Whose names a metric has; decides the labels that public rules select on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The host, as node_exporter has it.
    NodeExporter,
    /// Containers, as the kubelet's cAdvisor has them.
    Cadvisor,
    /// Processes.
    Process,
    /// The agent itself.
    Agent,
}

impl<const N: usize> Metric<N> {
    /// Declares a metric; only generated code does. A count of labels other than `N` does not compile.
    pub(crate) const fn declared(declaration: Declaration) -> Self {
        assert!(declaration.labels.len() == N, "the number of labels is part of the type");
        Self(declaration)
    }

    /// What is declared.
    #[must_use]
    pub const fn declaration(&self) -> &Declaration {
        &self.0
    }
}

impl Kind {
    /// The word for it in the text format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Untyped => "untyped",
        }
    }
}

impl Source {
    /// The labels all its series have, whatever the node.
    #[must_use]
    pub fn labels(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Source::NodeExporter => &[("job", "node-exporter")],
            Source::Cadvisor => &[("job", "kubelet"), ("metrics_path", "/metrics/cadvisor")],
            Source::Process | Source::Agent => &[("job", "lanner-agent")],
        }
    }
}
