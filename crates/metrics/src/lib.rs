//! The series model and exposition formats
