//! Doing it: connection doctor, observing, applying, journal, and the session that holds a set-up.

pub mod apply;
pub mod doctor;
pub mod observe;
pub mod session;
pub mod store;
