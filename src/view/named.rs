//! Speakers and territories as briefings and claims name them. Many pages name the
//! same, so that each is made ready for templates once in a pass.

use std::sync::OnceLock;

use serde::Serialize;

use super::card::{self, Ref, SpeakerCard, TerritoryCard};
use super::wanted::Ask;
use crate::made::{Made, Once};
use crate::resolve::site::{Entity, Site};

/// All speakers and territories of a pass.
#[derive(Debug)]
pub struct SharedNames {
    speakers: Box<[Forms]>,
    territories: Box<[Forms]>,
}

/// The forms in which one is named, each made when it is first asked for.
#[derive(Debug, Default)]
struct Forms {
    reference: OnceLock<Option<Made>>,
    card: OnceLock<Option<Made>>,
}

impl SharedNames {
    /// Those of this site; none is made yet.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        let forms = |count| (0..count).map(|_| Forms::default()).collect();
        Self { speakers: forms(site.speakers.len()), territories: forms(site.territories.len()) }
    }

    fn forms(&self, entity: Entity) -> Option<&Forms> {
        match entity {
            Entity::Speaker(index) => self.speakers.get(index as usize),
            Entity::Territory(index) => self.territories.get(index as usize),
            _ => None,
        }
    }
}

/// An entity by its name.
#[must_use]
pub fn reference<'a>(site: &'a Site, entity: Entity, ask: &Ask<'_>) -> Once<Ref<'a>> {
    form(entity, ask, |forms| &forms.reference, || Ref::to(site, entity))
}

/// A speaker's card.
#[must_use]
pub fn speaker<'a>(site: &'a Site, index: u32, ask: &Ask<'_>) -> Once<SpeakerCard<'a>> {
    form(Entity::Speaker(index), ask, |forms| &forms.card, || card::speaker(site, index))
}

/// A territory's card.
#[must_use]
pub fn territory<'a>(site: &'a Site, index: u32, ask: &Ask<'_>) -> Once<TerritoryCard<'a>> {
    form(Entity::Territory(index), ask, |forms| &forms.card, || card::territory(site, index))
}

/// What `make` makes of an entity; where pages are made together, once.
fn form<T: Serialize>(
    entity: Entity,
    ask: &Ask<'_>,
    form: fn(&Forms) -> &OnceLock<Option<Made>>,
    make: impl Fn() -> T,
) -> Once<T> {
    let forms = ask.notes.and_then(|notes| notes.names.forms(entity));
    let made = forms.and_then(|forms| form(forms).get_or_init(|| Made::of(&make())).clone());
    made.map_or_else(|| Once::Own(make()), Once::Shared)
}
