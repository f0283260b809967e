//! What was seen of both sides, each fact with its source and time. Nothing else reads the world.
