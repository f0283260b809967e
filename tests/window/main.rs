//! The real window through WebDriver, by role and name: what a person sees, with a practice tenant as the witness.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests: a panic is how a test fails"
)]

mod account;
mod admin;
mod by_hand;
mod clipboard;
mod dialogs;
mod disks;
mod evidence;
mod health;
mod interrupted;
mod journey;
mod keyboard;
mod keyrings;
mod looks;
mod moving;
mod practised;
mod resume;
mod rollback;
mod secrets;
mod tour;
mod trouble;
mod ways_in;
mod workspace;
