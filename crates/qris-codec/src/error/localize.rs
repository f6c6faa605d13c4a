//! Facts in messages that are not English.

use super::facts::{Field, Found, FoundAmount, FoundBytes};
use crate::language::{Language, Localized};
use crate::tag::Tag;

/// A fact of a message in a language other than English.
pub(super) trait Fact: Sized {
    /// The displayed form.
    type Displayed;

    fn in_language(self, language: Language) -> Self::Displayed;
}

/// Numbers and tags are the same in every language.
macro_rules! same_in_every_language {
    ($($fact:ty),*) => {$(
        impl Fact for $fact {
            type Displayed = Self;

            fn in_language(self, _: Language) -> Self {
                self
            }
        }
    )*};
}

same_in_every_language!(u8, u16, Tag);

macro_rules! localized {
    ($($fact:ty),*) => {$(
        impl Fact for $fact {
            type Displayed = Localized<Self>;

            fn in_language(self, language: Language) -> Self::Displayed {
                Localized::new(self, language)
            }
        }
    )*};
}

localized!(Field, Found, FoundAmount, FoundBytes);
