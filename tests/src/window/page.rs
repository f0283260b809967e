//! What a person does with a page: find by role and name, press, type, read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;

use super::accessibility::{self, Violation};
use super::{Look, computed};
use crate::place;

/// Longer than anything on a page takes while two cores do other things as well.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The page in an open window.
#[derive(Debug, Clone)]
pub struct Page {
    client: Client,
    effort: Arc<Mutex<Effort>>,
}

/// What a person had to do so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Presses of buttons and answers chosen.
    pub presses: u32,
    /// Texts brought in through a paste button.
    pub pastes: u32,
}

/// Brings what moves to where it goes, and finishes when that is on the screen: a picture may be a frame behind.
const AT_REST: &str = "const done = arguments[0];
    for (const one of document.getAnimations())
        if (one.effect.getComputedTiming().iterations !== Infinity) one.finish();
    requestAnimationFrame(() => requestAnimationFrame(() => done(null)));";
impl Page {
    pub(super) fn of(client: Client) -> Self {
        Self {
            client,
            effort: Arc::default(),
        }
    }

    /// Goes to another address, as typed into a browser.
    ///
    /// # Panics
    /// When it cannot be shown.
    pub async fn go(&self, address: &str) {
        self.client.goto(address).await.expect("the address opens");
    }

    /// Closes the window as a person does.
    pub async fn close(self) {
        let _ = self.client.close().await;
    }

    /// The one element with this role and name, as soon as it is there.
    ///
    /// # Panics
    /// When it does not appear, or two elements have that role and name.
    pub async fn find(&self, role: &str, name: &str) -> Element {
        let mut elements = self
            .appear(role, &format!("named {name:?}"), |found| found == name)
            .await;
        assert_eq!(
            elements.len(),
            1,
            "two elements are a {role} named {name:?}"
        );
        elements.remove(0)
    }

    /// The first element with this role whose name holds these words, as soon as it is there.
    ///
    /// # Panics
    /// When none appears.
    pub async fn find_holding(&self, role: &str, words: &str) -> Element {
        let what = format!("whose name holds {words:?}");
        self.appear(role, &what, |found| found.contains(words))
            .await
            .remove(0)
    }

    /// Whether an element with this role and name is there now.
    pub async fn has(&self, role: &str, name: &str) -> bool {
        let wanted = |found: &str| found == name;
        self.matching(role, &wanted)
            .await
            .is_ok_and(|elements| !elements.is_empty())
    }

