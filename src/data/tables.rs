//! The record as tables: CSV files (RFC 4180) and what describes them, a
//! Frictionless data package (Data Package 1.0). The SQLite file has the same.

use serde::Serialize;

use super::record::{self, Agent, Any, Quotation, of_kind};
use super::{line, word};
use crate::plan::data::Table;
use crate::plan::route::Kind;
use crate::resolve::site::Site;

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What may stand in it.
    pub content: Content,
    /// What it means.
    pub about: &'static str,
}

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The key of an entity.
    Key,
    /// The key of an entity in this table; it may be absent.
    To(Table),
    /// Text.
    Text,
    /// A web address, absolute where the site has one.
    Address,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// True or false.
    Flag,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is stated.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
}

const fn column(name: &'static str, content: Content, about: &'static str) -> Column {
    Column { name, content, about }
}

const URL: Column = column("url", Content::Address, "Its page.");
const CLAIM: Column = column("claim", Content::To(Table::Claims), "The claim.");

const BRIEFINGS: &[Column] = &[
    column("id", Content::Key, "Unique among briefings."),
    URL,
    column("title", Content::Text, "Its title."),
    column("date", Content::Text, "When it was written (EDTF)."),
    column("updated", Content::Text, "When it was last changed (EDTF)."),
    column("language", Content::Text, "Its language (BCP 47)."),
    column("authors", Content::Text, "Who wrote it, separated by semicolons."),
    column("summary", Content::Text, "What it says, in a sentence or two."),
    column("text", Content::Text, "The text as a reader sees it, without mark-up."),
];

const CLAIMS: &[Column] = &[
    column("id", Content::Key, "The briefing's id, a slash, and the claim's id there."),
    URL,
    column("briefing", Content::To(Table::Briefings), "The briefing that records it."),
    column("text", Content::Text, "The claim in the desk's words."),
    column("kind", Content::Text, "factual, evaluation, prediction, question, commitment."),
    column("date", Content::Text, "When it was said (EDTF)."),
    column("attribution", Content::Text, "The chain through which it came, in one phrase."),
    column("proposition", Content::To(Table::Propositions), "The proposition that it states."),
    column("rank", Content::Text, "preferred, normal, deprecated."),
    column("credibility", Content::Whole, "The desk's grade, 1 to 6 (Admiralty)."),
    column("likelihood", Content::Text, "The desk's term of likelihood (ICD 203)."),
    column("note", Content::Text, "A remark of the desk."),
];

const SPEAKERS: &[Column] = &[
    column("id", Content::Key, "Unique among speakers."),
    URL,
    column("name", Content::Text, "The name."),
    column("type", Content::Text, "person, organization, unidentified."),
    column("role", Content::Text, "What they are."),
    column("described_as", Content::Text, "How the source describes somebody it does not name."),
    column("affiliation", Content::Text, "Where they belong."),
    column("wikidata", Content::Text, "Wikidata's id."),
];

const TERRITORIES: &[Column] = &[
    column("id", Content::Key, "Unique among territories."),
    URL,
    column("name", Content::Text, "The name."),
    column("type", Content::Text, "What sort of place."),
    column("disputed", Content::Flag, "Whether more than one claims it, or another controls it."),
    column("iso_3166_1", Content::Text, "The ISO 3166-1 code of a country."),
    column("iso_3166_2", Content::Text, "ISO 3166-2 codes, separated by semicolons."),
    column("wikidata", Content::Text, "Wikidata's id."),
    column("geonames", Content::Text, "The number in GeoNames."),
];

const SOURCES: &[Column] = &[
    column("id", Content::Key, "Unique among sources."),
    URL,
    column("title", Content::Text, "Its title."),
    column("type", Content::Text, "A schema.org type."),
    column("authors", Content::Text, "Who made it, separated by semicolons."),
    column("publisher", Content::Text, "Who published it."),
    column("date", Content::Text, "When it appeared (EDTF)."),
    column("address", Content::Address, "Where it is."),
    column("archived_url", Content::Address, "Where a copy is kept."),
    column("archived_at", Content::Text, "When that copy was made (EDTF)."),
    column("sha256", Content::Text, "The copy's SHA-256."),
    column("reliability", Content::Text, "A to F (Admiralty)."),
    column("language", Content::Text, "Its language (BCP 47)."),
];

