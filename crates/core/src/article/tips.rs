//! What a person should know at a step, where no check and no press carries it.

use serde::Serialize;
use ts_rs::TS;

use crate::model::setup::Journey;

/// A text beside a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tip {
    /// A stable id.
    pub id: &'static str,
    /// The step it stands beside, by its id.
    pub step: &'static str,
    /// What there is to know, a few sentences; labels between `**`.
    pub text: &'static str,
    #[serde(skip)]
    #[ts(skip)]
    journeys: &'static [Journey],
}

const ALL: &[Journey] = &[Journey::Account, Journey::Workspace, Journey::Migrate];
const ACCOUNT: &[Journey] = &[Journey::Account, Journey::Migrate];
const WORKSPACE: &[Journey] = &[Journey::Workspace];
const MIGRATE: &[Journey] = &[Journey::Migrate];

/// All tips, in the order of the steps.
pub static TIPS: [Tip; 15] = [
    Tip {
        id: "token-scope",
        step: "enable",
        text: "The SCIM token serves the account's SCIM API alone. It cannot list workspaces or \
               who may enter them; for that Usher asks for a sign-in of its own.",
        journeys: ACCOUNT,
    },
    Tip {
        id: "address-ranges",
        step: "test",
        text: "A Databricks IP access list has to let Entra in. Allow the ranges of the service tag **AzureActiveDirectory**, and not of one \
               of its subtags, from Microsoft's file **Azure IP Ranges and Service Tags**. The file changes weekly: compare it with the one \
               you used last. An account's lists, and a workspace's, hold 1,000 entries.",
        journeys: ALL,
    },
    Tip {
        id: "workspace-name",
        step: "application",
        text: "Choose a name by which the next admin finds it, for instance the workspace's name with **-provisioning** behind it.",
        journeys: WORKSPACE,
    },
    Tip {
        id: "names-fixed",
        step: "settings",
        text: "Databricks does not change a user's name or e-mail address once the user is there, and a group that is renamed in Entra keeps \
               its old name. Look at the mappings before the first sync; afterwards a change of address is a matter for your Databricks account team.",
        journeys: ALL,
    },
    Tip {
        id: "everyone-first",
        step: "people",
        text: "Assign everyone who is in one of your workspaces today: all their users and all their groups.",
        journeys: ACCOUNT,
    },
    Tip {
        id: "existing-merged",
        step: "people",
        text: "Users and groups that Databricks has already are merged when Entra has them too, and left alone when it does not.",
        journeys: ALL,
    },
    Tip {
        id: "nesting-in-databricks",
        step: "people",
        text: "Groups inside groups and service principals do not travel. Assign the inner groups as well, or nest groups and keep service \
               principals inside Databricks; Databricks' Terraform provider and its APIs can do that. On Azure, automatic identity management \
               brings both.",
        journeys: ALL,
    },
    Tip {
        id: "removal",
        step: "people",
        text: "Who is taken off the application is deactivated in the account and in every workspace of it, whether the workspace has \
               identity federation or not.",
        journeys: ACCOUNT,
    },
    Tip {
        id: "own-permissions-stay",
        step: "people",
        text: "A permission that a person was given directly stays when the person leaves a group that gave it too.",
        journeys: ALL,
    },
    Tip {
        id: "cycles",
        step: "start",
        text: "The first sync begins when provisioning is started and takes from 20 minutes to several hours. Later ones follow every 20 to \
               40 minutes: what you assign now arrives with the next one.",
        journeys: ALL,
    },
    Tip {
        id: "removed-by-hand",
        step: "start",
        text: "Remove people in Entra rather than in Databricks. Who is removed in a workspace's settings loses that workspace and may keep \
               others; who is removed by hand does not come back with a sync, even while assigned.",
        journeys: ALL,
    },
    Tip {
        id: "logs",
        step: "start",
        text: "What each sync did with each person stands in Entra under **Provisioning logs** of the application. Entra keeps it for 30 days \
               with a Premium edition and for 7 days without.",
        journeys: ALL,
    },
    Tip {
        id: "list-members",
        step: "start",
        text: "Who is in a group shows its page in Databricks, or the Groups API. A list of all groups may leave the members out; ask for one group.",
        journeys: ALL,
    },
    Tip {
        id: "restart",
        step: "start",
        text: "**Restart provisioning** (most likely what older texts call **Clear current state and restart synchronization**) makes Entra \
               look at everybody anew, as in a first sync. For one person, **Provision on demand** is quicker. Where deletions are held, \
               decide about them first.",
        journeys: ALL,
    },
    Tip {
        id: "stop-before-unassign",
        step: "move",
        text: "Stop an old connector and leave its assignments alone. Taking people off a connector that runs deactivates them in its workspace.",
        journeys: MIGRATE,
    },
];

/// What to know at a step, in the order in which a page shows it.
pub fn tips(step: &str, journey: Journey) -> impl Iterator<Item = &'static Tip> {
    TIPS.iter()
        .filter(move |tip| tip.step == step && tip.journeys.contains(&journey))
}
