//! Which name means whom.
//!
//! An id, name, alias or former id in any case or normal form finds its
//! entity. An id written exactly as it is finds it even where somebody else
//! has a name that looks the same.

use std::collections::HashMap;

use crate::fingerprint::ByName;
use crate::id::fold;
use crate::suggest::nearest;

/// The names of one kind of entity.
#[derive(Debug, Clone, Default)]
pub struct Register {
    ids: HashMap<Box<str>, u32, ByName>,
    names: HashMap<Box<str>, Vec<u32>, ByName>,
}

/// What a name finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The one entity.
    One(u32),
    /// Several, in index order.
    Several(Vec<u32>),
    /// None.
    Nobody,
}

impl Register {
    /// Enters an entity under its id.
    pub fn enter_id(&mut self, id: &str, index: u32) {
        self.ids.insert(id.into(), index);
        self.enter(id, index);
    }

    /// Enters an entity under one more name.
    pub fn enter(&mut self, name: &str, index: u32) {
        let of_that_name = self.names.entry(fold(name).into()).or_default();
        if let Err(at) = of_that_name.binary_search(&index) {
            of_that_name.insert(at, index);
        }
    }

    /// The entity whose id is exactly this.
    #[must_use]
    pub fn of_id(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// Whom a name means.
    #[must_use]
    pub fn find(&self, name: &str) -> Found {
        if let Some(index) = self.of_id(name) {
            return Found::One(index);
        }
        match self.names.get(&*fold(name)).map(Vec::as_slice) {
            Some([one]) => Found::One(*one),
            Some(several) => Found::Several(several.to_vec()),
            None => Found::Nobody,
        }
    }

    /// The ids of some entities, each as `` `jane-doe` ``.
    #[must_use]
    pub fn ids(&self, of: &[u32]) -> Vec<String> {
        let mut ids: Vec<&str> =
            self.ids.iter().filter(|(_, index)| of.contains(index)).map(|(id, _)| &**id).collect();
        ids.sort_unstable();
        ids.into_iter().map(|id| format!("`{id}`")).collect()
    }

    /// The one entity that a name means.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<u32> {
        match self.find(name) {
            Found::One(index) => Some(index),
            _ => None,
        }
    }

    /// The nearest id to a name that finds nobody. Names are compared too.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<String> {
        let mut ids: Vec<&str> = self.ids.keys().map(|k| &**k).collect();
        ids.sort_unstable();
        if let Some(id) = nearest(name, ids.iter().copied()) {
            return Some(id.to_owned());
        }
        let mut names: Vec<&str> = self.names.keys().map(|k| &**k).collect();
        names.sort_unstable();
        let name = nearest(name, names)?;
        let index = self.names[name].first()?;
        ids.into_iter().find(|id| self.ids[*id] == *index).map(str::to_owned)
    }
}

/// The names of all kinds.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Briefings, by id and title.
    pub briefings: Register,
    /// Speakers.
    pub speakers: Register,
    /// Territories.
    pub territories: Register,
    /// Sources.
    pub sources: Register,
    /// Propositions.
    pub propositions: Register,
    /// Topics.
    pub topics: Register,
    /// Plain pages, by id and title.
    pub pages: Register,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_id_wins_over_a_name_that_looks_like_it() {
        let mut register = Register::default();
        register.enter_id("duncan-hunter", 0);
        register.enter("Duncan Hunter", 0);
        register.enter_id("duncan-hunter-2", 1);
        register.enter("Duncan Hunter", 1);
        assert_eq!(register.find("duncan-hunter"), Found::One(0));
        assert_eq!(register.find("Duncan  HUNTER"), Found::Several(vec![0, 1]));
        assert_eq!(register.find("nobody"), Found::Nobody);
        assert_eq!(register.nearest("ducan-hunter").as_deref(), Some("duncan-hunter"));
    }
}
