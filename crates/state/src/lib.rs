//! Processes, threads, fds, users and containers as a fold over events
