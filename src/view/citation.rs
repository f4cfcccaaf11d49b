//! How to cite a claim or a briefing: in words, and in the two forms that
//! reference managers read.
//!
//! What is cited is the record: its authors are the briefing's or else the
//! site's publisher, and who made the claim stands in the title.

use serde::Serialize;

use crate::date::Date;
use crate::plan::pages::Page;
use crate::plan::route;
use crate::resolve::site::{BriefingNode, Site};

/// A citation in all its forms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Citation {
    /// As one would write it in a footnote.
    pub text: String,
    /// An entry for BibTeX, of BibLaTeX's type `online`, whose dates are EDTF.
    pub bibtex: String,
    /// An item of CSL-JSON (schema 1.0), as Zotero, Mendeley and pandoc read it.
    pub csl_json: String,
}

/// What a citation says, in whatever form.
struct Cited<'a> {
    site: &'a Site,
    briefing: &'a BriefingNode,
    key: String,
    title: String,
    /// The same for a footnote, which says when it was said.
    sentence: String,
    /// The briefing that a claim stands in.
    container: Option<&'a str>,
    /// When it was said, for a claim, as a remark.
    said: Option<String>,
    /// The briefing's, or else the site's publisher.
    authors: Vec<&'a str>,
    address: Option<String>,
}

/// The citation of a briefing on its page.
#[must_use]
pub fn briefing(site: &Site, page: &Page, node: &BriefingNode) -> Citation {
    let title = &node.facts().title;
    make(&Cited {
        site,
        briefing: node,
        key: node.document.id.to_string(),
        title: title.clone(),
        sentence: title.clone(),
        container: None,
        said: None,
        authors: authors(site, node),
        address: route::canonical(site, &page.url),
    })
}

/// The citation of a claim on its page; `who` is its chain in words.
#[must_use]
pub fn claim(site: &Site, page: &Page, index: u32, who: Option<&str>) -> Citation {
    let (claim, facts) = (&site.claims[index as usize], site.facts(index));
    let node = &site.briefings[claim.briefing as usize];
    let who = who.unwrap_or(site.words.say("unattributed"));
    let said = site.said_on(index).map(|date| site.words.date(date));
    let when =
        said.as_ref().map(|said| [site.words.say("comma"), said].concat()).unwrap_or_default();
    make(&Cited {
        site,
        briefing: node,
        key: [node.document.id.as_str(), "/", &facts.id].concat(),
        title: [who, ": ", &facts.text].concat(),
        sentence: [who, &when, ": ", &facts.text].concat(),
        container: Some(&node.facts().title),
        said: said.map(|said| site.words.fill("cited_said", &[("date", &said)])),
        authors: authors(site, node),
        address: route::canonical(site, &page.url),
    })
}

fn authors<'a>(site: &'a Site, node: &'a BriefingNode) -> Vec<&'a str> {
    let own = &node.facts().authors;
    let publisher = site.config.publisher.as_deref().filter(|_| own.is_empty());
    own.iter().map(|author| &**author).chain(publisher).collect()
}

fn make(cited: &Cited<'_>) -> Citation {
    Citation { text: text(cited), bibtex: bibtex(cited), csl_json: csl_json(cited) }
}

/// Who wrote it, what, when, in what, where.
fn text(cited: &Cited<'_>) -> String {
    let (site, facts) = (cited.site, cited.briefing.facts());
    let mut out = String::new();
    let mut sentence = |parts: &[&str]| {
        out.extend(parts.iter().copied());
        out.push_str(if out.ends_with(['.', '!', '?', '…', '”', '»']) { " " } else { ". " });
    };
    if cited.container.is_none() && !facts.authors.is_empty() {
        sentence(&[&site.words.list(cited.authors.iter().copied())]);
    }
    sentence(&[&cited.sentence]);
    let date = facts.date.as_ref().map(|date| site.words.date(date));
    let title = match (cited.container, &date) {
        (Some(container), Some(date)) => [container, site.words.say("comma"), date].concat(),
        (Some(container), None) => container.to_owned(),
        (None, Some(date)) => date.clone(),
        (None, None) => String::new(),
    };
    if cited.container.is_some() {
        sentence(&[&site.words.fill("cited_in", &[("briefing", &title)])]);
    } else if !title.is_empty() {
        sentence(&[&title]);
    }
    sentence(&[&site.config.title]);
    match &cited.address {
        Some(address) => out.push_str(address),
        None => out.truncate(out.trim_end().len()),
    }
    out
}

