//! Builders, synthetic sources and temporary trees for tests
