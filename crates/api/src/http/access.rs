//! Signing in: sessions, users, API tokens.
