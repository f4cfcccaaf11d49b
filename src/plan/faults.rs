//! What may be wrong with the address of a page, and where its author would mend it.

use super::lists::{List, listed_in};
use super::pages::{Page, Subject};
use crate::diagnostic::{Diagnostic, Place};
use crate::pointer::{Aim, Pointer};
use crate::read::snapshot::CONFIG_FILE;
use crate::resolve::site::{Entity, Site};

/// How many bytes an id may have. Most file systems have room for names of 255, and
/// `.jsonld` is the longest ending of a file that is called by an id.
const LONGEST_ID: usize = 248;

/// A page whose id is too long for the name of a file.
#[must_use]
pub fn long_id(site: &Site, page: &Page) -> Option<Diagnostic> {
    if page.url.len() <= LONGEST_ID || owner(page).is_none() {
        return None;
    }
    let name = page.url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let id = name.strip_suffix(".html").unwrap_or(name);
    if id.len() <= LONGEST_ID {
        return None;
    }
    let (length, begins) = (id.len(), id.chars().take(24).collect::<String>());
    let message = format!(
        "the id `{begins}…` is {length} bytes long, and names of files have room for {LONGEST_ID}"
    );
    let problem = Diagnostic::error("bad-file-name", place_of(site, page), message);
    Some(problem.hint("give it a shorter `id:`"))
}

/// A page in the folder of the search index.
#[must_use]
pub fn in_index(site: &Site, page: &Page) -> Diagnostic {
    let message = format!(
        "this page would have the address `{}`, in the folder of the search index",
        page.url
    );
    Diagnostic::error("same-address", place_of(site, page), message)
        .hint("give it another `id:` or file name, or set `search: false` in `site.yaml`")
}

/// Two pages on one address. `None` where one of them is a former id's, and
/// whoever joined the documents has reported that id.
#[must_use]
pub fn collision(site: &Site, first: &Page, second: &Page) -> Option<Diagnostic> {
    let (one, other) = (owner(first), owner(second));
    let is_redirect = |page: &Page| matches!(page.subject, Subject::Redirect(_));
    if let (Some(one), Some(other)) = (one, other)
        && (is_redirect(first) || is_redirect(second))
        && std::mem::discriminant(&one) == std::mem::discriminant(&other)
    {
        return None;
    }
    let error = |place, message| Diagnostic::error("same-address", place, message);
    let both = if first.url == second.url {
        format!("two pages have the address `{}`", second.url)
    } else {
        format!("`{}` and `{}` are one address to some systems and hosts", second.url, first.url)
    };
    Some(match (one, other) {
        (None, Some(_)) | (Some(_), None) => {
            let own = if one.is_some() { first } else { second };
            error(
                place_of(site, own),
                format!(
                    "this page would have the address `{}`, which the site needs itself",
                    own.url
                ),
            )
            .hint("give it another `id:` or file name")
        }
        _ => error(place_of(site, second), both)
            .related(place_of(site, first), "the other page")
            .hint("give one of them another `id:` or file name"),
    })
}

/// Where the author would go to change the address of a page, a former id's
/// too.
fn place_of(site: &Site, page: &Page) -> Place {
    match page.subject {
        Subject::Redirect(entity) => site.document(entity).map_or_else(
            || place(site, &page.subject),
            |document| document.place(&Pointer::root().key("former_ids"), Aim::Value),
        ),
        _ => place(site, &page.subject),
    }
}

/// The entity that a page is about, or leads on to.
fn owner(page: &Page) -> Option<Entity> {
    match page.subject {
        Subject::Entity(entity) | Subject::Redirect(entity) => Some(entity),
        _ => None,
    }
}

/// Where the author would go to change a page's address.
#[must_use]
pub fn place(site: &Site, subject: &Subject) -> Place {
    let entity = match subject {
        Subject::Entity(entity) => Some(*entity),
        Subject::Archive(page) => match page.list {
            List::Of(entity, _) => Some(entity),
            _ => None,
        },
        _ => None,
    };
    let document = entity.and_then(|e| match e {
        Entity::Claim(c) => {
            Some(&site.briefings[site.claims[c as usize].briefing as usize].document)
        }
        e => site.document(e),
    });
    match (document, entity) {
        (Some(document), Some(Entity::Claim(c))) => {
            let at = Pointer::root()
                .key("claims")
                .index(site.claims[c as usize].number as usize)
                .key("id");
            document.place(&at, Aim::Value)
        }
        (Some(document), _) => document.id_place(),
        (None, Some(entity)) => match listed_in(site, entity).first() {
            Some(b) => Place::file(&site.briefings[*b as usize].document.source.path),
            None => Place::file(&CONFIG_FILE.into()),
        },
        (None, None) => Place::file(&CONFIG_FILE.into()),
    }
}
