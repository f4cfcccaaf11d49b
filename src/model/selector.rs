//! Words of the text, pointed at by quoting them.
//!
//! A W3C Web Annotation `TextQuoteSelector`: the exact words, and what stands
//! before or after them only where the words alone occur more than once.

use serde::{Deserialize, Serialize};

use super::shape::{Kind, Shape, may, must};

/// Points at a stretch of the text by its words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Selector {
    /// The words, exactly as they stand in the text.
    pub exact: String,
    /// Words that stand immediately before.
    #[serde(default)]
    pub prefix: Option<Box<str>>,
    /// Words that stand immediately after.
    #[serde(default)]
    pub suffix: Option<Box<str>>,
}

impl Selector {
    /// The words alone, whatever stands before and after them.
    #[must_use]
    pub fn exact(words: impl Into<String>) -> Self {
        Self { exact: words.into(), prefix: None, suffix: None }
    }
}

/// A selector and whose words they are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct Words {
    /// Where they stand.
    pub selector: Selector,
    /// The speaker whose words they are; by default the one whom the chain
    /// ends at.
    pub of: Option<Box<str>>,
}

/// All of it on one level. What serde can flatten by itself it reads twice.
#[derive(Deserialize)]
struct Written {
    exact: String,
    #[serde(default)]
    prefix: Option<Box<str>>,
    #[serde(default)]
    suffix: Option<Box<str>>,
    #[serde(default)]
    of: Option<Box<str>>,
}

impl From<Written> for Words {
    fn from(Written { exact, prefix, suffix, of }: Written) -> Self {
        Self { selector: Selector { exact, prefix, suffix }, of }
    }
}

/// A [`Words`] as it is written.
pub const WORDS: Shape = Shape {
    name: "selector",
    fields: &[
        must("exact", Kind::Text, "The words, exactly as they stand in the text."),
        may(
            "prefix",
            Kind::Text,
            "Words immediately before, where the words occur more than once.",
        ),
        may("suffix", Kind::Text, "Words immediately after, where the words occur more than once."),
        may("of", Kind::Text, "The speaker whose words they are."),
    ],
};
