//! The engine from outside, as its faces use it.

// What `clippy.toml` allows in tests reaches test functions alone, and the helpers beside them fail a test the same way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod account_journey;
mod catalogue;
#[path = "../../../practice/tests/it/contract.rs"]
mod contract;
mod doctor;
mod large_tenant;
mod move_faults;
mod portal;
mod presses;
mod rehearsed;
mod rollback;
mod rules;
mod session;
mod session_health;
mod session_journey;
mod session_kept;
mod session_move;
mod session_waits;
mod sign_in;
mod sign_in_refused;
mod sitting;
mod starts;
mod store;
mod tap;
mod tenant;
mod unseen;
