//! What is known about a body besides its text, and is shown in it.

use std::collections::BTreeSet;

use crate::parse::autolink::Autolink;
use crate::parse::links::LinkRequest;
use crate::parse::marks::Mark;
use crate::parse::quote::Anchor;
use crate::words::Words;

/// Where a link really leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkTarget {
    /// The address.
    pub href: String,
    /// Shown when a reader points at the link; the author's own wins.
    pub title: Option<String>,
    /// HTML class: `speaker`, `territory`.
    pub class: Option<&'static str>,
}

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// It leads where the author says. A wikilink, which says no address,
    /// becomes plain text.
    AsWritten,
    /// It leads here.
    To(LinkTarget),
    /// It leads nowhere: its words stay, as plain text.
    Text,
}

/// What is known about a body besides its text.
#[derive(Clone, Copy)]
pub struct Annotations<'a> {
    /// Words to be marked; they may overlap.
    pub marks: &'a [Mark],
    /// Words beside which something is to stand: the text is cut behind their
    /// sentence.
    pub asides: &'a [Anchor],
    /// Says for each link, image and wikilink where it leads.
    pub resolve: &'a dyn Fn(&LinkRequest) -> Resolved,
    /// Names to be linked at their first mention.
    pub names: &'a [Autolink<'a>],
    /// Ids of the page around the body, which no heading may take: those that every
    /// page may have, and its own. Those of the marks and of footnotes (`fn-`,
    /// `fnref-`) need not be among them.
    pub reserved: [&'a BTreeSet<String>; 2],
    /// Lets the author's raw HTML through as it is.
    pub trust_html: bool,
    /// The words that the mark-up itself brings.
    pub words: &'a Words,
}
