//! The checks of `contracts/checks.md`: one function a check, a file a section of the catalogue.