const PROPOSITIONS: &[Column] = &[
    column("id", Content::Key, "Unique among propositions."),
    URL,
    column("text", Content::Text, "What is being said, in the desk's words."),
];

const TOPICS: &[Column] = &[
    column("id", Content::Key, "Unique among topics."),
    URL,
    column("name", Content::Text, "The name."),
];

const ATTRIBUTIONS: &[Column] = &[
    CLAIM,
    column("position", Content::Whole, "Which link of the chain, 0 the outermost."),
    column("speaker", Content::To(Table::Speakers), "Who said it; several rows where several did."),
    column("as", Content::Text, "The role in which they spoke."),
    column("to", Content::Text, "To whom: ids of speakers, separated by semicolons."),
    column("when", Content::Text, "When (EDTF)."),
    column("venue", Content::Text, "On what occasion."),
    column("cue", Content::Text, "The text's reporting words."),
    column("mode", Content::Text, "direct, indirect, mixed (PARC 3.0)."),
    column("access", Content::Text, "witness, hearsay, unstated."),
    column("source", Content::To(Table::Sources), "The document in which they say it."),
];

const QUOTATIONS: &[Column] = &[
    CLAIM,
    column("kind", Content::Text, "quote: words quoted; span: words that state it; hedge."),
    column("exact", Content::Text, "The words, exactly as they stand in the text."),
    column("prefix", Content::Text, "What stands before, where they occur more than once."),
    column("suffix", Content::Text, "What stands after."),
    column("of", Content::Text, "Whose words they are, where that is not the chain's end."),
];

const RELATIONS: &[Column] = &[
    CLAIM,
    column("type", Content::Text, "What it does to the other (CiTO)."),
    column("target", Content::To(Table::Claims), "The other claim."),
    column("date", Content::Text, "Since when (EDTF)."),
    column("by", Content::Text, "Who says so, separated by semicolons; empty: the desk."),
    column("source", Content::Text, "Where they say it."),
    column("note", Content::Text, "A remark."),
];

const EVIDENCE: &[Column] = &[
    CLAIM,
    column("type", Content::Text, "How it is cited (CiTO)."),
    column("source", Content::Text, "The source: its id, or as it is written."),
    column("by", Content::Text, "Who cites it, separated by semicolons."),
    column("note", Content::Text, "A remark."),
];

const STANDINGS: &[Column] = &[
    CLAIM,
    column("standing", Content::Text, "contested, corroborated, single-source and so on."),
    column("claims", Content::Text, "From which claims: ids, separated by semicolons."),
    column("speakers", Content::Text, "From whom nothing is heard: ids, separated by semicolons."),
];

const REVIEWS: &[Column] = &[
    CLAIM,
    column("by", Content::Text, "Who published the fact-check."),
    column("address", Content::Address, "Where it can be read."),
    column("date", Content::Text, "When (EDTF)."),
    column("label", Content::Text, "How it rates the claim, in the reviewer's words."),
    column("value", Content::Number, "That as a number."),
    column("worst", Content::Number, "The lower end of the scale."),
    column("best", Content::Number, "The upper end of the scale."),
];

const CLAIM_SPEAKERS: &[Column] =
    &[CLAIM, column("speaker", Content::To(Table::Speakers), "Whom it is about.")];
const CLAIM_TERRITORIES: &[Column] =
    &[CLAIM, column("territory", Content::To(Table::Territories), "Which place it concerns.")];
const CLAIM_TOPICS: &[Column] =
    &[CLAIM, column("topic", Content::To(Table::Topics), "Where it is filed.")];

const HOLDS: &[Column] = &[
    column("territory", Content::To(Table::Territories), "The territory."),
    column("relation", Content::Text, "part_of, claimed_by, controlled_by."),
    column("by", Content::Text, "By or of whom, or of what it is part."),
    column("accepted_by", Content::Text, "Who accepts that, separated by semicolons."),
    column("since", Content::Text, "Since when (EDTF)."),
    column("until", Content::Text, "Until when (EDTF)."),
    column("extent", Content::Text, "How much of it."),
    column("basis", Content::Text, "assessed, claimed."),
    column("source", Content::Text, "Where that is said."),
];

