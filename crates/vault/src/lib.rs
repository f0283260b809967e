//! Where secrets live: the operating system's keyring, or memory for this run.
