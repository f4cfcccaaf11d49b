//! Links of texts and of the menu to addresses from the site's root.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::parse::document::{self, Document};
use crate::parse::links::Link;
use crate::plan::pages::Plan;
use crate::plan::route::decoded;
use crate::pointer::Pointer;
use crate::read::snapshot::{Bytes, CONFIG_FILE, Snapshot};
use crate::resolve::links::{Target, follow};
use crate::resolve::site::Site;
use crate::suggest::nearest;

/// Reports those that lead to no page and no file.
pub(super) fn check_paths(
    site: &Site,
    plan: &Plan,
    assets: &BTreeMap<String, Bytes>,
    snapshot: &Snapshot,
    problems: &mut Vec<Diagnostic>,
) {
    let is_there = |path: &str| {
        let path = path.split(['#', '?']).next().unwrap_or_default();
        plan.find(path).is_some() || assets.contains_key(&*decoded(path))
    };
    let mut report = |place: Place, path: &str| {
        let bare = path.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
        let urls = || plan.pages.iter().map(|p| p.url.as_str());
        let near = nearest(bare, urls()).or_else(|| nearest(&format!("{bare}.html"), urls()));
        problems.push(
            Diagnostic::error(
                "broken-link",
                place,
                format!("there is no page and no file `/{path}`"),
            )
            .maybe_hint(near.map(|near| format!("did you mean `/{near}`?"))),
        );
    };
    for (n, entry) in site.config.nav.iter().enumerate() {
        let path = entry.url.trim_start_matches('/');
        let is_own = !entry.url.contains("://") && !entry.url.starts_with("mailto:");
        if is_own
            && !entry.url.is_empty()
            && !is_there(path)
            && let Some(source) = snapshot.sources.get(CONFIG_FILE)
        {
            let at = Pointer::root().key("nav").index(n).key("url");
            report(document::config_place(source, &at), path);
        }
    }
    let documents: Vec<_> = site.entities().filter_map(|entity| site.document(entity)).collect();
    let broken = |document: &&Arc<Document>| -> Vec<(Place, String)> {
        // No other leads to a path.
        let may_be_path = |link: &&Link| link.destination.starts_with('/');
        let to_path =
            |link: &Link| match follow(site, document, &link.destination, link.is_wikilink) {
                Ok(Target::Path(path)) if !is_there(&path) => {
                    Some((document.body_place(&link.range), path))
                }
                _ => None,
            };
        document.links.iter().filter(may_be_path).filter_map(to_path).collect()
    };
    let broken: Vec<(Place, String)> = documents.par_iter().flat_map_iter(broken).collect();
    for (place, path) in broken {
        report(place, &path);
    }
}
