//! What a right set-up is: vocabulary, observation, checks, plan, journeys, checklist. No I/O, no clock, no async.