fn bibtex(cited: &Cited<'_>) -> String {
    let mut out = ["@online{", &cited.key].concat();
    let mut field = |name: &str, value: &str| {
        out.extend([",\n  ", name, " = {", value, "}"]);
    };
    if !cited.authors.is_empty() {
        let authors: Vec<String> =
            cited.authors.iter().map(|a| format!("{{{}}}", tex(a))).collect();
        field("author", &authors.join(" and "));
    }
    field("title", &format!("{{{}}}", tex(&cited.title)));
    if let Some(date) = &cited.briefing.facts().date {
        field("date", date.as_str());
    }
    let organization = match cited.container {
        Some(container) => [container, ". ", &cited.site.config.title].concat(),
        None => cited.site.config.title.clone(),
    };
    field("organization", &format!("{{{}}}", tex(&organization)));
    if let Some(address) = &cited.address {
        field("url", address);
    }
    if let Some(said) = &cited.said {
        field("note", &tex(said));
    }
    out.push_str("\n}");
    out
}

/// Words as TeX prints them.
fn tex(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '{' | '}' | '%' | '&' | '$' | '#' | '_' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// An item of CSL-JSON.
#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Name<'a>>,
    #[serde(rename = "container-title")]
    container_title: &'a str,
    #[serde(rename = "collection-title", skip_serializing_if = "Option::is_none")]
    collection_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Issued<'a>>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// A name that is not divided.
#[derive(Serialize)]
struct Name<'a> {
    literal: &'a str,
}

/// A date as CSL has it: its parts as far as they are known, or as written.
#[derive(Serialize)]
enum Issued<'a> {
    #[serde(rename = "date-parts")]
    Parts([Vec<i32>; 1]),
    #[serde(rename = "literal")]
    Literal(&'a str),
}

fn csl_json(cited: &Cited<'_>) -> String {
    let is_claim = cited.container.is_some();
    let item = Item {
        id: &cited.key,
        kind: if is_claim { "entry" } else { "report" },
        title: &cited.title,
        author: cited.authors.iter().map(|name| Name { literal: name }).collect(),
        container_title: cited.container.unwrap_or(&cited.site.config.title),
        collection_title: is_claim.then_some(&*cited.site.config.title),
        issued: cited.briefing.facts().date.as_ref().map(issued),
        url: cited.address.as_deref(),
        note: cited.said.as_deref(),
    };
    serde_json::to_string_pretty(&[item]).expect("texts have a JSON form")
}

fn issued(date: &Date) -> Issued<'_> {
    match date.filed_under() {
        Some((year, month, day)) => {
            let rest = month.into_iter().chain(day).map(i32::from);
            Issued::Parts([std::iter::once(year).chain(rest).collect()])
        }
        None => Issued::Literal(date.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tex_are_no_commands() {
        assert_eq!(tex("50 % of A&B_{x}"), "50 \\% of A\\&B\\_\\{x\\}");
        assert_eq!(tex(r"a\b~c^d"), r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d");
    }

    #[test]
    fn a_date_has_the_parts_that_are_known() {
        let parts = |text| serde_json::to_string(&issued(&Date::parse(text).unwrap())).unwrap();
        assert_eq!(parts("2025-03-21"), r#"{"date-parts":[[2025,3,21]]}"#);
        assert_eq!(parts("2024-07~"), r#"{"date-parts":[[2024,7]]}"#);
        assert_eq!(parts("XXXX-03-13"), r#"{"literal":"XXXX-03-13"}"#);
    }
}
