//! What is new, as JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde::Serialize;

use super::line;
use crate::plan::data::FeedOf;
use crate::resolve::site::Site;
use crate::view::feed::view;

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    language: &'a str,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_text: &'a str,
    date_modified: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// Appends the feed to `out`.
pub fn write(site: &Site, of: FeedOf, out: &mut Vec<u8>) {
    let feed = view(site, of);
    let items = feed.entries.iter().map(|entry| Item {
        id: &entry.url,
        url: &entry.url,
        title: &entry.title,
        content_text: &entry.summary,
        date_modified: &entry.updated,
        authors: entry.authors.iter().map(|name| Author { name }).collect(),
        language: entry.language,
    });
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: &feed.json,
        description: feed.subtitle,
        language: feed.language,
        authors: [Author { name: feed.author }],
        items: items.collect(),
    };
    line(&feed, out);
}
