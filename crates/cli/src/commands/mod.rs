//! A file a command.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod checklist;
pub(crate) mod export;
pub(crate) mod plan;
pub(crate) mod practice;
pub(crate) mod rollback;
pub(crate) mod test_connection;
