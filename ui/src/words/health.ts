/** Checking what exists, and what a person keeps as evidence. The domain's long texts come from Rust. */
export const health = {
  question: (number: number, of: number) => `Question ${number} of ${of}`,
  check: {
    connector: "Which connector?",
    connectorPurpose: "Usher looked for Databricks connectors in this tenant and changed nothing.",
    finding: "Looking for Databricks connectors",
    none: "No Databricks connector was found with this sign-in. Go on to check what Databricks has.",
    token: "A token, or none?",
    tokenPurpose:
      "With the token Usher also tests the connection and sees who arrived in Databricks. Without one, those findings stay open.",
    look: "Look at both sides",
    without: "Look without a token",
  },
  first: "Begin here",
  fix: "Fix it…",
  fixFirst: "Fix the first…",
  fixTitle: (title: string) => `Fix: ${title}`,
  early: "Seen so far",
  also: "Also here",
  since: "Since the last look",
  change: { new: "new", changed: "changed", "still-there": "still there", gone: "gone" },
  quarantine: (days: number | null) =>
    days === null ? "In quarantine" : `In quarantine: ${days} of 28 days left until Entra switches the sync off`,
  switchedOff: "Switched off",
  nextTry: "Entra tries again",
  restarts: "What a restart would do",
  offered: "offered now",
  causes: "Failures by cause",
  concerns: (count: number) => `${count.toLocaleString("en")} concerned`,
  saveAll: "Save everybody as CSV",
  tips: (count: number) => `Good to know (${count})`,
  saved: "Saved",
  code: { terraform: "Export as Terraform", "graph-script": "Export as Graph script" },
  reminder: "Save a calendar reminder",

  renew: {
    title: "Renew the token",
    purpose:
      "A new token, proven from both sides before the old one goes. Each step turns green by what Usher sees, so you can stop and come back.",
    made: "Made",
    ends: "Ends",
    assumed: "assumed: a year after it was made",
    notKnown: "not known",
    begin: "Begin the renewal",
    finish: "Finish the renewal",
    leave: "Give up the renewal",
    done: "The token is renewed",
    list: "Steps of the renewal",
  },

  ranges: {
    title: "Entra's address ranges",
    purpose:
      "For a Databricks IP access list: the ranges of the service tag **AzureActiveDirectory**, from Microsoft's weekly file.",
    download: "Open Microsoft's download page",
    read: "Read the file",
    field: "Service-tags file",
    hint: "Copy ServiceTags_….json in your file manager and paste it here, or type its full path.",
    found: (v4: number, v6: number, entries: number) =>
      `${v4 + v6} ranges (${v4} IPv4, ${v6} IPv6), as ${entries} entries`,
    fits: (limit: number) =>
      `An account's lists, and a workspace's, hold ${limit.toLocaleString("en")} entries in all.`,
    above: (count: number) => `${count} entries too many for Databricks' limit`,
    file: "File of",
    same: "The same ranges as in the file before.",
    only: "The first file on this computer: the next one is compared with it.",
    added: "New ranges",
    gone: "Ranges no longer used",
    entries: "Entries for the access list",
    copy: "entries",
    save: "Save the entries",
  },
};
