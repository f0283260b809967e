//! The session: which world, which set-up, what was last observed, and the jobs that run. Both faces talk to it.
//!
//! [`view`] holds what goes to the page, [`commands`] the one table of what the page may ask for.

pub mod commands;
pub mod view;
