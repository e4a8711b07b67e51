//! End-to-end tests: the real binaries over HTTP.
