//! Role and name of an element as WebKit's accessibility tree has them.

use fantoccini::Client;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use url::{ParseError, Url};

/// What to ask the accessibility tree.
#[derive(Debug, Clone, Copy)]
enum Question {
    Role,
    Label,
}

#[derive(Debug)]
struct Computed {
    element: String,
    question: Question,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        let question = match self.question {
            Question::Role => "computedrole",
            Question::Label => "computedlabel",
        };
        base.join(&format!(
            "session/{session}/element/{}/{question}",
            self.element
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}

async fn ask(client: &Client, element: &Element, question: Question) -> Result<String, CmdError> {
    let element = element.element_id().to_string();
    let answer = client.issue_cmd(Computed { element, question }).await?;
    Ok(answer.as_str().unwrap_or_default().to_owned())
}

/// The element's role.
pub(super) async fn role(client: &Client, element: &Element) -> Result<String, CmdError> {
    ask(client, element, Question::Role).await
}

/// The element's name.
pub(super) async fn name(client: &Client, element: &Element) -> Result<String, CmdError> {
    Ok(ask(client, element, Question::Label)
        .await?
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" "))
}

/// What may have this role; the accessibility tree then decides.
pub(super) fn candidates(role: &str) -> String {
    let elements = match role {
        "button" => "button, summary, input[type=submit],",
        "link" => "a[href],",
        "heading" => "h1, h2, h3, h4, h5, h6,",
        "textbox" => "input, textarea,",
        "radio" => "input[type=radio],",
        "checkbox" => "input[type=checkbox],",
        "combobox" => "select, input,",
        "list" => "ul, ol,",
        "listitem" => "li,",
        "main" => "main,",
        "complementary" => "aside,",
        "navigation" => "nav,",
        "dialog" => "dialog,",
        "status" => "output,",
        "group" => "fieldset, details,",
        "table" => "table,",
        "row" => "tr,",
        "region" => "section,",
        _ => "",
    };
    format!("{elements} [role={role}]")
}
