//! The configuration checklist, a file a format.
