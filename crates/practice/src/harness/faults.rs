//! Faults: what goes wrong on purpose, by host, method and path.

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum FaultKind {
    /// An answer with this status and body in place of the real one.
    Status {
        /// The HTTP status.
        code: u16,
        /// Further headers; `Content-Type` is `application/json` when none is named.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// The connection is closed without an answer. With `after_handler` the request was carried out first.
    Cut,
    /// The answer comes late by so many milliseconds.
    Slow {
        /// How late.
        millis: u64,
    },
    /// 200 and bytes that are no JSON, though called so.
    Garbage,
    /// 200 and a sign-in page.
    Html,
    /// The connection stays open and nothing comes.
    Never,
    /// 200 and a body of so many bytes, or one that never ends.
    Huge {
        /// The length; `None` without end.
        #[serde(default)]
        bytes: Option<u64>,
    },
    /// The first half of the real answer, under the length of the whole, then the connection is closed.
    Truncate,
    /// A redirect to this place.
    Redirect {
        /// 301, 302, 307 …
        code: u16,
        /// The `Location`.
        location: String,
    },
}

/// A fault and when it strikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultRule {
    /// The host's name (`account`, `workspace-1001`, `login`, `graph`), `*` allowed.
    #[serde(default = "any")]
    pub origin: String,
    /// The method, `*` for any.
    #[serde(default = "any")]
    pub method: String,
    /// Path and query, percent-decoded; each `*` stands for any text.
    #[serde(default = "any")]
    pub path: String,
    /// A text the `User-Agent` contains; empty for any.
    #[serde(default)]
    pub user_agent: String,
    /// How many matching requests pass before the first is hit.
    #[serde(default)]
    pub skip: u32,
    /// How many requests are hit; `None` all.
    #[serde(default)]
    pub times: Option<u32>,
    /// Whether the request is carried out first and only its answer is replaced.
    #[serde(default)]
    pub after_handler: bool,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
}

fn any() -> String {
    "*".to_owned()
}

impl FaultRule {
    /// A fault that strikes every request whose origin and path match, before it is carried out.
    pub fn new(origin: &str, path: &str, kind: FaultKind) -> Self {
        Self {
            origin: origin.to_owned(),
            method: any(),
            path: path.to_owned(),
            user_agent: String::new(),
            skip: 0,
            times: None,
            after_handler: false,
            kind,
        }
    }

    /// The same fault for one method alone.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// The same fault for so many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// The same fault after the request was carried out.
    #[must_use]
    pub fn after_handler(mut self) -> Self {
        self.after_handler = true;
        self
    }

    /// The same fault for requests whose `User-Agent` contains this text.
    #[must_use]
    pub fn user_agent(mut self, text: &str) -> Self {
        text.clone_into(&mut self.user_agent);
        self
    }

    fn matches(&self, origin: &str, method: &str, path: &str, headers: &HeaderMap) -> bool {
        let agent = headers
            .get(http::header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        matches(&self.origin, origin)
            && (self.method == "*" || self.method.eq_ignore_ascii_case(method))
            && matches(&self.path, path)
            && agent.contains(&self.user_agent)
    }
}

/// Whether `text` fits `pattern`, where each `*` stands for any text, also none.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// The faults in force, first match first. Cloning shares.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<Vec<FaultRule>>>,
}

impl Faults {
    /// Adds a fault after those already there.
    pub fn add(&self, rule: FaultRule) {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(rule);
    }

    /// Takes every fault away.
    pub fn clear(&self) {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Takes the faults away for which `which` is true, and gives them.
    pub fn take(&self, which: impl Fn(&FaultRule) -> bool) -> Vec<FaultRule> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let (taken, left) = rules.drain(..).partition(which);
        *rules = left;
        taken
    }

    /// A copy of the faults in force, with what is left of their `skip` and `times`.
    pub fn rules(&self) -> Vec<FaultRule> {
        self.rules
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The fault that strikes this request, if one does; it is counted as struck.
    pub fn strike(
        &self,
        origin: &str,
        method: &str,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<FaultRule> {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        for rule in rules.iter_mut() {
            if rule.times == Some(0) || !rule.matches(origin, method, path, headers) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            return Some(rule.clone());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*", ""));
        assert!(matches(
            "/api/*/Users*",
            "/api/2.1/accounts/x/scim/v2/Users?count=1"
        ));
        assert!(matches("*filter=*", "/Users?filter=userName"));
        assert!(!matches("/api/*/Users", "/api/2.1/Users?count=1"));
        assert!(!matches("/Users", "/Users/1"));
        assert!(matches("a*a", "aa"));
        assert!(!matches("a*a", "a"));
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_says() {
        let faults = Faults::default();
        faults.add(FaultRule {
            skip: 1,
            ..FaultRule::new("account", "*", FaultKind::Cut).times(1)
        });
        let hit = || {
            faults
                .strike("account", "GET", "/", &HeaderMap::new())
                .is_some()
        };
        assert_eq!([hit(), hit(), hit()], [false, true, false]);
        assert!(
            faults
                .strike("graph", "GET", "/", &HeaderMap::new())
                .is_none()
        );
    }

    #[test]
    fn a_rule_reads_from_json_with_what_is_absent_meaning_any() {
        let rule: FaultRule =
            serde_json::from_str(r#"{"origin":"graph","kind":"status","code":503,"times":2}"#)
                .unwrap();
        assert_eq!(
            rule,
            FaultRule::new(
                "graph",
                "*",
                FaultKind::Status {
                    code: 503,
                    headers: vec![],
                    body: String::new()
                }
            )
            .times(2)
        );
    }
}