/// What a table is, and its columns. The first is the key where the table is one
/// of entities.
#[must_use]
pub fn described(table: Table) -> (&'static str, &'static [Column]) {
    match table {
        Table::Briefings => ("Texts in which claims are recorded, newest first.", BRIEFINGS),
        Table::Claims => ("What is on record as having been said, newest first.", CLAIMS),
        Table::Speakers => ("Who speaks, or is spoken of.", SPEAKERS),
        Table::Territories => ("Places.", TERRITORIES),
        Table::Sources => ("Documents in which something was said.", SOURCES),
        Table::Propositions => ("What several claims say alike.", PROPOSITIONS),
        Table::Topics => ("Subjects under which briefings and claims are filed.", TOPICS),
        Table::Attributions => ("The chains of claims, link by link.", ATTRIBUTIONS),
        Table::Quotations => ("Words of the texts that carry claims.", QUOTATIONS),
        Table::Relations => ("What claims do to each other.", RELATIONS),
        Table::Evidence => ("What is cited for claims.", EVIDENCE),
        Table::Standings => ("Where claims stand, computed.", STANDINGS),
        Table::Reviews => ("Published fact-checks of claims.", REVIEWS),
        Table::ClaimSpeakers => ("Whom claims are about.", CLAIM_SPEAKERS),
        Table::ClaimTerritories => ("Which places claims concern.", CLAIM_TERRITORIES),
        Table::ClaimTopics => ("Where claims are filed.", CLAIM_TOPICS),
        Table::Holds => ("Who says whose a territory is.", HOLDS),
    }
}

/// What kind of entity a table has the rows of.
#[must_use]
pub fn made_of(table: Table) -> Kind {
    match table {
        Table::Briefings => Kind::Briefings,
        Table::Speakers => Kind::Speakers,
        Table::Territories | Table::Holds => Kind::Territories,
        Table::Sources => Kind::Sources,
        Table::Propositions => Kind::Propositions,
        Table::Topics => Kind::Topics,
        Table::Claims
        | Table::Attributions
        | Table::Quotations
        | Table::Relations
        | Table::Evidence
        | Table::Standings
        | Table::Reviews
        | Table::ClaimSpeakers
        | Table::ClaimTerritories
        | Table::ClaimTopics => Kind::Claims,
    }
}

/// Appends a table as CSV to `out`.
///
/// # Errors
///
/// None that can happen: what is written to is memory.
pub fn write(site: &Site, table: Table, out: &mut Vec<u8>) -> Result<(), String> {
    let (_, columns) = described(table);
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(columns.iter().map(|column| column.name)).map_err(|e| e.to_string())?;
    for row in of_kind(site, made_of(table)).flat_map(|entity| rows(table, &entity)) {
        csv.write_record(row.iter().map(Cell::to_text)).map_err(|e| e.to_string())?;
    }
    csv.flush().map_err(|e| e.to_string())
}

impl Cell {
    fn to_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

#[derive(Serialize)]
struct Package<'a> {
    profile: &'static str,
    name: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<&'a str>,
    resources: Vec<Resource>,
}

#[derive(Serialize)]
struct Resource {
    profile: &'static str,
    name: &'static str,
    path: String,
    description: &'static str,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    schema: TableSchema,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TableSchema {
    fields: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_key: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKey>,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    r#type: &'static str,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints>,
}

#[derive(Serialize)]
struct Constraints {
    required: bool,
    unique: bool,
}

#[derive(Serialize)]
struct ForeignKey {
    fields: &'static str,
    reference: Reference,
}

#[derive(Serialize)]
struct Reference {
    resource: &'static str,
    fields: &'static str,
}

/// Appends what describes the tables to `out`.
pub fn package(site: &Site, out: &mut Vec<u8>) {
    let resources = Table::ALL.map(|table| {
        let (about, columns) = described(table);
        let keys = columns.iter().filter_map(|column| match column.content {
            Content::To(other) => Some(ForeignKey {
                fields: column.name,
                reference: Reference { resource: other.name(), fields: "id" },
            }),
            _ => None,
        });
        Resource {
            profile: "tabular-data-resource",
            name: table.name(),
            path: [table.name(), ".csv"].concat(),
            description: about,
            format: "csv",
            mediatype: "text/csv",
            encoding: "utf-8",
            schema: TableSchema {
                fields: columns.iter().map(field).collect(),
                primary_key: (columns[0].content == Content::Key).then_some(columns[0].name),
                foreign_keys: keys.collect(),
            },
        }
    });
    let package = Package {
        profile: "tabular-data-package",
        name: "record",
        title: &site.config.title,
        description: site.config.description.as_deref(),
        homepage: site.config.base_url.as_deref(),
        resources: resources.into(),
    };
    line(&package, out);
}

