//! The measurements, a file each. To add one: a file here, a line in [`kinds`], its limits in `limits.rs`.

mod connection;
mod coverage;
mod journey;
mod judging;
mod large_move;
mod large_plan;
mod reading;
mod rows;
mod sizes;
mod window;

use std::pin::Pin;

/// A figure, by the id of its limit.
#[derive(Debug)]
pub(crate) struct Figure {
    /// The limit's id.
    pub(crate) id: &'static str,
    /// The figure, in the limit's unit.
    pub(crate) value: f64,
    /// What it was made from.
    pub(crate) from: String,
}

/// A figure.
fn figure(id: &'static str, value: f64, from: impl Into<String>) -> Figure {
    Figure {
        id,
        value,
        from: from.into(),
    }
}

/// The figures of one measurement, some time.
type Measuring = Pin<Box<dyn Future<Output = Vec<Figure>> + Send>>;

macro_rules! kinds {
    ($($kind:ident $name:literal $module:ident,)*) => {
        /// A measurement.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind {
            $(
                #[doc = $name]
                $kind,
            )*
        }

        impl Kind {
            /// All of them, in the order in which they run.
            pub(crate) const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name to ask for it alone.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// Measures.
            pub(crate) fn measure(self) -> Measuring {
                match self {
                    $(Self::$kind => Box::pin($module::measure()),)*
                }
            }
        }
    };
}

kinds! {
    Sizes "sizes" sizes,
    Judging "judging" judging,
    Rows "rows" rows,
    Coverage "coverage" coverage,
    Journey "journey" journey,
    Connection "connection" connection,
    Reading "reading" reading,
    LargePlan "large-plan" large_plan,
    LargeMove "large-move" large_move,
    Window "window" window,
}
