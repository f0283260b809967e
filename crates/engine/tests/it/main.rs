//! The engine from outside, as its faces use it.

mod account_journey;
#[path = "../../../practice/tests/it/contract.rs"]
mod contract;
mod doctor;
mod interrupted;
mod rollback;
mod rules;
mod session;
mod store;
mod tap;
mod tenant;
