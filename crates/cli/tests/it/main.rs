//! The command as a process: exit status, standard output, standard error.

mod support;
mod usage;
