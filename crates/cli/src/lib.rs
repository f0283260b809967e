//! The usher command.
