//! The files of the theme and of `static/`, which are passed on as they are, and those
//! for the site's host.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::deploy::manifest::MANIFEST;
use crate::deploy::shard::MARKER;
use crate::diagnostic::{Diagnostic, Place};
use crate::hosts;
use crate::path::{folded, is_in_the_way};
use crate::plan::pages::{Page, Plan, is_in_index, search_url};
use crate::read::snapshot::{Bytes, Snapshot};
use crate::render::theme::Theme;
use crate::resolve::site::Site;
use crate::write::site_path;

/// These files, by their path from the site's root. One of `static/` that is in the
/// way of another or of a page, on some system, is an error.
pub(super) fn assets(
    snapshot: &Snapshot,
    theme: &Theme,
    site: &Site,
    plan: &Plan,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Bytes> {
    let is_searched = search_url(site).is_some();
    let for_host = hosts::files(site, plan, &theme.addresses());
    let mut assets: BTreeMap<String, Bytes> = theme.assets.clone();
    let mut taken: HashMap<String, String> = assets
        .keys()
        .map(|path| (folded(path).into_owned(), format!("the theme's `{path}`")))
        .collect();
    // Those of other pages are asked for.
    let pages: Vec<String> = plan.unfolded().map(Page::file).collect();
    let files = assets.keys().chain(&pages).map(String::as_str);
    let files = files.chain(snapshot.assets.keys().map(|path| &**path));
    let folders: HashSet<String> =
        files.flat_map(above).map(|folder| folded(folder).into_owned()).collect();
    for (path, bytes) in &snapshot.assets {
        let mut refuse = |code, message: String, hint: &str| {
            let place = Place::file(&format!("static/{path}").into());
            problems.push(Diagnostic::error(code, place, message).hint(hint));
        };
        if let Err(reason) = site_path::check(path) {
            let message = format!("this file cannot be passed on: {reason}");
            refuse("bad-file-name", message, "give it another name");
            continue;
        }
        let key = folded(path);
        let own = format!("`static/{path}`");
        let other = taken.insert(key.clone().into_owned(), own);
        let page = || plan.like(path).map(|page| format!("the page `{}`", page.url));
        let is_folder = folders.contains(&*key) || plan.has_folder(&key);
        let folder = || is_folder.then(|| format!("the folder `{key}/`"));
        const ANOTHER: &str = "give the file another name";
        let mut at = |of: String, hint: &str| {
            refuse("same-address", format!("this file would have the address of {of}"), hint);
        };
        if let Some(other) = other.or_else(page).or_else(folder) {
            at(other, ANOTHER);
        }
        if site.config.manifest && is_in_the_way(&key, MANIFEST) {
            at(
                format!("the site's `{MANIFEST}`"),
                "give the file another name, or set `manifest: false` in `site.yaml`",
            );
        }
        // What the author has put in its place is what they want.
        for name in for_host.keys().filter(|name| ***name != **path) {
            if is_in_the_way(&key, &folded(name)) {
                at(format!("the `{name}` of the site's host"), ANOTHER);
            }
        }
        if is_in_the_way(&key, MARKER) {
            at(format!("the `{MARKER}` of a part of the site"), ANOTHER);
        }
        if let Some(page) = above(path).find_map(|folder| plan.like(folder)) {
            let message = format!("this file would lie in `{}`, which is a page", page.url);
            refuse("same-address", message, "give the folder another name");
        }
        if is_searched && is_in_index(&key) {
            refuse(
                "same-address",
                "this file would be in the folder of the search index".to_owned(),
                "give the file another name, or set `search: false` in `site.yaml`",
            );
        }
        assets.insert(path.to_string(), bytes.clone());
    }
    for (path, text) in for_host {
        assets.entry(path).or_insert_with(|| Bytes::Memory(text.into_bytes().into()));
    }
    assets
}

/// The folders that a file lies in, the outermost first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}
