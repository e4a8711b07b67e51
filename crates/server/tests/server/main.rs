//! A whole server in this process, spoken to as agents and browsers do: over sockets and pipes.

mod access;
mod agent;
mod alerts;
mod answers;
mod browser;
mod captures;
mod cases;
mod ingest;
mod prometheus;
mod standin;
mod start;
mod streams;
mod topology;
