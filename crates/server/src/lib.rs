//! Ingest, HTTP API, live views and the embedded web UI
