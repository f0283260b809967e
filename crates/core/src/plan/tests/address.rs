//! The SCIM URL a plan would save (`contracts/cli.md`, set-up file and rule 12).

use super::moving::estate;
use super::{TOKEN, refused};
use crate::connection::FaultCode;
use crate::model::Setup;
use crate::model::setup::Journey;
use crate::plan::{PlanOptions, plan};
use crate::testing::*;

const OF_A_WORKSPACE: &str = "https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim";

#[test]
fn a_url_of_the_other_side_is_saved_nowhere() {
    let with = |journey: Journey, url: &str| {
        let mut setup = setup();
        setup.journey = journey;
        setup.databricks.scim_url = Some(url.into());
        setup
    };
    for wrong in [
        with(Journey::Account, OF_A_WORKSPACE),
        with(Journey::Workspace, &scim_url()),
    ] {
        assert!(refused(&wrong, &fresh()).contains(&"endpoint-matches".to_owned()));
    }
    let (_, seen) = estate();
    let plan = plan(&with(Journey::Migrate, OF_A_WORKSPACE), &seen, TOKEN, now());
    assert!(plan.changes.is_empty());
    let right: Setup = with(Journey::Account, &scim_url());
    assert!(super::planned(&right, &fresh()).refusals.is_empty());
}

#[test]
fn a_url_that_is_none_of_databricks_refuses_before_anybody_is_given_the_token() {
    let options = PlanOptions {
        address_fault: Some(FaultCode::UrlForeignHost),
        ..TOKEN
    };
    for world in [fresh(), world()] {
        let plan = plan(&setup(), &world, options, now());
        assert_eq!(plan.changes, []);
        assert_eq!(plan.refusals[0].check, "endpoint-matches");
    }
    let mut spoiled = world();
    known(&mut first(&mut spoiled).secrets).token_stored = false;
    let fix = crate::plan::account::fix::plan("secret-saved", &setup(), &spoiled, options, now());
    assert!(fix.is_some_and(|plan| plan.changes.is_empty() && !plan.refusals.is_empty()));
}
