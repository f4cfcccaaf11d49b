//! The notes of a briefing as W3C Web Annotations: a page of annotations, each of
//! which says of words of the text which claim they carry (W3C Recommendation
//! "Web Annotation Data Model", 23 February 2017).

use serde::Serialize;

use super::line;
use super::record::address;
use crate::parse::document::{Anchored, Document, Target};
use crate::plan::data::DataFile;
use crate::plan::route;
use crate::resolve::site::{Entity, Site};
use crate::view::body::Places;

#[derive(Serialize)]
struct AnnotationPage<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    id: &'a str,
    r#type: &'static str,
    #[serde(rename = "partOf")]
    part_of: AnnotationCollection<'a>,
    #[serde(rename = "startIndex")]
    start_index: usize,
    items: Vec<Annotation<'a>>,
}

#[derive(Serialize)]
struct AnnotationCollection<'a> {
    id: String,
    r#type: &'static str,
    label: &'a str,
    total: usize,
}

#[derive(Serialize)]
struct Annotation<'a> {
    id: String,
    r#type: &'static str,
    motivation: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    creator: Vec<Creator<'a>>,
    body: Vec<Body<'a>>,
    target: Resource<'a>,
}

#[derive(Serialize)]
struct Creator<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    /// The page of the claim.
    Page(String),
    Text {
        r#type: &'static str,
        value: &'a str,
        format: &'static str,
        language: &'a str,
        purpose: &'static str,
    },
}

/// A stretch of the briefing.
#[derive(Serialize)]
struct Resource<'a> {
    r#type: &'static str,
    source: &'a str,
    selector: [Selector<'a>; 2],
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Selector<'a> {
    TextQuoteSelector {
        exact: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        prefix: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        suffix: &'a str,
    },
    FragmentSelector {
        #[serde(rename = "conformsTo")]
        conforms_to: &'static str,
        value: String,
    },
}

/// What a fragment of an HTML page means.
const HTML_FRAGMENTS: &str = "http://tools.ietf.org/rfc/rfc3236";

/// Appends the annotations of a briefing to `out`, in the order of its text.
pub fn write(site: &Site, briefing: u32, out: &mut Vec<u8>) {
    let node = &site.briefings[briefing as usize];
    let facts = node.facts();
    let language = facts.lang.as_deref().unwrap_or(&site.config.language);
    let page = address(site, Entity::Briefing(briefing));
    let id = route::absolute(site, &DataFile::Annotations(briefing).url(site));
    let mut places = Places::default();
    let items = node.document.anchors.iter().filter_map(|found| {
        let anchor = places.anchor(&node.document, found.target);
        let words = stated(&node.document, found)?;
        let text = |value, purpose| Body::Text {
            r#type: "TextualBody",
            value,
            format: "text/plain",
            language,
            purpose,
        };
        let claim = |number: u32| {
            let id = &facts.claims[number as usize].id;
            node.claims.iter().find(|c| site.facts(**c).id == *id).copied()
        };
        let (motivation, body) = match found.target {
            Target::Quote { claim: c, .. } | Target::Span { claim: c } => {
                let page = address(site, Entity::Claim(claim(c)?));
                let words = text(&facts.claims[c as usize].text, "describing");
                ("linking", vec![words, Body::Page(page)])
            }
            Target::Hedge { claim: c, .. } => (
                "linking",
                vec![text("hedge", "tagging"), Body::Page(address(site, Entity::Claim(claim(c)?)))],
            ),
            Target::Term { term } => {
                let note = facts.terms[term as usize].note.as_deref()?;
                ("commenting", vec![text(note, "commenting")])
            }
        };
        Some(Annotation {
            id: [&id, "#", &route::encoded(&anchor)].concat(),
            r#type: "Annotation",
            motivation,
            creator: facts.authors.iter().map(|name| Creator { name }).collect(),
            body,
            target: Resource {
                r#type: "SpecificResource",
                source: &page,
                selector: [
                    words,
                    Selector::FragmentSelector {
                        conforms_to: HTML_FRAGMENTS,
                        value: route::encoded(&anchor),
                    },
                ],
            },
        })
    });
    let items: Vec<Annotation<'_>> = items.collect();
    let page = AnnotationPage {
        context: "http://www.w3.org/ns/anno.jsonld",
        id: &id,
        r#type: "AnnotationPage",
        part_of: AnnotationCollection {
            id: [&id, "#all"].concat(),
            r#type: "AnnotationCollection",
            label: &facts.title,
            total: items.len(),
        },
        start_index: 0,
        items,
    };
    line(&page, out);
}

/// The words as the front matter states them: with what stands around them only
/// where they occur more than once. More of that would have to be looked for in
/// a page that has marks, numbers of notes and line breaks between.
fn stated<'a>(document: &'a Document, found: &Anchored) -> Option<Selector<'a>> {
    let facts = document.briefing()?;
    let claim = |n: u32| &facts.claims[n as usize];
    let stated = match found.target {
        Target::Quote { claim: c, quote } => &claim(c).quotes[quote as usize].selector,
        Target::Span { claim: c } => &claim(c).span.as_ref()?.selector,
        Target::Hedge { claim: c, hedge } => &claim(c).hedges[hedge as usize].selector,
        Target::Term { term } => &facts.terms[term as usize].selector,
    };
    Some(Selector::TextQuoteSelector {
        exact: &stated.exact,
        prefix: stated.prefix.as_deref().unwrap_or_default(),
        suffix: stated.suffix.as_deref().unwrap_or_default(),
    })
}
