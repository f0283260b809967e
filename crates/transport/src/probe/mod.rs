//! Measures the way to a host, phase by phase.
