//! What `site.yaml` says.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::Value;

use super::shape::{EXTRA, Kind, Shape, may, must};

/// The settings of a site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Config {
    /// The site's name.
    #[serde(default)]
    pub title: String,
    /// Where it is published: absolute, ends in `/`. Without it pages carry no
    /// canonical address and there are no sitemap and no feeds.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Its language, a BCP 47 tag. Names sort by it.
    #[serde(default = "english")]
    pub language: String,
    /// What it is, in a sentence or two.
    #[serde(default)]
    pub description: Option<String>,
    /// Who publishes it.
    #[serde(default)]
    pub publisher: Option<String>,
    /// The folder to build into, from the site's folder.
    #[serde(default = "public")]
    pub output: String,
    /// The theme.
    #[serde(default = "broadsheet")]
    pub theme: String,
    /// What addresses look like.
    #[serde(default)]
    pub urls: Urls,
    /// Whether raw HTML in Markdown is left as it is instead of cleaned.
    #[serde(default)]
    pub trust_html: bool,
    /// Whether there is a page to search; where nobody says, whenever this
    /// program [can make an index](CAN_SEARCH).
    #[serde(default)]
    pub search: Option<bool>,
    /// The host that it is made for.
    #[serde(default)]
    pub host: Option<Host>,
    /// Whether pages say what their style sheets and scripts must be, so that a
    /// browser takes no other; where nobody says, whenever there is a `host`.
    #[serde(default)]
    pub integrity: Option<bool>,
    /// In which forms the record is published as data.
    #[serde(default)]
    pub data: Data,
    /// Whether the site holds a manifest of its files, by which only what has
    /// changed travels to its host.
    #[serde(default = "yes")]
    pub manifest: bool,
    /// What becomes of each kind of warning.
    #[serde(default)]
    pub lints: BTreeMap<String, LintLevel>,
    /// Entries for the menu beyond the kinds of entity.
    #[serde(default)]
    pub nav: Vec<NavEntry>,
    /// The author's own data.
    #[serde(default)]
    pub extra: Value,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: String::new(),
            base_url: None,
            language: english(),
            description: None,
            publisher: None,
            output: public(),
            theme: broadsheet(),
            urls: Urls::default(),
            trust_html: false,
            search: None,
            host: None,
            integrity: None,
            data: Data::default(),
            manifest: true,
            lints: BTreeMap::new(),
            nav: Vec::new(),
            extra: Value::Null,
        }
    }
}

/// Whether this program is one that can make an index: the feature `search`.
pub const CAN_SEARCH: bool = cfg!(feature = "search");

impl Config {
    /// Whether there is a page to search.
    #[must_use]
    pub fn searches(&self) -> bool {
        CAN_SEARCH && self.search.unwrap_or(true)
    }

    /// Whether pages have `integrity` attributes. Chromium, and so most browsers,
    /// then shows a page without its style where it is opened as a file.
    #[must_use]
    pub fn has_integrity(&self) -> bool {
        self.integrity.unwrap_or(self.host.is_some())
    }
}

fn yes() -> bool {
    true
}

fn english() -> String {
    "en".to_owned()
}

fn public() -> String {
    "public".to_owned()
}

fn broadsheet() -> String {
    "broadsheet".to_owned()
}

/// What addresses look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urls {
    /// `speakers/jane-doe.html`: one file a page.
    #[default]
    Files,
    /// `speakers/jane-doe/`: one folder a page.
    Clean,
}

/// A service that serves files, and is told how by files among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// GitHub Pages.
    Github,
    /// GitLab Pages.
    Gitlab,
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
}

/// In which forms the record is published as data, beside the pages. What
/// grows with the whole record, or adds a file to every page, is off unless
/// somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Data {
    /// What each page is about, in the page, as JSON-LD in the words of
    /// schema.org.
    pub json_ld: bool,
    /// Feeds of the newest briefings and corrections, Atom and JSON Feed. Only
    /// a site with a `base_url` has any.
    pub feeds: bool,
    /// The same for every speaker, territory and proposition.
    pub entity_feeds: bool,
    /// The notes of each briefing as W3C Web Annotations.
    pub annotations: bool,
    /// The whole record as one JSON file, with its JSON Schema.
    pub record: bool,
    /// The whole record as NDJSON, an entity a line.
    pub lines: bool,
    /// CSV tables with a Frictionless data package.
    pub tables: bool,
    /// An SQLite file with full-text search.
    pub sqlite: bool,
    /// FollowTheMoney entities.
    pub follow_the_money: bool,
    /// Where the territories are, as GeoJSON.
    pub geojson: bool,
    /// What claims do to each other, in the terms of CiTO, as Turtle.
    pub relations: bool,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            json_ld: true,
            feeds: true,
            entity_feeds: false,
            annotations: false,
            record: false,
            lines: false,
            tables: false,
            sqlite: false,
            follow_the_money: false,
            geojson: false,
            relations: false,
        }
    }
}

