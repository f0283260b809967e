//! The command as a process: exit status, standard output, standard error.

mod journey;
mod support;
mod usage;
