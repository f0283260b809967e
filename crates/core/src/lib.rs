//! What a right set-up is: vocabulary, observation, checks, plan, journeys, checklist.
//!
//! Everything here is pure: no I/O, no clock, no async. Time comes in as a value, the world comes in as an
//! [`observation::Observation`], and what goes out is a [`finding::Finding`], a [`plan::Plan`] or a document.

pub mod address_ranges;
pub mod aim;
pub mod article;
pub mod checklist;
pub mod checks;
pub mod comparison;
pub mod connection;
pub mod coverage;
pub mod document;
pub mod export;
pub mod finding;
#[cfg(test)]
mod golden;
pub mod health;
pub mod inventory;
pub mod journey;
pub mod local_groups;
pub mod model;
pub mod observation;
pub mod outcome;
pub mod plan;
#[cfg(test)]
mod published_schemas;
pub mod reminder;
pub mod rotation;
pub mod scope;
pub mod target;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod text;
