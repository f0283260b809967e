//! Journeys whose every write is a place where something can go wrong, and what an undisturbed run of them comes to.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use usher_practice::{FaultKind, FaultRule, LoggedRequest};

use crate::tenant::{Tenant, pattern};

/// A journey whose every write is a place to die at.
pub(crate) struct Journey {
    scenario: &'static str,
    name: &'static str,
    /// How many writes it has at least.
    writes: usize,
    want: fn(&Tenant) -> Value,
}

pub(crate) const ACCOUNT: Journey = Journey {
    scenario: "fresh",
    name: "account",
    writes: 7,
    want: |tenant| {
        let assign = tenant.practice.entra().read(|directory| {
            let user = directory.users.iter().nth(5).map(|user| user.id);
            let mut groups = directory.groups.iter();
            let group = groups
                .find(|group| group.members.len() > 2)
                .map(|one| one.id);
            json!([{ "type": "user", "id": user }, { "type": "group", "id": group }])
        });
        json!({ "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
                "notificationEmail": "iam@contoso.example", "deleteThreshold": 500, "assign": assign })
    },
};

pub(crate) const MOVE: Journey = Journey {
    scenario: "migrate-gap",
    name: "migrate",
    writes: 5,
    want: |_| json!({ "provisioning": "on", "safetyBelt": true }),
};

impl Journey {
    /// A tenant with this journey's set-up.
    pub(crate) async fn begin(&self) -> Tenant {
        let tenant = Tenant::start(self.scenario, self.name, json!({})).await;
        let wanted = tenant.wanted(self.name, (self.want)(&tenant));
        tenant.save(&wanted);
        tenant
    }

    /// Runs until nothing is left to do, as a person would who runs it again.
    pub(crate) async fn finish(&self, tenant: &Tenant, what: &str) {
        for _ in 0..4 {
            let ran = tenant.run(&["apply", "--yes", "--json"]).await;
            if ran.code == Some(0) && ran.json()["changes"] == json!([]) {
                return;
            }
        }
        let ran = tenant.run(&["apply", "--yes", "--json"]).await;
        assert_eq!(
            (ran.code, &ran.json()["changes"]),
            (Some(0), &json!([])),
            "{what}: it never ends: {ran:#?}"
        );
    }

    /// Runs it once, undisturbed.
    pub(crate) async fn undisturbed(&self) -> Undisturbed {
        let tenant = self.begin().await;
        let ran = tenant.run(&["apply", "--yes", "--json"]).await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        let writes = tenant.writes();
        assert!(writes.len() >= self.writes, "{writes:#?}");
        self.finish(&tenant, "undisturbed").await;
        Undisturbed {
            end: tenant.connectors(),
            writes,
        }
    }
}

/// What an undisturbed run comes to.
pub(crate) struct Undisturbed {
    pub(crate) end: Value,
    writes: Vec<LoggedRequest>,
}

impl Undisturbed {
    /// For each write a fault that strikes it alone, and its name.
    pub(crate) fn places(&self, kind: FaultKind) -> Vec<(FaultRule, String)> {
        let mut met = BTreeMap::<(String, String), u32>::new();
        let mut places = Vec::new();
        for write in &self.writes {
            let path = pattern(&write.path);
            let skip = met.entry((write.method.clone(), path.clone())).or_default();
            let mut rule = FaultRule::new("graph", &path, kind.clone())
                .method(&write.method)
                .times(1);
            rule.skip = *skip;
            *skip += 1;
            places.push((rule, format!("{} {}", write.method, write.path)));
        }
        places
    }
}
