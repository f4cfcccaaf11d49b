//! A proposition's page: who said it, when, on which occasions.

use serde::Serialize;

use super::card::Tally;
use super::diagrams::Diagram;
use super::frame::Frame;
use super::listing::Listing;
use super::wanted::Ask;
use super::{body, card, diagrams, listing};
use crate::plan::lists::Section;
use crate::plan::pages::{Page, Plan};
use crate::resolve::site::{Entity, Site};

/// A proposition's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropositionView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The proposition.
    pub proposition: PropositionBody<'a>,
}

/// What the page says of its proposition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropositionBody<'a> {
    /// What is being said.
    pub text: &'a str,
    /// Remarks. Safe HTML; empty where there are none.
    pub html: String,
    /// Who states it and who opposes it; absent where there is one claim.
    pub positions: Option<Diagram>,
    /// The claims that state it over time; absent where they are few.
    pub timeline: Option<Diagram>,
    /// The claims that state it.
    pub claims: Listing<'a>,
    /// Who states it.
    pub speakers: Tally<'a>,
    /// What links here.
    pub links_here: Listing<'a>,
    /// The author's own data.
    pub extra: &'a serde_yaml::Value,
}

/// The page of the proposition with this index.
#[must_use]
pub fn view<'a>(
    site: &'a Site,
    plan: &Plan,
    page: &'a Page,
    index: u32,
    ask: &Ask<'_>,
) -> PropositionView<'a> {
    let node = &site.propositions[index as usize];
    let list = |name, section| {
        ask.make(name, || listing::section(site, Entity::Proposition(index), section, ask))
    };
    let description = site.words.count("claims_that_state", node.claims.len());
    let frame = super::frame::frame(site, page, ask, &*node.name, description, Vec::new());
    let positions = ask.make("positions", || diagrams::positions(site, &frame, index));
    let timeline = ask.make("timeline", || diagrams::timeline(site, &frame, &node.claims));
    PropositionView {
        page: frame,
        proposition: PropositionBody {
            text: &node.name,
            html: body::plain(site, plan, &page.url, node.document.as_deref()).html,
            positions,
            timeline,
            claims: list("claims", Section::Claims),
            speakers: Tally::speakers(
                site,
                node.claims.iter().flat_map(|c| card::by_and_via(&site.claims[*c as usize]).0),
            ),
            links_here: list("links_here", Section::LinksHere),
            extra: extra(node.document.as_deref()),
        },
    }
}

/// The author's own data of an entity that is described in a file alone.
#[must_use]
pub fn extra(document: Option<&crate::parse::document::Document>) -> &serde_yaml::Value {
    use crate::parse::document::Entry;
    match document.map(|d| &d.entry) {
        Some(Entry::Proposition(e)) => &e.extra,
        Some(Entry::Topic(e)) => &e.extra,
        Some(Entry::Page(e)) => &e.extra,
        _ => &serde_yaml::Value::Null,
    }
}
