//! How Usher speaks HTTP: one client, host binding, retry, phases, redaction.
