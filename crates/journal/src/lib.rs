//! Append-only segmented log with CRC per record and group commit
