//! The practice tenant over the wire.

// What `clippy.toml` allows in tests reaches test functions alone, and the helpers beside them fail a test the same way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod account_scim;
mod admin_apis;
mod contract;
mod control;
mod entra_scenarios;
mod faults;
mod graph;
mod graph_client;
mod graph_reads;
mod permissions;
mod provisioning;
mod sign_in;
mod support;
mod workspaces;
mod writes;
