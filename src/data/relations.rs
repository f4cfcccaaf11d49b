//! What claims do to each other and what is cited for them, in the terms of the
//! Citation Typing Ontology (CiTO), as Turtle.
//!
//! Each relation is a triple. Where the record says who states it, since when or
//! where, there is also a `cito:Citation` that says so.

use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleSerializer;

use super::record::{address, indexes};
use super::word;
use crate::date::Date;
use crate::resolve::site::{Entity, Site};

const CITO: &str = "http://purl.org/spar/cito/";
const DCTERMS: &str = "http://purl.org/dc/terms/";

/// Appends the relations to `out`, claim by claim.
///
/// # Errors
///
/// An address of the site that is no IRI.
pub fn write(site: &Site, out: &mut Vec<u8>) -> Result<(), String> {
    let mut writer = Writer { site, number: 0, triples: Vec::new() };
    for claim in indexes(&site.claims) {
        writer.claim(claim)?;
    }
    let turtle = TurtleSerializer::new()
        .with_prefix("cito", CITO)
        .and_then(|turtle| turtle.with_prefix("dcterms", DCTERMS))
        .map_err(|error| error.to_string())?;
    let mut turtle = turtle.for_writer(&mut *out);
    for triple in &writer.triples {
        turtle.serialize_triple(triple).map_err(|error| error.to_string())?;
    }
    turtle.finish().map(drop).map_err(|error| error.to_string())
}

struct Writer<'a> {
    site: &'a Site,
    number: usize,
    triples: Vec<Triple>,
}

/// Who states that one thing cites another, since when and where.
#[derive(Default)]
struct Stated<'a> {
    by: &'a [String],
    date: Option<&'a str>,
    source: Option<&'a str>,
    note: Option<&'a str>,
}

impl Writer<'_> {
    fn claim(&mut self, claim: u32) -> Result<(), String> {
        let (node, facts) = (&self.site.claims[claim as usize], self.site.facts(claim));
        let iri = |entity| iri(&address(self.site, entity));
        let from = iri(Entity::Claim(claim))?;
        let mut found = Vec::new();
        for (kind, target, number) in &node.relations {
            let written = &facts.relations[*number as usize];
            let stated = Stated {
                by: &written.by,
                date: written.date.as_ref().map(Date::as_str),
                source: written.source.as_deref(),
                note: written.note.as_deref(),
            };
            // A relation is called as in CiTO.
            found.push((word(kind), iri(Entity::Claim(*target))?, stated));
        }
        for (source, written) in node.evidence.iter().zip(&facts.evidence) {
            let Some(source) = source else { continue };
            let stated =
                Stated { by: &written.by, note: written.note.as_deref(), ..Stated::default() };
            found.push((written.kind.clone(), iri(Entity::Source(*source))?, stated));
        }
        for (kind, to, stated) in found {
            self.cites(&from, &kind, to, &stated);
        }
        Ok(())
    }

    fn cites(&mut self, from: &NamedNode, kind: &str, to: NamedNode, stated: &Stated<'_>) {
        let kind = cito(kind);
        self.triples.push(Triple::new(from.clone(), kind.clone(), to.clone()));
        if stated.by.is_empty()
            && stated.date.is_none()
            && stated.source.is_none()
            && stated.note.is_none()
        {
            return;
        }
        self.number += 1;
        let citation = BlankNode::new_unchecked(format!("citation{}", self.number));
        let mut say = |predicate: NamedNode, object: Term| {
            let subject = NamedOrBlankNode::from(citation.clone());
            self.triples.push(Triple::new(subject, predicate, object));
        };
        say(rdf::TYPE.into_owned(), cito("Citation").into());
        say(cito("hasCitingEntity"), from.clone().into());
        say(cito("hasCitedEntity"), to.into());
        say(cito("hasCitationCharacterization"), kind.into());
        for name in stated.by {
            say(dcterms("creator"), Literal::new_simple_literal(name).into());
        }
        let facts =
            [("date", stated.date), ("source", stated.source), ("description", stated.note)];
        for (predicate, text) in facts {
            if let Some(text) = text {
                say(dcterms(predicate), Literal::new_simple_literal(text).into());
            }
        }
    }
}

fn cito(name: &str) -> NamedNode {
    NamedNode::new_unchecked([CITO, name].concat())
}

fn dcterms(name: &str) -> NamedNode {
    NamedNode::new_unchecked([DCTERMS, name].concat())
}

fn iri(address: &str) -> Result<NamedNode, String> {
    NamedNode::new(address).map_err(|error| format!("`{address}` is no IRI: {error}"))
}
