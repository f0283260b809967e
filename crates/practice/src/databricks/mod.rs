//! The Databricks side: the account host and the workspace hosts.

pub mod world;

pub use world::World;
