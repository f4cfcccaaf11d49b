//! The page that lists what the record can be had as, other than pages.

use serde::Serialize;

use super::frame::{Frame, frame};
use super::wanted::Ask;
use crate::plan::data::{DataFile, FeedOf, feed_url, has_feed, whole};
use crate::plan::pages::Page;
use crate::resolve::site::Site;

/// The page that lists the files of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataIndexView<'a> {
    /// What every page has.
    pub page: Frame<'a>,
    /// The files that hold the whole record, or a part of all of it.
    pub files: Vec<DataFileView<'a>>,
    /// Feeds of what is new.
    pub feeds: Vec<DataFileView<'a>>,
    /// Whether there are Web Annotations of every briefing.
    pub annotations: bool,
    /// Whether speakers, territories and propositions have feeds of their own.
    pub entity_feeds: bool,
}

/// A file of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataFileView<'a> {
    /// Its name.
    pub name: String,
    /// Its address from the site's root.
    pub url: String,
    /// What it holds, in a sentence.
    pub about: &'a str,
}

/// The page that lists the files of data. Tables are told of together, by what
/// describes them.
#[must_use]
pub fn view<'a>(site: &'a Site, page: &'a Page, ask: &Ask<'_>) -> DataIndexView<'a> {
    let say = |key| site.words.say(key);
    let file = |url: String, key| DataFileView {
        name: url.rsplit('/').next().unwrap_or_default().to_owned(),
        url,
        about: say(key),
    };
    let about = |file: &DataFile| match file {
        DataFile::Record => Some("data_record"),
        DataFile::Schema => Some("data_schema"),
        DataFile::Lines => Some("data_lines"),
        DataFile::Package => Some("data_tables"),
        DataFile::Sqlite => Some("data_sqlite"),
        DataFile::FollowTheMoney => Some("data_follow_the_money"),
        DataFile::Territories => Some("data_territories"),
        DataFile::Relations => Some("data_relations"),
        DataFile::Table(_) | DataFile::Feed(_) | DataFile::Annotations(_) => None,
    };
    let feeds = [(FeedOf::Site, "feed_of_site"), (FeedOf::Corrections, "feed_of_corrections")];
    let feeds = feeds.into_iter().filter(|(of, _)| has_feed(site, *of));
    DataIndexView {
        page: frame(site, page, ask, say("data"), say("data_about"), Vec::new()),
        files: whole(site)
            .iter()
            .filter_map(|one| Some(file(one.url(site), about(one)?)))
            .collect(),
        feeds: feeds
            .flat_map(|(of, key)| ["xml", "json"].map(|form| file(feed_url(site, of, form), key)))
            .collect(),
        annotations: site.config.data.annotations,
        entity_feeds: site.config.data.entity_feeds && site.config.base_url.is_some(),
    }
}
