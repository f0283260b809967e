//! A tenant to practise on: Entra and Databricks on loopback, faults included.
//!
//! Real HTTP, one loopback port for each real host. The two sides share no type with the clients of this project: they are built
//! from what Microsoft, Databricks and their SDKs document, so that foreign clients can use them as well.
//!
//! ```no_run
//! # async fn example() -> Result<(), usher_practice::StartError> {
//! use usher_practice::{Options, Practice};
//! let practice = Practice::start(Options { scenario: "fresh".to_owned(), ..Options::default() }).await?;
//! let scim_url = &practice.details().scim_url;
//! # let _ = scim_url;
//! practice.stop().await;
//! # Ok(())
//! # }
//! ```

pub mod databricks;
pub mod entra;
pub mod harness;
pub mod ids;
pub mod portal;
mod practice;
pub mod provisioning;
pub mod scenario;
pub mod seed;
pub mod unplugged;

pub use harness::{
    Change, ChangeLog, FaultKind, FaultRule, LoggedRequest, RateLimits, Side, TimeScale, TokenKind,
};
pub use portal::{Portal, PortalPress, UnknownPress};
pub use practice::{Details, Endpoints, Options, Practice, StartError};
pub use scenario::{Scenario, scenarios};
