//! Carrying a confirmed plan out, change by change, through the journal.
