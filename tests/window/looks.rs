//! How a page looks and whether it can be used: at each size, in light and in dark, enlarged; pictures are kept.

use usher_tests::window::{Look, Page};

/// Small, large, and what is left of the small one at 200 %: half as many pixels of the page's own, but no less than the window takes.
/// With each its themes; the rules are asked in the first, so that every size and every theme is asked about once.
const SIZES: [(&str, (u32, u32), &[Look]); 3] = [
    ("960", (960, 640), &[Look::Light, Look::Dark]),
    ("1440", (1440, 900), &[Look::Dark, Look::Light]),
    ("200-percent", (480, 480), &[Look::Light]),
];

/// What a page is left in: the size that the window opens with.
const USUAL: (u32, u32) = (1200, 800);

/// What asks for more width than there is: the page as a whole would have to be moved sideways to be read.
const TOO_WIDE: &str = "return document.scrollingElement.scrollWidth > innerWidth + 1";

/// Looks at page after page, and tells at the end what is wrong with any of them.
#[derive(Debug)]
pub(crate) struct Looks {
    journey: &'static str,
    broken: Vec<String>,
}

impl Looks {
    pub(crate) fn at(journey: &'static str) -> Self {
        Self {
            journey,
            broken: Vec::new(),
        }
    }

    /// Keeps pictures of the page as it is now, and asks the accessibility rules about each.
    pub(crate) async fn take(&mut self, page: &Page, what: &str) {
        for (name, (width, height), themes) in SIZES {
            page.resize(width, height).await;
            for look in themes {
                page.theme(*look).await;
                let picture = format!("{}-{what}-{name}-{look:?}", self.journey).to_lowercase();
                page.screenshot(&picture).await;
                if themes.first() == Some(look) {
                    for violation in page.violations().await {
                        self.broken.push(format!("{picture}: {violation:#?}"));
                    }
                }
                if page.script(TOO_WIDE).await == true {
                    self.broken
                        .push(format!("{picture}: wider than the window"));
                }
            }
        }
        page.theme(Look::Light).await;
        page.resize(USUAL.0, USUAL.1).await;
    }

    /// Ends the looking.
    pub(crate) fn end(self) {
        assert!(self.broken.is_empty(), "{}", self.broken.join("\n"));
    }
}
