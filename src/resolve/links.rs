//! Where a link in a text leads.
//!
//! `[the envoy](speaker:steven-witkoff)`, `[[Steven Witkoff]]`,
//! `[[crimea|the peninsula]]`, `(claim:portrait)` in the same briefing and
//! `(claim:other/portrait)` in another, `(../speakers/jane-doe.md)`, and
//! addresses from the site's root such as `/briefings/harbour-tax/`.

use super::names::{Found, Names, Register};
use super::site::{Entity, Site};
use crate::parse::document::{Document, Entry};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To an entity's page, and there to an anchor.
    Entity(Entity, Option<String>),
    /// To an address from the site's root, without the leading slash; the
    /// plan knows whether there is such a page.
    Path(String),
    /// Out of the site, or to an anchor of the same page.
    Elsewhere,
}

/// Why a link leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLink {
    /// The kind of problem, as in a diagnostic.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

/// The kinds that a link can name, by the word before the colon.
const SCHEMES: [&str; 8] =
    ["speaker", "territory", "claim", "source", "briefing", "proposition", "topic", "page"];

/// Where `destination`, as written in the body of `from`, leads.
///
/// # Errors
///
/// A name that nobody has, or that several have.
pub fn follow(
    site: &Site,
    from: &Document,
    destination: &str,
    is_wikilink: bool,
) -> Result<Target, DeadLink> {
    let (to, anchor) = match destination.split_once('#') {
        Some((to, anchor)) => (to, Some(anchor.to_owned())),
        None => (destination, None),
    };
    if let Some((scheme, name)) = to.split_once(':') {
        if SCHEMES.contains(&scheme) {
            return Ok(Target::Entity(named(site, from, scheme, name)?, anchor));
        }
        if let Some(meant) = misspelt_kind(scheme) {
            return Err(DeadLink {
                code: "unknown-link-kind",
                message: format!("`{scheme}:` names no kind of entity"),
                hints: vec![format!("did you mean `{meant}:{name}`?")],
            });
        }
        if !is_wikilink {
            return Ok(Target::Elsewhere);
        }
    }
    if is_wikilink {
        // In a table the bar of a wikilink has to be written as `\|`.
        return Ok(Target::Entity(any(site, to.trim_end_matches('\\'))?, anchor));
    }
    if to.is_empty() || to.starts_with("//") {
        return Ok(Target::Elsewhere);
    }
    if let Some(path) = to.strip_prefix('/') {
        return Ok(Target::Path(with_anchor(path, anchor)));
    }
    if let Some(file) = to.strip_suffix(".md") {
        return Ok(Target::Entity(filed(&site.names, from, file, destination)?, anchor));
    }
    Ok(Target::Elsewhere)
}

/// The kind that a word before a colon was meant to be, where it is no kind
/// and no scheme of addresses that anybody uses.
fn misspelt_kind(scheme: &str) -> Option<&'static str> {
    let is_address = matches!(
        scheme,
        "http"
            | "https"
            | "mailto"
            | "tel"
            | "sms"
            | "ftp"
            | "data"
            | "urn"
            | "doi"
            | "geo"
            | "xmpp"
            | "matrix"
    );
    let near = || crate::suggest::nearest(scheme, SCHEMES);
    let plural = || match scheme {
        "territories" => Some("territory"),
        _ => None,
    };
    if is_address { None } else { near().or_else(plural) }
}

fn with_anchor(path: &str, anchor: Option<String>) -> String {
    match anchor {
        Some(anchor) => format!("{path}#{anchor}"),
        None => path.to_owned(),
    }
}

fn named(site: &Site, from: &Document, scheme: &str, name: &str) -> Result<Entity, DeadLink> {
    let (names, name) = (&site.names, name.trim());
    match scheme {
        "speaker" => one(&names.speakers, "speaker", name).map(Entity::Speaker),
        "territory" => one(&names.territories, "territory", name).map(Entity::Territory),
        "source" => one(&names.sources, "source", name).map(Entity::Source),
        "briefing" => one(&names.briefings, "briefing", name).map(Entity::Briefing),
        "proposition" => one(&names.propositions, "proposition", name).map(Entity::Proposition),
        "topic" => one(&names.topics, "topic", name).map(Entity::Topic),
        "page" => one(&names.pages, "page", name).map(Entity::Page),
        _ => claim(site, from, name),
    }
}

/// A claim by its id in the same briefing, or by `briefing/claim`.
///
/// # Errors
///
/// There is no such claim.
pub fn claim(site: &Site, from: &Document, name: &str) -> Result<Entity, DeadLink> {
    let whole = match (&from.entry, name.contains('/')) {
        (Entry::Briefing(_), false) => format!("{}/{name}", from.id),
        _ => name.to_owned(),
    };
    if let Some(index) = of_id(site, &whole) {
        return Ok(Entity::Claim(index));
    }
    let register = &site.names.briefings;
    let mut hints = Vec::new();
    if let Some((briefing, _)) = whole.split_once('/') {
        let there = register.one(briefing);
        let nearest = if there.is_none() { register.nearest(briefing) } else { None };
        let meant = there.or_else(|| register.of_id(nearest.as_deref()?));
        let near = meant.and_then(|meant| nearest_claim(site, meant, &whole));
        if let Some(near) = near {
            let own = [from.id.as_str(), "/"].concat();
            let near = near.strip_prefix(&own).filter(|_| !name.contains('/')).unwrap_or(&near);
            hints.push(format!("did you mean `{near}`?"));
        } else if there.is_none() {
            hints.push(format!("there is no briefing `{briefing}`"));
            hints.extend(nearest.map(|near| format!("did you mean `{near}`?")));
        }
    } else {
        hints.push("outside a briefing a claim is named `briefing/claim`".to_owned());
    }
    Err(DeadLink { code: "unknown-claim", message: format!("there is no claim `{name}`"), hints })
}

