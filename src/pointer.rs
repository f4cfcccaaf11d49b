//! The way to a value in a YAML document: `claims`, 2, `attribution`, 0, `by`.
//!
//! Values carry no places of their own; whoever finds fault with one says the
//! way to it, and `parse/locate` turns that into a place when it is needed.

use std::borrow::Cow;
use std::fmt;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a map, to the value under this key.
    Key(Cow<'static, str>),
    /// Into a list, to the item at this index, from 0.
    Index(usize),
}

/// The steps from the top of a document to one value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pointer(Vec<Step>);

/// What is meant at the end of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The value.
    Value,
    /// The key that the value stands under.
    Key,
}

impl Pointer {
    /// The document as a whole.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// One step further, to the value under `key`.
    #[must_use]
    pub fn key(&self, key: impl Into<Cow<'static, str>>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// One step further, to the item at `index`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// The steps, from the top.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether the last step is this key.
    #[must_use]
    pub fn is_named(&self, key: &str) -> bool {
        matches!(self.0.last(), Some(Step::Key(last)) if last == key)
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for Pointer {
    /// As `claims[2].attribution[0].by`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if i == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
