//! The engine from outside, as its faces use it.

mod session;
mod store;
