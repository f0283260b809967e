//! The practice tenant over the wire.

mod account_scim;
mod admin_apis;
mod faults;
mod support;
mod workspaces;
mod writes;
