//! Counters of protocols: `/proc/net/{snmp,netstat,snmp6,sockstat}`.

use std::collections::BTreeMap;

use lanner_metrics::Metric;

use crate::text::{lines, number, words};

/// Calls `each` with every declared counter of a file that has a line of names and a line of values for
/// each protocol (`snmp`, `netstat`).
pub(crate) fn paired(
    file: &[u8],
    table: &'static [(&'static str, Metric<0>)],
    mut each: impl FnMut(&'static Metric<0>, u64),
) {
    let mut lines = lines(file);
    let mut key = Vec::new();
    while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
        let (mut names, mut values) = (words(names), words(values));
        let Some(protocol) = names.next().and_then(|word| word.strip_suffix(b":")) else { continue };
        values.next();
        for (name, value) in names.zip(values) {
            key.clear();
            key.extend_from_slice(protocol);
            key.push(b'_');
            key.extend_from_slice(name);
            // MaxConn of Tcp is -1: no counter, and not declared.
            if let (Some(metric), Some(value)) = (find(table, &key), number(value)) {
                each(metric, value);
            }
        }
    }
}

/// The same for `snmp6`: one `Ip6InOctets 12` per line.
pub(crate) fn snmp6(
    file: &[u8],
    table: &'static [(&'static str, Metric<0>)],
    mut each: impl FnMut(&'static Metric<0>, u64),
) {
    let mut key = Vec::new();
    for (name, value) in crate::text::pairs(file) {
        let Some(protocol) = name.iter().position(|byte| *byte == b'6') else { continue };
        key.clear();
        key.extend_from_slice(&name[..=protocol]);
        key.push(b'_');
        key.extend_from_slice(&name[protocol + 1..]);
        if let Some(metric) = find(table, &key) {
            each(metric, value);
        }
    }
}

/// The same for `sockstat`: `TCP: inuse 1 orphan 0 tw 0`.
pub(crate) fn sockstat(
    file: &[u8],
    table: &'static [(&'static str, Metric<0>)],
    mut each: impl FnMut(&'static Metric<0>, u64),
) {
    let mut key = Vec::new();
    for line in lines(file) {
        let mut words = words(line);
        let Some(protocol) = words.next().and_then(|word| word.strip_suffix(b":")) else { continue };
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            key.clear();
            key.extend_from_slice(protocol);
            key.push(b'_');
            key.extend_from_slice(name);
            if let (Some(metric), Some(value)) = (find(table, &key), number(value)) {
                each(metric, value);
            }
        }
    }
}

/// Pages of memory that TCP's and UDP's sockets have, from `sockstat`.
pub(crate) fn socket_pages(file: &[u8]) -> (Option<u64>, Option<u64>) {
    let pages = |protocol: &[u8]| {
        let line = lines(file).find_map(|line| line.strip_prefix(protocol))?;
        let mut words = words(line).skip_while(|word| *word != b"mem");
        words.nth(1).and_then(number)
    };
    (pages(b"TCP:"), pages(b"UDP:"))
}

/// Neighbours by interface, from `/proc/net/arp`: the interface is the last column.
pub(crate) fn arp_entries(file: &[u8]) -> BTreeMap<String, u64> {
    let mut entries = BTreeMap::new();
    for device in lines(file).skip(1).filter_map(|line| words(line).nth(5)) {
        *entries.entry(crate::text::lossy(device)).or_default() += 1;
    }
    entries
}

/// The metric of a kernel's key in a generated table.
pub(crate) fn find(table: &'static [(&'static str, Metric<0>)], key: &[u8]) -> Option<&'static Metric<0>> {
    let at = table.binary_search_by(|(name, _)| name.as_bytes().cmp(key)).ok()?;
    Some(&table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanner_metrics::metric::{NETSTAT, SOCKSTAT};

    type Reader = fn(&[u8], &'static [(&'static str, Metric<0>)], &mut dyn FnMut(&'static Metric<0>, u64));

    #[track_caller]
    fn check(
        reader: Reader,
        table: &'static [(&'static str, Metric<0>)],
        file: &str,
        expected: &[(&str, u64)],
    ) {
        let mut seen = Vec::new();
        reader(file.as_bytes(), table, &mut |metric, value| seen.push((metric.declaration().name, value)));
        assert_eq!(seen, expected);
    }

    #[test]
    fn memory_of_sockets_and_neighbours_are_read() {
        let file = b"sockets: used 20\nTCP: inuse 1 orphan 0 tw 0 alloc 1 mem 250\nUDP: inuse 0 mem x\nUDPLITE: mem 3\n";
        assert_eq!(socket_pages(file), (Some(250), None));
        let file = b"IP address  HW type  Flags  HW address  Mask  Device\n10.0.0.1 0x1 0x2 aa:bb * eth0\n\
                     10.0.0.2 0x1 0x2 aa:cc * eth0\n10.0.0.3 0x1 0x2 aa:dd * cni0\nshort\n";
        let entries: Vec<(String, u64)> = arp_entries(file).into_iter().collect();
        assert_eq!(entries, [("cni0".to_owned(), 1), ("eth0".to_owned(), 2)]);
    }

    #[test]
    fn declared_counters_are_found_and_others_skipped() {
        check(
            |file, table, each| paired(file, table, each),
            &NETSTAT,
            "Tcp: RtoAlgorithm MaxConn CurrEstab InErrs\nTcp: 1 -1 7 0\nUdp: InDatagrams\nUdp:\nodd\n",
            &[("node_netstat_Tcp_CurrEstab", 7), ("node_netstat_Tcp_InErrs", 0)],
        );
        check(
            |file, table, each| snmp6(file, table, each),
            &NETSTAT,
            "Ip6InOctets \t 12\nUdp6NoPorts 1\nUdpLite6InErrors 2\nOther 9\n",
            &[
                ("node_netstat_Ip6_InOctets", 12),
                ("node_netstat_Udp6_NoPorts", 1),
                ("node_netstat_UdpLite6_InErrors", 2),
            ],
        );
        check(
            |file, table, each| sockstat(file, table, each),
            &SOCKSTAT,
            "sockets: used 20\nTCP: inuse 1 orphan 0 odd\nRAW: inuse x\n",
            &[
                ("node_sockstat_sockets_used", 20),
                ("node_sockstat_TCP_inuse", 1),
                ("node_sockstat_TCP_orphan", 0),
            ],
        );
    }
}
