//! The vault on memory, on stores that misbehave, and on a real keyring.

#[cfg(target_os = "linux")]
mod real;
mod stores;
