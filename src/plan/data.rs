//! The forms in which a record is published as data, and their addresses.

use super::pages::Subject;
use super::route;
use crate::resolve::site::{Entity, Site};

/// What a feed tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedOf {
    /// The newest briefings.
    Site,
    /// The newest corrections.
    Corrections,
    /// The newest claims of a speaker, a territory or a proposition.
    Entity(Entity),
}

/// A file of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFile {
    /// A feed as JSON Feed 1.1; as Atom it is made by a template.
    Feed(FeedOf),
    /// The notes of a briefing as W3C Web Annotations.
    Annotations(u32),
    /// The whole record as JSON.
    Record,
    /// The JSON Schema of that.
    Schema,
    /// The whole record, an entity a line.
    Lines,
    /// A table as CSV.
    Table(Table),
    /// What the tables are: a Frictionless data package.
    Package,
    /// An SQLite file.
    Sqlite,
    /// FollowTheMoney entities, one a line.
    FollowTheMoney,
    /// Where the territories are, as GeoJSON.
    Territories,
    /// What claims do to each other, as Turtle.
    Relations,
}

/// A table of the record: those of entities first, then those that hold what there
/// may be several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// A row for each briefing.
    Briefings,
    /// A row for each claim.
    Claims,
    /// A row for each speaker.
    Speakers,
    /// A row for each territory.
    Territories,
    /// A row for each source.
    Sources,
    /// A row for each proposition.
    Propositions,
    /// A row for each topic.
    Topics,
    /// A row for each link of a chain and each of those who said it.
    Attributions,
    /// A row for each stretch of text that carries a claim.
    Quotations,
    /// A row for what a claim does to another.
    Relations,
    /// A row for what is cited for a claim.
    Evidence,
    /// A row for each finding on where a claim stands.
    Standings,
    /// A row for each published fact-check.
    Reviews,
    /// A row for whom a claim is about.
    ClaimSpeakers,
    /// A row for which place it concerns.
    ClaimTerritories,
    /// A row for where it is filed.
    ClaimTopics,
    /// A row for who says whose a territory is.
    Holds,
}

impl Table {
    /// All of them, in their order.
    pub const ALL: [Self; 17] = [
        Self::Briefings,
        Self::Claims,
        Self::Speakers,
        Self::Territories,
        Self::Sources,
        Self::Propositions,
        Self::Topics,
        Self::Attributions,
        Self::Quotations,
        Self::Relations,
        Self::Evidence,
        Self::Standings,
        Self::Reviews,
        Self::ClaimSpeakers,
        Self::ClaimTerritories,
        Self::ClaimTopics,
        Self::Holds,
    ];

    /// Its name: `claim_speakers`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Briefings => "briefings",
            Self::Claims => "claims",
            Self::Speakers => "speakers",
            Self::Territories => "territories",
            Self::Sources => "sources",
            Self::Propositions => "propositions",
            Self::Topics => "topics",
            Self::Attributions => "attributions",
            Self::Quotations => "quotations",
            Self::Relations => "relations",
            Self::Evidence => "evidence",
            Self::Standings => "standings",
            Self::Reviews => "reviews",
            Self::ClaimSpeakers => "claim_speakers",
            Self::ClaimTerritories => "claim_territories",
            Self::ClaimTopics => "claim_topics",
            Self::Holds => "holds",
        }
    }
}

/// What the template of a file is called that no template makes.
pub const NO_TEMPLATE: &str = "data";

/// The template of Atom feeds.
pub const FEED: &str = "feed.xml";

impl DataFile {
    /// Its address. That of a feed or of annotations depends on the entity.
    #[must_use]
    pub fn url(self, site: &Site) -> String {
        match self {
            Self::Feed(of) => feed_url(site, of, "json"),
            Self::Annotations(b) => {
                let id = &site.briefings[b as usize].document.id;
                ["annotations/", id.as_str(), ".jsonld"].concat()
            }
            Self::Record => "data/record.json".to_owned(),
            Self::Schema => "data/record.schema.json".to_owned(),
            Self::Lines => "data/record.ndjson".to_owned(),
            Self::Table(table) => ["data/tables/", table.name(), ".csv"].concat(),
            Self::Package => "data/tables/datapackage.json".to_owned(),
            Self::Sqlite => "data/record.sqlite".to_owned(),
            Self::FollowTheMoney => "data/entities.ftm.ndjson".to_owned(),
            Self::Territories => "data/territories.geojson".to_owned(),
            Self::Relations => "data/relations.ttl".to_owned(),
        }
    }
}