    async fn appear(&self, role: &str, what: &str, wanted: impl Fn(&str) -> bool) -> Vec<Element> {
        let end = Instant::now() + PATIENCE;
        loop {
            // The page may redraw while we look: what vanished under our hands is looked for again.
            let elements = self.matching(role, &wanted).await.unwrap_or_default();
            if !elements.is_empty() {
                return elements;
            }
            if Instant::now() > end {
                self.screenshot(&format!("missing-{role}")).await;
                panic!(
                    "no {role} {what} on this page:\n{}\n{:?}",
                    self.text().await,
                    self.names(role).await
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn matching(
        &self,
        role: &str,
        wanted: &impl Fn(&str) -> bool,
    ) -> Result<Vec<Element>, CmdError> {
        let mut found = Vec::new();
        for element in self
            .client
            .find_all(Locator::Css(&computed::candidates(role)))
            .await?
        {
            // What is not shown, or vanished meanwhile, has no name to ask for.
            if self.is(&element, role, wanted).await.unwrap_or(false) {
                found.push(element);
            }
        }
        Ok(found)
    }

    async fn is(
        &self,
        element: &Element,
        role: &str,
        wanted: &impl Fn(&str) -> bool,
    ) -> Result<bool, CmdError> {
        Ok(wanted(&computed::name(&self.client, element).await?)
            && computed::role(&self.client, element).await? == role
            && element.is_displayed().await?)
    }

    /// The names of everything with this role, for messages.
    pub async fn names(&self, role: &str) -> Vec<String> {
        let mut names = Vec::new();
        let elements = self
            .client
            .find_all(Locator::Css(&computed::candidates(role)))
            .await;
        for element in elements.unwrap_or_default() {
            if computed::role(&self.client, &element)
                .await
                .is_ok_and(|found| found == role)
            {
                names.push(
                    computed::name(&self.client, &element)
                        .await
                        .unwrap_or_default(),
                );
            }
        }
        names
    }

    /// Scrolls as a person does: until the thing stands in the middle and nothing covers it.
    async fn bring_into_view(&self, element: &Element) {
        self.reach(element).await.expect("the page scrolls");
    }

    async fn reach(&self, element: &Element) -> Result<(), CmdError> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let argument = serde_json::to_value(element).expect("an element is a reference");
        self.client.execute(script, vec![argument]).await?;
        self.settle().await;
        Ok(())
    }

    /// Presses a button twice, as fast as an impatient hand does.
    ///
    /// # Panics
    /// When it cannot be pressed.
    pub async fn press_twice(&self, name: &str) {
        let button = self.find("button", name).await;
        self.bring_into_view(&button).await;
        // Both presses arrive before the page has drawn: what a driver sends one by one would be too slow.
        let script = "arguments[0].click(); arguments[0].click()";
        let argument = serde_json::to_value(&button).expect("an element is a reference");
        self.client
            .execute(script, vec![argument])
            .await
            .expect("the button can be pressed");
    }

    /// What was done on this page so far.
    pub fn effort(&self) -> Effort {
        *self.effort.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn did(&self, what: impl FnOnce(&mut Effort)) {
        what(&mut self.effort.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Presses a button.
    pub async fn press(&self, name: &str) {
        self.activate("button", name).await;
    }

    /// Presses the first button whose name is one of those wanted, as soon as it can be pressed.
    ///
    /// # Panics
    /// When there is none, or it stays out of reach.
    pub async fn press_one(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let button = self.appear("button", what, &wanted).await.remove(0);
            // A page that is at work says so on its button.
            let busy = button.attr("aria-disabled").await;
            if matches!(busy, Ok(None)) {
                self.bring_into_view(&button).await;
                if button.click().await.is_ok() {
                    self.did(|effort| effort.presses += 1);
                    return;
                }
            }
            assert!(
                Instant::now() < end,
                "a button {what} cannot be pressed:\n{}",
                self.text().await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Pastes what is on the clipboard into a field, with the button beside it.
    pub async fn paste(&self, field: &str) {
        self.click("button", &format!("Paste into {field}")).await;
        self.did(|effort| effort.pastes += 1);
    }

    /// Clicks whatever has this role and name.
    ///
    /// # Panics
    /// When it cannot be clicked.
    pub async fn activate(&self, role: &str, name: &str) {
        self.click(role, name).await;
        self.did(|effort| effort.presses += 1);
    }

    async fn click(&self, role: &str, name: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let element = self.find(role, name).await;
            let clicked = match self.reach(&element).await {
                Ok(()) => element.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return,
                // What the page drew anew under our hands is looked for again.
                Err(error) => assert!(Instant::now() < end, "{role} {name:?}: {error:?}"),
            }
        }
    }

    /// Types into a field, as a person does: over what stands there.
    ///
    /// # Panics
    /// When the field takes no text.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find("textbox", name).await;
        self.write(&field, text).await;
    }

    /// Types into the field whose name holds these words.
    ///
    /// # Panics
    /// When the field takes no text.
    pub async fn fill_holding(&self, words: &str, text: &str) {
        let field = self.find_holding("textbox", words).await;
        self.write(&field, text).await;
    }

    async fn write(&self, field: &Element, text: &str) {
        self.bring_into_view(field).await;
        field.clear().await.expect("a field can be emptied");
        field.send_keys(text).await.expect("a field takes text");
    }

    /// What stands in a field.
    ///
    /// # Panics
    /// When the driver refuses.
    pub async fn value_of(&self, name: &str) -> String {
        let field = self.find("textbox", name).await;
        field
            .prop("value")
            .await
            .expect("a field has a value")
            .unwrap_or_default()
    }

    /// Chooses the answer whose name begins with these words.
    ///
    /// # Panics
    /// When it cannot be chosen.
    pub async fn choose(&self, words: &str) {
        let answer = self.find_holding("radio", words).await;
        self.bring_into_view(&answer).await;
        answer
            .click()
            .await
            .unwrap_or_else(|error| panic!("the answer {words:?}: {error}"));
        self.did(|effort| effort.presses += 1);
    }

    /// Chooses a segment: the words take the press, the answer itself is not drawn.
    ///
    /// # Panics
    /// When there is none.
    pub async fn choose_segment(&self, words: &str) {
        let label = format!("//label[normalize-space()={words:?}]");
        let label = self.client.wait().for_element(Locator::XPath(&label)).await;
        let label = label.unwrap_or_else(|error| panic!("the segment {words:?}: {error}"));
        label.click().await.expect("a segment can be pressed");
        self.did(|effort| effort.presses += 1);
    }

    /// Unfolds what is folded under these words.
    ///
    /// # Panics
    /// When there is no such thing.
    pub async fn unfold(&self, words: &str) {
        let summary = format!("//summary[normalize-space()={words:?}]");
        let wait = self.client.wait();
        let summary = wait.for_element(Locator::XPath(&summary)).await;
        let summary = summary.unwrap_or_else(|error| panic!("to unfold {words:?}: {error}"));
        self.bring_into_view(&summary).await;
        summary
            .click()
            .await
            .expect("what is folded can be pressed");
        self.did(|effort| effort.presses += 1);
    }

    /// Presses a key on the keyboard, wherever the focus is.
    ///
    /// # Panics
    /// When the driver refuses.
    pub async fn key(&self, key: Key) {
        let value = char::from(key);
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client
            .perform_actions(keys)
            .await
            .expect("keys can be pressed");
    }

    /// Types text on the keyboard, wherever the focus is.
    ///
    /// # Panics
    /// When the driver refuses.
    pub async fn keys(&self, text: &str) {
        let typed = text
            .chars()
            .fold(KeyActions::new("keyboard".to_owned()), |keys, value| {
                keys.then(KeyAction::Down { value })
                    .then(KeyAction::Up { value })
            });
        self.client
            .perform_actions(typed)
            .await
            .expect("text can be typed");
    }

    /// Role and name of what has the focus.
    ///
    /// # Panics
    /// When the driver refuses.
    pub async fn focused(&self) -> (String, String) {
        let element = self
            .client
            .active_element()
            .await
            .expect("something has the focus");
        (
            computed::role(&self.client, &element)
                .await
                .unwrap_or_default(),
            computed::name(&self.client, &element)
                .await
                .unwrap_or_default(),
        )
    }

    /// Everything there is to read.
    pub async fn text(&self) -> String {
        let script = "return document.body.innerText";
        let answer = self
            .client
            .execute(script, Vec::new())
            .await
            .unwrap_or_default();
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// Where the middle of an element stands in the window, in its pixels.
    pub(super) async fn middle_of(&self, role: &str, name: &str) -> (i64, i64) {
        let element = self.find(role, name).await;
        self.bring_into_view(&element).await;
        let (x, y, width, height) = element.rectangle().await.expect("an element has a place");
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole pixels are what a mouse can point at"
        )]
        let middle = |from: f64, length: f64| (from + length / 2.0) as i64;
        (middle(x, width), middle(y, height))
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Panics
    /// When it throws.
    pub async fn script(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Gives the window this size.
    ///
    /// # Panics
    /// When the window does not take it.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client
            .set_window_size(width, height)
            .await
            .expect("the window takes a size");
        self.settle().await;
    }

    /// Shows the page in light or in dark, as the choice in the settings does.
    pub async fn theme(&self, look: Look) {
        let theme = match look {
            Look::Light => "light",
            Look::Dark => "dark",
        };
        self.script(&format!(
            "document.documentElement.dataset.theme = '{theme}'"
        ))
        .await;
    }

    /// What breaks the accessibility rules on this page.
    ///
    /// # Panics
    /// When the rules cannot be run.
    pub async fn violations(&self) -> Vec<Violation> {
        self.settle().await;
        accessibility::violations(&self.client).await
    }

    /// Keeps a picture of the window under build/screenshots.
    ///
    /// # Panics
    /// When it cannot be taken or written.
    pub async fn screenshot(&self, name: &str) {
        self.settle().await;
        let picture = self
            .client
            .screenshot()
            .await
            .expect("a picture can be taken");
        let path = place::screenshots().join(format!("{name}.png"));
        std::fs::write(path, picture).expect("a picture can be written");
    }

    async fn settle(&self) {
        self.client
            .execute_async(AT_REST, Vec::new())
            .await
            .expect("the page draws");
    }
}
