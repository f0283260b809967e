//! The connection doctor: ten phases, from what was pasted to a spoiled token that is refused.
