//! The node itself.

use crate::tree::Tree;

#[test]
fn the_node_is_shown_with_what_its_files_say() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    let disks = |sectors: u32| {
        format!(
            " 254 0 vda 1 0 {sectors} 0 1 0 0 0 0 0 0\n 254 1 vda1 1 0 {sectors} 0 1 0 0 0 0 0 0\n\
              253 0 dm-0 1 0 {sectors} 0 1 0 0 0 0 0 0\n"
        )
    };
    let net = |bytes: u32| {
        format!(
            "h\nh\n lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\neth0: {bytes} 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\ndocker0: {bytes} 1\n"
        )
    };
    std::fs::create_dir_all(tree.path("sys/devices/virtio0")).unwrap();
    tree.link("sys/class/net/eth0/device", "../../../devices/virtio0");
    tree.file("proc/diskstats", disks(100));
    tree.file("proc/net/dev", net(1000));
    let first = tree.table(&mut collector);
    assert_eq!((first.host.cpus, first.host.memory_total_bytes), (2, 1000 * 1024));
    assert_eq!(first.host.usage.memory_bytes, Some(600 * 1024));
    assert_eq!((first.host.usage.threads, first.host.usage.fds), (Some(42), Some(640)));
    assert_eq!(first.host.usage.cpu_cores, None);
    assert_eq!(first.node.as_str(), "n1");

    tree.pass(2000);
    tree.file("proc/stat", "cpu0 200 0 50 950\ncpu1 0 0 0 1200\nbtime 1700000000\n");
    tree.file("proc/diskstats", disks(120));
    tree.file("proc/net/dev", net(5000));
    let second = tree.table(&mut collector);
    assert_eq!(second.host.usage.cpu_cores, Some(0.75));
    // Once, not for the partition and the mapped device again.
    assert_eq!(second.host.usage.disk_read_bps, Some(20.0 * 512.0 / 2.0));
    // Of the device only: the bridge carries the same bytes again.
    assert_eq!(second.host.usage.net_rx_bps, Some(2000.0));
    assert_eq!(second.host.usage.net_tx_bps, Some(0.0));
}

#[test]
fn files_that_are_not_there_are_not_known() {
    let tree = Tree::new();
    for name in ["stat", "meminfo", "loadavg", "sys/fs/file-nr"] {
        std::fs::remove_file(tree.path(&format!("proc/{name}"))).unwrap();
    }
    let mut collector = tree.collector();
    for _ in 0..2 {
        let usage = tree.table(&mut collector).host.usage;
        assert_eq!(usage, lanner_model::resource::Usage::default());
        tree.pass(1000);
    }
    assert!(!tree.samples(&mut collector).is_empty());
}