/// Whether this program is one that can write SQLite: the feature `sqlite`.
pub const CAN_WRITE_SQLITE: bool = cfg!(feature = "sqlite");

/// What becomes of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported as an error.
    Deny,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NavEntry {
    /// Its words.
    #[serde(default)]
    pub title: String,
    /// Where it leads: a page of the site from its root, or an absolute address.
    #[serde(default)]
    pub url: String,
}

/// The warnings whose level can be set under `lints:`.
pub const LINTS: &[&str] = &[
    "contradictory-description",
    "control-character",
    "dropped-attribution",
    "future-date",
    "lone-proposition",
    "quotation-without-speaker",
    "quote-ambiguous",
    "retraction-by-another",
    "stray-file",
    "undated-briefing",
];

/// A [`Config`] as it is written.
pub const CONFIG: Shape = Shape {
    name: "site",
    fields: &[
        must("title", Kind::Text, "The site's name."),
        may("base_url", Kind::Url, "Where it is published."),
        may("language", Kind::Text, "Its language, as in `en`; names sort by it."),
        may("description", Kind::Text, "What it is, in a sentence or two."),
        may("publisher", Kind::Text, "Who publishes it."),
        may("output", Kind::Text, "The folder to build into; `public` by default."),
        may("theme", Kind::Text, "The theme; `broadsheet` by default."),
        may(
            "urls",
            Kind::Word(&["files", "clean"]),
            "`files`: one file a page (default). `clean`: one folder a page.",
        ),
        may(
            "trust_html",
            Kind::Flag,
            "Leave raw HTML in Markdown as it is instead of cleaning it.",
        ),
        may("search", Kind::Flag, "Whether there is a page to search (default), and an index."),
        may("data", Kind::Map(&DATA), "In which forms the record is published as data."),
        may("manifest", Kind::Flag, "Whether there is a `deploy-manifest.json` (default)."),
        may(
            "host",
            Kind::Word(&["github", "gitlab", "netlify", "cloudflare"]),
            "The host that it is made for, which is told how to serve it.",
        ),
        may(
            "integrity",
            Kind::Flag,
            "Whether browsers take no other style sheets and scripts; with a `host` by default.",
        ),
        may(
            "lints",
            Kind::Table(&Kind::Word(&["allow", "warn", "deny"])),
            "What becomes of each kind of warning.",
        ),
        may("nav", Kind::Many(&Kind::Map(&NAV_ENTRY)), "More entries for the menu."),
        EXTRA,
    ],
};

const DATA: Shape = Shape {
    name: "data",
    fields: &[
        may("json_ld", Kind::Flag, "schema.org in every page, as JSON-LD (default)."),
        may("feeds", Kind::Flag, "Atom and JSON Feed of the site and its corrections (default)."),
        may("entity_feeds", Kind::Flag, "The same for every speaker, territory, proposition."),
        may("annotations", Kind::Flag, "W3C Web Annotations of every briefing."),
        may("record", Kind::Flag, "`data/record.json`, the whole record, with its JSON Schema."),
        may("lines", Kind::Flag, "`data/record.ndjson`, the whole record, an entity a line."),
        may("tables", Kind::Flag, "`data/tables/`, CSV with a Frictionless data package."),
        may("sqlite", Kind::Flag, "`data/record.sqlite`, with full-text search."),
        may("follow_the_money", Kind::Flag, "`data/entities.ftm.ndjson`, FollowTheMoney entities."),
        may("geojson", Kind::Flag, "`data/territories.geojson`, where the territories are."),
        may("relations", Kind::Flag, "`data/relations.ttl`, CiTO relations of claims, as Turtle."),
    ],
};

const NAV_ENTRY: Shape = Shape {
    name: "menu entry",
    fields: &[
        must("title", Kind::Text, "Its words."),
        must("url", Kind::Text, "Where it leads: from the site's root, or an absolute address."),
    ],
};
