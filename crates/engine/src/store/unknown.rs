//! What a newer version put into a set-up and this one does not know: it survives a save.

use serde_json::Value;

/// Puts into `after` every object field of `raw` that `known` has not, at any depth of objects: `raw` is the file as it was read,
/// `known` the same as this version understood it, `after` what is about to be written. Elements of lists are taken as they are.
pub(crate) fn keep(raw: &Value, known: &Value, after: &mut Value) {
    let (Value::Object(raw), Value::Object(after)) = (raw, after) else {
        return;
    };
    for (name, value) in raw {
        match (known.get(name), after.get_mut(name)) {
            (None, None) => {
                after.insert(name.clone(), value.clone());
            }
            (Some(known), Some(after)) => keep(value, known, after),
            // Known and taken away since, or known only now: what is about to be written says it.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unknown_fields_stay_and_known_ones_follow_the_change() {
        let raw = json!({"name": "a", "entra": {"cloud": "x", "new": 1}, "later": [1], "attested": {"c": {}}});
        let known = json!({"name": "a", "entra": {"cloud": "x"}, "attested": {"c": {}}});
        let mut after = json!({"name": "b", "entra": {"cloud": "y"}, "attested": {}});
        keep(&raw, &known, &mut after);
        assert_eq!(
            after,
            json!({"name": "b", "entra": {"cloud": "y", "new": 1}, "later": [1], "attested": {}})
        );
    }
}
