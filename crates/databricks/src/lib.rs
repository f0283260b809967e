//! The Databricks endpoints and SCIM wire types.
//!
//! [`Scim`] speaks to one SCIM URL, account or workspace; [`Account`] to what only an account admin sees; [`discovery`] to what
//! needs no token. Every answer that is not the expected one becomes an [`Error`] that says what kind it is. Wire types are
//! lenient: what Databricks may leave out is optional, and unknown members are passed over.
//!
//! Nothing here writes to Databricks.

pub mod account;
pub mod discovery;
pub mod error;
pub mod oauth;
pub mod scim;
pub mod tokens;

pub use account::Account;
pub use error::{ApiError, ApiErrorKind, Error};
pub use scim::{Filter, Group, ListPage, Listing, Query, Resource, Scim, ServicePrincipal, User};
