//! The Databricks side: the account host and the workspace hosts.

pub mod account;
pub mod account_scim;
pub mod admin;
pub mod control;
pub mod discovery;
pub mod errors;
pub mod filter;
pub mod host;
pub mod limits;
pub mod list;
pub mod model;
mod nesting;
pub mod oauth;
pub mod patch;
pub mod render;
pub mod roster;
pub mod seats;
pub mod workspace;
pub mod world;

pub use host::{Addresses, Databricks};
pub use model::{Kind, Permission, Principal, Seat, Workspace};
pub use world::World;
