//! Alert rules, their states and history, silences, channels, deliveries.
