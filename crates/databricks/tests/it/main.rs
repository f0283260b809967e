//! The endpoints against answers as the facts give them.

mod account;
mod discovery;
mod errors;
mod lists;
mod support;