fn field(column: &Column) -> Field {
    Field {
        name: column.name,
        r#type: match column.content {
            Content::Key | Content::To(_) | Content::Text | Content::Address => "string",
            Content::Whole => "integer",
            Content::Number => "number",
            Content::Flag => "boolean",
        },
        description: column.about,
        constraints: (column.content == Content::Key)
            .then_some(Constraints { required: true, unique: true }),
    }
}

/// The rows that an entity has in a table; none where that is made of another
/// kind.
#[must_use]
pub fn rows(table: Table, entity: &Any<'_>) -> Vec<Vec<Cell>> {
    match (table, entity) {
        (Table::Briefings, Any::Briefing(b)) => vec![briefing(b)],
        (Table::Claims, Any::Claim(c)) => vec![claim(c)],
        (Table::Speakers, Any::Speaker(s)) => vec![speaker(s)],
        (Table::Territories, Any::Territory(t)) => vec![territory(t)],
        (Table::Sources, Any::Source(s)) => vec![source(s)],
        (Table::Propositions, Any::Proposition(p)) => {
            vec![vec![text(p.id), text(&p.url), text(p.text)]]
        }
        (Table::Topics, Any::Topic(t)) => vec![vec![text(t.id), text(&t.url), text(t.name)]],
        (Table::Attributions, Any::Claim(c)) => attributions(c),
        (Table::Quotations, Any::Claim(c)) => quotations(c),
        (Table::Relations, Any::Claim(c)) => {
            let row = |r: &record::Relation<'_>| {
                let (kind, target) = (word(&r.kind).into(), text(&r.target));
                let (date, by) = (some(r.date), agents(&r.by));
                vec![text(&c.id), kind, target, date, by, some(r.source), some(r.note)]
            };
            c.relations.iter().map(row).collect()
        }
        (Table::Evidence, Any::Claim(c)) => {
            let row = |e: &record::Evidence<'_>| {
                vec![text(&c.id), text(e.kind), text(e.source), agents(&e.by), some(e.note)]
            };
            c.evidence.iter().map(row).collect()
        }
        (Table::Standings, Any::Claim(c)) => {
            let row = |f: &record::Finding<'_>| {
                let (claims, speakers) = (f.claims.join(";"), f.speakers.join(";"));
                vec![text(&c.id), text(f.standing), claims.into(), speakers.into()]
            };
            c.standing.iter().map(row).collect()
        }
        (Table::Reviews, Any::Claim(c)) => reviews(c),
        (Table::ClaimSpeakers, Any::Claim(c)) => pairs(&c.id, &c.about),
        (Table::ClaimTerritories, Any::Claim(c)) => pairs(&c.id, &c.territories),
        (Table::ClaimTopics, Any::Claim(c)) => pairs(&c.id, &c.topics),
        (Table::Holds, Any::Territory(t)) => holds(t),
        _ => Vec::new(),
    }
}

fn briefing(b: &record::Briefing<'_>) -> Vec<Cell> {
    vec![
        text(b.id),
        text(&b.url),
        text(b.title),
        some(b.date),
        some(b.updated),
        text(b.language),
        b.authors.join(";").into(),
        some(b.summary),
        text(&b.text),
    ]
}

fn claim(c: &record::Claim<'_>) -> Vec<Cell> {
    let grade = c.assessment.as_ref();
    vec![
        text(&c.id),
        text(&c.url),
        text(c.briefing),
        text(c.text),
        word(&c.kind).into(),
        some(c.date),
        some(c.attribution_words.as_deref()),
        some(c.proposition),
        word(&c.rank).into(),
        grade.and_then(|g| g.credibility).map_or(Cell::Empty, |n| Cell::Whole(n.into())),
        some(grade.and_then(|g| g.likelihood)),
        some(c.note),
    ]
}

fn speaker(s: &record::Speaker<'_>) -> Vec<Cell> {
    vec![
        text(s.id),
        text(&s.url),
        text(s.name),
        s.kind.as_ref().map_or(Cell::Empty, |it| word(it).into()),
        some(s.role),
        some(s.described_as),
        some(s.affiliation.as_ref().map(|of| of.name)),
        some(s.wikidata),
    ]
}

