//! What neither console does: a contract, a network, other people, time.

use super::PortalPress;
use crate::scenario::Stage;

const AZURE: &str = "Azure portal";
const LICENCES: &str = "Microsoft 365 admin center";
const NETWORK: &str = "Your network team";
const DATABRICKS: &str = "Databricks status page";
const ADMIN_CENTER: &str = "Microsoft Entra admin center";

pub(crate) const UPGRADE_TO_PREMIUM: PortalPress = PortalPress {
    name: "upgrade-to-premium",
    title: "Move the workspaces to the Premium plan",
    portal: AZURE,
    does: |stage, _| {
        for workspace in stage.databricks.world().workspaces.values_mut() {
            "PREMIUM".clone_into(&mut workspace.pricing_tier);
        }
    },
};

pub(crate) const ALLOW_PUBLIC_ACCESS: PortalPress = PortalPress {
    name: "allow-public-access",
    title: "Allow public network access",
    portal: AZURE,
    does: |stage, _| forget_all(stage),
};

pub(crate) const BUY_P1: PortalPress = PortalPress {
    name: "start-p1-trial",
    title: "Start a trial of Microsoft Entra ID P1",
    portal: LICENCES,
    does: |stage, _| {
        stage
            .entra
            .change(|directory| directory.skus.push(crate::entra::sample::premium()));
    },
};

pub(crate) const CLEAR_THE_NETWORK: PortalPress = PortalPress {
    name: "clear-the-network",
    title: "Have what answers or cuts in between taken out of the way",
    portal: NETWORK,
    does: |stage, _| {
        forget_all(stage);
        let mut world = stage.databricks.world();
        world.check_tokens = true;
        world.ignore_filters = false;
    },
};

pub(crate) const WAIT_FOR_DATABRICKS: PortalPress = PortalPress {
    name: "wait-for-databricks",
    title: "Wait until Databricks has put it right",
    portal: DATABRICKS,
    does: |stage, _| forget_all(stage),
};

pub(crate) const WAIT_FOR_CYCLE_TO_END: PortalPress = PortalPress {
    name: "wait-for-cycle-to-end",
    title: "Wait until the cycle has ended",
    portal: ADMIN_CENTER,
    does: |stage, _| {
        stage.entra.change(|directory| {
            let all = directory.service_principals.iter_mut();
            for job in all.flat_map(|one| &mut one.synchronization.jobs) {
                if job.progress.take().is_some() {
                    job.due = true;
                }
            }
        });
        stage.entra.wake();
    },
};

/// Databricks answers as it should again.
fn forget_all(stage: &Stage) {
    stage.forget_faults(|rule| rule.origin != "graph" && rule.origin != "login");
}
