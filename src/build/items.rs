//! The items of lists, each made once in a pass.
//!
//! A claim stands in the lists of its speakers, its territories, the archive
//! and the timeline, and looks the same in all of them but for the way to the
//! site's root. So what `list_item` makes of it is kept, with a mark in place
//! of that way.

use std::sync::OnceLock;

use memchr::memchr_iter;

use crate::diagnostic::Diagnostic;
use crate::plan::lists::Item;
use crate::render::template::{ROOT, Templates};
use crate::resolve::site::{Entity, Site};
use crate::view::card;

/// The items of a pass, made when they are first asked for.
#[derive(Debug)]
pub(super) struct Items {
    /// By kind of entity and its index.
    made: [Box<[OnceLock<Made>]>; 8],
}

type Made = Result<Box<str>, Box<Diagnostic>>;

impl Items {
    /// Those of this site; none is made yet.
    pub fn of(site: &Site) -> Self {
        let lengths = [
            site.briefings.len(),
            site.claims.len(),
            site.speakers.len(),
            site.territories.len(),
            site.sources.len(),
            site.propositions.len(),
            site.topics.len(),
            site.pages.len(),
        ];
        Self { made: lengths.map(|length| (0..length).map(|_| OnceLock::new()).collect()) }
    }

    /// Appends an item, as it stands on a page with this `root`.
    ///
    /// # Errors
    ///
    /// What [`Templates::item`] says.
    pub fn draw(
        &self,
        site: &Site,
        templates: &Templates,
        item: Item,
        root: &str,
        html: &mut String,
    ) -> Result<(), Box<Diagnostic>> {
        let make = || templates.item(|wanted| card::card(site, item, wanted));
        // Of what has no slot.
        let own = OnceLock::new();
        let made = self.slot(item).unwrap_or(&own).get_or_init(make);
        let made = made.as_ref().map_err(Clone::clone)?;
        let mut from = 0;
        for at in memchr_iter(ROOT.as_bytes()[0], made.as_bytes()) {
            if made[at..].starts_with(ROOT) {
                html.push_str(&made[from..at]);
                html.push_str(root);
                from = at + ROOT.len();
            }
        }
        html.push_str(&made[from..]);
        Ok(())
    }

    /// Corrections are few, and in one list.
    fn slot(&self, item: Item) -> Option<&OnceLock<Made>> {
        let Item::Entity(entity) = item else { return None };
        let (kind, index) = match entity {
            Entity::Briefing(i) => (0, i),
            Entity::Claim(i) => (1, i),
            Entity::Speaker(i) => (2, i),
            Entity::Territory(i) => (3, i),
            Entity::Source(i) => (4, i),
            Entity::Proposition(i) => (5, i),
            Entity::Topic(i) => (6, i),
            Entity::Page(i) => (7, i),
        };
        self.made[kind].get(index as usize)
    }
}
