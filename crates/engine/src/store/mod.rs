//! Set-up files on disk: saved whole or not at all, versioned, several by name.
