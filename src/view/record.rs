//! What a search looks through: one record for each briefing, speaker and
//! territory.
//!
//! A record of a briefing has its claims as *parts*, each with what a filter or
//! a result needs to know of it, so that a claim is found as such and the list
//! that a browser loads before the first answer grows with the briefings, not
//! with the claims. [`search`](crate::view::search) is the page that shows them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::card;
use crate::plan::route;
use crate::resolve::site::{Entity, Filing, Site};
use crate::resolve::standing;

/// Something that can be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its page, from the site's root.
    pub url: String,
    /// Facts for whoever shows it: `title`, and what else there is of `who`,
    /// `when` and `what`. Their words are found too, those of the title first.
    pub meta: BTreeMap<&'static str, String>,
    /// What can be asked for, by the names of the filters: `what`, `speaker`,
    /// `territory`, `kind`, `standing`, `year`. Values in order, each once.
    pub filters: BTreeMap<&'static str, BTreeSet<String>>,
    /// Words that stand for the whole of it, such as a summary.
    pub words: String,
    /// Its claims, in the order of the front matter.
    pub parts: Vec<Part>,
}

/// A claim within the record of its briefing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The claim in the desk's words.
    pub words: String,
    /// What is known of it.
    pub facts: PartFacts,
}

/// What a browser must know of a claim to filter and to show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PartFacts {
    /// Its page, from the site's root.
    pub url: String,
    /// Whom its chain ends at, by name.
    pub by: Vec<String>,
    /// Through whom it came, by name, outermost first.
    pub via: Vec<String>,
    /// When it was said, in words.
    pub when: Option<String>,
    /// The year that it is filed under.
    pub year: Option<String>,
    /// `factual`, `evaluation`, `prediction`, `question`, `commitment`.
    pub kind: &'static str,
    /// `contested`, `single-source` and so on.
    pub standing: Vec<&'static str>,
    /// Which places it concerns, by name.
    pub territories: Vec<String>,
}

/// Everything on the site that can be found: the briefings, newest first, then
/// speakers and territories by name. What may not be published is on no site.
pub fn records(site: &Site) -> impl Iterator<Item = Record> + '_ {
    let briefings = (0..).zip(site.briefings.iter()).map(|(i, _)| briefing(site, i));
    let speakers = (0..).zip(site.speakers.iter()).map(|(i, _)| speaker(site, i));
    let territories = (0..).zip(site.territories.iter()).map(|(i, _)| territory(site, i));
    briefings.chain(speakers).chain(territories)
}

fn briefing(site: &Site, index: u32) -> Record {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    let parts: Vec<Part> = node.claims.iter().map(|claim| part(site, *claim)).collect();
    let mut record = Record {
        url: route::entity(site, Entity::Briefing(index)),
        // Not the whole text: with it the index is four times as large, and
        // common words make a first query twice what it may be.
        words: facts.summary.as_deref().unwrap_or(&node.document.opening).to_owned(),
        ..Record::default()
    };
    record.tell("title", &facts.title);
    record.tell("who", &facts.authors.join(", "));
    record.tell("when", &facts.date.as_ref().map_or(String::new(), |date| site.words.date(date)));
    record.file("what", ["briefing"]);
    record.file("speaker", node.speakers.iter().map(|s| &site.speakers[*s as usize].name));
    let names = node.territories.iter().map(|t| &site.territories[*t as usize].name);
    record.file("territory", names);
    record.file("year", year(node.filing));
    for Part { facts, .. } in &parts {
        record.file("what", ["claim"]);
        record.file("speaker", facts.by.iter().chain(&facts.via));
        record.file("territory", &facts.territories);
        record.file("kind", [facts.kind]);
        record.file("standing", &facts.standing);
        record.file("year", &facts.year);
    }
    Record { parts, ..record }
}

fn part(site: &Site, index: u32) -> Part {
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let (by, via) = card::by_and_via(node);
    let name = |s: &u32| site.speakers[*s as usize].name.clone();
    let found = standing::standing(site, index);
    Part {
        words: facts.text.clone(),
        facts: PartFacts {
            url: route::entity(site, Entity::Claim(index)),
            by: by.iter().map(name).collect(),
            via: via.map(name).collect(),
            when: site.said_on(index).map(|date| site.words.date(date)),
            year: year(node.filing),
            kind: card::claim_kind(facts.kind),
            standing: found.iter().map(|finding| finding.standing.id()).collect(),
            territories: node
                .territories
                .iter()
                .map(|t| site.territories[*t as usize].name.clone())
                .collect(),
        },
    }
}

fn speaker(site: &Site, index: u32) -> Record {
    let node = &site.speakers[index as usize];
    let opening = node.document.as_ref().map_or("", |document| &*document.opening);
    let mut record = Record {
        url: route::entity(site, Entity::Speaker(index)),
        words: words([&*node.facts.aliases.join(", "), opening]),
        ..Record::default()
    };
    record.tell("title", &node.name);
    record.tell("what", node.facts.role.as_deref().unwrap_or_default());
    record.file("what", ["speaker"]);
    record.file("speaker", [&node.name]);
    record
}

fn territory(site: &Site, index: u32) -> Record {
    let node = &site.territories[index as usize];
    let opening = node.document.as_ref().map_or("", |document| &*document.opening);
    let names: Vec<&str> = node.facts.names.values().map(|name| &**name).collect();
    let mut record = Record {
        url: route::entity(site, Entity::Territory(index)),
        words: words([&*names.join(", "), &*node.facts.aliases.join(", "), opening]),
        ..Record::default()
    };
    record.tell("title", &node.name);
    record.tell("what", node.facts.kind.as_deref().unwrap_or_default());
    record.file("what", ["territory"]);
    record.file("territory", [&node.name]);
    record
}

impl Record {
    fn tell(&mut self, name: &'static str, fact: &str) {
        if !fact.is_empty() {
            self.meta.insert(name, fact.to_owned());
        }
    }

    fn file(&mut self, under: &'static str, values: impl IntoIterator<Item: ToString>) {
        let mut values = values.into_iter().peekable();
        if values.peek().is_some() {
            let known = self.filters.entry(under).or_default();
            known.extend(values.map(|value| value.to_string()));
        }
    }
}

/// What there is of these texts, one after the other.
fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(". ")
}

fn year(filing: Option<Filing>) -> Option<String> {
    filing.map(|(year, ..)| year.to_string())
}
