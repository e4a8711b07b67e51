//! Dashboards: shipped ones and people's own.
