//! The eBPF probe: programs, loader, ring reader, kernel facts
