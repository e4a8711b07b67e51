//! What was there before the first event.

use std::sync::Arc;

use lanner_model::event::FdInfo;
use lanner_model::snapshot::{FdRecord, ThreadRecord};
use rustc_hash::FxHashSet;

use super::{State, some_text, with_slash};
use crate::fd::{Descriptor, Ends, Role};
use crate::image::Image;
use crate::text::TextList;
use crate::thread::Thread;

impl State {
    pub(super) fn record_thread(&mut self, record: &ThreadRecord) {
        let tid = record.tid.0;
        self.loose.push(tid);
        let group = if record.pid.0 > 0 { record.pid.0 } else { tid };
        let most = self.budget.text_bytes;
        let before = self.threads.get(&tid).filter(|thread| thread.group == group);
        let table = match before {
            Some(thread) => thread.table,
            None => match self.threads.get(&group) {
                Some(leader) if group != tid => leader.table,
                _ => self.tables.create(),
            },
        };
        // `place` lets the old entry go, and with it its hold on the table.
        if before.is_some() || (group != tid && self.threads.contains_key(&group)) {
            self.tables.share(table);
        }
        let cgroups = {
            let mut listed = Vec::new();
            for entry in &record.cgroups {
                listed.extend_from_slice(entry);
                listed.push(0);
            }
            self.containers.set(&listed, &Arc::default(), &self.budget, &mut self.losses)
        };
        let thread = Thread {
            tid,
            group,
            known: true,
            vtid: if record.vtid > 0 { record.vtid } else { tid },
            vpid: if record.vpid > 0 { record.vpid } else { group },
            sid: record.sid,
            vpgid: record.vpgid,
            pgid: record.pgid,
            comm: record.comm.as_slice().into(),
            image: Arc::new(Image {
                exe: some_text(&record.exe, most),
                exepath: some_text(&record.exepath, most),
                args: TextList::from_parts(&record.args, most),
                writable: record.exe_writable,
                upper_layer: record.exe_upper_layer,
                lower_layer: record.exe_lower_layer,
                from_memfd: record.exe_from_memfd,
                inode: record.exe_inode,
                ctime: record.exe_ctime,
                mtime: record.exe_mtime,
            }),
            uid: record.uid.0,
            gid: record.gid.0,
            loginuid: record.loginuid.0,
            cap_permitted: record.cap_permitted,
            cap_effective: record.cap_effective,
            cap_inheritable: record.cap_inheritable,
            tty: record.tty,
            start: record.start.0,
            flags: record.flags,
            made_by_child: false,
            vm_size_kb: record.vm_size_kb,
            vm_rss_kb: record.vm_rss_kb,
            vm_swap_kb: record.vm_swap_kb,
            major_faults: record.major_faults,
            minor_faults: record.minor_faults,
            pidns_init_start: record.pidns_init_start.0,
            cgroups,
            table,
            dead: false,
            last_seen: self.latest_event.0,
            asked_to_execute: None,
        };
        let parent = self.threads.get(&record.parent.0).map_or(record.parent.0, |thread| thread.group);
        let process = self.place(thread, parent);
        if tid == group {
            process.cwd = with_slash(crate::path::join(b"", &record.cwd)).into();
            process.root = record.root.as_slice().into();
            process.env = TextList::from_parts(&record.env, most);
            process.fd_limit = record.fd_limit;
            self.weigh_texts(tid);
        }
    }

    pub(super) fn record_fd(&mut self, record: &FdRecord) {
        let tid = record.tid.0;
        self.loose.push(tid);
        let table = self.ensure(tid).table;
        let mut descriptor = Descriptor::from_info(&record.info);
        if descriptor.inode == 0 {
            descriptor.inode = record.inode;
        }
        if let Ends::Bound(address) = descriptor.ends {
            self.server_ports.insert(address.port());
        }
        if let Ends::Pair { mut source, mut target } = descriptor.ends {
            self.interfaces.complete(&mut source, &mut target);
            descriptor.pair(source, target);
            descriptor.rename();
        }
        // Threads of old captures list their process's descriptors again.
        let is_repeat = self.threads.get(&tid).is_some_and(|thread| !thread.is_leader());
        if !is_repeat || self.tables.get(table, record.fd.0).is_none() {
            self.tables.insert(table, record.fd.0, descriptor, &self.budget, &mut self.losses);
        }
    }

    /// Draws what records say of each other: a parent that is not there is none, threads use their
    /// leader's descriptors, a connection to a port that somebody listens on was begun by the other
    /// end.
    pub(super) fn tie_records(&mut self) {
        for tid in std::mem::take(&mut self.loose) {
            let Some(thread) = self.threads.get(&tid) else { continue };
            let (group, own) = (thread.group, thread.table);
            if tid != group {
                let Some(shared) =
                    self.leader(group).map(|leader| leader.table).filter(|table| *table != own)
                else {
                    continue;
                };
                self.tables.share(shared);
                self.tables.release(own);
                if let Some(thread) = self.threads.get_mut(&tid) {
                    thread.table = shared;
                }
                continue;
            }
            let ports = &self.server_ports;
            let own_ports: FxHashSet<u16> = self
                .tables
                .iter(own)
                .filter_map(|(_, descriptor)| match descriptor.ends {
                    Ends::Bound(address) => Some(address.port()),
                    _ => None,
                })
                .collect();
            self.tables.for_each_mut(own, |_, descriptor| settle_role(descriptor, ports, &own_ports));
            let Some(parent) = self.processes.get(&tid).map(|process| process.parent) else { continue };
            let parent = self.threads.get(&parent).map_or(0, |thread| thread.group);
            if parent != tid
                && let Some(above) = self.processes.get_mut(&parent)
            {
                above.children.insert(tid);
            }
            if let Some(process) = self.processes.get_mut(&tid) {
                process.parent = parent;
            }
        }
    }
}

/// Finds out which end of a connection a process of the snapshot is. Captures of other programs
/// have its own address first whoever began; Lanner's probe puts the one first who seems to have begun.
fn settle_role(descriptor: &mut Descriptor, server_ports: &FxHashSet<u16>, own_ports: &FxHashSet<u16>) {
    if descriptor.role != Role::Unknown || descriptor.described.is_some() {
        return;
    }
    let Some((source, target)) = descriptor.both_ends() else { return };
    if own_ports.contains(&target.port()) && !server_ports.contains(&source.port()) {
        descriptor.role = Role::Server;
    } else if descriptor.kind != FdInfo::IPV4_SOCK {
        // Which end is its own is told of IPv4 only.
    } else if server_ports.contains(&source.port()) {
        descriptor.swap_ends();
        descriptor.rename();
        descriptor.role = Role::Server;
    } else {
        descriptor.role = Role::Client;
    }
}
