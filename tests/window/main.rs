//! The real window through WebDriver, by role and name.
