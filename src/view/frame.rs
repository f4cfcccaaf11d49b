//! What every page has, whatever it is about.

use serde::Serialize;

use super::card::Ref;

/// The page itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The template's name without its ending: `briefing`, `listing`.
    pub kind: String,
    /// The entry of the menu that it belongs under: `speakers`, or nothing.
    pub section: String,
    /// Its title, without the site's name.
    pub title: String,
    /// What it says, in a sentence or two, for search engines and previews.
    pub description: String,
    /// Its address from the site's root, percent-encoded: `speakers/jane-doe.html`.
    pub url: String,
    /// Its one absolute address; absent when the site has no `base_url`.
    pub canonical: Option<String>,
    /// What to put before an address from the site's root: `../`, or nothing.
    pub root: String,
    /// Its language (BCP 47).
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// The pages above it, the home page left out.
    pub trail: Vec<Ref>,
}

/// What is the same on every page: the templates' global `site`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Its language.
    pub language: String,
    /// Its absolute address, ends in `/`.
    pub base_url: Option<String>,
    /// The menu: an entry for every kind that the site has, and the author's own.
    pub nav: Vec<NavView>,
    /// Style sheets, from the site's root.
    pub styles: Vec<String>,
    /// Scripts, from the site's root.
    pub scripts: Vec<String>,
    /// The icon, from the site's root.
    pub icon: Option<String>,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavView {
    /// Its words.
    pub title: String,
    /// Where it leads: from the site's root, or absolute.
    pub url: String,
    /// Whether it leads out of the site.
    pub external: bool,
    /// The kind whose pages it stands for, as `speakers`; a template marks it
    /// when `page.section` is the same.
    pub section: String,
}
