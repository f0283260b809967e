//! Looking at both sides: the only place that makes an observation.
