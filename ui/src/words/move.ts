/** English, for the pages of a move. */
const many = (count: number, one: string, more: string) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

export const move = {
  connectors: {
    purpose:
      "Every Databricks connector of the tenant, where it leads and what becomes of it, and every workspace as far as it can be seen. Usher only looks.",
    title: "Connectors",
    none: "No Databricks connector was found in this tenant.",
    noTarget: "its address could not be read",
    running: "runs",
    notRunning: "does not run",
    unknown: "whether it runs is not known",
    quarantined: "in quarantine",
    assigned: (count: number) => `${count.toLocaleString("en")} assigned`,
    people: (count: number) => many(count, "person", "people"),
    parts: {
      "takes-over": "takes over",
      retires: "will be paused",
      stays: "stays",
      unknown: "not known yet",
    },
    retired: "paused",
    leaveOut: "Leave out of the move",
    takeIn: "Take into the move",
    workspaces: "Workspaces",
    incomplete: "Those of this set-up. There may be more: only an account admin's credential lists all of them.",
    complete: "All workspaces of the account.",
    noWorkspaces: "No workspace is known yet. Usher takes them from the connectors' addresses.",
    find: "Find the workspaces behind them",
    finding: "Asking the workspaces who they are",
    deep: "Look at every enterprise application",
    deepScan: "Asking every enterprise application",
    federated: "identity federation",
    notFederated: "no identity federation: its connector stays",
    federationUnknown: "identity federation not known",
    said: "as you said",
    users: (count: number) => many(count, "user", "users"),
    local: (count: number) => many(count, "local group", "local groups"),
    account: (count: number) => many(count, "account group", "account groups"),
    access: (count: number) => `${count.toLocaleString("en")} assigned from the account`,
    ask: (workspace: string) => `Identity federation of ${workspace}`,
    answers: { yes: "Federated", no: "Not federated", unknown: "I do not know" },
    askMore:
      "In the account console open **Workspaces** and the workspace: where people and groups of the account can be assigned under **Permissions**, it is federated.",
    unseen: "What could not be seen",
    token: "Personal access token",
    tokenFor: (workspace: string) => `Personal access token of ${workspace}`,
    tokenHint: "Of a workspace admin. With it Usher sees users and local groups, and watches them after a pause.",
    second: "A second Databricks credential",
    secondMore:
      "The SCIM token sees neither workspaces nor their federation and assignments. A Databricks service principal that is account admin does. Without one, say below for each workspace whether it is federated, and what cannot be seen is named.",
    secondPresses: [
      "In the account console go to **User management › Service principals** and add one, or choose one.",
      "Give it the role **Account admin**.",
      "Under **Secrets** (also seen as **Credentials & secrets**) press **Generate secret**. Copy **Client ID** and **Secret**: the secret is shown this once.",
    ],
    client: "Client ID of the service principal",
    secret: "OAuth secret",
    secretHint: "Goes straight into the keyring. Usher sends it to the account alone.",
    secondGood: "It is an account admin: workspaces, federation and assignments can be seen.",
    secondBad: "It is no account admin.",
    again: "Look with what is known now",
  },

  coverage: {
    purpose:
      "Person by person: whom the old connectors bring, and whether the account connector brings them too. Nobody may lose access, so what is missing is assigned before anything is paused.",
    filters: {
      "loses-access": "Would lose access",
      "newly-reached": "Newly reached",
      "cannot-travel": "Cannot travel",
      covered: "Covered",
      all: "All",
    },
    undecided: "Coverage cannot be told yet",
    fine: "Everybody whom the old connectors bring is covered",
    search: "Search people, connectors and groups",
    save: "Save as CSV",
    gaps: "People whom only an old connector brings",
    cover: "Assign them to the account connector first",
    coverMore: "Usher adds the group or the person that the old connector has.",
    refuse: "Refuse the move until I have done it",
  },

  run: {
    purpose:
      "Usher assigns what is missing, waits until a cycle of the account connector has brought everybody, then pauses the old connectors one by one and looks at each workspace after it. You confirm once; it can be stopped at any time and goes on another day.",
    moved: "Moved: everyone kept access",
    movedBody:
      "No old connector runs any more, and everybody they brought still has the workspace. They keep their assignments, so all of it can be taken back.",
    doNotStart:
      "Do not start a paused connector by hand, and take nobody off it: **Tidy up** does that in the right order.",
    kept: "What the workspaces' people kept",
    allKept: "everything that was seen is as it was",
    absent: "Somebody is not active in the account?",
    absentMore:
      "Usher pauses nothing while somebody whom the old connectors bring is not active in the account. Whom you know and accept, for instance a colleague who has left, you name here: write the user names into the second field.",
    exception: "People who may be missing from the account",
    back: "To undo: **Take changes back…** in the set-up's menu. Assignments are put back first, then the old connectors are started again.",
  },

  tidy: {
    purpose:
      "The move is done; nothing here is urgent. Local groups want a decision each, and the old connectors' assignments may come off once you are sure.",
    title: "Assignments of the paused connectors",
    keep: "Leave them",
    keepMore: "The move can be taken back as a whole at any time.",
    take: "Take off what nobody needs any more",
    takeMore:
      "Only where everybody behind it is covered by the account connector. After that, starting the old connector again would deactivate people: Usher puts the assignments back first.",
    local: "Local groups",
    localMore: "Each beside the account group of its name. Usher renames and deletes no group.",
    order: "The order of work",
    saveMarkdown: "Save as Markdown",
    saveCsv: "Save as CSV",
    noLocal: "No workspace has local groups, as far as they can be seen.",
  },
};
