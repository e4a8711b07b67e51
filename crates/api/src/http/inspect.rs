//! What a capture shows.