/// The claim that is `briefing/claim`, spelled exactly so.
fn of_id(site: &Site, id: &str) -> Option<u32> {
    let (briefing, id) = id.split_once('/')?;
    let briefing = &site.briefings[site.names.briefings.of_id(briefing)? as usize];
    briefing.claims.iter().copied().find(|claim| site.facts(*claim).id == id)
}

/// The claim of a briefing that is most like `wanted`, as `briefing/claim`.
fn nearest_claim(site: &Site, briefing: u32, wanted: &str) -> Option<String> {
    let briefing = &site.briefings[briefing as usize];
    let ids = briefing.claims.iter().map(|claim| &site.facts(*claim).id);
    let mut ids: Vec<String> = ids.map(|id| format!("{}/{id}", briefing.document.id)).collect();
    ids.sort_unstable();
    crate::suggest::nearest(wanted, ids.iter().map(String::as_str)).map(str::to_owned)
}

fn one(register: &Register, kind: &'static str, name: &str) -> Result<u32, DeadLink> {
    match register.find(name) {
        Found::One(index) => Ok(index),
        Found::Several(several) => Err(DeadLink {
            code: "ambiguous-name",
            message: format!("`{name}` is the name of more than one {kind}"),
            hints: vec![format!("write the id: {}", register.ids(&several).join(" or "))],
        }),
        Found::Nobody => Err(DeadLink {
            code: unknown(kind),
            message: format!("there is no {kind} `{name}`"),
            hints: register
                .nearest(name)
                .map(|near| format!("did you mean `{near}`?"))
                .into_iter()
                .collect(),
        }),
    }
}

/// The code of the problem that nobody of this kind has a name.
#[must_use]
pub fn unknown(kind: &str) -> &'static str {
    match kind {
        "speaker" => "unknown-speaker",
        "territory" => "unknown-territory",
        "source" => "unknown-source",
        "briefing" => "unknown-briefing",
        "proposition" => "unknown-proposition",
        "topic" => "unknown-topic",
        _ => "unknown-page",
    }
}

/// Whatever has this name, of any kind.
fn any(site: &Site, name: &str) -> Result<Entity, DeadLink> {
    let (names, name) = (&site.names, name.trim());
    type Make = fn(u32) -> Entity;
    let kinds: [(&str, &Register, Make); 7] = [
        ("speaker", &names.speakers, Entity::Speaker),
        ("territory", &names.territories, Entity::Territory),
        ("source", &names.sources, Entity::Source),
        ("briefing", &names.briefings, Entity::Briefing),
        ("proposition", &names.propositions, Entity::Proposition),
        ("topic", &names.topics, Entity::Topic),
        ("page", &names.pages, Entity::Page),
    ];
    let mut found: Vec<(&str, Entity)> = Vec::new();
    for (kind, register, make) in kinds {
        match register.find(name) {
            Found::One(index) => found.push((kind, make(index))),
            Found::Several(several) => found.extend(several.into_iter().map(|i| (kind, make(i)))),
            Found::Nobody => {}
        }
    }
    if let Some(index) = of_id(site, name) {
        found.push(("claim", Entity::Claim(index)));
    }
    match found.as_slice() {
        [(_, one)] => Ok(*one),
        [] => Err(DeadLink {
            code: "unknown-name",
            message: format!("nothing is called `{name}`"),
            hints: kinds
                .iter()
                .filter_map(|(kind, register, _)| {
                    Some(format!("did you mean `{kind}:{}`?", register.nearest(name)?))
                })
                .collect(),
        }),
        several if several.iter().all(|(kind, _)| *kind == several[0].0) => {
            let kind = several[0].0;
            let register =
                kinds.iter().find(|(k, ..)| *k == kind).map(|(_, register, _)| *register);
            match register.map(|register| one(register, kind, name)) {
                Some(Err(ambiguous)) => Err(ambiguous),
                _ => Ok(several[0].1),
            }
        }
        several => {
            let mut kinds: Vec<_> = several.iter().map(|(kind, _)| *kind).collect();
            kinds.dedup();
            Err(DeadLink {
                code: "ambiguous-name",
                message: format!(
                    "`{name}` is the name of more than one thing here: {}",
                    kinds.join(", ")
                ),
                hints: kinds
                    .iter()
                    .map(|kind| format!("write `[[{kind}:…]]` with its id"))
                    .collect(),
            })
        }
    }
}

/// The entity of a Markdown file, named from the folder of the linking one.
fn filed(names: &Names, from: &Document, file: &str, written: &str) -> Result<Entity, DeadLink> {
    let mut parts: Vec<&str> = from.source.path.split('/').collect();
    parts.pop();
    for step in file.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    let found = match parts.as_slice() {
        ["content", folder, .., stem] => {
            let id = crate::id::Id::from_name(stem);
            let id = id.as_ref().map_or("", |id| id.as_str());
            match *folder {
                "briefings" => names.briefings.one(id).map(Entity::Briefing),
                "speakers" => names.speakers.one(id).map(Entity::Speaker),
                "territories" => names.territories.one(id).map(Entity::Territory),
                "sources" => names.sources.one(id).map(Entity::Source),
                "propositions" => names.propositions.one(id).map(Entity::Proposition),
                "topics" => names.topics.one(id).map(Entity::Topic),
                "pages" => names.pages.one(id).map(Entity::Page),
                _ => None,
            }
        }
        _ => None,
    };
    found.ok_or_else(|| DeadLink {
        code: "unknown-file",
        message: format!("there is no file `{written}` here"),
        hints: vec!["the path is taken from the folder of this file".to_owned()],
    })
}
