//! The engine from outside, as its faces use it.

mod account_journey;
#[path = "../../../practice/tests/it/contract.rs"]
mod contract;
mod doctor;
mod interrupted;
mod rollback;
mod rules;
mod session;
mod session_journey;
mod sign_in;
mod store;
mod tap;
mod tenant;
