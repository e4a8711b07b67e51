//! What can go wrong, and what to do about it.

/// Why the probe did not start or cannot be changed. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// A fact that the probe cannot do without.
    #[error("{what}: {remedy}")]
    Missing {
        /// What is not there.
        what: String,
        /// What to do about it.
        remedy: String,
    },
    /// libbpf could not take the compiled object.
    #[error("the probe's object cannot be opened")]
    Open(#[source] libbpf_rs::Error),
    /// The kernel took none of what must be there.
    #[error("the kernel refused the probe ({program}): {verdict}")]
    Refused {
        /// The program it refused.
        program: String,
        /// The verifier's last lines.
        verdict: String,
        /// What libbpf said.
        #[source]
        cause: libbpf_rs::Error,
    },
    /// A map or program that the object should have.
    #[error("the probe's object has no {0}")]
    Absent(&'static str),
    /// A map could not be made, read or written.
    #[error("cannot {operation} the map {map}")]
    Map {
        /// What was tried.
        operation: &'static str,
        /// Which map.
        map: String,
        /// What libbpf said.
        #[source]
        cause: libbpf_rs::Error,
    },
    /// A ring could not be mapped into memory.
    #[error("cannot map ring {ring} of {size_bytes} bytes into memory")]
    RingMemory {
        /// Which ring.
        ring: u32,
        /// How large.
        size_bytes: u32,
        /// What the kernel said.
        #[source]
        cause: rustix::io::Errno,
    },
    /// The flight recorder's ring of a CPU could not be made.
    #[error("cannot {operation} the flight recorder's ring of CPU {cpu}")]
    FlightRing {
        /// What was tried.
        operation: &'static str,
        /// Which CPU.
        cpu: u32,
        /// What the kernel said.
        #[source]
        cause: rustix::io::Errno,
    },
    /// An iterator could not be run.
    #[error("cannot run the iterator {program}")]
    Iterate {
        /// Which program.
        program: &'static str,
        /// What the kernel said.
        #[source]
        cause: std::io::Error,
    },
    /// A program that was loaded could not be attached.
    #[error("cannot attach {program}")]
    Attach {
        /// Which program.
        program: String,
        /// What libbpf said.
        #[source]
        cause: libbpf_rs::Error,
    },
}
