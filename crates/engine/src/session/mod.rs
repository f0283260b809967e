//! The session that holds a set-up open: what the window shows and does.
