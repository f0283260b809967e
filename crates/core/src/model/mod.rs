//! The vocabulary that every crate may use: secrets, clouds, origins, URLs, tokens' kinds, ids, the set-up file.

pub mod cloud;
pub mod endpoints;
pub mod hosts;
pub mod origin;
pub mod scim_url;
pub mod secret;
pub mod setup;
pub mod token;

pub use cloud::{DatabricksCloud, EntraCloud};
pub use endpoints::{Endpoints, World};
pub use hosts::{DatabricksHost, HostKind};
pub use origin::Origin;
pub use scim_url::{ScimLevel, ScimUrl, UrlVerdict};
pub use secret::Secret;
pub use setup::Setup;
pub use token::{TokenKind, TokenVerdict};
