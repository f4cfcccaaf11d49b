//! The record as tables: CSV files (RFC 4180) and what describes them, a
//! Frictionless data package (Data Package 1.0). The SQLite file has the same.

use serde::Serialize;

use super::line;
use super::record::{self, Agent, Quotation, indexes};
use crate::plan::data::TABLES;
use crate::resolve::site::Site;

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub about: &'static str,
    /// Its columns. The first is the key where the table is one of entities.
    pub columns: &'static [Column],
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What may stand in it.
    pub kind: Kind,
    /// What it means.
    pub about: &'static str,
}

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The key of an entity.
    Key,
    /// The key of an entity in this table; it may be absent.
    To(&'static str),
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

const fn column(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column { name, kind, about }
}

const URL: Column = column("url", Kind::Address, "Its page.");
const CLAIM: Column = column("claim", Kind::To("claims"), "The claim.");

const BRIEFINGS: &[Column] = &[
    column("id", Kind::Key, "Unique among briefings."),
    URL,
    column("title", Kind::Text, "Its title."),
    column("date", Kind::Text, "When it was written (EDTF)."),
    column("updated", Kind::Text, "When it was last changed (EDTF)."),
    column("language", Kind::Text, "Its language (BCP 47)."),
    column("authors", Kind::Text, "Who wrote it, separated by semicolons."),
    column("summary", Kind::Text, "What it says, in a sentence or two."),
    column("text", Kind::Text, "The text as a reader sees it, without mark-up."),
];

const CLAIMS: &[Column] = &[
    column("id", Kind::Key, "The briefing's id, a slash, and the claim's id there."),
    URL,
    column("briefing", Kind::To("briefings"), "The briefing that records it."),
    column("text", Kind::Text, "The claim in the desk's words."),
    column("kind", Kind::Text, "factual, evaluation, prediction, question, commitment."),
    column("date", Kind::Text, "When it was said (EDTF)."),
    column("attribution", Kind::Text, "The chain through which it came, in one phrase."),
    column("proposition", Kind::To("propositions"), "The proposition that it states."),
    column("rank", Kind::Text, "preferred, normal, deprecated."),
    column("credibility", Kind::Whole, "The desk's grade, 1 to 6 (Admiralty)."),
    column("likelihood", Kind::Text, "The desk's term of likelihood (ICD 203)."),
    column("note", Kind::Text, "A remark of the desk."),
];

const SPEAKERS: &[Column] = &[
    column("id", Kind::Key, "Unique among speakers."),
    URL,
    column("name", Kind::Text, "The name."),
    column("type", Kind::Text, "person, organization, unidentified."),
    column("role", Kind::Text, "What they are."),
    column("described_as", Kind::Text, "How the source describes somebody it does not name."),
    column("affiliation", Kind::Text, "Where they belong."),
    column("wikidata", Kind::Text, "Wikidata's id."),
];

const TERRITORIES: &[Column] = &[
    column("id", Kind::Key, "Unique among territories."),
    URL,
    column("name", Kind::Text, "The name."),
    column("type", Kind::Text, "What sort of place."),
    column("disputed", Kind::Flag, "Whether more than one claims it, or another controls it."),
    column("iso_3166_1", Kind::Text, "The ISO 3166-1 code of a country."),
    column("iso_3166_2", Kind::Text, "ISO 3166-2 codes, separated by semicolons."),
    column("wikidata", Kind::Text, "Wikidata's id."),
    column("geonames", Kind::Text, "The number in GeoNames."),
];

const SOURCES: &[Column] = &[
    column("id", Kind::Key, "Unique among sources."),
    URL,
    column("title", Kind::Text, "Its title."),
    column("type", Kind::Text, "A schema.org type."),
    column("authors", Kind::Text, "Who made it, separated by semicolons."),
    column("publisher", Kind::Text, "Who published it."),
    column("date", Kind::Text, "When it appeared (EDTF)."),
    column("address", Kind::Address, "Where it is."),
    column("archived_url", Kind::Address, "Where a copy is kept."),
    column("archived_at", Kind::Text, "When that copy was made (EDTF)."),
    column("sha256", Kind::Text, "The copy's SHA-256."),
    column("reliability", Kind::Text, "A to F (Admiralty)."),
    column("language", Kind::Text, "Its language (BCP 47)."),
];

const PROPOSITIONS: &[Column] = &[
    column("id", Kind::Key, "Unique among propositions."),
    URL,
    column("text", Kind::Text, "What is being said, in the desk's words."),
];

const TOPICS: &[Column] = &[
    column("id", Kind::Key, "Unique among topics."),
    URL,
    column("name", Kind::Text, "The name."),
];

const ATTRIBUTIONS: &[Column] = &[
    CLAIM,
    column("position", Kind::Whole, "Which link of the chain, 0 the outermost."),
    column("speaker", Kind::To("speakers"), "Who said it; several rows where several did."),
    column("as", Kind::Text, "The role in which they spoke."),
    column("to", Kind::Text, "To whom: ids of speakers, separated by semicolons."),
    column("when", Kind::Text, "When (EDTF)."),
    column("venue", Kind::Text, "On what occasion."),
    column("cue", Kind::Text, "The text's reporting words."),
    column("mode", Kind::Text, "direct, indirect, mixed (PARC 3.0)."),
    column("access", Kind::Text, "witness, hearsay, unstated."),
    column("source", Kind::To("sources"), "The document in which they say it."),
];

const QUOTATIONS: &[Column] = &[
    CLAIM,
    column("kind", Kind::Text, "quote: words quoted; span: words that state it; hedge."),
    column("exact", Kind::Text, "The words, exactly as they stand in the text."),
    column("prefix", Kind::Text, "What stands before, where they occur more than once."),
    column("suffix", Kind::Text, "What stands after."),
    column("of", Kind::Text, "Whose words they are, where that is not the chain's end."),
];

const RELATIONS: &[Column] = &[
    CLAIM,
    column("type", Kind::Text, "What it does to the other (CiTO)."),
    column("target", Kind::To("claims"), "The other claim."),
    column("date", Kind::Text, "Since when (EDTF)."),
    column("by", Kind::Text, "Who says so, separated by semicolons; empty: the desk."),
    column("source", Kind::Text, "Where they say it."),
    column("note", Kind::Text, "A remark."),
];

const EVIDENCE: &[Column] = &[
    CLAIM,
    column("type", Kind::Text, "How it is cited (CiTO)."),
    column("source", Kind::Text, "The source: its id, or as it is written."),
    column("by", Kind::Text, "Who cites it, separated by semicolons."),
    column("note", Kind::Text, "A remark."),
];

const STANDINGS: &[Column] = &[
    CLAIM,
    column("standing", Kind::Text, "contested, corroborated, single-source and so on."),
    column("claims", Kind::Text, "From which claims: ids, separated by semicolons."),
    column("speakers", Kind::Text, "From whom nothing is heard: ids, separated by semicolons."),
];

const REVIEWS: &[Column] = &[
    CLAIM,
    column("by", Kind::Text, "Who published the fact-check."),
    column("address", Kind::Address, "Where it can be read."),
    column("date", Kind::Text, "When (EDTF)."),
    column("label", Kind::Text, "How it rates the claim, in the reviewer's words."),
    column("value", Kind::Number, "That as a number."),
    column("worst", Kind::Number, "The lower end of the scale."),
    column("best", Kind::Number, "The upper end of the scale."),
];

const CLAIM_SPEAKERS: &[Column] =
    &[CLAIM, column("speaker", Kind::To("speakers"), "Whom it is about.")];
const CLAIM_TERRITORIES: &[Column] =
    &[CLAIM, column("territory", Kind::To("territories"), "Which place it concerns.")];
const CLAIM_TOPICS: &[Column] = &[CLAIM, column("topic", Kind::To("topics"), "Where it is filed.")];

const HOLDS: &[Column] = &[
    column("territory", Kind::To("territories"), "The territory."),
    column("relation", Kind::Text, "part_of, claimed_by, controlled_by."),
    column("by", Kind::Text, "By or of whom, or of what it is part."),
    column("accepted_by", Kind::Text, "Who accepts that, separated by semicolons."),
    column("since", Kind::Text, "Since when (EDTF)."),
    column("until", Kind::Text, "Until when (EDTF)."),
    column("extent", Kind::Text, "How much of it."),
    column("basis", Kind::Text, "assessed, claimed."),
    column("source", Kind::Text, "Where that is said."),
];

/// What a table of this name is, and its columns.
fn described(name: &'static str) -> (&'static str, &'static [Column]) {
    match name {
        "briefings" => ("Texts in which claims are recorded, newest first.", BRIEFINGS),
        "claims" => ("What is on record as having been said, newest first.", CLAIMS),
        "speakers" => ("Who speaks, or is spoken of.", SPEAKERS),
        "territories" => ("Places.", TERRITORIES),
        "sources" => ("Documents in which something was said.", SOURCES),
        "propositions" => ("What several claims say alike.", PROPOSITIONS),
        "topics" => ("Subjects under which briefings and claims are filed.", TOPICS),
        "attributions" => ("The chains of claims, link by link.", ATTRIBUTIONS),
        "quotations" => ("Words of the texts that carry claims.", QUOTATIONS),
        "relations" => ("What claims do to each other.", RELATIONS),
        "evidence" => ("What is cited for claims.", EVIDENCE),
        "standings" => ("Where claims stand, computed.", STANDINGS),
        "reviews" => ("Published fact-checks of claims.", REVIEWS),
        "claim_speakers" => ("Whom claims are about.", CLAIM_SPEAKERS),
        "claim_territories" => ("Which places claims concern.", CLAIM_TERRITORIES),
        "claim_topics" => ("Where claims are filed.", CLAIM_TOPICS),
        "holds" => ("Who says whose a territory is.", HOLDS),
        _ => unreachable!("every table is described"),
    }
}

/// A table by its number among [`TABLES`].
#[must_use]
pub fn table(site: &Site, n: usize) -> Table {
    let name = TABLES[n];
    let (about, columns) = described(name);
    let rows = rows(site, name);
    debug_assert!(rows.iter().all(|row| row.len() == columns.len()), "{name}");
    Table { name, about, columns, rows }
}

/// Appends a table as CSV to `out`.
///
/// # Errors
///
/// None that can happen: what is written to is memory.
pub fn write(site: &Site, n: usize, out: &mut Vec<u8>) -> Result<(), String> {
    let table = table(site, n);
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(table.columns.iter().map(|column| column.name)).map_err(|e| e.to_string())?;
    for row in &table.rows {
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
    let resources = TABLES.map(|name| {
        let (about, columns) = described(name);
        let keys = columns.iter().filter_map(|column| match column.kind {
            Kind::To(table) => Some(ForeignKey {
                fields: column.name,
                reference: Reference { resource: table, fields: "id" },
            }),
            _ => None,
        });
        Resource {
            profile: "tabular-data-resource",
            name,
            path: [name, ".csv"].concat(),
            description: about,
            format: "csv",
            mediatype: "text/csv",
            encoding: "utf-8",
            schema: TableSchema {
                fields: columns.iter().map(field).collect(),
                primary_key: (columns[0].kind == Kind::Key).then_some(columns[0].name),
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
        r#type: match column.kind {
            Kind::Key | Kind::To(_) | Kind::Text | Kind::Address => "string",
            Kind::Whole => "integer",
            Kind::Number => "number",
            Kind::Flag => "boolean",
        },
        description: column.about,
        constraints: (column.kind == Kind::Key)
            .then_some(Constraints { required: true, unique: true }),
    }
}

/// The rows of a table, in the order of the record.
fn rows(site: &Site, name: &str) -> Vec<Vec<Cell>> {
    let claims = || indexes(&site.claims).map(|i| record::claim(site, i));
    let territories = || indexes(&site.territories).map(|i| record::territory(site, i));
    match name {
        "briefings" => {
            indexes(&site.briefings).map(|i| briefing(record::briefing(site, i))).collect()
        }
        "claims" => claims().map(claim).collect(),
        "speakers" => indexes(&site.speakers).map(|i| speaker(record::speaker(site, i))).collect(),
        "territories" => territories().map(territory).collect(),
        "sources" => indexes(&site.sources).map(|i| source(record::source(site, i))).collect(),
        "propositions" => indexes(&site.propositions)
            .map(|i| record::proposition(site, i))
            .map(|p| vec![text(p.id), p.url.into(), text(p.text)])
            .collect(),
        "topics" => indexes(&site.topics)
            .map(|i| record::topic(site, i))
            .map(|t| vec![text(t.id), t.url.into(), text(t.name)])
            .collect(),
        "attributions" => claims().flat_map(|c| attributions(&c)).collect(),
        "quotations" => claims().flat_map(|c| quotations(&c)).collect(),
        "relations" => claims()
            .flat_map(|c| {
                let row = |r: &record::Relation<'_>| {
                    let (kind, target) = (word(&r.kind), r.target.clone().into());
                    let (date, by) = (some(r.date), agents(&r.by));
                    vec![text(&c.id), kind, target, date, by, some(r.source), some(r.note)]
                };
                c.relations.iter().map(row).collect::<Vec<_>>()
            })
            .collect(),
        "evidence" => claims()
            .flat_map(|c| {
                let row = |e: &record::Evidence<'_>| {
                    vec![text(&c.id), text(e.kind), text(e.source), agents(&e.by), some(e.note)]
                };
                c.evidence.iter().map(row).collect::<Vec<_>>()
            })
            .collect(),
        "standings" => claims()
            .flat_map(|c| {
                let row = |f: &record::Finding<'_>| {
                    let (claims, speakers) = (f.claims.join(";"), f.speakers.join(";"));
                    vec![text(&c.id), text(f.standing), claims.into(), speakers.into()]
                };
                c.standing.iter().map(row).collect::<Vec<_>>()
            })
            .collect(),
        "reviews" => claims().flat_map(|c| reviews(&c)).collect(),
        "claim_speakers" => claims().flat_map(|c| pairs(&c.id, &c.about)).collect(),
        "claim_territories" => claims().flat_map(|c| pairs(&c.id, &c.territories)).collect(),
        "claim_topics" => claims().flat_map(|c| pairs(&c.id, &c.topics)).collect(),
        "holds" => territories().flat_map(|t| holds(&t)).collect(),
        _ => unreachable!("every table has rows"),
    }
}

fn briefing(b: record::Briefing<'_>) -> Vec<Cell> {
    vec![
        text(b.id),
        b.url.into(),
        text(b.title),
        some(b.date),
        some(b.updated),
        text(b.language),
        b.authors.join(";").into(),
        some(b.summary),
        b.text.into(),
    ]
}

fn claim(c: record::Claim<'_>) -> Vec<Cell> {
    let grade = c.assessment.as_ref();
    vec![
        c.id.into(),
        c.url.into(),
        text(c.briefing),
        text(c.text),
        word(&c.kind),
        some(c.date),
        c.attribution_words.map_or(Cell::Empty, Cell::Text),
        some(c.proposition),
        word(&c.rank),
        grade.and_then(|g| g.credibility).map_or(Cell::Empty, |n| Cell::Whole(n.into())),
        some(grade.and_then(|g| g.likelihood)),
        some(c.note),
    ]
}

fn speaker(s: record::Speaker<'_>) -> Vec<Cell> {
    vec![
        text(s.id),
        s.url.into(),
        text(s.name),
        s.kind.as_ref().map_or(Cell::Empty, word),
        some(s.role),
        some(s.described_as),
        some(s.affiliation.as_ref().map(|of| of.name)),
        some(s.wikidata),
    ]
}

fn territory(t: record::Territory<'_>) -> Vec<Cell> {
    vec![
        text(t.id),
        t.url.into(),
        text(t.name),
        some(t.kind),
        Cell::Flag(t.disputed),
        some(t.iso_3166_1),
        t.iso_3166_2.join(";").into(),
        some(t.wikidata),
        some(t.geonames),
    ]
}

fn source(s: record::Source<'_>) -> Vec<Cell> {
    vec![
        text(s.id),
        s.url.into(),
        text(s.title),
        some(s.kind),
        s.authors.join(";").into(),
        some(s.publisher),
        some(s.date),
        s.address.map_or(Cell::Empty, Cell::Text),
        s.archived_url.map_or(Cell::Empty, Cell::Text),
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
                link.mode.as_ref().map_or(Cell::Empty, word),
                link.access.as_ref().map_or(Cell::Empty, word),
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
                hold.basis.as_ref().map_or(Cell::Empty, word),
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

/// One of a few words, as serde has it.
fn word<T: Serialize>(word: &T) -> Cell {
    let value = serde_json::to_value(word).expect("a word has a JSON form");
    text(value.as_str().unwrap_or_default())
}
