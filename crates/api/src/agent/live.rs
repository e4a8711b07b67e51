//! Live tables.

use lanner_model::resource::{ContainerUsage, HostUsage, LiveTable, ProcessUsage, Usage};
use lanner_model::time::{WallMs, WallNs};

use prost::Message;

use super::bound::{NAME, PATH, WireError, amount, cut, list, name, text, time_ms, time_ns};
use super::generated as wire;
use super::{MAX_CONTAINERS, MAX_PROCESSES};

/// Path and command line of a process in a live table: short, because there are many.
const LIVE_TEXT: usize = 512;
/// What a table may have on the wire, well below the largest message.
const TABLE_BYTES: usize = 12 << 20;

impl From<&LiveTable> for wire::LiveTable {
    fn from(table: &LiveTable) -> Self {
        let mut room = TABLE_BYTES;
        Self {
            node: cut(table.node.as_str(), NAME),
            time_ms: table.time.0,
            cpus: table.host.cpus,
            memory_total_bytes: table.host.memory_total_bytes,
            host: Some((&table.host.usage).into()),
            containers: as_many_as_fit(&table.containers, MAX_CONTAINERS, &mut room),
            processes: as_many_as_fit(&table.processes, MAX_PROCESSES, &mut room),
        }
    }
}

/// The first of the list, on the wire: at most `limit`, and no more than there is room for.
fn as_many_as_fit<'a, T, W>(list: &'a [T], limit: usize, room: &mut usize) -> Vec<W>
where
    W: Message + From<&'a T>,
{
    let mut out = Vec::with_capacity(list.len().min(limit));
    for one in list.iter().take(limit).map(W::from) {
        // The list's own field: a key and a length before each.
        let Some(left) = room.checked_sub(one.encoded_len() + 6) else { break };
        *room = left;
        out.push(one);
    }
    out
}

impl TryFrom<wire::LiveTable> for LiveTable {
    type Error = WireError;

    fn try_from(table: wire::LiveTable) -> Result<Self, WireError> {
        Ok(Self {
            node: name("live_table.node", table.node, NAME)?.into(),
            time: WallMs(time_ms("live_table.time_ms", table.time_ms)?),
            host: HostUsage {
                cpus: table.cpus,
                memory_total_bytes: table.memory_total_bytes,
                usage: table.host.unwrap_or_default().try_into()?,
            },
            containers: list(
                "live_table.containers",
                table.containers,
                MAX_CONTAINERS,
                ContainerUsage::try_from,
            )?,
            processes: list("live_table.processes", table.processes, MAX_PROCESSES, ProcessUsage::try_from)?,
        })
    }
}

impl From<&ContainerUsage> for wire::ContainerUsage {
    fn from(container: &ContainerUsage) -> Self {
        Self {
            container: Some((&container.info).into()),
            cpu_limit_cores: finite(container.cpu_limit_cores),
            memory_limit_bytes: container.memory_limit_bytes,
            usage: Some((&container.usage).into()),
        }
    }
}

impl TryFrom<wire::ContainerUsage> for ContainerUsage {
    type Error = WireError;

    fn try_from(container: wire::ContainerUsage) -> Result<Self, WireError> {
        Ok(Self {
            info: container
                .container
                .ok_or(WireError::Missing { field: "container_usage.container" })?
                .try_into()?,
            cpu_limit_cores: amount("container_usage.cpu_limit_cores", container.cpu_limit_cores)?,
            memory_limit_bytes: container.memory_limit_bytes,
            usage: container.usage.unwrap_or_default().try_into()?,
        })
    }
}

impl From<&ProcessUsage> for wire::ProcessUsage {
    fn from(process: &ProcessUsage) -> Self {
        Self {
            pid: process.pid,
            ppid: process.ppid,
            start_ns: process.start.0,
            comm: cut(&process.comm, NAME),
            exepath: cut(&process.exepath, LIVE_TEXT),
            cmdline: cut(&process.cmdline, LIVE_TEXT),
            user: cut(&process.user, NAME),
            uid: process.uid,
            container_id: cut(process.container.as_str(), NAME),
            state: process.state.into(),
            usage: Some((&process.usage).into()),
        }
    }
}

impl TryFrom<wire::ProcessUsage> for ProcessUsage {
    type Error = WireError;

    fn try_from(process: wire::ProcessUsage) -> Result<Self, WireError> {
        let state = char::from_u32(process.state)
            .filter(char::is_ascii_graphic)
            .ok_or(WireError::Value { field: "process_usage.state", value: process.state.to_string() })?;
        Ok(Self {
            pid: process.pid,
            ppid: process.ppid,
            start: WallNs(time_ns("process_usage.start_ns", process.start_ns)?),
            comm: text("process_usage.comm", process.comm, NAME)?,
            exepath: text("process_usage.exepath", process.exepath, PATH)?,
            cmdline: text("process_usage.cmdline", process.cmdline, PATH)?,
            user: text("process_usage.user", process.user, NAME)?,
            uid: process.uid,
            container: text("process_usage.container_id", process.container_id, NAME)?.into(),
            state,
            usage: process.usage.unwrap_or_default().try_into()?,
        })
    }
}

impl From<&Usage> for wire::Usage {
    fn from(usage: &Usage) -> Self {
        Self {
            cpu_cores: finite(usage.cpu_cores),
            memory_bytes: usage.memory_bytes,
            disk_read_bps: finite(usage.disk_read_bps),
            disk_write_bps: finite(usage.disk_write_bps),
            net_rx_bps: finite(usage.net_rx_bps),
            net_tx_bps: finite(usage.net_tx_bps),
            threads: usage.threads,
            fds: usage.fds,
        }
    }
}

impl TryFrom<wire::Usage> for Usage {
    type Error = WireError;

    fn try_from(usage: wire::Usage) -> Result<Self, WireError> {
        Ok(Self {
            cpu_cores: amount("usage.cpu_cores", usage.cpu_cores)?,
            memory_bytes: usage.memory_bytes,
            disk_read_bps: amount("usage.disk_read_bps", usage.disk_read_bps)?,
            disk_write_bps: amount("usage.disk_write_bps", usage.disk_write_bps)?,
            net_rx_bps: amount("usage.net_rx_bps", usage.net_rx_bps)?,
            net_tx_bps: amount("usage.net_tx_bps", usage.net_tx_bps)?,
            threads: usage.threads,
            fds: usage.fds,
        })
    }
}

/// What the other side would refuse is not known.
fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite() && *value >= 0.0)
}
