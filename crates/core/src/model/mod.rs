//! The vocabulary that every crate may use: secrets, clouds, origins, URLs, tokens' kinds, ids, the set-up file.

pub mod cloud;
pub mod endpoints;
pub mod origin;
pub mod secret;
pub mod setup;

pub use cloud::{DatabricksCloud, EntraCloud};
pub use endpoints::{Endpoints, World};
pub use origin::Origin;
pub use secret::Secret;
pub use setup::Setup;
