//! The Databricks side: the account host and the workspace hosts.

pub mod account_scim;
pub mod errors;
pub mod filter;
pub mod host;
pub mod limits;
pub mod list;
pub mod model;
pub mod patch;
pub mod render;
pub mod seats;
pub mod world;

pub use host::{Addresses, Databricks};
pub use model::{Kind, Permission, Principal, Seat, Workspace};
pub use world::World;