fn territory(t: &record::Territory<'_>) -> Vec<Cell> {
    vec![
        text(t.id),
        text(&t.url),
        text(t.name),
        some(t.kind),
        Cell::Flag(t.disputed),
        some(t.iso_3166_1),
        t.iso_3166_2.join(";").into(),
        some(t.wikidata),
        some(t.geonames),
    ]
}

fn source(s: &record::Source<'_>) -> Vec<Cell> {
    vec![
        text(s.id),
        text(&s.url),
        text(s.title),
        some(s.kind),
        s.authors.join(";").into(),
        some(s.publisher),
        some(s.date),
        some(s.address.as_deref()),
        some(s.archived_url.as_deref()),
        some(s.archived_at),
        some(s.sha256),
        some(s.reliability),
        some(s.language),
    ]
}

/// A row for each link and each of those who said it.
fn attributions(claim: &record::Claim<'_>) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (position, link) in (0i64..).zip(&claim.attribution) {
        let nobody = [None];
        let named: Vec<Option<&str>> = link.by.iter().map(|by| Some(*by)).collect();
        for by in if named.is_empty() { &nobody[..] } else { &named } {
            rows.push(vec![
                text(&claim.id),
                Cell::Whole(position),
                some(*by),
                some(link.role),
                link.to.join(";").into(),
                some(link.when),
                some(link.venue),
                some(link.cue),
                link.mode.as_ref().map_or(Cell::Empty, |it| word(it).into()),
                link.access.as_ref().map_or(Cell::Empty, |it| word(it).into()),
                some(link.source),
            ]);
        }
    }
    rows
}

fn quotations(claim: &record::Claim<'_>) -> Vec<Vec<Cell>> {
    let row = |kind| {
        move |quotation: &Quotation<'_>| {
            let words = &quotation.words;
            let of = quotation.of.as_ref().map(|of| of.name);
            let (prefix, suffix) = (some(words.prefix), some(words.suffix));
            vec![text(&claim.id), text(kind), text(words.exact), prefix, suffix, some(of)]
        }
    };
    let quotes = claim.quotes.iter().map(row("quote"));
    let spans = claim.span.iter().map(row("span"));
    quotes.chain(spans).chain(claim.hedges.iter().map(row("hedge"))).collect()
}

fn reviews(claim: &record::Claim<'_>) -> Vec<Vec<Cell>> {
    let number = |n: Option<f64>| n.map_or(Cell::Empty, Cell::Number);
    let row = |review: &record::Review<'_>| {
        vec![
            text(&claim.id),
            text(review.by),
            some(review.url.as_deref()),
            some(review.date),
            some(review.label),
            number(review.value),
            number(review.worst),
            number(review.best),
        ]
    };
    claim.reviews.iter().map(row).collect()
}

fn pairs(claim: &str, others: &[&str]) -> Vec<Vec<Cell>> {
    others.iter().map(|other| vec![text(claim), text(other)]).collect()
}

fn holds(territory: &record::Territory<'_>) -> Vec<Vec<Cell>> {
    let part = |part: &record::PartOf<'_>| {
        let mut row = vec![text(territory.id), text("part_of"), text(part.name)];
        row.push(agents(&part.accepted_by));
        row.resize(HOLDS.len(), Cell::Empty);
        row
    };
    let hold = |relation| {
        move |hold: &record::Hold<'_>| {
            vec![
                text(territory.id),
                text(relation),
                text(hold.by.name),
                Cell::Empty,
                some(hold.since),
                some(hold.until),
                some(hold.extent),
                hold.basis.as_ref().map_or(Cell::Empty, |it| word(it).into()),
                some(hold.source),
            ]
        }
    };
    let claimed = territory.claimed_by.iter().map(hold("claimed_by"));
    let controlled = territory.controlled_by.iter().map(hold("controlled_by"));
    territory.part_of.iter().map(part).chain(claimed).chain(controlled).collect()
}

fn text(text: &str) -> Cell {
    some(Some(text))
}

fn some(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| text.to_owned().into())
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

fn agents(all: &[Agent<'_>]) -> Cell {
    all.iter().map(|agent| agent.name).collect::<Vec<_>>().join(";").into()
}
