//! Doing it: connection doctor, observing, applying, journal, and the session that holds a set-up.
