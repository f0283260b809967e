//! The table as `docs/article.md`.

use super::{ARTICLE, Carrier, Entry, Kind, TIPS, entries};

const HEAD: &str = "# The article, entry by entry\n\n\
Databricks' article \"Configure SCIM provisioning using Microsoft Entra ID\" is what Usher grew out of. This is every requirement, step,\n\
note, tip and troubleshooting entry of it, in our words, and what of Usher carries it. \"Today\" says where the article is out of date.\n\n\
The table is `crates/core/src/article`, rendered. Tests fail when an entry is carried by nothing, when a check, page or text named here\n\
does not exist, and when this file is not that table. To write it anew: `USHER_WRITE=1 cargo nextest run -p usher-core article`.\n";

/// `docs/article.md`.
pub fn markdown() -> String {
    let mut out = HEAD.to_owned();
    out.push_str(&format!("\n{} entries.\n", entries().count()));
    for section in &ARTICLE {
        out.push_str(&format!("\n## {}\n\n| entry | kind | what it says | today | carried by |\n| --- | --- | --- | --- | --- |\n", section.title));
        section
            .entries
            .iter()
            .for_each(|entry| out.push_str(&row(entry)));
    }
    out.push_str("\n## The texts\n\nShown beside a step, where no check and no press says it.\n\n| text | step | what it says |\n| --- | --- | --- |\n");
    for tip in &TIPS {
        out.push_str(&format!(
            "| `{}` | `{}` | {} |\n",
            tip.id, tip.step, tip.text
        ));
    }
    out
}

fn row(entry: &Entry) -> String {
    let carriers: Vec<String> = entry
        .carried_by
        .iter()
        .map(|carrier| name(*carrier))
        .collect();
    format!(
        "| `{}` | {} | {} | {} | {} |\n",
        entry.id,
        kind(entry.kind),
        plain(entry.gist),
        plain(entry.today.unwrap_or_default()),
        carriers.join(", ")
    )
}

/// Angle brackets would be taken for HTML.
fn plain(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Background => "background",
        Kind::Requirement => "requirement",
        Kind::Step => "step",
        Kind::Note => "note",
        Kind::Tip => "tip",
        Kind::Troubleshooting => "troubleshooting",
    }
}

fn name(carrier: Carrier) -> String {
    match carrier {
        Carrier::Start => "start page".to_owned(),
        Carrier::Page(step) => format!("page `{step}`"),
        Carrier::Check(id) => format!("check `{id}`"),
        Carrier::Fault(code) => {
            let code = serde_json::to_value(code).unwrap_or_default();
            format!("fault `{}`", code.as_str().unwrap_or_default())
        }
        Carrier::Tip(id) => format!("text `{id}`"),
        Carrier::Command(command) => format!("`usher {command}`"),
    }
}
