//! The engine from outside, as its faces use it.

mod doctor;
mod session;
mod store;
