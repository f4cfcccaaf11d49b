//! What stands beside a body's text: behind which sentence.

use std::iter::Peekable;
use std::vec;

use crate::parse::quote::Anchor;
use crate::parse::sentence::sentence_end;
use crate::parse::text::{Position, VisibleText, narrow};

/// Words beside which something is to stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aside {
    /// Where they end.
    pub words: Position,
    /// Where their sentence ends, if their paragraph does not end before.
    pub sentence: Position,
    /// Its index.
    pub nth: usize,
}

/// What stands beside a body, while that is being written.
#[derive(Debug)]
pub(super) struct Asides {
    /// Those to come, in the order in which their words end.
    to_come: Peekable<vec::IntoIter<Aside>>,
    /// Those whose words have come, while the place for them has not.
    waiting: Vec<Aside>,
    /// How many have their place.
    pub placed: usize,
}

impl Asides {
    /// All whose words are there.
    pub fn new(anchors: &[Anchor], visible: &VisibleText) -> Self {
        let mut asides: Vec<Aside> = (0..)
            .zip(anchors)
            .filter_map(|(nth, at)| {
                let words = visible.ends_at(at.end)?;
                let end = sentence_end(visible.as_str(), at.end as usize);
                Some(Aside { words, sentence: visible.ends_at(narrow(end))?, nth })
            })
            .collect();
        asides.sort_by_key(|aside| (aside.words, aside.nth));
        Self { to_come: asides.into_iter().peekable(), waiting: Vec::new(), placed: 0 }
    }

    /// Lets those wait whose words end in this event or before.
    pub fn begin(&mut self, event: u32) {
        while let Some(aside) = self.to_come.next_if(|aside| aside.words.event <= event) {
            self.waiting.push(aside);
        }
    }

    /// Those whose place has not come.
    pub fn waiting(&self) -> &[Aside] {
        &self.waiting
    }

    /// Lets in those whose place is at `at` or before: their indices, in order.
    pub fn let_in(&mut self, at: Position, place: fn(&Aside) -> Position) -> Vec<usize> {
        let ready = self.waiting.extract_if(.., |aside| place(aside) <= at);
        let mut ready: Vec<usize> = ready.map(|aside| aside.nth).collect();
        ready.sort_unstable();
        self.placed += ready.len();
        ready
    }
}
