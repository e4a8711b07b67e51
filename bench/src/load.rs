//! The loads: what is done over and over while somebody watches.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use rustix::process::getppid;
use rustix::time::{ClockId, clock_gettime};

/// A load. Its figure is CPU time of the load's own process (and its children) per operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Load {
    /// One `getppid`: the cheapest call there is.
    Getppid,
    /// `openat`, `read` of 200 bytes, `close`.
    OpenReadClose,
    /// `write` and `read` of 64 bytes through a socket pair.
    SocketPair,
    /// A new process that executes `/bin/true`, and waiting for it.
    ForkExec,
    /// 8 threads, each 10 calls: 4 `getppid`, open, read, close, write and read of a socket pair,
    /// `lseek`.
    Mix,
    /// `socket`, `connect`, `accept`, `close` of both ends on loopback.
    TcpConnect,
}

impl Load {
    pub(crate) const ALL: [Load; 6] =
        [Load::Getppid, Load::OpenReadClose, Load::SocketPair, Load::ForkExec, Load::Mix, Load::TcpConnect];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Load::Getppid => "getppid",
            Load::OpenReadClose => "open+read+close",
            Load::SocketPair => "socketpair write+read",
            Load::ForkExec => "fork+exec+wait",
            Load::Mix => "8-thread mix, 10 calls",
            Load::TcpConnect => "tcp connect",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|load| load.name() == name)
    }

    fn operations(self) -> u32 {
        match self {
            Load::Getppid => 3_000_000,
            Load::OpenReadClose => 300_000,
            Load::SocketPair => 400_000,
            Load::ForkExec => 600,
            Load::Mix => 60_000,
            Load::TcpConnect => 20_000,
        }
    }

    /// Runs the load in a process of its own; nanoseconds of its CPU time per operation.
    pub(crate) fn run_apart(self) -> anyhow::Result<f64> {
        let output = Command::new(std::env::current_exe()?)
            .args(["load", self.name()])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .context("start a load")?;
        anyhow::ensure!(output.status.success(), "the load {} failed", self.name());
        String::from_utf8(output.stdout)?.trim().parse().context("read a load's figure")
    }

    /// Runs the load in this process.
    pub(crate) fn run_here(self) -> anyhow::Result<f64> {
        if self != Load::Mix {
            pin_to_cpu(0)?;
        }
        let operations = self.operations();
        self.repeat(operations / 10)?; // warm
        let before = cpu_nanoseconds(self);
        self.repeat(operations)?;
        let total = if self == Load::Mix { 8 * operations } else { operations };
        Ok((cpu_nanoseconds(self) - before) as f64 / f64::from(total))
    }

    fn repeat(self, operations: u32) -> anyhow::Result<()> {
        match self {
            Load::Getppid => {
                for _ in 0..operations {
                    std::hint::black_box(getppid());
                }
            }
            Load::OpenReadClose => {
                let file = small_file()?;
                let mut buffer = [0; 200];
                for _ in 0..operations {
                    std::fs::File::open(file.path())?.read_exact(&mut buffer)?;
                }
            }
            Load::SocketPair => {
                let (mut near, mut far) = UnixStream::pair()?;
                let mut buffer = [7; 64];
                for _ in 0..operations {
                    near.write_all(&buffer)?;
                    far.read_exact(&mut buffer)?;
                }
            }
            Load::ForkExec => {
                for _ in 0..operations {
                    Command::new("/bin/true").stdin(Stdio::null()).status()?;
                }
            }
            Load::Mix => mix(operations)?,
            Load::TcpConnect => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                let address = listener.local_addr()?;
                for _ in 0..operations {
                    let near = TcpStream::connect(address)?;
                    let (far, _) = listener.accept()?;
                    // The accepting end resets, so that no port waits in TIME_WAIT.
                    rustix::net::sockopt::set_socket_linger(&near, Some(std::time::Duration::ZERO))?;
                    drop((near, far));
                }
            }
        }
        Ok(())
    }
}

fn mix(operations: u32) -> anyhow::Result<()> {
    let file = small_file()?;
    let path = file.path();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(move || mix_thread(path, operations))).collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a thread of the mix panicked"))??;
        }
        Ok(())
    })
}

fn mix_thread(path: &std::path::Path, operations: u32) -> anyhow::Result<()> {
    let (mut near, mut far) = UnixStream::pair()?;
    let mut buffer = [7; 64];
    for _ in 0..operations {
        for _ in 0..4 {
            std::hint::black_box(getppid());
        }
        let mut file = std::fs::File::open(path)?;
        file.read_exact(&mut buffer)?;
        std::io::Seek::rewind(&mut file)?;
        drop(file);
        near.write_all(&buffer)?;
        far.read_exact(&mut buffer)?;
    }
    Ok(())
}

fn small_file() -> anyhow::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&[b'x'; 200])?;
    Ok(file)
}

fn pin_to_cpu(cpu: usize) -> anyhow::Result<()> {
    let mut set = rustix::thread::CpuSet::new();
    set.set(cpu);
    rustix::thread::sched_setaffinity(None, &set).context("pin the load to a CPU")
}

/// CPU time so far in nanoseconds; with that of children for the load that makes them.
fn cpu_nanoseconds(load: Load) -> i64 {
    let own = clock_gettime(ClockId::ProcessCPUTime);
    let own = own.tv_sec * 1_000_000_000 + own.tv_nsec;
    if load == Load::ForkExec { own + children_nanoseconds() } else { own }
}

/// User and system time of the children that were waited for, from `/proc/self/stat` (fields 16
/// and 17, clock ticks of 10 ms); 600 children make about 50 ticks.
fn children_nanoseconds() -> i64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0 };
    let after_name = stat.rsplit(')').next().unwrap_or("");
    let ticks: i64 =
        after_name.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<i64>().ok()).sum();
    ticks * 10_000_000
}
