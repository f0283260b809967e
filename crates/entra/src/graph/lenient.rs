//! Reading what Graph really sends: sentinel dates, absent numbers, enum values that are newer than this version.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// Reads a moment; the sentinels (year 1, year 1601, empty, unreadable) are `None` (facts/entra §1.7).
pub(crate) fn moment<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(reader)?;
    Ok(text
        .and_then(|text| text.parse::<Timestamp>().ok())
        .filter(|moment| moment.as_second() > SENTINELS_END))
}

/// 1900-01-01: every sentinel lies before it.
const SENTINELS_END: i64 = -2_208_988_800;

/// Reads a list that may be `null`.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    reader: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(reader)?.unwrap_or_default())
}

/// Reads a value that may be `null`.
pub(crate) fn default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    reader: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(reader)?.unwrap_or_default())
}

/// An enum of Graph's that keeps values it does not know, and compares words without regard to case.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A value this version does not know.
            Other(String),
        }

        impl $name {
            /// The word Graph uses.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
                let word = <Option<String> as serde::Deserialize>::deserialize(reader)?.unwrap_or_default();
                $(if word.eq_ignore_ascii_case($word) { return Ok(Self::$variant); })+
                Ok(Self::Other(word))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }
    };
}
pub(crate) use open_enum;