/// The address of a feed, which ends in `xml` or `json`.
#[must_use]
pub fn feed_url(site: &Site, of: FeedOf, ending: &str) -> String {
    match of {
        FeedOf::Site => ["feed.", ending].concat(),
        FeedOf::Corrections => ["feeds/corrections.", ending].concat(),
        FeedOf::Entity(entity) => ["feeds/", &route::stem(site, entity), ".", ending].concat(),
    }
}

/// Whether there is such a feed: the site wants it, has an address that its
/// entries can be known by, and there is something dated to tell of.
#[must_use]
pub fn has_feed(site: &Site, of: FeedOf) -> bool {
    let data = &site.config.data;
    let is_dated = |b: &u32| site.briefings[*b as usize].changed().is_some();
    let any = |claims: &[u32]| claims.iter().any(|c| is_dated(&site.claims[*c as usize].briefing));
    site.config.base_url.is_some()
        && match of {
            FeedOf::Site => data.feeds && site.briefings.iter().any(|b| b.changed().is_some()),
            FeedOf::Corrections => data.feeds && site.dated_corrections().next().is_some(),
            FeedOf::Entity(entity) => {
                data.entity_feeds
                    && match entity {
                        Entity::Speaker(i) => {
                            let node = &site.speakers[i as usize];
                            [&node.said, &node.relayed, &node.about].into_iter().any(|c| any(c))
                        }
                        Entity::Territory(i) => {
                            let node = &site.territories[i as usize];
                            [&node.claims, &node.claims_within].into_iter().any(|c| any(c))
                        }
                        Entity::Proposition(i) => any(&site.propositions[i as usize].claims),
                        _ => false,
                    }
            }
        }
}

/// All that the site publishes as data: feeds, then the files of `data/`, then
/// annotations.
pub fn files(site: &Site) -> impl Iterator<Item = (String, &'static str, Subject)> + '_ {
    let feeds = [FeedOf::Site, FeedOf::Corrections].into_iter();
    let entities = site.entities().filter(|_| site.config.data.entity_feeds).map(FeedOf::Entity);
    let feeds = feeds.chain(entities).filter(|of| has_feed(site, *of)).flat_map(|of| {
        [
            (feed_url(site, of, "xml"), FEED, Subject::Feed(of)),
            (feed_url(site, of, "json"), NO_TEMPLATE, Subject::Data(DataFile::Feed(of))),
        ]
    });
    let briefings = (0u32..).zip(site.briefings.iter()).map(|(b, _)| DataFile::Annotations(b));
    let annotations = briefings.filter(|_| site.config.data.annotations);
    let files = whole(site).into_iter().chain(annotations);
    feeds.chain(files.map(|file| (file.url(site), NO_TEMPLATE, Subject::Data(file))))
}

/// The files that hold the whole record.
#[must_use]
pub fn whole(site: &Site) -> Vec<DataFile> {
    let data = &site.config.data;
    let mut files = Vec::new();
    if data.record {
        files.extend([DataFile::Record, DataFile::Schema]);
    }
    if data.lines {
        files.push(DataFile::Lines);
    }
    if data.tables {
        files.push(DataFile::Package);
        files.extend(Table::ALL.map(DataFile::Table));
    }
    if data.sqlite {
        files.push(DataFile::Sqlite);
    }
    if data.follow_the_money {
        files.push(DataFile::FollowTheMoney);
    }
    if data.geojson {
        files.push(DataFile::Territories);
    }
    if data.relations {
        files.push(DataFile::Relations);
    }
    files
}
