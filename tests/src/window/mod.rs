//! The real window, driven as a person would: by role and name.

mod accessibility;
mod computed;
mod driver;
mod hand;
mod page;
mod waits;

pub use accessibility::Violation;
pub use driver::{Driver, Look};
pub use hand::{Hand, Selection, copy_elsewhere};
pub use page::{Effort, Page};
