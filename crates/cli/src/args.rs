//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Monitoring and runtime security of Linux hosts and Kubernetes, from the kernel to the page.
#[derive(Debug, Parser)]
#[command(name = "lanner", version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Server and agent on this machine, with embedded storage
    Up(UpArgs),
    /// The agent alone, sending to a server
    Agent(AgentArgs),
    /// The server alone, for agents to connect to
    Server(ServerArgs),
    /// What this machine can give, what the agent would do with it, what is missing
    Doctor(DoctorArgs),
    /// Write system calls to a .scap file
    Record(RecordArgs),
    /// Print the events of a .scap file
    Read(ReadArgs),
    /// Queries without a server
    Promql(PromqlArgs),
}

#[derive(Debug, Args)]
pub(crate) struct UpArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ServerArgs {
    /// Address to listen on; behind one that other machines reach, put a proxy that speaks TLS
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) listen: IpAddr,
    /// Port of the page and its API (0 takes a free one)
    #[arg(long, default_value_t = 7070)]
    pub(crate) http_port: u16,
    /// Port that agents connect to (0 takes a free one)
    #[arg(long, default_value_t = 7071)]
    pub(crate) grpc_port: u16,
    /// Name under which browsers reach the page beside localhost, such as that of a proxy in front;
    /// may be given more than once
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
    /// Give the user admin a new one-time password. (At the first start, the environment variable
    /// LANNER_ADMIN_PASSWORD may hold its password; without it a one-time password is printed.)
    #[arg(long)]
    pub(crate) reset_admin: bool,
    /// Folder that data is kept in
    #[arg(long, default_value = "data")]
    pub(crate) data_dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct AgentArgs {
    /// The server to send to
    #[arg(long, default_value = "http://127.0.0.1:7071")]
    pub(crate) server: String,
    /// File with the agents' key: `agent-key` of the server's data folder (the environment variable
    /// LANNER_AGENT_KEY may hold the key itself)
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Folder for the agent's identity and its spool
    #[arg(long, default_value = "data")]
    pub(crate) data_dir: PathBuf,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Further rules: a file, or a folder of .yaml files; may be given more than once
    #[arg(long = "rules", value_name = "PATH")]
    pub(crate) rules: Vec<PathBuf>,
    /// Watch the system calls of this process and its descendants only
    #[arg(long, value_name = "PID")]
    pub(crate) watch_only: Option<i64>,
    /// Seconds between two rounds of samples
    #[arg(long, value_name = "SECS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) interval: u64,
    /// MiB of memory that keep the last system calls for captures, all CPUs together (0: no captures)
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(0..=4096))]
    pub(crate) flight_recorder_mib: u32,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// File to write
    #[arg(short = 'w', long = "write", value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Stop after so many seconds (without it: at Ctrl+C)
    #[arg(short = 'd', long = "duration", value_name = "SECS")]
    pub(crate) seconds: Option<u64>,
    /// Record the system calls of this process and its descendants only
    #[arg(long, value_name = "PID")]
    pub(crate) watch_only: Option<i64>,
    /// Bytes of data kept of each read and write
    #[arg(short = 's', long = "snaplen", value_name = "BYTES", default_value_t = 80)]
    pub(crate) snaplen: u16,
    /// Keep only events that match, such as: proc.name = nginx and evt.type = openat
    #[arg(value_name = "FILTER", trailing_var_arg = true)]
    pub(crate) filter: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// File to read
    #[arg(short = 'r', long = "read", value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Format of a line, such as '%evt.num %evt.type %proc.name %fd.name'; a line with a field that
    /// has no value is left out unless the format begins with *
    #[arg(short = 'p', long = "print", value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) format: Option<String>,
    /// Print one JSON object an event
    #[arg(long)]
    pub(crate) json: bool,
    /// Print what a cut or damaged file still has, instead of stopping with an error
    #[arg(long)]
    pub(crate) salvage: bool,
    /// Print only events that match, such as: proc.name = nginx and evt.type = openat
    #[arg(value_name = "FILTER", trailing_var_arg = true)]
    pub(crate) filter: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PromqlArgs {
    #[command(subcommand)]
    pub(crate) command: PromqlCommand,
}

/// What to do with queries.
#[derive(Debug, Subcommand)]
pub(crate) enum PromqlCommand {
    /// Run test scripts in the language of Prometheus' promqltest
    Test(PromqlTestArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PromqlTestArgs {
    /// Files with load, eval and clear commands
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// List also what is not evaluated yet, each with its reason
    #[arg(short, long)]
    pub(crate) verbose: bool,
}
