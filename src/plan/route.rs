//! Addresses. They depend on ids alone.
//!
//! An address is relative to the site's root: `speakers/jane-doe.html`. With
//! `urls: clean` it is `speakers/jane-doe/`, and the file behind it
//! `speakers/jane-doe/index.html`.

use std::borrow::Cow;

use memchr::memchr_iter;

use crate::id::Id;
use crate::model::config::Urls;
use crate::path;
use crate::resolve::site::{Entity, Site};

/// The kinds that have an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    #[allow(missing_docs)]
    Briefings,
    #[allow(missing_docs)]
    Speakers,
    #[allow(missing_docs)]
    Claims,
    #[allow(missing_docs)]
    Territories,
    #[allow(missing_docs)]
    Sources,
    #[allow(missing_docs)]
    Propositions,
    #[allow(missing_docs)]
    Topics,
}

impl Kind {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 7] = [
        Self::Briefings,
        Self::Speakers,
        Self::Claims,
        Self::Territories,
        Self::Sources,
        Self::Propositions,
        Self::Topics,
    ];

    /// The word for it, as in addresses: `speakers`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Briefings => "briefings",
            Self::Speakers => "speakers",
            Self::Claims => "claims",
            Self::Territories => "territories",
            Self::Sources => "sources",
            Self::Propositions => "propositions",
            Self::Topics => "topics",
        }
    }

    /// The word for it, as in headings: `Speakers`.
    #[must_use]
    pub fn title(self, site: &Site) -> &str {
        site.words.say(match self {
            Self::Briefings => "kind_briefings",
            Self::Speakers => "kind_speakers",
            Self::Claims => "kind_claims",
            Self::Territories => "kind_territories",
            Self::Sources => "kind_sources",
            Self::Propositions => "kind_propositions",
            Self::Topics => "kind_topics",
        })
    }

    /// How many the site has.
    #[must_use]
    pub fn count(self, site: &Site) -> usize {
        match self {
            Self::Briefings => site.briefings.len(),
            Self::Speakers => site.speakers.len(),
            Self::Claims => site.claims.len(),
            Self::Territories => site.territories.len(),
            Self::Sources => site.sources.len(),
            Self::Propositions => site.propositions.len(),
            Self::Topics => site.topics.len(),
        }
    }
}

/// The home page.
pub const HOME: &str = "index.html";

/// What an address that is made of a name ends in.
fn ending(site: &Site) -> &'static str {
    match site.config.urls {
        Urls::Files => ".html",
        Urls::Clean => "/",
    }
}

/// The address of a page that has a name but no entity: `timeline`.
#[must_use]
pub fn named(site: &Site, name: &str) -> String {
    [name, ending(site)].concat()
}

/// The address of the index of a kind.
#[must_use]
pub fn index(site: &Site, kind: Kind) -> String {
    match site.config.urls {
        Urls::Files => [kind.id(), "/index.html"].concat(),
        Urls::Clean => [kind.id(), "/"].concat(),
    }
}

/// The address of an entity's page.
#[must_use]
pub fn entity(site: &Site, entity: Entity) -> String {
    let [folder, id, slash, own] = parts(site, entity);
    [folder, id, slash, own, ending(site)].concat()
}

/// The address of an entity's page without its ending.
#[must_use]
pub fn stem(site: &Site, entity: Entity) -> String {
    parts(site, entity).concat()
}

/// What [`stem`] is put together from.
fn parts(site: &Site, entity: Entity) -> [&str; 4] {
    fn of<'a>(folder: &'static str, id: &'a Id) -> [&'a str; 4] {
        [folder, id.as_str(), "", ""]
    }
    match entity {
        Entity::Briefing(i) => of("briefings/", &site.briefings[i as usize].document.id),
        Entity::Claim(i) => {
            let briefing = &site.briefings[site.claims[i as usize].briefing as usize];
            ["claims/", briefing.document.id.as_str(), "/", &site.facts(i).id]
        }
        Entity::Speaker(i) => of("speakers/", &site.speakers[i as usize].id),
        Entity::Territory(i) => of("territories/", &site.territories[i as usize].id),
        Entity::Source(i) => of("sources/", &site.sources[i as usize].id),
        Entity::Proposition(i) => of("propositions/", &site.propositions[i as usize].id),
        Entity::Topic(i) => of("topics/", &site.topics[i as usize].id),
        Entity::Page(i) => of("", &site.pages[i as usize].document.id),
    }
}

/// The file behind an address.
#[must_use]
pub fn file(url: &str) -> String {
    if url.is_empty() || url.ends_with('/') { [url, "index.html"].concat() } else { url.to_owned() }
}

/// The one absolute address of a page; `None` without a `base_url`.
#[must_use]
pub fn canonical(site: &Site, url: &str) -> Option<String> {
    let base = site.config.base_url.as_deref()?;
    let path = match url.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => url,
    };
    Some([base, &encoded(path)].concat())
}

/// The absolute address of something at `url`, or that from the root where the
/// site has no `base_url`.
#[must_use]
pub fn absolute(site: &Site, url: &str) -> String {
    canonical(site, url).unwrap_or_else(|| url.to_owned())
}

/// The path part of the site's address, `/` or such as `/record/`.
#[must_use]
pub fn base_path(site: &Site) -> &str {
    let base = site.config.base_url.as_deref().unwrap_or("/");
    match base.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => base,
    }
}

/// What to put before an address from the root on the page at `url`.
#[must_use]
pub fn root(url: &str) -> String {
    "../".repeat(memchr_iter(b'/', url.as_bytes()).count())
}

/// An address with everything outside ASCII, and what ASCII keeps for other
/// purposes, percent-encoded.
#[must_use]
pub fn encoded(path: &str) -> String {
    let is_plain =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'/');
    if path.bytes().all(is_plain) {
        // As most are.
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len() * 2);
    for b in path.bytes() {
        if is_plain(b) {
            out.push(char::from(b));
        } else {
            out.push('%');
            out.push(char::from(b"0123456789ABCDEF"[usize::from(b >> 4)]));
            out.push(char::from(b"0123456789ABCDEF"[usize::from(b & 15)]));
        }
    }
    out
}

/// An outside address in the form that HTML and XML ask for: whatever a URL
/// cannot hold is percent-encoded, and what is encoded already stays.
#[must_use]
pub fn outside(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut left = address;
    while let Some(c) = left.chars().next() {
        let (one, rest) = left.split_at(c.len_utf8());
        let escaped = rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
        let allowed = c.is_ascii_alphanumeric()
            || "-._~:/?#[]@!$&'()*+,;=".contains(c)
            || (c == '%' && escaped);
        if allowed {
            out.push(c);
        } else {
            // `encoded` leaves none of what is left here as it is.
            out.push_str(&encoded(one));
        }
        left = rest;
    }
    out
}

/// A path as its author may have written it, percent-encoded or not.
#[must_use]
pub fn decoded(path: &str) -> String {
    path::decoded(path).map_or_else(|| path.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_file_and_root() {
        assert_eq!(file("speakers/jane/"), "speakers/jane/index.html");
        assert_eq!(file("speakers/jane.html"), "speakers/jane.html");
        assert_eq!(
            (root("index.html"), root("claims/a/b.html")),
            (String::new(), "../../".to_owned())
        );
        assert_eq!(outside("https://a.b/<p>%20ї?x=1#y"), "https://a.b/%3Cp%3E%20%D1%97?x=1#y");
        assert_eq!(encoded("a/є b.html"), "a/%D1%94%20b.html");
        assert_eq!(decoded("a/%D1%94%20b%2"), "a/є b%2");
    }
}
