//! The steps of each journey and how their state follows from findings.
